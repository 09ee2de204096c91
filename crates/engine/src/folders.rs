//! Folders and drives of this computer: what is worth a backup, how much it holds, where it can go.
//!
//! How much a folder holds is counted as Borg does: [`Walk`] goes where Borg goes, [`measure`] adds up.

mod disk;
mod measure;
mod walk;

use std::path::{Path, PathBuf};

pub(crate) use measure::files;
pub use measure::{Measure, measure, measure_folder};
pub use walk::{Step, Walk};

/// What a suggested folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Documents.
    Documents,
    /// Pictures.
    Pictures,
    /// Music.
    Music,
    /// Videos.
    Videos,
    /// Downloads.
    Downloads,
    /// The desktop.
    Desktop,
    /// Settings of programs.
    Settings,
    /// Any other folder.
    Other,
}

/// A folder worth a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Its name for people.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: Kind,
    /// Whether it should be chosen at first.
    pub chosen: bool,
}

/// Names the folders in `home` that are there and worth a backup; where there are none, `home`.
///
/// Follows the person's `user-dirs.dirs` (xdg-user-dirs), so folders in their own language and
/// place are found.
pub fn suggest(home: &Path) -> Vec<Suggestion> {
    let own = fs_err::read_to_string(home.join(".config/user-dirs.dirs")).unwrap_or_default();
    let place = |key: &str, usual: &str| -> PathBuf {
        own.lines()
            .filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='))
            .map(|value| value.trim_matches('"'))
            .map(|value| match value.strip_prefix("$HOME/") {
                Some(below) => home.join(below),
                None => PathBuf::from(value),
            })
            .find(|path| path.is_absolute() && path != home)
            .unwrap_or_else(|| home.join(usual))
    };
    let candidates = [
        (
            "Documents",
            place("XDG_DOCUMENTS_DIR", "Documents"),
            Kind::Documents,
            true,
        ),
        (
            "Pictures",
            place("XDG_PICTURES_DIR", "Pictures"),
            Kind::Pictures,
            true,
        ),
        ("Projects", home.join("Projects"), Kind::Other, true),
        ("Music", place("XDG_MUSIC_DIR", "Music"), Kind::Music, true),
        (
            "Videos",
            place("XDG_VIDEOS_DIR", "Videos"),
            Kind::Videos,
            true,
        ),
        (
            "Desktop",
            place("XDG_DESKTOP_DIR", "Desktop"),
            Kind::Desktop,
            true,
        ),
        (
            "Downloads",
            place("XDG_DOWNLOAD_DIR", "Downloads"),
            Kind::Downloads,
            false,
        ),
        ("App settings", home.join(".config"), Kind::Settings, true),
    ];
    let mut folders: Vec<Suggestion> = candidates
        .into_iter()
        .filter(|(_, path, ..)| path.is_dir())
        .map(|(name, path, kind, chosen)| Suggestion {
            name: name.to_owned(),
            path,
            kind,
            chosen,
        })
        .collect();
    if folders.iter().all(|folder| folder.kind == Kind::Settings) {
        folders.insert(
            0,
            Suggestion {
                name: "Home folder".to_owned(),
                path: home.to_path_buf(),
                kind: Kind::Other,
                chosen: false,
            },
        );
    }
    folders
}

/// A drive that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drive {
    /// Its label.
    pub name: String,
    /// Where it is mounted.
    pub path: PathBuf,
    /// Free bytes.
    pub free: u64,
    /// Size in bytes.
    pub size: u64,
}

/// Lists the drives that desktops mount for a person: under /media, /run/media and /mnt on Linux,
/// /Volumes on macOS. Elsewhere none.
pub fn drives() -> Vec<Drive> {
    let mut drives: Vec<Drive> = mount_points()
        .into_iter()
        .filter_map(|path| {
            let disk::Space { free, size } = disk::space(&path).ok()?;
            Some(Drive {
                name: path.file_name()?.to_string_lossy().into_owned(),
                free,
                size,
                path,
            })
        })
        .collect();
    drives.sort_by(|a, b| a.name.cmp(&b.name));
    drives
}

#[cfg(target_os = "linux")]
fn mount_points() -> Vec<PathBuf> {
    let table = fs_err::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    removable(&table)
}

/// Reads the mount points of removable drives from a `mountinfo` table (proc(5)).
#[cfg(target_os = "linux")]
fn removable(table: &str) -> Vec<PathBuf> {
    table
        .lines()
        .filter(|line| {
            line.split(" - ").nth(1).is_some_and(|rest| {
                rest.split(' ')
                    .nth(1)
                    .is_some_and(|device| device.starts_with("/dev/"))
            })
        })
        .filter_map(|line| line.split(' ').nth(4))
        .filter(|path| {
            ["/media/", "/run/media/", "/mnt/"]
                .iter()
                .any(|top| path.starts_with(top))
        })
        .map(|path| PathBuf::from(path.replace("\\040", " ").replace("\\134", "\\")))
        .collect()
}

#[cfg(not(target_os = "linux"))]
fn mount_points() -> Vec<PathBuf> {
    let Ok(volumes) = fs_err::read_dir("/Volumes") else {
        return Vec::new();
    };
    volumes
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| !path.is_symlink())
        .collect()
}

/// What stands at a place for a new repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    New,
    /// An empty folder.
    Empty,
    /// A Borg repository.
    Repository,
    /// A folder with other things in it.
    NotEmpty,
    /// A file.
    NotAFolder,
    /// The path is not absolute.
    NotAbsolute,
    /// This account may not write there.
    NotWritable,
}

/// A place for a new repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination {
    /// What stands there.
    pub standing: Standing,
    /// Free bytes of its file system, when that can be told.
    pub free: Option<u64>,
    /// Whether it shares its file system with the home folder.
    pub same_drive_as_home: bool,
}

/// Tells whether a new repository can be made in a local folder.
pub fn inspect(path: &Path, home: &Path) -> Destination {
    let Some(existing) = path.ancestors().find(|ancestor| ancestor.exists()) else {
        return Destination {
            standing: Standing::NotAbsolute,
            free: None,
            same_drive_as_home: false,
        };
    };
    let drive = |path: &Path| disk::file_system(path).ok();
    Destination {
        standing: if path.is_absolute() {
            standing(path, existing)
        } else {
            Standing::NotAbsolute
        },
        free: disk::space(existing).ok().map(|space| space.free),
        same_drive_as_home: drive(existing).is_some() && drive(existing) == drive(home),
    }
}

fn standing(path: &Path, existing: &Path) -> Standing {
    let writable = disk::may_write(existing);
    if existing != path {
        return match (existing.is_dir(), writable) {
            (false, _) => Standing::NotAFolder,
            (true, false) => Standing::NotWritable,
            (true, true) => Standing::New,
        };
    }
    if !path.is_dir() {
        return Standing::NotAFolder;
    }
    if alcove_borg::repository_id_at(path).is_some() {
        return Standing::Repository;
    }
    match fs_err::read_dir(path).map(|mut entries| entries.next().is_none()) {
        Ok(true) if writable => Standing::Empty,
        Ok(false) => Standing::NotEmpty,
        _ => Standing::NotWritable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_in_the_persons_own_language_are_found() {
        let home = tempfile::tempdir().unwrap();
        fs_err::create_dir_all(home.path().join("Dokumente")).unwrap();
        fs_err::create_dir_all(home.path().join(".config")).unwrap();
        fs_err::write(
            home.path().join(".config/user-dirs.dirs"),
            "# made by xdg\nXDG_DOCUMENTS_DIR=\"$HOME/Dokumente\"\nXDG_MUSIC_DIR=\"$HOME/\"\n",
        )
        .unwrap();
        let found = suggest(home.path());
        assert_eq!(found[0].path, home.path().join("Dokumente"));
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn an_empty_home_is_suggested_itself_but_not_chosen() {
        let home = tempfile::tempdir().unwrap();
        let found = suggest(home.path());
        assert_eq!((found.len(), found[0].chosen), (1, false));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn drives_are_read_from_the_mount_table() {
        let table = "36 35 98:0 / /media/marta/Backup\\040SSD rw - ext4 /dev/sdb1 rw\n\
                     37 35 0:5 / /media/tmp rw - tmpfs tmpfs rw\n\
                     38 35 8:1 / / rw - ext4 /dev/sda1 rw\n";
        assert_eq!(removable(table), [PathBuf::from("/media/marta/Backup SSD")]);
    }

    #[test]
    fn a_destination_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs_err::create_dir(root.join("empty")).unwrap();
        fs_err::write(root.join("file"), "x").unwrap();
        let standing = |path: &Path| inspect(path, root).standing;
        assert_eq!(standing(&root.join("empty")), Standing::Empty);
        assert_eq!(standing(&root.join("new/deeper")), Standing::New);
        assert_eq!(standing(root), Standing::NotEmpty);
        assert_eq!(standing(&root.join("file")), Standing::NotAFolder);
        assert_eq!(standing(&root.join("file/below")), Standing::NotAFolder);
        assert_eq!(standing(Path::new("relative")), Standing::NotAbsolute);
        assert!(inspect(root, root).same_drive_as_home);
        assert!(inspect(&root.join("new"), root).free.is_some());
    }
}
