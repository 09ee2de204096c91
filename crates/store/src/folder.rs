//! The data folder: the only place that knows where a file lives.
//!
//! The environment and the home folder come in as arguments, so that a test or a second profile never
//! touches the person's own data. Nothing is created here; that is [`crate::Store::open`]'s.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The variable that moves the data folder.
const VARIABLE: &str = "ALCOVE_DATA_DIR";

/// The folder everything Alcove keeps is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Uses this folder, wherever it is.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Finds the folder of this person on this platform.
    ///
    /// `ALCOVE_DATA_DIR` wins. Else Linux: `$XDG_DATA_HOME/alcove` or `~/.local/share/alcove` (XDG Base
    /// Directory 0.8: a relative path is ignored); macOS: `~/Library/Application Support/Alcove`;
    /// Windows: `%APPDATA%\Alcove`. An empty variable counts as none. `environment` answers a variable
    /// by its name, such as `|name| std::env::var_os(name)`.
    pub fn locate(environment: impl Fn(&str) -> Option<OsString>, home: &Path) -> Self {
        Self::by_convention(std::env::consts::OS, environment, home)
    }

    fn by_convention(
        os: &str,
        environment: impl Fn(&str) -> Option<OsString>,
        home: &Path,
    ) -> Self {
        let variable = |name| {
            environment(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        if let Some(path) = variable(VARIABLE) {
            return Self::at(path);
        }
        Self::at(match os {
            "macos" => home.join("Library/Application Support/Alcove"),
            "windows" => variable("APPDATA")
                .unwrap_or_else(|| home.join("AppData").join("Roaming"))
                .join("Alcove"),
            _ => variable("XDG_DATA_HOME")
                .filter(|path| path.is_absolute())
                .unwrap_or_else(|| home.join(".local/share"))
                .join("alcove"),
        })
    }

    /// Returns the folder's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file whose lock makes a process the owner.
    pub(crate) fn lock(&self) -> PathBuf {
        self.path.join("alcove.lock")
    }

    /// The `SQLite` database.
    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("alcove.sqlite3")
    }

    /// The folder of the copies of the database.
    pub(crate) fn copies(&self) -> PathBuf {
        self.path.join("copies")
    }

    /// The folder of the job logs.
    pub(crate) fn logs(&self) -> PathBuf {
        self.path.join("logs")
    }

    /// Whether a name in this folder is one Alcove gives.
    pub(crate) fn is_own(name: &str) -> bool {
        name == "logs" || name == "copies" || name.starts_with("alcove.")
    }

    /// The log of a job.
    pub(crate) fn log(&self, job: i64) -> PathBuf {
        self.logs().join(format!("{job}.log"))
    }

    /// The sparse index beside a job's log.
    pub(crate) fn log_index(&self, job: i64) -> PathBuf {
        self.logs().join(format!("{job}.index"))
    }

    /// The job a file in the folder of logs belongs to, or `None` for any other file.
    pub(crate) fn job_of_log(name: &str) -> Option<i64> {
        name.strip_suffix(".log")?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn located(os: &str, variables: &[(&str, &str)]) -> PathBuf {
        let environment = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.into())
        };
        Folder::by_convention(os, environment, Path::new("/home/ada"))
            .path()
            .to_path_buf()
    }

    #[test]
    fn the_variable_wins_on_every_platform() {
        for os in ["linux", "macos", "windows"] {
            let variables = [
                (VARIABLE, "/data"),
                ("XDG_DATA_HOME", "/x"),
                ("APPDATA", "/y"),
            ];
            assert_eq!(located(os, &variables), Path::new("/data"));
        }
    }

    #[test]
    fn each_platform_has_its_own_convention() {
        assert_eq!(
            located("linux", &[]),
            Path::new("/home/ada/.local/share/alcove")
        );
        assert_eq!(
            located("linux", &[("XDG_DATA_HOME", "/x")]),
            Path::new("/x/alcove")
        );
        assert_eq!(
            located("macos", &[("XDG_DATA_HOME", "/x")]),
            Path::new("/home/ada/Library/Application Support/Alcove")
        );
        assert_eq!(
            located("windows", &[("APPDATA", "/roaming")]),
            Path::new("/roaming/Alcove")
        );
        assert_eq!(
            located("windows", &[]),
            Path::new("/home/ada/AppData/Roaming/Alcove")
        );
    }

    #[test]
    fn empty_and_relative_variables_are_ignored() {
        let variables = [(VARIABLE, ""), ("XDG_DATA_HOME", "relative")];
        assert_eq!(
            located("linux", &variables),
            Path::new("/home/ada/.local/share/alcove")
        );
    }

    #[test]
    fn a_log_file_names_its_job() {
        assert_eq!(Folder::job_of_log("12.log"), Some(12));
        assert_eq!(Folder::job_of_log("12.index"), None);
        assert_eq!(Folder::job_of_log("notes.log"), None);
    }
}
