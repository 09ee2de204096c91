//! The arguments of one command line while it is put together.
//!
//! Apart so that the two rules of every line are written once: a value is joined to its flag with `=`, and what
//! is not a flag comes after `--`.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

#[derive(Default)]
pub(super) struct Words(Vec<OsString>);

impl Words {
    /// Starts a line that every run of Alcove begins with: JSON messages, and a stated wait for the lock. A command
    /// may be of two words, such as `key export`.
    pub(super) fn new(command: &str, lock_wait: Duration) -> Self {
        let start = Self(command.split(' ').map(Into::into).collect());
        start
            .flag("--log-json")
            .value("--lock-wait", &lock_wait.as_secs().to_string())
    }

    pub(super) fn flag(mut self, flag: &str) -> Self {
        self.0.push(flag.into());
        self
    }

    pub(super) fn flag_if(self, wanted: bool, flag: &str) -> Self {
        if wanted { self.flag(flag) } else { self }
    }

    pub(super) fn value(self, flag: &str, value: &str) -> Self {
        self.flag(&format!("{flag}={value}"))
    }

    pub(super) fn path(mut self, flag: &str, path: &Path) -> Self {
        let mut word = OsString::from(format!("{flag}="));
        word.push(path);
        self.0.push(word);
        self
    }

    /// Ends the flags and names the repository.
    pub(super) fn repository(self, repository: &str) -> Self {
        self.flag("--").flag(repository)
    }

    /// Ends the flags and names an archive.
    pub(super) fn archive(self, repository: &str, archive: &str) -> Self {
        self.flag("--")
            .flag(&format!("{repository}::{}", literal(archive)))
    }

    pub(super) fn operands(mut self, operands: impl IntoIterator<Item = OsString>) -> Self {
        self.0.extend(operands);
        self
    }

    pub(super) fn finish(self) -> Vec<OsString> {
        self.0
    }
}

/// Escapes the braces of placeholders such as `{now}` (Borg 1.4.5, `borg help placeholders`).
pub(super) fn literal(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
