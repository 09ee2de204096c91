//! Files a person asked for: there as a whole or not at all, and readable by their owner alone.

use std::io::Write as _;
use std::path::Path;

/// Writes a file in the place of one that may be there.
pub(crate) fn write(to: &Path, text: &str) -> std::io::Result<()> {
    let folder = to.parent().unwrap_or(Path::new("/"));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(to)?;
    Ok(())
}
