//! Reading both pipes of a Borg to their end.
//!
//! One thread for both, with `poll`: while it waits for the consumer, Borg waits too, and there is no second
//! thread to join. It learns of Borg's end by a third pipe, so that it need not wake up to look.

use std::io::{ErrorKind, PipeReader, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::process::{ChildStderr, ChildStdout};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::outlet::Outlet;
use super::signal::{Signal, Signaller};
use crate::event::{Line, LineReader, parse_line};

/// How long a pipe that outlives Borg may be silent before the next step is taken against what holds it.
pub const SURVIVORS_WAIT: Duration = Duration::from_secs(2);

/// How much of stdout is kept; a list of 200,000 archives fits.
const MAX_STDOUT_BYTES: usize = 64 << 20;

/// A pipe of Linux holds as much.
const CHUNK_BYTES: usize = 64 << 10;

/// Reads what one Borg prints.
pub(super) struct Reader {
    pub(super) stderr: Option<ChildStderr>,
    pub(super) stdout: Option<ChildStdout>,
    /// Closed by the other side when Borg has ended.
    pub(super) ended: Option<PipeReader>,
    pub(super) signaller: Signaller,
    pub(super) outlet: Outlet,
}

impl Reader {
    /// Reads to the end of both pipes; gives the outlet back, and what came on stdout.
    pub(super) fn run(mut self) -> (Outlet, Vec<u8>) {
        let mut chunk = vec![0; CHUNK_BYTES];
        let mut kept = Vec::new();
        let mut lines = LineReader::default();
        let mut steps = [Signal::TerminateGroup, Signal::KillGroup].into_iter();
        while self.stderr.is_some() || self.stdout.is_some() {
            let ready = match self.wait() {
                Ok(ready) => ready,
                Err(error) => {
                    log::error!("the output of Borg cannot be read any more: {error}");
                    break;
                }
            };
            if ready.none() {
                let Some(signal) = steps.next() else {
                    log::warn!("gave up a pipe that something left behind by Borg keeps open");
                    break;
                };
                log::warn!("something outlives Borg and keeps its pipe open: {signal}");
                self.signaller.send(signal);
            }
            if ready.stderr {
                let bytes = read(&mut self.stderr, &mut chunk);
                lines.feed(bytes, &mut |line| pass_on(&line, &mut self.outlet));
            }
            if ready.stdout {
                let bytes = read(&mut self.stdout, &mut chunk);
                kept.extend(bytes.iter().take(MAX_STDOUT_BYTES - kept.len()));
            }
            if ready.ended {
                self.ended = None;
            }
        }
        lines.finish(&mut |line| pass_on(&line, &mut self.outlet));
        (self.outlet, kept)
    }

    /// Waits until there is something to read; once Borg has ended, not for ever.
    fn wait(&self) -> rustix::io::Result<Ready> {
        let sources = [
            self.stderr.as_ref().map(AsFd::as_fd),
            self.stdout.as_ref().map(AsFd::as_fd),
            self.ended.as_ref().map(AsFd::as_fd),
        ];
        let mut polled: Vec<PollFd<'_>> = sources
            .iter()
            .flatten()
            .map(|fd| PollFd::from_borrowed_fd(*fd, PollFlags::IN))
            .collect();
        let silence = Timespec {
            tv_sec: SURVIVORS_WAIT.as_secs().cast_signed(),
            tv_nsec: 0,
        };
        let patience = if self.ended.is_some() {
            None
        } else {
            Some(&silence)
        };
        loop {
            match poll(&mut polled, patience) {
                Err(Errno::INTR) => {}
                Err(error) => return Err(error),
                Ok(_) => break,
            }
        }
        let mut events = polled.iter().map(|fd| !fd.revents().is_empty());
        let [stderr, stdout, ended] = sources
            .map(|source: Option<BorrowedFd<'_>>| source.is_some() && events.next() == Some(true));
        Ok(Ready {
            stderr,
            stdout,
            ended,
        })
    }
}

/// Says which of the three pipes have something.
struct Ready {
    stderr: bool,
    stdout: bool,
    ended: bool,
}

impl Ready {
    fn none(&self) -> bool {
        !(self.stderr || self.stdout || self.ended)
    }
}

/// Reads what there is; closes the pipe at its end.
fn read<'a>(pipe: &mut Option<impl Read>, chunk: &'a mut [u8]) -> &'a [u8] {
    let Some(open) = pipe else { return &[] };
    match open.read(chunk) {
        Ok(length @ 1..) => chunk.get(..length).unwrap_or_default(),
        Err(error) if error.kind() == ErrorKind::Interrupted => &[],
        Ok(0) | Err(_) => {
            *pipe = None;
            &[]
        }
    }
}

fn pass_on(line: &Line<'_>, outlet: &mut Outlet) {
    parse_line(&line.text, &mut |event| outlet.event(event));
}
