//! `alcove-cli serve` for one test.
//!
//! Hermetic, as everything in a [`Scratch`]: the server finds its data folder, its home and its Borg there. Knows
//! the few words a server is started with, and nothing of what it answers: that is [`Client`]'s.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::{Client, Scratch};

/// How long a server may take to begin: long enough for a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// Is a server that runs; killed when it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
    token: String,
    /// Held open: a server may say more.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    /// Gives the command that serves a scratch on a free port: its folder `data`, and a token in its file `token`.
    pub fn command(program: &Path, scratch: &Scratch) -> Command {
        let mut command = Command::new(program);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--token-file"])
            .arg(token_file(scratch))
            .env_clear()
            .envs(scratch.session())
            .env("ALCOVE_DATA_DIR", scratch.path().join("data"))
            .current_dir(scratch.path());
        command
    }

    /// Runs such a command until the server says that it listens.
    ///
    /// # Errors
    ///
    /// What it complained about, when it ended instead.
    pub fn start(mut command: Command, scratch: &Scratch) -> Result<Self, String> {
        let complaints = complaints(scratch);
        let stderr = std::fs::File::create(&complaints).expect("a scratch can be written to");
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("the server can be started");
        let stdout = child.stdout.take().expect("its stdout is a pipe");
        let (line, stdout) = first_line(stdout);
        let Some(address) = line.trim_end().strip_prefix("listening on http://") else {
            // Of no use any more, if it has not ended by itself.
            let _ = child.kill();
            let _ = child.wait();
            let said = std::fs::read_to_string(complaints).unwrap_or_default();
            return Err(format!("{line}{said}"));
        };
        let address = address.parse().expect("it listens on an address");
        let token = std::fs::read_to_string(token_file(scratch)).expect("it wrote its token");
        Ok(Self {
            child,
            address,
            token: token.trim_end().to_owned(),
            _stdout: stdout,
        })
    }

    /// Gives a client with the server's token.
    pub fn client(&self) -> Client {
        Client::new(self.address, &self.token)
    }

    /// Gives where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Gives its token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Gives its process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Tells it to end, and waits for it.
    pub fn stop(mut self) -> ExitStatus {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.expect("a process has a number"), Signal::TERM)
            .expect("a server can be told to end");
        self.child.wait().expect("a server can be waited for")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Gives the file a server of this scratch writes its token to.
pub fn token_file(scratch: &Scratch) -> PathBuf {
    scratch.path().join("token")
}

/// Where its stderr goes.
fn complaints(scratch: &Scratch) -> PathBuf {
    scratch.path().join("server.stderr")
}

/// Reads a line, empty at the end of the stream.
fn first_line(stdout: ChildStdout) -> (String, BufReader<ChildStdout>) {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        let read = stdout.read_line(&mut line);
        let _ = sender.send((read.map(|_| line).unwrap_or_default(), stdout));
    });
    receiver
        .recv_timeout(PATIENCE)
        .expect("a server says that it listens, or ends")
}
