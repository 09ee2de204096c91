//! Starting a Borg and following it to its end.
//!
//! Puts the parts together; leaves out what each does.

use std::ffi::OsString;
use std::io::{self, PipeWriter};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{self, JoinHandle};

use fail::fail_point;
use rustix::process::Pid;

use super::child;
use super::dialogue::{Answers, Dialogue};
use super::exit::Exit;
use super::outlet::Outlet;
use super::reader::Reader;
use super::signal::{Signal, Signaller};
use super::terminal::Terminal;
use crate::command::{Command, InvalidCommand};
use crate::environment::{Environment, Zone};
use crate::event::Event;
use crate::find::Borg;
use crate::passphrase::Passphrase;

/// Says what to run.
#[derive(Clone, Copy)]
pub struct Launch<'a> {
    /// Which program.
    pub borg: &'a Borg,
    /// What it is to do.
    pub command: &'a Command,
    /// In which environment.
    pub environment: &'a Environment,
    /// The repository's passphrase; it reaches Borg through a pipe and stands nowhere else. Without one Borg
    /// fails at once where it needs one.
    pub passphrase: Option<&'a Passphrase>,
    /// Whether other programs have processor and disk first.
    pub low_priority: bool,
}

/// Says why Borg was not started.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// Borg would have misread the command.
    #[error(transparent)]
    Invalid(#[from] InvalidCommand),
    /// The passphrase does not fit into the pipe.
    #[error("The passphrase is longer than {limit} bytes.")]
    PassphraseTooLong {
        /// In bytes of UTF-8.
        limit: usize,
    },
    /// A passphrase with a line end in it cannot be entered on a terminal.
    #[error("A passphrase with a line break in it cannot be entered.")]
    PassphraseOfLines,
    /// No terminal could be made.
    #[error("No terminal for Borg could be made: {0}.")]
    Terminal(#[source] io::Error),
    /// No pipe could be made: too many open files.
    #[error("No pipe to Borg could be made: {0}.")]
    Pipe(#[source] io::Error),
    /// No thread could be made.
    #[error("No thread to follow Borg could be made: {0}.")]
    Thread(#[source] io::Error),
    /// The system did not start the program: it is gone, is not allowed, or its command line is too long.
    #[error("{} could not be started: {source}.", path.display())]
    Start {
        /// Which program.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Is what comes from a running Borg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Borg said something.
    Event(Event),
    /// Borg has ended and is reaped, and its pipes are read. Comes exactly once, as the last.
    Exited(Exit),
}

/// Is a Borg that was started.
///
/// Dropping it drops the receiver, not Borg: that runs on, its pipes are read to their end, and it is reaped.
#[derive(Debug)]
pub struct Running {
    outputs: Receiver<Output>,
    process: Pid,
    signaller: Signaller,
}

impl Running {
    /// Gives where its outputs arrive.
    pub fn outputs(&self) -> &Receiver<Output> {
        &self.outputs
    }

    /// Gives its process number, which is also that of its group and its session.
    pub fn pid(&self) -> u32 {
        self.process.as_raw_nonzero().get().cast_unsigned()
    }

    /// Gives the means to signal it; outlives it.
    pub fn signaller(&self) -> Signaller {
        self.signaller.clone()
    }
}

/// Starts Borg.
pub fn launch(launch: Launch<'_>) -> Result<Running, LaunchError> {
    start(program(launch, None)?)
}

/// Starts Borg with a terminal on which it is answered; for [`Command::ChangePassphrase`]. The launch itself has no
/// passphrase then.
pub fn launch_answering(launch: Launch<'_>, answers: Answers) -> Result<Running, LaunchError> {
    for passphrase in [&answers.current, &answers.new] {
        child::check_length(passphrase)?;
        if !passphrase.is_one_line() {
            return Err(LaunchError::PassphraseOfLines);
        }
    }
    let terminal = Terminal::answering(Dialogue::new(answers)).map_err(LaunchError::Terminal)?;
    start(program(launch, Some(terminal))?)
}

fn program(launch: Launch<'_>, terminal: Option<Terminal>) -> Result<Program<'_>, LaunchError> {
    launch.command.check()?;
    log::debug!(
        "starting {}",
        launch.command.shell_line(launch.borg, launch.environment)
    );
    Ok(Program {
        path: launch.borg.path.clone(),
        arguments: launch.command.arguments(),
        environment: launch.environment,
        zone: launch.command.zone(),
        passphrase: launch.passphrase,
        low_priority: launch.low_priority,
        terminal,
    })
}

/// Says what to start, in the terms of the system.
pub(crate) struct Program<'a> {
    pub(crate) path: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) environment: &'a Environment,
    pub(crate) zone: Zone<'a>,
    pub(crate) passphrase: Option<&'a Passphrase>,
    pub(crate) low_priority: bool,
    /// What it may ask on; without one it has no terminal.
    pub(crate) terminal: Option<Terminal>,
}

/// Starts a program and the two threads that follow it.
pub(crate) fn start(program: Program<'_>) -> Result<Running, LaunchError> {
    let mut command = child::prepare(&program)?;
    let Program { path, terminal, .. } = program;
    let (report, reported) = sync_channel(1);
    let run = move || {
        fail_point!("borg::spawn");
        match command.spawn().and_then(Followed::new) {
            Ok((followed, running)) => {
                fail_point!("borg::spawned");
                drop(command); // and with it this side of the passphrase pipe
                // Whoever asked for the start is waiting for this.
                _ = report.send(Ok(running));
                followed.follow(terminal);
            }
            Err(error) => _ = report.send(Err(error)),
        }
    };
    thread::Builder::new()
        .name("borg".into())
        .spawn(run)
        .map_err(LaunchError::Thread)?;
    let start_error = |source| LaunchError::Start {
        path: path.clone(),
        source,
    };
    let gone = || io::Error::other("the thread that starts programs ended");
    reported
        .recv()
        .map_err(|_| start_error(gone()))?
        .map_err(start_error)
}

/// Is a started process with the thread that reads it.
struct Followed {
    child: Child,
    process: Pid,
    signaller: Signaller,
    ended: PipeWriter,
    reader: JoinHandle<(Outlet, Vec<u8>)>,
}

impl Followed {
    fn new(mut child: Child) -> io::Result<(Self, Running)> {
        let process = Pid::from_child(&child);
        let signaller = Signaller::new(process);
        let (outlet, outputs) = Outlet::new(signaller.clone());
        let begun = io::pipe().and_then(|(ended, ended_writer)| {
            let reader = Reader {
                stderr: child.stderr.take(),
                stdout: child.stdout.take(),
                ended: Some(ended),
                signaller: signaller.clone(),
                outlet,
            };
            let reader = thread::Builder::new()
                .name("borg output".into())
                .spawn(|| reader.run())?;
            Ok((ended_writer, reader))
        });
        match begun {
            Ok((ended, reader)) => {
                let running = Running {
                    outputs,
                    process,
                    signaller: signaller.clone(),
                };
                Ok((
                    Self {
                        child,
                        process,
                        signaller,
                        ended,
                        reader,
                    },
                    running,
                ))
            }
            Err(error) => {
                signaller.send(Signal::KillGroup);
                child.wait()?;
                Err(error)
            }
        }
    }

    /// Waits until the process has ended and its pipes are read, reaps it, and says how it ended. Its terminal is
    /// there as long as it is.
    fn follow(mut self, terminal: Option<Terminal>) {
        child::await_end(self.process);
        drop(terminal);
        drop(self.ended);
        let read = self.reader.join();
        let status = self.signaller.retire(|| self.child.wait());
        let Ok((outlet, stdout)) = read else {
            return log::error!("the thread that reads Borg's output ended early");
        };
        outlet.last(Output::Exited(exit(status, stdout)));
    }
}

fn exit(status: io::Result<ExitStatus>, stdout: Vec<u8>) -> Exit {
    let status = status
        .inspect_err(|error| log::error!("how Borg ended is not known: {error}"))
        .ok();
    Exit {
        code: status.and_then(|s| s.code()),
        signal: status.and_then(|s| s.signal()),
        stdout,
    }
}
