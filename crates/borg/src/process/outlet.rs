//! The bounded way from a Borg to its consumer.
//!
//! Apart because the answer to "what when full" is a rule of its own, and is tested without a process.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::sleep;
use std::time::Duration;

use super::launch::Output;
use super::signal::Signaller;
use crate::event::Event;

/// How many outputs wait for a slow consumer before Borg has to.
pub const CAPACITY: usize = 1024;

/// How many more are kept once the reader may not wait any more.
const BACKLOG: usize = 8 * CAPACITY;

/// How often a full channel is tried again; a signal is noticed as fast.
const RETRY: Duration = Duration::from_millis(5);

/// Passes outputs on; waits while nobody hurries, and never after that.
pub(super) struct Outlet {
    channel: SyncSender<Output>,
    signaller: Signaller,
    /// What may not be dropped and found no room after a signal; ahead of everything new.
    backlog: VecDeque<Output>,
    deaf: bool,
}

impl Outlet {
    pub(super) fn new(signaller: Signaller) -> (Self, Receiver<Output>) {
        let (channel, outputs) = sync_channel(CAPACITY);
        (
            Self {
                channel,
                signaller,
                backlog: VecDeque::new(),
                deaf: false,
            },
            outputs,
        )
    }

    /// Passes an event on, or drops it as the rule says.
    pub(super) fn event(&mut self, event: Event) {
        if self.deaf {
            return;
        }
        let dispensable = event.is_dispensable();
        self.backlog.push_back(Output::Event(event));
        loop {
            self.flush();
            if self.backlog.is_empty() || self.deaf {
                return;
            }
            if self.signaller.was_used() {
                if dispensable || self.backlog.len() > BACKLOG {
                    self.backlog.pop_back();
                }
                return;
            }
            sleep(RETRY);
        }
    }

    /// Passes the last output on, after all others. Nobody waits for the caller any more, so it may wait.
    pub(super) fn last(mut self, output: Output) {
        self.backlog.push_back(output);
        for output in self.backlog {
            if self.channel.send(output).is_err() {
                return;
            }
        }
    }

    fn flush(&mut self) {
        while let Some(output) = self.backlog.pop_front() {
            match self.channel.try_send(output) {
                Ok(()) => {}
                Err(TrySendError::Full(output)) => {
                    self.backlog.push_front(output);
                    return;
                }
                Err(TrySendError::Disconnected(_)) => {
                    self.deaf = true;
                    self.backlog.clear();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Level, LogMessage};
    use crate::process::{Exit, Signal};

    /// Makes an outlet whose consumer does not consume yet.
    fn outlet() -> (Outlet, Signaller, Receiver<Output>) {
        let signaller = Signaller::new(rustix::process::getpid());
        signaller.retire(|| ());
        let (outlet, outputs) = Outlet::new(signaller.clone());
        (outlet, signaller, outputs)
    }

    fn status(number: usize) -> Event {
        Event::FileStatus {
            status: 'A',
            path: number.to_string(),
        }
    }

    fn log(number: usize) -> Event {
        let name = "borg.archiver".into();
        Event::Log(LogMessage {
            level: Level::Info,
            name,
            message: number.to_string(),
            msgid: None,
        })
    }

    #[test]
    fn after_a_signal_nothing_waits_and_only_progress_and_file_names_are_dropped() {
        let (mut outlet, signaller, outputs) = outlet();
        signaller.send(Signal::Terminate);
        for number in 0..CAPACITY {
            outlet.event(status(number));
        }
        for number in 0..100 {
            outlet.event(status(CAPACITY + number));
            outlet.event(log(number));
        }
        let consumer = std::thread::spawn(move || outputs.iter().collect::<Vec<_>>());
        outlet.last(Output::Exited(Exit::default()));
        let got = consumer.join().unwrap();
        let expected = (0..CAPACITY)
            .map(status)
            .chain((0..100).map(log))
            .map(Output::Event);
        assert_eq!(
            got,
            expected
                .chain([Output::Exited(Exit::default())])
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn after_a_signal_a_flood_of_log_lines_takes_bounded_memory() {
        let (mut outlet, signaller, _outputs) = outlet();
        signaller.send(Signal::Terminate);
        for number in 0..CAPACITY + 2 * BACKLOG {
            outlet.event(log(number));
        }
        assert_eq!(outlet.backlog.len(), BACKLOG);
    }

    #[test]
    fn before_a_signal_everything_arrives_in_order_at_the_pace_of_the_consumer() {
        let (mut outlet, _signaller, outputs) = outlet();
        let consumer = std::thread::spawn(move || outputs.iter().collect::<Vec<_>>());
        for number in 0..3 * CAPACITY {
            outlet.event(status(number));
        }
        outlet.last(Output::Exited(Exit::default()));
        let got = consumer.join().unwrap();
        assert_eq!(got.len(), 3 * CAPACITY + 1);
        assert!((0..3 * CAPACITY).all(|number| got[number] == Output::Event(status(number))));
    }

    #[test]
    fn a_reader_that_waits_is_freed_by_a_signal() {
        let (mut outlet, signaller, outputs) = outlet();
        let reader = std::thread::spawn(move || {
            for number in 0..2 * CAPACITY {
                outlet.event(status(number));
            }
        });
        signaller.send(Signal::Terminate);
        reader.join().unwrap();
        assert!(outputs.iter().count() >= CAPACITY);
    }

    #[test]
    fn without_a_consumer_nothing_waits() {
        let (mut outlet, _signaller, outputs) = outlet();
        drop(outputs);
        for number in 0..2 * CAPACITY {
            outlet.event(log(number));
        }
        outlet.last(Output::Exited(Exit::default()));
    }
}
