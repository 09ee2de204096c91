//! The life of one job: what happens to its record (`state`), how fast it is (`rate`), the thread that runs it
//! (`run`), what it does there (`backup`, `maintain`), the Borg it starts (`drive`), what stands in its way (`obstacle`, `identity`), how it is
//! stopped (`control`, `cancel`), what it has before it (`survey`, `course`) and when that will be done (`pace`,
//! `forecast`), what it must not let go unseen (`collapse`), the person's own programs around it (`hooks`), who is told of
//! it elsewhere (`ping`), and what its failures say (`explain`).

mod backup;
pub(crate) mod cancel;
pub(crate) mod collapse;
pub(crate) mod control;
mod course;
mod drive;
pub(crate) mod explain;
mod forecast;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
pub(crate) mod hooks;
mod identity;
mod maintain;
mod obstacle;
mod pace;
pub(crate) mod ping;
mod prune;
mod rate;
pub(crate) mod run;
pub(crate) mod state;
mod survey;
