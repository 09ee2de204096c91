//! Answers to dialogs from a folder, for tests: a driver of the window cannot reach native dialogs.
//!
//! Only in debug builds, and only with `ALCOVE_TEST_DIALOGS` set to that folder.

use std::path::PathBuf;

/// A folder with answers, one file each, read when the question comes.
pub(crate) struct Answers(PathBuf);

/// Returns the answers, when this process was given some.
pub(crate) fn answers() -> Option<Answers> {
    std::env::var_os("ALCOVE_TEST_DIALOGS").map(|folder| Answers(folder.into()))
}

impl Answers {
    /// The path in `choose_folder`; without the file, the dialog was closed.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        self.path("choose_folder")
    }

    /// The path in `choose_file`; without the file, the dialog was closed.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.path("choose_file")
    }

    fn path(&self, question: &str) -> Option<PathBuf> {
        let path = fs_err::read_to_string(self.0.join(question)).ok()?;
        Some(PathBuf::from(path.trim_end_matches('\n')))
    }

    /// The suggested name in this folder.
    pub(crate) fn save_as(&self, suggested: &str) -> PathBuf {
        self.0.join(suggested)
    }

    /// Yes, unless there is a file `keep_running`.
    pub(crate) fn stop_and_quit(&self) -> bool {
        !self.0.join("keep_running").exists()
    }
}
