//! What only the operating system knows of a file and of the file system it is on.
//!
//! Apart because each system is asked in another way. Unix answers all of it; another system answers
//! [`ErrorKind::Unsupported`](std::io::ErrorKind::Unsupported) until somebody builds it there, and the
//! callers do without.

use std::fs::{DirEntry, Metadata};
use std::io;
use std::path::Path;

use jiff::Timestamp;

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
    use std::os::unix::fs::{DirEntryExt as _, MetadataExt as _};

    use rustix::fs::{Access, access, statvfs};

    use super::{DirEntry, FileId, Metadata, Path, Space, Timestamp, io};

    pub(in super::super) fn space(path: &Path) -> io::Result<Space> {
        let found = statvfs(path)?;
        Ok(Space {
            free: found.f_bavail.saturating_mul(found.f_frsize),
            size: found.f_blocks.saturating_mul(found.f_frsize),
        })
    }

    pub(in super::super) fn file_system(path: &Path) -> io::Result<u64> {
        Ok(file_system_of(&path.metadata()?))
    }

    pub(in super::super) fn file_system_of(metadata: &Metadata) -> u64 {
        metadata.dev()
    }

    #[expect(clippy::unnecessary_wraps, reason = "another system does not answer")]
    pub(in super::super) fn id(metadata: &Metadata) -> Option<FileId> {
        Some((metadata.dev(), metadata.ino()))
    }

    pub(in super::super) fn shared_id(metadata: &Metadata) -> Option<FileId> {
        id(metadata).filter(|_| metadata.nlink() > 1)
    }

    pub(in super::super) fn number(entry: &DirEntry) -> u64 {
        entry.ino()
    }

    pub(in super::super) fn changed_at(metadata: &Metadata) -> Option<Timestamp> {
        let nanoseconds = i32::try_from(metadata.ctime_nsec()).ok()?;
        Timestamp::new(metadata.ctime(), nanoseconds).ok()
    }

    pub(in super::super) fn may_read(path: &Path) -> bool {
        access(path, Access::READ_OK).is_ok()
    }

    pub(in super::super) fn may_write(path: &Path) -> bool {
        access(path, Access::WRITE_OK).is_ok()
    }
}

#[cfg(not(unix))]
mod system {
    use super::{DirEntry, FileId, Metadata, Path, Space, Timestamp, io};

    pub(in super::super) fn space(_: &Path) -> io::Result<Space> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(in super::super) fn file_system(_: &Path) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// As if there were one.
    pub(in super::super) fn file_system_of(_: &Metadata) -> u64 {
        0
    }

    pub(in super::super) fn id(_: &Metadata) -> Option<FileId> {
        None
    }

    pub(in super::super) fn may_read(path: &Path) -> bool {
        std::fs::File::open(path).is_ok()
    }

    /// None: a file with several names is counted once for each, which is too much and never too little.
    pub(in super::super) fn shared_id(_: &Metadata) -> Option<FileId> {
        None
    }

    /// As if all had the same: they stay in the order of the folder.
    pub(in super::super) fn number(_: &DirEntry) -> u64 {
        0
    }

    pub(in super::super) fn changed_at(metadata: &Metadata) -> Option<Timestamp> {
        metadata.modified().ok()?.try_into().ok()
    }

    pub(in super::super) fn may_write(path: &Path) -> bool {
        path.metadata()
            .is_ok_and(|metadata| !metadata.permissions().readonly())
    }
}

/// Whether a folder or file is marked as not to be dumped (`chattr +d`), where the file system has such a mark.
#[cfg(target_os = "linux")]
pub(super) fn is_nodump(path: &Path, metadata: &Metadata) -> bool {
    use rustix::fs::{IFlags, Mode, OFlags, ioctl_getflags, open};

    // Borg opens no link and no device for it either.
    if !metadata.is_file() && !metadata.is_dir() {
        return false;
    }
    let how = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    open(path, how, Mode::empty())
        .and_then(ioctl_getflags)
        .is_ok_and(|flags| flags.contains(IFlags::NODUMP))
}

/// Whether a folder or file is marked as not to be dumped (`chflags nodump`).
#[cfg(target_vendor = "apple")]
pub(super) fn is_nodump(_: &Path, metadata: &Metadata) -> bool {
    use std::os::macos::fs::MetadataExt as _;
    /// `UF_NODUMP` of `sys/stat.h`.
    const NODUMP: u32 = 1;
    metadata.st_flags() & NODUMP != 0
}

/// No such mark is known.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub(super) fn is_nodump(_: &Path, _: &Metadata) -> bool {
    false
}

pub(super) use system::{
    changed_at, file_system, file_system_of, id, may_read, may_write, number, shared_id, space,
};
