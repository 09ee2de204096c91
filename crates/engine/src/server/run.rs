//! Running ssh, or a program that belongs to it, for a bounded time.
//!
//! The program gets a process group of its own, so that what it started ends with it, no terminal to ask at, and
//! a fixed locale. Its output is read while it runs, and the first [`KEPT`] bytes of each kind are kept.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::world::World;

/// How much is kept of what a program prints, of each stream.
const KEPT: usize = 256 << 10;
/// What passes from the session: where programs, homes and agents are.
const PASSED: [&str; 7] = [
    "HOME",
    "LOGNAME",
    "PATH",
    "SSH_AUTH_SOCK",
    "TMPDIR",
    "USER",
    "XDG_RUNTIME_DIR",
];
/// How often a program that closed its output is asked whether it has ended.
const LOOK: Duration = Duration::from_millis(10);

/// What to run.
pub(super) struct Program {
    pub(super) name: &'static str,
    pub(super) words: Vec<OsString>,
}

/// How a program ended.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Its exit code; `None` when it was stopped.
    pub(crate) code: Option<i32>,
    /// What it printed.
    pub(crate) stdout: String,
    /// What it complained of.
    pub(crate) stderr: String,
}

/// Why a program was not run.
#[derive(Debug)]
pub(crate) enum RunError {
    /// It is not installed.
    Missing(&'static str),
    /// The system did not start it.
    Failed(&'static str, io::Error),
}

/// What comes from a running program.
enum Piece {
    Out(Vec<u8>),
    Complaint(Vec<u8>),
}

/// Runs a program to its end, or to the moment `until`: it is stopped then, and its answer has no code.
pub(super) fn run(
    world: &World,
    program: Program,
    input: &[u8],
    until: Instant,
) -> Result<Answer, RunError> {
    let mut talk = Talk::begin(world, program, until)?;
    if let Some(mut stdin) = talk.stdin.take() {
        // What fits into a pipe; one that nobody reads ends with an error, which is no news.
        _ = stdin.write_all(input);
    }
    while talk.listen() {}
    Ok(talk.end())
}

/// A program that runs and is being listened to.
pub(super) struct Talk {
    child: Child,
    pub(super) stdin: Option<ChildStdin>,
    pieces: Receiver<Piece>,
    until: Instant,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Talk {
    pub(super) fn begin(world: &World, program: Program, until: Instant) -> Result<Self, RunError> {
        let name = program.name;
        let session = PASSED.iter().filter_map(|variable| {
            let variable = OsString::from(variable);
            let value = world.environment.get(&variable)?.clone();
            Some((variable, value))
        });
        let mut command = Command::new(name);
        command
            .args(program.words)
            .env_clear()
            .envs(session)
            .env("LC_ALL", "C")
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => RunError::Missing(name),
            _ => RunError::Failed(name, error),
        })?;
        let (sender, pieces) = channel();
        let readers = child
            .stdout
            .take()
            .map(|out| read(out, Piece::Out, sender.clone()))
            .into_iter()
            .chain(
                child
                    .stderr
                    .take()
                    .map(|complaints| read(complaints, Piece::Complaint, sender)),
            )
            .collect::<io::Result<Vec<()>>>();
        let talk = Self {
            stdin: child.stdin.take(),
            child,
            pieces,
            until,
            stdout: Vec::new(),
            stderr: Vec::new(),
        };
        readers.map_err(|error| RunError::Failed(name, error))?;
        Ok(talk)
    }

    /// Waits for the next words; false when there are no more, or the time is over.
    pub(super) fn listen(&mut self) -> bool {
        let left = self.until.saturating_duration_since(Instant::now());
        match self.pieces.recv_timeout(left) {
            Ok(Piece::Out(bytes)) => keep(&mut self.stdout, &bytes),
            Ok(Piece::Complaint(bytes)) => keep(&mut self.stderr, &bytes),
            Err(_) => return false,
        }
        true
    }

    /// What it printed so far.
    pub(super) fn said(&self) -> &[u8] {
        &self.stdout
    }

    /// Waits for its end until the time is over, then stops it.
    pub(super) fn end(mut self) -> Answer {
        let code = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break status.code(),
                Ok(None) if Instant::now() < self.until => std::thread::sleep(LOOK),
                Ok(None) | Err(_) => break None,
            }
        };
        let text =
            |bytes: &mut Vec<u8>| String::from_utf8_lossy(&std::mem::take(bytes)).into_owned();
        Answer {
            code,
            stdout: text(&mut self.stdout),
            stderr: text(&mut self.stderr),
        }
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        if let Err(error) = kill_process_group(Pid::from_child(&self.child), Signal::KILL) {
            log::warn!("ssh could not be stopped: {error}");
        }
        _ = self.child.wait();
    }
}

/// Reads a stream to its end on a thread of its own; what nobody listens to any more is dropped.
fn read(
    mut stream: impl Read + Send + 'static,
    piece: fn(Vec<u8>) -> Piece,
    sender: Sender<Piece>,
) -> io::Result<()> {
    let work = move || {
        let mut chunk = [0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut chunk) {
            _ = sender.send(piece(chunk[..length].to_vec()));
        }
    };
    std::thread::Builder::new()
        .name("ssh output".into())
        .spawn(work)
        .map(|_| ())
}

fn keep(kept: &mut Vec<u8>, bytes: &[u8]) {
    let room = KEPT.saturating_sub(kept.len());
    kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn world() -> World {
        let session = BTreeMap::from([("PATH".into(), "/usr/bin:/bin".into())]);
        World::of_session(session, "/".into())
    }

    fn shell(script: &str) -> Program {
        Program {
            name: "sh",
            words: vec!["-c".into(), script.into()],
        }
    }

    #[test]
    fn both_streams_the_code_and_the_input_come_through() {
        let later = Instant::now() + Duration::from_mins(1);
        let script = shell("read -r line; echo \"got $line\"; echo no >&2; exit 3");
        let answer = run(&world(), script, b"x y\n", later).unwrap();
        assert_eq!(answer.code, Some(3));
        assert_eq!(
            (answer.stdout.as_str(), answer.stderr.as_str()),
            ("got x y\n", "no\n")
        );
    }

    #[test]
    fn what_does_not_end_is_stopped_with_all_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("pid");
        let script = format!("sleep 600 & echo $! > {}; wait", mark.display());
        let soon = Instant::now() + Duration::from_secs(3);
        let answer = run(&world(), shell(&script), b"", soon).unwrap();
        assert_eq!(answer.code, None);
        let pid = std::fs::read_to_string(mark).unwrap();
        let state = std::path::PathBuf::from(format!("/proc/{}/stat", pid.trim()));
        let gone = || std::fs::read_to_string(&state).map_or(true, |stat| stat.contains(") Z"));
        while !gone() {
            std::thread::sleep(LOOK);
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let absent = Program {
            name: "alcove-absent",
            words: vec![],
        };
        let missing = run(&world(), absent, b"", Instant::now());
        assert!(matches!(missing, Err(RunError::Missing("alcove-absent"))));
    }
}
