//! Finding out why a Borg failed, while it speaks.
//!
//! Collects from the stream of events the little that tells, in bounded memory, and names the problem at the
//! end. Apart from the events because the rules are about Borg's habits: which error comes first, which words
//! come as plain text, and that 1.2.4 blames the files of a backup for what its repository did.
//!
//! Leaves out whether it failed at all: `verdict`.

use std::collections::VecDeque;

use crate::event::{Event, Level, LogMessage, REMOTE, is_progress_text};
use crate::problem::{EDQUOT, EIO, ENOSPC, EPIPE, EROFS, Problem, errno};
use crate::process::Exit;

/// How many of the last plain lines, and of the last words of a server, are kept.
const KEPT_LINES: usize = 8;

/// How much of each is kept.
const KEPT_CHARS: usize = 500;

/// So many input/output errors without a file in between that could be backed up are not the files' fault.
const MANY_IO_ERRORS: u32 = 10;

/// Collects what tells why a Borg failed.
#[derive(Debug, Clone, Default)]
pub struct Diagnosis {
    /// The first error Borg has a name for.
    named: Option<Problem>,
    /// The first error, in Borg's words.
    first_error: Option<String>,
    /// The last line of a Python traceback, which names the exception.
    exception: Option<String>,
    /// What a write to the repository failed with, said of a file by 1.2.
    blamed: Option<i32>,
    io_errors: u32,
    files: u64,
    remote: Ring,
    text: Ring,
    arguments_rejected: bool,
}

impl Diagnosis {
    /// Takes notice of an event.
    pub fn observe(&mut self, event: &Event) {
        match event {
            Event::Log(message) if is_progress_text(message) => {}
            Event::Log(message) if message.level >= Level::Error => self.error(message),
            Event::Log(message) if message.level == Level::Warning => self.warning(message),
            Event::ArchiveProgress { nfiles, .. } if *nfiles > self.files => {
                self.files = *nfiles;
                self.io_errors = 0;
            }
            Event::Text(line) => self.plain(line),
            _ => {}
        }
    }

    /// Tells whether the repository cannot be written to while Borg 1.2 goes on and blames each file: the backup
    /// would come out with holes, so it is to be cancelled.
    ///
    /// A file is never read with "no space left", "quota exceeded", "read-only file system" or "broken pipe". It can be
    /// with "input/output error", from a dying disk that wants its backup more than any other; that counts only when
    /// ten come in a row. Borg 1.4 stops by itself.
    pub fn repository_failing(&self) -> bool {
        self.failing_with().is_some()
    }

    /// What Borg 1.2 blames files for that is not their fault.
    fn failing_with(&self) -> Option<i32> {
        self.blamed
            .or((self.io_errors >= MANY_IO_ERRORS).then_some(EIO))
    }

    /// Tells whether Borg said anything of level ERROR: for `check` that is a finding, whatever its exit code.
    pub fn complained(&self) -> bool {
        self.first_error.is_some() || self.exception.is_some()
    }

    /// Names why Borg failed.
    pub fn problem(&self, exit: &Exit) -> Problem {
        let by_exception = || self.exception.as_deref().and_then(exception);
        let by_code = || {
            exit.code
                .and_then(|code| Problem::from_code(code, self.remote.joined()))
        };
        // What the repository failed with is why Alcove ended Borg, so it comes before the signal.
        self.named()
            .filter(|problem| !matches!(problem, Problem::Killed { .. }))
            .or_else(|| self.failing_with().and_then(Problem::from_errno))
            .or_else(|| self.named())
            .or_else(|| exit.signal.map(|signal| Problem::Killed { signal }))
            .or_else(by_exception)
            .or_else(|| self.rejected_arguments())
            .or_else(by_code)
            .unwrap_or_else(|| Problem::Unknown {
                code: exit.code,
                text: self.most_telling(),
            })
    }

    /// Gives the named error; a server's words can come after it.
    fn named(&self) -> Option<Problem> {
        match self.named.clone()? {
            Problem::ConnectionFailed { detail: None } => Some(Problem::ConnectionFailed {
                detail: self.remote.joined(),
            }),
            problem => Some(problem),
        }
    }

    fn error(&mut self, message: &LogMessage) {
        if self.named.is_none() {
            let msgid = message.msgid.as_deref();
            self.named = msgid.and_then(|msgid| Problem::from_msgid(msgid, &message.message, None));
        }
        if message.message.starts_with("Traceback ") {
            self.exception = last_line(&message.message).map(cut);
        } else if self.first_error.is_none() {
            self.first_error = Some(cut(message.message.trim()));
        }
    }

    fn warning(&mut self, message: &LogMessage) {
        if let Some(words) = message.message.strip_prefix(REMOTE) {
            return self.remote.push(words);
        }
        match read_errno(&message.message) {
            Some(errno @ (ENOSPC | EPIPE | EDQUOT | EROFS)) => self.blamed = Some(errno),
            Some(EIO) if message.msgid.is_none() => self.io_errors += 1,
            _ => {}
        }
    }

    fn plain(&mut self, line: &str) {
        self.arguments_rejected |= line.starts_with("usage: borg")
            || line.starts_with("Invalid placeholder")
            || line.contains("in parse_args");
        self.text.push(line);
    }

    fn rejected_arguments(&self) -> Option<Problem> {
        let text = self.text.0.back().filter(|_| self.arguments_rejected)?;
        let (_, reason) = text.split_once(": error: ").unwrap_or(("", text));
        Some(Problem::BorgRejectedArguments {
            text: reason.to_owned(),
        })
    }

    fn most_telling(&self) -> String {
        let known = self
            .exception
            .as_ref()
            .or(self.first_error.as_ref())
            .or(self.text.0.back());
        known
            .cloned()
            .or_else(|| self.remote.joined())
            .unwrap_or_default()
    }
}

/// Reads the line of a Python traceback that names the exception.
fn exception(line: &str) -> Option<Problem> {
    if line.starts_with("IsADirectoryError:") && line.ends_with("/config'") {
        return Some(Problem::RepositoryTooNew);
    }
    Problem::from_errno(errno(line)?)
}

/// Finds the line before Borg's notes on the system, if it makes any.
fn last_line(traceback: &str) -> Option<&str> {
    let python = traceback.split("\n\nPlatform: ").next()?;
    python.lines().rev().find(|line| !line.trim().is_empty())
}

/// Reads the error number in "PATH: read: [Errno 28] No space left on device".
fn read_errno(message: &str) -> Option<i32> {
    let (before, _) = message.split_once("[Errno ")?;
    if before.ends_with(": read: ") {
        errno(message)
    } else {
        None
    }
}

fn cut(text: &str) -> String {
    text.chars().take(KEPT_CHARS).collect()
}

/// Keeps the last few lines.
#[derive(Debug, Clone, Default)]
struct Ring(VecDeque<String>);

impl Ring {
    fn push(&mut self, line: &str) {
        let line = line.trim_end();
        if line.is_empty() {
            return;
        }
        if self.0.len() == KEPT_LINES {
            self.0.pop_front();
        }
        self.0.push_back(cut(line));
    }

    fn joined(&self) -> Option<String> {
        let lines: Vec<&str> = self.0.iter().map(String::as_str).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn observed(sample: &str) -> Diagnosis {
        let mut diagnosis = Diagnosis::default();
        for event in samples::events(&format!("{sample}.stderr")) {
            diagnosis.observe(&event);
        }
        diagnosis
    }

    fn problem(sample: &str) -> Problem {
        let code = String::from_utf8(samples::bytes(&format!("{sample}.rc"))).unwrap();
        observed(sample).problem(&Exit {
            code: code.trim().parse().ok(),
            ..Exit::default()
        })
    }

    #[test]
    fn recorded_failures_have_their_names_with_both_versions() {
        let failed = |detail: &str| Problem::ConnectionFailed {
            detail: Some(detail.into()),
        };
        let expected = [
            ("err-repo-missing", Problem::RepositoryMissing),
            ("err-repo-not-a-repo", Problem::NotARepository),
            ("err-borg2-repo", Problem::RepositoryTooNew),
            ("err-repo-init-parent-missing", Problem::ParentMissing),
            ("err-init-nonempty-dir", Problem::PathNotEmpty),
            ("err-wrong-passphrase", Problem::PassphraseWrong),
            ("err-no-passphrase-stdin-null", Problem::PassphraseNeeded),
            ("err-keyfile-missing", Problem::KeyMissing),
            ("err-repokey-missing", Problem::KeyMissing),
            ("err-repo-permission-denied", Problem::RepositoryNotWritable),
            (
                "err-ssh-refused",
                failed("ssh: connect to host 127.0.0.1 port 2223: Connection refused"),
            ),
            (
                "err-ssh-auth-fail",
                failed("root@127.0.0.1: Permission denied (publickey,keyboard-interactive)."),
            ),
            (
                "err-ssh-noise-banner",
                failed("Got unexpected RPC data format from server:\nMOTD-NOISE\n"),
            ),
            ("err-ssh-killed-ssh", Problem::ConnectionLost),
            ("err-ssh-killed-serve", Problem::ConnectionLost),
            ("err-ssh-path-not-allowed", Problem::PathNotAllowed),
            ("err-disk-full-create", Problem::DiskFull),
            ("err-quota-exceeded", Problem::QuotaExceeded),
            (
                "err-insufficient-free-space",
                Problem::InsufficientFreeSpace,
            ),
            ("err-archive-exists", Problem::ArchiveExists),
            ("err-archive-missing-extract", Problem::ArchiveMissing),
            ("err-relocated-env-no", Problem::RepositoryRelocated),
            (
                "err-unknown-unencrypted-env-no",
                Problem::RepositoryUnknownUnencrypted,
            ),
            ("err-replay-old-repo", Problem::RepositoryReplaced),
            ("err-corrupt-extract", Problem::IntegrityError),
        ];
        for (sample, expected) in expected {
            for sample in [format!("1.2.4/{sample}"), format!("1.4.5/{sample}.modern")] {
                assert_eq!(problem(&sample), expected, "{sample}");
            }
        }
        assert_eq!(problem("1.2.4/init-exists"), Problem::RepositoryExists);
        assert_eq!(
            problem("1.2.4/err-corrupt-chunks-cache"),
            Problem::CacheDamaged
        );
        assert_eq!(
            problem("1.2.4/err-ssh-unknown-hostkey"),
            Problem::ConnectionFailed { detail: None }
        );
    }

    #[test]
    fn a_lock_is_named_by_its_path() {
        for (sample, end) in [
            (
                "1.2.4/err-locked-create-wait1",
                "/repo-1.2.4/lock.exclusive",
            ),
            ("1.4.5/err-cache-locked-list.modern", "/lock.exclusive"),
        ] {
            let Problem::Locked { path } = problem(sample) else {
                panic!("{:?}", problem(sample))
            };
            assert!(path.starts_with("/home/") && path.ends_with(end), "{path}");
        }
    }

    #[test]
    fn folders_in_the_home_that_cannot_be_written_are_told_from_the_repository() {
        for sample in [
            "1.2.4/err-cache-dir-unwritable",
            "1.4.5/err-cache-dir-unwritable.modern",
        ] {
            assert!(
                matches!(problem(sample), Problem::HomeNotWritable { .. }),
                "{sample}"
            );
        }
    }

    #[test]
    fn what_borg_does_not_take_is_quoted_in_its_words() {
        for (sample, words) in [
            ("1.2.4/err-bad-compression", "compression"),
            (
                "1.2.4/err-no-source-paths",
                "Need at least one PATH argument.",
            ),
            ("1.2.4/usage-error", "unrecognized arguments: --badoption"),
            ("1.2.4/err-bad-pattern", "re.error: "),
            (
                "1.4.5/err-archive-name-placeholder.modern",
                "Invalid placeholder \"badplace\"",
            ),
        ] {
            let got = problem(sample);
            assert!(
                matches!(&got, Problem::BorgRejectedArguments { text } if text.contains(words)),
                "{sample}: {got:?}"
            );
        }
    }

    #[test]
    fn a_repository_that_fails_under_1_2_is_noticed_while_borg_goes_on() {
        for sample in ["1.2.4/err-ssh-killed-ssh", "1.2.4/err-disk-full-create"] {
            assert!(observed(sample).repository_failing(), "{sample}");
        }
        for sample in [
            "1.2.4/err-warn-permission",
            "1.2.4/err-warn-mixed",
            "1.4.5/err-warn-permission.modern",
        ] {
            assert!(!observed(sample).repository_failing(), "{sample}");
        }
    }

    #[test]
    fn a_source_disk_with_bad_sectors_is_backed_up_to_the_end() {
        let unreadable = Event::Log(LogMessage {
            level: Level::Warning,
            name: "borg.archiver".into(),
            message: "home/photo.jpg: read: [Errno 5] Input/output error".into(),
            msgid: None,
        });
        let readable = |nfiles| Event::ArchiveProgress {
            original_size: 0,
            compressed_size: None,
            deduplicated_size: None,
            nfiles,
            path: String::new(),
        };
        let mut diagnosis = Diagnosis::default();
        for nfiles in 1..100 {
            diagnosis.observe(&unreadable);
            diagnosis.observe(&readable(nfiles));
            assert!(!diagnosis.repository_failing());
        }
        for _ in 0..10 {
            diagnosis.observe(&unreadable);
        }
        assert!(diagnosis.repository_failing());
        let ended_for_it = Exit {
            signal: Some(15),
            ..Exit::default()
        };
        assert_eq!(diagnosis.problem(&ended_for_it), Problem::DiskFailing);
    }

    #[test]
    fn what_a_full_quota_and_a_read_only_disk_do_is_not_the_files_fault_and_has_its_name() {
        let said = |level, msgid: Option<&str>, message: &str| {
            let mut diagnosis = Diagnosis::default();
            diagnosis.observe(&Event::Log(LogMessage {
                level,
                name: "borg.archiver".into(),
                message: message.into(),
                msgid: msgid.map(Into::into),
            }));
            diagnosis
        };
        let quota = std::io::Error::from_raw_os_error(EDQUOT).to_string();
        assert!(quota.contains("quota"), "{quota}");
        let traceback = |error: &str| {
            format!("Traceback (most recent call last):\n  File \"borg\", line 1\nOSError: {error}")
        };
        for (errno, expected) in [
            (EDQUOT, Problem::QuotaExceeded),
            (EROFS, Problem::RepositoryNotWritable),
        ] {
            let file = format!("home/photo.jpg: read: [Errno {errno}] as the system says");
            let blamed = said(Level::Warning, None, &file);
            assert!(blamed.repository_failing(), "{errno}");
            let ended_for_it = Exit {
                signal: Some(15),
                ..Exit::default()
            };
            assert_eq!(blamed.problem(&ended_for_it), expected);

            let by_itself = Exit {
                code: Some(2),
                ..Exit::default()
            };
            let fatal = traceback(&format!("[Errno {errno}] as the system says"));
            let fatal = said(Level::Error, None, &fatal);
            assert_eq!(fatal.problem(&by_itself), expected);
            let lock = format!("Failed to create/acquire the lock /r/lock ([Errno {errno}] so).");
            let lock = said(Level::Error, Some("LockFailed"), &lock);
            assert_eq!(lock.problem(&by_itself), expected);
        }
    }

    #[test]
    fn a_signal_is_named_unless_borg_said_why_it_ended() {
        let killed = Exit {
            signal: Some(9),
            ..Exit::default()
        };
        assert_eq!(
            Diagnosis::default().problem(&killed),
            Problem::Killed { signal: 9 }
        );
        let terminated = Exit {
            code: Some(143),
            ..Exit::default()
        };
        assert_eq!(
            Diagnosis::default().problem(&terminated),
            Problem::Killed { signal: 15 }
        );
        assert_eq!(
            observed("1.2.4/err-repo-missing").problem(&killed),
            Problem::RepositoryMissing
        );
    }

    #[test]
    fn the_exit_code_names_it_where_no_message_came() {
        let exit = Exit {
            code: Some(52),
            ..Exit::default()
        };
        assert_eq!(
            Diagnosis::default().problem(&exit),
            Problem::PassphraseWrong
        );
    }

    #[test]
    fn an_unknown_failure_keeps_the_most_telling_words() {
        assert_eq!(
            Diagnosis::default().problem(&Exit {
                code: Some(2),
                ..Exit::default()
            }),
            Problem::Unknown {
                code: Some(2),
                text: String::new()
            }
        );
        let Problem::Unknown { text, .. } = problem("1.2.4/err-missing-segment-extract") else {
            panic!("there is no name for it")
        };
        assert!(text.starts_with("FileNotFoundError: [Errno 2]"), "{text}");
    }

    #[test]
    fn a_flood_takes_bounded_memory() {
        let mut diagnosis = Diagnosis::default();
        for _ in 0..1000 {
            diagnosis.observe(&Event::Text("x".repeat(100_000)));
        }
        assert!(diagnosis.text.0.iter().map(String::len).sum::<usize>() <= KEPT_LINES * KEPT_CHARS);
    }
}
