//! Which drive is mounted where.
//!
//! Source: `/proc/self/mountinfo`, proc(5): fields parted by spaces, in which a space, a tab, a line end and a
//! backslash stand as three octal digits. A drive is known by the id of its file system, which udev makes the name of a
//! link to its device.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use crate::system::Spot;

/// The mounts this process sees.
pub(super) const TABLE: &str = "/proc/self/mountinfo";

/// One line of the table.
#[derive(Debug, PartialEq, Eq)]
struct Mount {
    /// What of its file system is seen: a path inside of it.
    root: PathBuf,
    /// Where it is seen.
    point: PathBuf,
    /// What it was mounted from: for a drive, its device.
    source: PathBuf,
}

impl Mount {
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.split(' ').skip(3);
        let root = path(fields.next()?);
        let point = path(fields.next()?);
        // Options, then any number of others up to a hyphen, then the kind of file system.
        let source = fields.skip_while(|field| *field != "-").nth(2)?;
        Some(Self {
            root,
            point,
            source: path(source),
        })
    }
}

/// All mounts of one moment, in the order they were made.
#[derive(Debug)]
pub(super) struct Mounts(Vec<Mount>);

impl Mounts {
    /// Those of now.
    pub(super) fn now() -> Self {
        let table = fs_err::read(TABLE).unwrap_or_else(|error| {
            log::warn!("what is mounted is not known: {error}");
            Vec::new()
        });
        Self::read(&String::from_utf8_lossy(&table))
    }

    fn read(table: &str) -> Self {
        Self(table.lines().filter_map(Mount::read).collect())
    }

    /// On which drive a path is, but for the one the system starts from.
    pub(super) fn spot(&self, path: &Path, by_id: &Path) -> Option<Spot> {
        let path = path.canonicalize().ok()?;
        let mount = self
            .of(&path)
            .filter(|mount| mount.point != Path::new("/"))?;
        let device = mount.source.canonicalize().ok()?;
        let drive = drives(by_id).find_map(|(id, of)| (of == device).then_some(id))?;
        let below = path.strip_prefix(&mount.point).ok()?;
        Some(Spot {
            drive,
            path: mount.root.join(below),
        })
    }

    /// The paths at which a spot can be seen.
    pub(super) fn find(&self, spot: &Spot, by_id: &Path) -> Vec<PathBuf> {
        let Some((_, device)) = drives(by_id).find(|(id, _)| *id == spot.drive) else {
            return Vec::new();
        };
        let mounted = self.0.iter().filter(|mount| {
            mount.source.is_absolute()
                && mount
                    .source
                    .canonicalize()
                    .is_ok_and(|source| source == device)
        });
        mounted
            .filter_map(|mount| Some(mount.point.join(spot.path.strip_prefix(&mount.root).ok()?)))
            // One that another was mounted over is not seen.
            .filter(|path| self.spot(path, by_id).as_ref() == Some(spot))
            .collect()
    }

    /// The mount a path is in: the last made of the deepest.
    fn of(&self, path: &Path) -> Option<&Mount> {
        self.0
            .iter()
            .filter(|mount| path.starts_with(&mount.point))
            .max_by_key(|mount| mount.point.as_os_str().len())
    }
}

/// The ids of file systems and their devices.
pub(super) fn drives(by_id: &Path) -> impl Iterator<Item = (String, PathBuf)> {
    // Where nobody lists them there are none.
    let listed = fs_err::read_dir(by_id).ok();
    listed.into_iter().flatten().flatten().filter_map(|link| {
        let id = link.file_name().into_string().ok()?;
        Some((id, link.path().canonicalize().ok()?))
    })
}

fn path(field: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.as_bytes();
    while let [first, after @ ..] = rest {
        let octal = |digits: &[u8]| {
            let digits = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(digits, 8).ok()
        };
        let escaped = (*first == b'\\').then(|| after.get(..3)).flatten();
        if let Some(byte) = escaped.and_then(octal) {
            bytes.push(byte);
            rest = &after[3..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    OsString::from_vec(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_kernel_is_read() {
        let line = r"98 27 7:1 /sub/dir /run/media/ada/Backup\040SSD\134x rw,nosuid shared:31 master:2 - ext4 /dev/loop1 rw";
        assert_eq!(
            Mount::read(line),
            Some(Mount {
                root: "/sub/dir".into(),
                point: r"/run/media/ada/Backup SSD\x".into(),
                source: "/dev/loop1".into(),
            })
        );
        let bare = "22 27 0:21 / /proc rw,relatime - proc proc rw";
        assert_eq!(Mount::read(bare).unwrap().point, Path::new("/proc"));
        assert_eq!(Mount::read("22 27 0:21 / /proc rw"), None);
    }

    #[test]
    fn a_path_is_in_the_deepest_mount_and_of_those_in_the_last() {
        let mounts = Mounts::read(
            "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n\
             2 1 8:2 / /media/a rw - ext4 /dev/sda2 rw\n\
             3 1 8:3 / /media/a rw - ext4 /dev/sda3 rw\n\
             4 1 8:4 / /media/ab rw - ext4 /dev/sda4 rw\n",
        );
        let source = |path: &str| mounts.of(Path::new(path)).unwrap().source.clone();
        assert_eq!(source("/media/a/b"), Path::new("/dev/sda3"));
        assert_eq!(source("/media/abc"), Path::new("/dev/sda1"));
        assert_eq!(source("/media/ab"), Path::new("/dev/sda4"));
    }
}
