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
    refuse_unusable(path)?;
    if is_wide(path) && holds_foreign(path).map_err(StoreError::file("read its data folder"))? {
        return Err(StoreError::Shared(path.to_path_buf()));
    }
    self::folder(path).map_err(StoreError::file("make its data folder"))
}

/// Refuses what stands in the folder's place when it is none of this person's.
fn refuse_unusable(path: &Path) -> Result<(), StoreError> {
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match fs::read_link(path) {
                Ok(target) => Err(StoreError::DanglingLink {
                    link: path.to_path_buf(),
                    target,
                }),
                Err(_) => Ok(()),
            };
        }
        Err(error) => return Err(StoreError::file("look at its data folder")(error)),
    };
    if !found.is_dir() {
        return Err(StoreError::NotAFolder(path.to_path_buf()));
    }
    if is_somebody_elses(&found) {
        return Err(StoreError::SomebodyElses(path.to_path_buf()));
    }
    Ok(())
}

/// Whether another account owns it: what root would write there its owner could not use any more.
#[cfg(unix)]
fn is_somebody_elses(found: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    found.uid() != rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn is_somebody_elses(_: &std::fs::Metadata) -> bool {
    false
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

#[cfg(unix)]
#[cfg(test)]
mod tests {
    #[cfg(target_os = "linux")]
    use rustix::mount::{MountFlags, mount_remount};

    use super::*;
    use crate::Store;
    use crate::testing::Place;

    fn refused(place: &Place) -> StoreError {
        Store::open(place.folder()).unwrap_err()
    }

    #[test]
    fn a_file_in_the_place_of_the_data_folder_is_named_and_left() {
        let place = Place::new();
        std::fs::write(place.path(), "a letter").unwrap();
        let error = refused(&place);
        assert!(matches!(error, StoreError::NotAFolder(_)), "{error}");
        assert_eq!(std::fs::read(place.path()).unwrap(), b"a letter");
    }

    #[test]
    fn a_file_above_the_data_folder_is_named() {
        let place = Place::new();
        std::fs::write(place.path(), "a letter").unwrap();
        let below = Folder::at(place.path().join("deep/alcove"));
        let text = Store::open(below).unwrap_err().to_string();
        let path = place.path().display().to_string();
        assert!(text.contains(&path) && text.contains("Check"), "{text}");
    }

    #[test]
    fn a_link_to_nothing_is_named_with_its_target_and_nothing_is_made_there() {
        let place = Place::new();
        let target = place.beside("unplugged");
        std::os::unix::fs::symlink(&target, place.path()).unwrap();
        let text = refused(&place).to_string();
        assert!(text.contains("unplugged, which is not there"), "{text}");
        assert!(!target.exists());
        std::fs::create_dir(&target).unwrap();
        place.open();
    }

    #[test]
    fn a_folder_of_another_user_is_left_to_them() {
        if !rustix::process::geteuid().is_root() {
            println!("not allowed to give a folder away: nothing tested");
            return;
        }
        let place = Place::new();
        std::fs::create_dir(place.path()).unwrap();
        std::os::unix::fs::chown(place.path(), Some(65_534), None).unwrap();
        let error = refused(&place);
        assert!(matches!(error, StoreError::SomebodyElses(_)), "{error}");
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_a_sentence_for_the_first_start_and_for_every_other() {
        let place = Place::new();
        let Some(disk) = crate::testing::SmallDisk::mount(place.path()) else {
            return;
        };
        narrow(place.path(), 0o700).unwrap();
        disk.fill();
        let mut text = refused(&place).to_string();
        assert!(text.contains("The disk is full: free some space"), "{text}");
        disk.free();
        drop(place.open());
        disk.fill();
        text = refused(&place).to_string();
        assert!(text.contains("The disk is full: free some space"), "{text}");
        disk.free();
        assert_eq!(place.open().recovery(), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_disk_that_can_only_be_read_is_a_sentence_for_the_first_start_and_for_every_other() {
        let place = Place::new();
        let Some(disk) = crate::testing::SmallDisk::mount(place.path()) else {
            return;
        };
        let (read_only, writable) = (MountFlags::RDONLY, MountFlags::empty());
        for flags in [read_only, writable, read_only] {
            mount_remount(&disk.at, flags, c"").unwrap();
            if flags == writable {
                drop(place.open());
                continue;
            }
            let text = refused(&place).to_string();
            assert!(text.contains("The disk can only be read"), "{text}");
        }
    }
}
