//! The lock that makes one process the owner of a data folder.
//!
//! The operating system holds it, so that it goes away with the process however that ends. The file
//! stays; what counts is the lock on it. The number inside is for the sentence to the person only.

use std::fs::TryLockError;
use std::io::{Read, Seek, Write};

use fs_err::File;

use crate::error::StoreError;
use crate::folder::Folder;
use crate::private;

/// Ownership of a data folder, given back on drop.
pub(crate) struct OwnerLock {
    file: File,
}

impl OwnerLock {
    /// Takes the lock without waiting, and writes this process's id into the file.
    pub(crate) fn take(folder: &Folder) -> Result<Self, StoreError> {
        let failed = || StoreError::file("take the lock of its data folder");
        let mut file = private::file(&folder.lock()).map_err(failed())?;
        match file.file().try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::InUse {
                    folder: folder.path().to_path_buf(),
                    pid: owner(&mut file),
                });
            }
            Err(TryLockError::Error(reason)) => return Err(failed()(reason)),
        }
        file.set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(failed())?;
        Ok(Self { file })
    }
}

impl Drop for OwnerLock {
    fn drop(&mut self) {
        // A number nobody stands behind would mislead in the instant before the next owner writes its own.
        let _ = self.file.set_len(0);
        let _ = self.file.file().unlock();
    }
}

/// Reads the owner's process id, where the platform lets a locked file be read.
fn owner(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
