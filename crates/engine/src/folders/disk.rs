//! What only the operating system knows of a file and of the file system it is on.
//!
//! Apart because each system is asked in another way. Unix answers all of it; another system answers
//! [`ErrorKind::Unsupported`](std::io::ErrorKind::Unsupported) until somebody builds it there, and the
//! callers do without.

use std::fs::Metadata;
use std::io;
use std::path::Path;

/// The room of a file system, in bytes.
pub(super) struct Space {
    /// Free for this account.
    pub(super) free: u64,
    /// In all.
    pub(super) size: u64,
}

/// Tells a file from all others of this computer: its file system, and its number there.
pub(super) type FileId = (u64, u64);

#[cfg(unix)]
mod system {
    use std::os::unix::fs::MetadataExt as _;

    use rustix::fs::{Access, access, statvfs};

    use super::{FileId, Metadata, Path, Space, io};

    pub(in super::super) fn space(path: &Path) -> io::Result<Space> {
        let found = statvfs(path)?;
        Ok(Space {
            free: found.f_bavail.saturating_mul(found.f_frsize),
            size: found.f_blocks.saturating_mul(found.f_frsize),
        })
    }

    pub(in super::super) fn file_system(path: &Path) -> io::Result<u64> {
        Ok(path.metadata()?.dev())
    }

    pub(in super::super) fn shared_id(metadata: &Metadata) -> Option<FileId> {
        (metadata.nlink() > 1).then(|| (metadata.dev(), metadata.ino()))
    }

    pub(in super::super) fn may_write(path: &Path) -> bool {
        access(path, Access::WRITE_OK).is_ok()
    }
}

#[cfg(not(unix))]
mod system {
    use super::{FileId, Metadata, Path, Space, io};

    pub(in super::super) fn space(_: &Path) -> io::Result<Space> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(in super::super) fn file_system(_: &Path) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// None: a file with several names is counted once for each, which is too much and never too little.
    pub(in super::super) fn shared_id(_: &Metadata) -> Option<FileId> {
        None
    }

    pub(in super::super) fn may_write(path: &Path) -> bool {
        path.metadata()
            .is_ok_and(|metadata| !metadata.permissions().readonly())
    }
}

pub(super) use system::{file_system, may_write, shared_id, space};
