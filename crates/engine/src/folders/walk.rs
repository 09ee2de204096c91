//! The way Borg takes through folders.
//!
//! Apart from the adding up because it is Borg's to say: what `create` skips in silence, what it enters, and what
//! makes it leave a folder out, step by step and in its order: what a folder holds by the number of the file. A walk
//! may be left at any step; it holds the names of one folder a level. Leaves out devices that Borg is told to read, and
//! paths longer than the system takes (4096 bytes on Linux), which Borg reaches from folder to folder.
//!
//! Source: measured with Borg 1.2.4 and 1.4.5; `tests/borg/estimate` compares.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{DirEntry, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use alcove_borg::{Fate, PatternError, Patterns, Selection, Uncountable};

use super::disk;

/// The signature of the cache folder tagging specification.
const CACHE_SIGNATURE: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55";
/// The file it stands in.
const CACHE_TAG: &str = "CACHEDIR.TAG";

/// What became of one path.
#[derive(Debug)]
pub enum Step {
    /// It goes into the archive, if it can be read.
    Taken(PathBuf, Metadata),
    /// It does not; something below it may.
    LeftOut,
}

/// Paths still to be looked at.
type Paths = Box<dyn Iterator<Item = PathBuf> + Send>;

/// A walk through all a selection may take.
pub struct Walk {
    selection: Selection,
    patterns: Patterns,
    /// Where it begins anew, in the order of these.
    roots: std::vec::IntoIter<PathBuf>,
    /// The root it is below, and the file system that it may not leave.
    root: Option<(disk::FileId, u64)>,
    /// What it is in the midst of: one for each level.
    levels: Vec<Paths>,
    /// Where it must not go: what Borg never takes, and the roots that are done.
    closed: HashSet<disk::FileId>,
}

impl Walk {
    /// Prepares a walk. `apart` is never taken: Borg's own caches, and the repository.
    ///
    /// # Errors
    /// When nobody can tell what the selection takes.
    pub fn new(selection: Selection, apart: &[PathBuf]) -> Result<Self, Uncountable> {
        let (roots, patterns) = selection.resolve()?;
        let closed = apart.iter().filter_map(|path| path.metadata().ok());
        Ok(Self {
            patterns,
            roots: roots.into_iter(),
            root: None,
            levels: Vec::new(),
            closed: closed.filter_map(|found| disk::id(&found)).collect(),
            selection,
        })
    }

    fn next_path(&mut self) -> Option<PathBuf> {
        loop {
            while let Some(level) = self.levels.last_mut() {
                if let Some(path) = level.next() {
                    return Some(path);
                }
                self.levels.pop();
            }
            self.closed.extend(self.root.take().map(|(id, _)| id));
            let root = self.roots.next()?;
            // A root that is not there is passed over, with a word from Borg.
            if let Ok(found) = root.symlink_metadata() {
                let file_system = disk::file_system_of(&found);
                self.root = disk::id(&found).map(|id| (id, file_system));
                return Some(root);
            }
        }
    }

    fn look(&mut self, path: PathBuf) -> Result<Step, PatternError> {
        let fate = self.patterns.fate(path.as_os_str().as_encoded_bytes())?;
        if fate == Fate::LeftOutWhole {
            return Ok(Step::LeftOut);
        }
        let Ok(metadata) = path.symlink_metadata() else {
            return Ok(Step::LeftOut);
        };
        if disk::id(&metadata).is_some_and(|id| self.closed.contains(&id))
            || (self.selection.exclude_nodump && disk::is_nodump(&path, &metadata))
        {
            return Ok(Step::LeftOut);
        }
        if metadata.is_dir() && !self.enter(&path, &metadata, fate) {
            return Ok(Step::LeftOut);
        }
        Ok(match fate {
            Fate::Taken => Step::Taken(path, metadata),
            Fate::LeftOut | Fate::LeftOutWhole => Step::LeftOut,
        })
    }

    /// Opens a folder for the next steps, and says whether it could be taken itself.
    fn enter(&mut self, path: &Path, metadata: &Metadata, fate: Fate) -> bool {
        let Ok(entries) = std::fs::read_dir(path) else {
            return false;
        };
        let elsewhere = self.selection.one_file_system
            && self
                .root
                .is_some_and(|(_, home)| disk::file_system_of(metadata) != home);
        if elsewhere {
            return true;
        }
        let tags = self.tags(path);
        if tags.is_empty() {
            let named = entries.filter_map(|entry| Some(numbered(&entry.ok()?)));
            let mut named: Vec<(u64, OsString)> = named.collect();
            named.sort_by_key(|(number, _)| *number);
            let folder = path.to_owned();
            let paths = named.into_iter().map(move |(_, name)| folder.join(name));
            self.levels.push(Box::new(paths));
            return true;
        }
        if self.selection.keep_exclude_tags && fate == Fate::Taken {
            self.levels.push(Box::new(tags.into_iter()));
            return true;
        }
        false
    }

    /// What a folder holds that has it left out.
    fn tags(&self, folder: &Path) -> Vec<PathBuf> {
        let cache = self.selection.exclude_caches && is_cache(folder);
        let cache = cache.then(|| folder.join(CACHE_TAG));
        let names = self.selection.exclude_if_present.iter();
        let present = names.map(|name| folder.join(name));
        cache
            .into_iter()
            .chain(present.filter(|tag| tag.exists()))
            .collect()
    }
}

impl Iterator for Walk {
    type Item = Result<Step, PatternError>;

    fn next(&mut self) -> Option<Self::Item> {
        let path = self.next_path()?;
        Some(self.look(path))
    }
}

fn numbered(entry: &DirEntry) -> (u64, OsString) {
    (disk::number(entry), entry.file_name())
}

fn is_cache(folder: &Path) -> bool {
    let tag = folder.join(CACHE_TAG);
    // A pipe of that name would never say anything.
    if !tag.is_file() {
        return false;
    }
    let mut start = [0; CACHE_SIGNATURE.len()];
    fs_err::File::open(tag).is_ok_and(|mut tag| tag.read_exact(&mut start).is_ok())
        && start == CACHE_SIGNATURE
}
