//! Folders and files only their owner can open.
//!
//! File names and Borg commands are nobody else's business: folders are made 0700 and files 0600. On
//! Windows the profile folder's own access list does this, and nothing is added to it.

use std::io;
use std::path::Path;

use fs_err as fs;

use crate::error::StoreError;
use crate::folder::Folder;

/// Makes the data folder, or makes an existing one private.
///
/// A folder that is open to others and holds something foreign is refused: narrowing `/tmp` or a shared
/// drive because a variable pointed there would harm people who never chose Alcove.
pub(crate) fn root(folder: &Folder) -> Result<(), StoreError> {
    let path = folder.path();
    if is_wide(path) && holds_foreign(path).map_err(StoreError::file("read its data folder"))? {
        return Err(StoreError::Shared(path.to_path_buf()));
    }
    self::folder(path).map_err(StoreError::file("make its data folder"))
}

fn holds_foreign(path: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(path)? {
        if !entry?.file_name().to_str().is_some_and(Folder::is_own) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Makes a folder and its missing parents private; an existing one becomes so.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|reason| {
        io::Error::new(
            reason.kind(),
            format!("failed to make folder `{}`: {reason}", path.display()),
        )
    })?;
    narrow(path, 0o700)
}

/// Opens a file for reading and writing, making it when missing, and makes it private.
pub(crate) fn file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    narrow(path, 0o600)?;
    Ok(file)
}

/// Has the names in a folder put on the disk itself, where the platform lets a folder be synced.
#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.sync_all()
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether others may enter, list or change an existing folder.
#[cfg(unix)]
fn is_wide(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_wide(_: &Path) -> bool {
    false
}

/// Sets the mode of an existing path when it is another one.
#[cfg(unix)]
pub(crate) fn narrow(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if fs::metadata(path)?.permissions().mode() & 0o7777 == mode {
        return Ok(());
    }
    fs::set_permissions(path, PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
pub(crate) fn narrow(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}
