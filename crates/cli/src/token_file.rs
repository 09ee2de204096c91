//! The file a token is handed over in.

use std::io::{self, Write as _};
use std::path::Path;

/// Writes a token to a file that only its owner can read.
///
/// It is written beside its place, where it is made 0600, and renamed into it: the file is never there
/// with half a token, and never open to others, also when there was one that is. There is no newline
/// after the token.
pub(crate) fn write(path: &Path, token: &str) -> io::Result<()> {
    let beside = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // 0600 from the beginning, whatever the umask.
    let mut file = tempfile::Builder::new()
        .prefix(".alcove-")
        .tempfile_in(beside)?;
    file.write_all(token.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|refused| refused.error)?;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> Option<u32> {
        let metadata = path.metadata().ok()?;
        Some(metadata.permissions().mode() & 0o7777)
    }

    #[test]
    fn only_its_owner_can_read_the_token_also_where_a_file_was_open_to_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        write(&path, "first").unwrap();
        assert_eq!(mode(&path), Some(0o600));
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o666)).unwrap();
        write(&path, "second").unwrap();
        assert_eq!(mode(&path), Some(0o600));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn who_had_the_old_file_open_does_not_see_the_new_token() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "").unwrap();
        let mut open = std::fs::File::open(&path).unwrap();
        write(&path, "secret").unwrap();
        let mut seen = String::new();
        io::Read::read_to_string(&mut open, &mut seen).unwrap();
        assert_eq!(seen, "");
    }

    #[test]
    fn a_link_is_replaced_and_what_it_points_to_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("token"), folder.path().join("other"));
        std::fs::write(&other, "theirs").unwrap();
        std::os::unix::fs::symlink(&other, &path).unwrap();
        write(&path, "secret").unwrap();
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "theirs");
        assert!(!path.is_symlink());
    }
}
