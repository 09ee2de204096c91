//! The life of one job: what happens to its record (`state`), how fast it is (`rate`), how it is
//! stopped (`cancel`), what its failures say (`explain`), and the thread that runs it (`run`).

mod cancel;
pub(crate) mod explain;
mod rate;
pub(crate) mod run;
pub(crate) mod state;
