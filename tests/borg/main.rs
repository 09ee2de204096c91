//! The api over a real Borg: what a person would see, from the first repository to the last error.

#![expect(clippy::unwrap_used, reason = "a test has no other way to fail")]

mod adopt;
mod alone;
mod backup;
mod cancel;
mod change_passphrase;
mod closing;
mod collapse;
mod conditions;
mod connection;
mod diagnostics;
mod documents;
mod errors;
mod estimate;
mod hooks;
mod hostile;
mod installed;
mod keyring;
mod keys;
mod killed;
mod lanes;
mod lists;
mod locks;
mod log;
mod maintenance;
mod month;
mod notices;
mod passphrase;
mod permissions;
mod ping;
mod plans;
mod priority;
mod records;
mod repository;
mod restart;
mod retention;
mod schedule;
mod secrets;
mod unplug;
mod waiting;
mod wakefulness;
mod watch;
