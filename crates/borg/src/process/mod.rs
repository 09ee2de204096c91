//! Running Borg, and the command that prints its passphrase.
//!
//! The only place that starts a program. Two threads live as long as one Borg:
//!
//! ```text
//! "borg"         starts it, waits for its end, reaps it, says how it ended
//! "borg output"  reads both of its pipes to their end, makes events of stderr, keeps stdout
//! ```
//!
//! **Alone in its session.** Borg gets its own session and with it a process group of its own and no terminal:
//! a question can never wait for a person, a Ctrl-C meant for Alcove's terminal does not reach it, and a stuck
//! `ssh` can be signalled with it. On Linux it gets a SIGTERM when Alcove dies; elsewhere it ends by itself at its
//! next line on a pipe that nobody reads.
//!
//! **A terminal for one question.** Borg asks for a new passphrase on a terminal only, so the Borg that changes one
//! gets a terminal that a third thread, "borg terminal", answers on.
//!
//! **When the consumer is slow.** [`CAPACITY`] outputs are kept; then the reader waits, the pipe fills, and Borg
//! waits. After a signal it never waits again: Borg only hears SIGTERM while its pipe is read. Progress and file
//! names are then dropped, and the rest is kept up to a bound of its own. When the receiver is dropped, the pipes
//! are still read to their end, and what they hold is dropped.
//!
//! **When something outlives Borg.** A process that inherited a pipe, such as `ssh`, can keep it open after Borg
//! has ended. When such a pipe has been silent for [`SURVIVORS_WAIT`], the group gets SIGTERM, after the same time
//! again SIGKILL, and after that the pipe is given up: what holds it then has left the group on purpose.
//!
//! Leaves out when to signal: the engine's cancel ladder decides that.

mod child;
mod dialogue;
mod exit;
mod launch;
mod outlet;
mod passcommand;
mod reader;
mod signal;
mod terminal;

pub use dialogue::Answers;
pub use exit::Exit;
pub use launch::{Launch, LaunchError, Output, Running, launch, launch_answering};
pub(crate) use launch::{Program, start};
pub use outlet::CAPACITY;
pub use passcommand::{Passcommand, PasscommandError};
pub use reader::SURVIVORS_WAIT;
pub use signal::{Signal, Signaller};
