//! The log of each job: a text file anyone can read, and what it takes to read it well.
//!
//! A line's number is its place in the file, from 1, so numbers never restart and need no storing. What
//! a writer was answered is in the file, not in a buffer of this process: a crash loses nothing that was
//! shown. Only a log that cannot be written, such as on a full disk, waits in a bounded [`ring`].
//!
//! - [`mod@line`]: one line and its escapes; [`index`]: how one is found without reading all before it
//! - [`journal`]: one job's log, shared by whoever writes and reads it; [`shelf`]: those in use
//! - [`writer`], [`reader`], [`copy`]: what can be done with one; [`keeping`]: how long one is kept
//!
//! Left out: what is worth a line, and when it is synced. That is the engine's.

mod copy;
#[cfg(test)]
mod full_disk;
mod index;
mod journal;
mod keeping;
mod line;
mod reader;
mod ring;
mod shelf;
mod writer;

pub use copy::LogText;
pub use keeping::LogKeeping;
pub use line::LogLine;
pub use reader::{LogPage, LogReader};
pub(crate) use shelf::Shelf;
pub use writer::LogWriter;
