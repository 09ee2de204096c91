//! A command that prints a repository's passphrase, such as `pass show backup`.
//!
//! Borg would run one itself; here Alcove does, so that the output goes from the pipe into a
//! [`Passphrase`] and nowhere else, a command that waits for ever is ended, and what went wrong is known.
//! As in Borg no shell reads the line: it is split into words, and nothing in it is expanded or run.
//! Leaves out who may name a command, and when it is asked.
//!
//! Source: `BORG_PASSCOMMAND` in Borg 1.4.5 docs/usage/general/environment.rst.inc; line ends after the
//! passphrase are taken off.

use std::ffi::OsString;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use zeroize::Zeroizing;

use super::child::{self, MAX_PASSPHRASE_BYTES};
use crate::passphrase::Passphrase;

/// Bytes of what it says that are kept.
const SAID: u64 = 2048;
/// How often the clock, and whether to give up, are looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How long the pipes of a killed command may stay open.
const AFTER_KILL: Duration = Duration::from_secs(1);

/// A command that prints a passphrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passcommand(Vec<String>);

/// Why a command gave no passphrase. Holds nothing of what it printed to stdout.
#[derive(Debug, thiserror::Error)]
pub enum PasscommandError {
    /// The line cannot be split into words: a quote is open, or there is none.
    #[error("is not a command line")]
    NotACommand,
    /// The system did not start it.
    #[error("could not be started: {0}")]
    NotStarted(#[source] io::Error),
    /// It ended with an error.
    #[error("ended with {status}{}", quoted(.said))]
    Failed {
        /// How it ended.
        status: ExitStatus,
        /// The end of what it wrote to stderr.
        said: String,
    },
    /// It had not ended in time and was killed.
    #[error("had not ended after {} s{}", .patience.as_secs(), quoted(.said))]
    TooLate {
        /// The time it had.
        patience: Duration,
        /// The end of what it wrote to stderr.
        said: String,
    },
    /// Whoever asked gave up, and it was killed.
    #[error("was stopped")]
    GivenUp,
    /// It printed nothing, too much, or what is no UTF-8.
    #[error("printed nothing that can be a passphrase{}", quoted(.0))]
    NoPassphrase(String),
}

fn quoted(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(". It said: {text}")
    }
}

/// What the threads that read the pipes bring.
enum Piece {
    Printed(Zeroizing<Vec<u8>>),
    Said(String),
}

impl Passcommand {
    /// Splits a line into words as a shell does. Nothing is expanded.
    pub fn parse(line: &str) -> Result<Self, PasscommandError> {
        match shlex::split(line) {
            Some(words) if !words.is_empty() && !line.contains('\0') => Ok(Self(words)),
            _ => Err(PasscommandError::NotACommand),
        }
    }

    /// Runs it in this environment, in a session of its own without a terminal, for `patience` at most
    /// and while `give_up` says no.
    pub fn run(
        &self,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        patience: Duration,
        give_up: &dyn Fn() -> bool,
    ) -> Result<Passphrase, PasscommandError> {
        let mut command = Command::new(&self.0[0]);
        command
            .args(&self.0[1..])
            .env_clear()
            .envs(environment)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        child::leave_session(&mut command);
        let began = Instant::now();
        let mut running = command.spawn().map_err(PasscommandError::NotStarted)?;
        let pieces = read(&mut running).map_err(PasscommandError::NotStarted)?;

        let (mut printed, mut said) = (None, None);
        let mut take = |wait| {
            match pieces.recv_timeout(wait) {
                Ok(Piece::Printed(bytes)) => printed = Some(bytes),
                Ok(Piece::Said(text)) => said = Some(text),
                Err(_) => {}
            }
            printed.is_some() && said.is_some()
        };
        let mut whole = false;
        let mut broken_off = None;
        let status = loop {
            whole = whole || take(LOOK);
            if whole && let Some(status) = running.try_wait().ok().flatten() {
                break Some(status);
            }
            if whole {
                thread::sleep(LOOK);
            }
            let late = began.elapsed() >= patience;
            if late || give_up() {
                _ = kill_process_group(Pid::from_child(&running), Signal::KILL);
                _ = running.wait();
                let killed = Instant::now();
                while !whole && killed.elapsed() < AFTER_KILL {
                    whole = take(LOOK);
                }
                broken_off = Some(late);
                break None;
            }
        };
        let said = said.unwrap_or_default();
        match (broken_off, status) {
            (Some(false), _) => Err(PasscommandError::GivenUp),
            (Some(true), _) | (None, None) => Err(PasscommandError::TooLate { patience, said }),
            (None, Some(status)) if !status.success() => {
                Err(PasscommandError::Failed { status, said })
            }
            (None, Some(_)) => printed
                .and_then(|bytes| passphrase(&bytes))
                .ok_or(PasscommandError::NoPassphrase(said)),
        }
    }
}

/// Reads both pipes to their end, each on a thread that outlives nobody it matters to.
fn read(running: &mut Child) -> io::Result<Receiver<Piece>> {
    let (bring, pieces) = channel();
    let follow = |read: Box<dyn FnOnce() -> Piece + Send>, bring: Sender<Piece>| {
        let run = move || _ = bring.send(read());
        thread::Builder::new().name("passcommand".into()).spawn(run)
    };
    let (stdout, stderr) = (running.stdout.take(), running.stderr.take());
    follow(Box::new(|| Piece::Printed(printed(stdout))), bring.clone())?;
    follow(Box::new(|| Piece::Said(words(stderr))), bring)?;
    Ok(pieces)
}

/// Reads what is printed into one buffer that never moves, up to one byte more than a passphrase can
/// have with its line end; the rest is dropped.
fn printed(stdout: Option<impl Read>) -> Zeroizing<Vec<u8>> {
    const ROOM: usize = MAX_PASSPHRASE_BYTES + 3;
    let mut bytes = Zeroizing::new(vec![0; ROOM]);
    let mut length = 0;
    let Some(mut stdout) = stdout else {
        return Zeroizing::default();
    };
    while length < ROOM
        && let Ok(more @ 1..) = stdout.read(&mut bytes[length..])
    {
        length += more;
    }
    bytes.truncate(length);
    drain(stdout);
    bytes
}

/// Reads the beginning of what is said, as one line.
fn words(stderr: Option<impl Read>) -> String {
    let Some(mut stderr) = stderr else {
        return String::new();
    };
    let mut bytes = Vec::new();
    _ = stderr.by_ref().take(SAID).read_to_end(&mut bytes);
    drain(stderr);
    let text = String::from_utf8_lossy(&bytes);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn drain(mut pipe: impl Read) {
    _ = io::copy(&mut pipe, &mut io::sink());
}

fn passphrase(bytes: &[u8]) -> Option<Passphrase> {
    let text = str::from_utf8(bytes).ok()?.trim_end_matches(['\n', '\r']);
    let fits = !text.is_empty() && text.len() <= MAX_PASSPHRASE_BYTES;
    fits.then(|| Passphrase::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_mins(2);

    fn run_for(line: &str, patience: Duration) -> Result<Passphrase, PasscommandError> {
        let path = [("PATH".into(), "/usr/bin:/bin".into())];
        Passcommand::parse(line)?.run(path, patience, &|| false)
    }

    fn run(line: &str) -> Result<Passphrase, PasscommandError> {
        run_for(line, LONG)
    }

    fn refusal(line: &str) -> String {
        run(line).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn what_a_command_prints_is_the_passphrase_without_its_line_end() {
        assert_eq!(
            run("echo  quiet 'linen  x'").unwrap().expose(),
            "quiet linen  x"
        );
        assert_eq!(run(r"printf 'p\303\244ss\r\n\n'").unwrap().expose(), "päss");
        assert_eq!(run("printf ' x '").unwrap().expose(), " x ");
    }

    #[test]
    fn no_shell_reads_the_line() {
        let line = "echo $HOME `id` $(id) ; id | cat > /tmp/x && * ~";
        assert_eq!(
            run(line).unwrap().expose(),
            "$HOME `id` $(id) ; id | cat > /tmp/x && * ~"
        );
    }

    #[test]
    fn a_command_that_fails_is_quoted_but_for_what_it_printed() {
        let text = refusal("sh -c 'echo secret; echo no key >&2; echo here >&2; exit 3'");
        assert_eq!(text, "ended with exit status: 3. It said: no key here");
        assert!(refusal("/no/such/program").starts_with("could not be started"));
        for line in ["", "  ", "echo 'open"] {
            assert_eq!(refusal(line), "is not a command line");
        }
    }

    #[test]
    fn what_cannot_be_a_passphrase_is_refused() {
        for line in [
            "true",
            "echo",
            r"printf '\377'",
            "head -c 5000 /dev/zero",
            "sh -c 'yes | head -c 1000000'",
        ] {
            assert!(refusal(line).starts_with("printed nothing"), "{line}");
        }
        let most = run("sh -c 'yes x | tr -d \"\\n\" | head -c 4096; echo'");
        assert_eq!(most.unwrap().expose().len(), 4096);
    }

    #[test]
    fn a_command_that_waits_for_ever_is_killed_with_what_it_started() {
        let line = "sh -c 'echo waiting >&2; sleep 1000 & sleep 1000'";
        let error = run_for(line, Duration::from_secs(3));
        let text = error.map(|_| ()).unwrap_err().to_string();
        assert_eq!(text, "had not ended after 3 s. It said: waiting");
    }

    #[test]
    fn whoever_asks_may_give_up() {
        let command = Passcommand::parse("sleep 1000").unwrap();
        let path = [("PATH".into(), "/usr/bin:/bin".into())];
        let error = command.run(path, LONG, &|| true).map(|_| ()).unwrap_err();
        assert!(matches!(error, PasscommandError::GivenUp), "{error}");
    }
}
