//! How much a backup will read.
//!
//! Borg counts the content of regular files: by their logical size, a file with several names once, and nothing for
//! folders, links, pipes and devices, nor for what it may not read (measured with 1.2.4 and 1.4.5).

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use alcove_borg::{PatternError, Selection, Uncountable};
use jiff::Timestamp;

use super::disk;
use super::walk::{Step, Walk};
use crate::plans;

/// What folders hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Bytes of file content.
    pub bytes: u64,
    /// Regular files.
    pub files: u64,
    /// Whether everything was counted.
    pub complete: bool,
}

/// A file that Borg counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted {
    /// Bytes of content.
    pub(crate) bytes: u64,
    /// When its content or what is said of it last changed, where the system tells.
    pub(crate) changed_at: Option<Timestamp>,
}

/// The files that Borg would count, in its order: an item for each path on the way, `None` for what counts nothing.
/// `apart` is never taken.
///
/// # Errors
/// When nobody can tell what the selection takes.
pub(crate) fn files(
    selection: Selection,
    apart: &[PathBuf],
) -> Result<impl Iterator<Item = Result<Option<Counted>, PatternError>>, Uncountable> {
    let mut counted = HashSet::new();
    Ok(Walk::new(selection, apart)?.map(move |step| {
        let Step::Taken(path, metadata) = step? else {
            return Ok(None);
        };
        let counts = metadata.is_file()
            && disk::may_read(&path)
            && disk::shared_id(&metadata).is_none_or(|id| counted.insert(id));
        Ok(counts.then(|| Counted {
            bytes: metadata.len(),
            changed_at: disk::changed_at(&metadata),
        }))
    }))
}

/// Adds up what Borg would read of a selection; `apart` is never taken. `go_on` is asked with what was counted so
/// far, every thousand paths; when it says no, the count stops and is not complete.
///
/// # Errors
/// When nobody can tell what the selection takes.
pub fn measure(
    selection: Selection,
    apart: &[PathBuf],
    go_on: &dyn Fn(&Measure) -> bool,
) -> Result<Measure, Uncountable> {
    let mut total = Measure {
        bytes: 0,
        files: 0,
        complete: true,
    };
    for (index, file) in files(selection, apart)?.enumerate() {
        if index % 1000 == 0 && !go_on(&total) {
            total.complete = false;
            break;
        }
        if let Some(file) = file? {
            total.files += 1;
            total.bytes += file.bytes;
        }
    }
    Ok(total)
}

/// Adds up one folder or file as a plan would read it that leaves this out.
///
/// # Errors
/// When nobody can tell what a pattern leaves out.
pub fn measure_folder(
    path: &Path,
    excludes: &[String],
    go_on: &dyn Fn(&Measure) -> bool,
) -> Result<Measure, Uncountable> {
    let selection = plans::selection([path.to_owned()], excludes, false);
    measure(selection, &[], go_on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alcove_borg::PatternOption;

    #[test]
    fn a_folder_is_counted_as_borg_counts_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs_err::create_dir_all(root.join("a/node_modules/x")).unwrap();
        fs_err::create_dir_all(root.join("cache")).unwrap();
        fs_err::write(root.join("a/one"), [0; 100]).unwrap();
        fs_err::write(root.join("a/.hidden"), [0; 10]).unwrap();
        fs_err::write(root.join("a/node_modules/x/big"), [0; 5000]).unwrap();
        let tag = "Signature: 8a477f597d28d172789f06886806bc55\n";
        fs_err::write(root.join("cache/CACHEDIR.TAG"), tag).unwrap();
        fs_err::write(root.join("cache/big"), [0; 5000]).unwrap();
        fs_err::hard_link(root.join("a/one"), root.join("a/two")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(root.join("a/one"), root.join("a/link")).unwrap();
        assert_eq!(
            measure_folder(root, &["sh:**/node_modules".to_owned()], &|_| true).unwrap(),
            Measure {
                bytes: 110,
                files: 2,
                complete: true
            }
        );
    }

    #[test]
    fn a_count_that_is_stopped_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let stopped = measure_folder(folder.path(), &[], &|_| false).unwrap();
        assert!(!stopped.complete);
    }

    #[test]
    fn what_nobody_can_count_has_no_count() {
        let folder = tempfile::tempdir().unwrap();
        let selection = Selection {
            sources: vec![folder.path().to_owned()],
            patterns: vec![PatternOption::Exclude("re:(?x)a".to_owned())],
            ..Selection::default()
        };
        let error = measure(selection, &[], &|_| true).unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"re:(?x)a\" cannot be counted with: it has an extension that has no translation"
        );
    }
}
