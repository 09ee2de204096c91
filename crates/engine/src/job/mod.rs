//! The life of one job: what happens to its record (`state`), how fast it is (`rate`), the thread that runs it
//! (`run`), what it does there (`backup`, `maintain`), the Borg it starts (`drive`), what stands in its way (`obstacle`, `identity`), how it is
//! stopped (`control`, `cancel`), what it expects to read (`estimate`), what it must not let go unseen (`collapse`),
//! the person's own programs around it (`hooks`), and what its failures say (`explain`).

mod backup;
pub(crate) mod cancel;
pub(crate) mod collapse;
pub(crate) mod control;
mod drive;
mod estimate;
pub(crate) mod explain;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub(crate) mod hooks;
mod identity;
mod maintain;
mod obstacle;
mod prune;
mod rate;
pub(crate) mod run;
pub(crate) mod state;
