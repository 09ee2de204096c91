//! One file a table: its SQL, how a row becomes a record, and what a [`crate::Store`] offers of it.
//!
//! The boundary is the statement: nothing here opens a file or a connection, or decides what a record
//! means.

mod access_tokens;
mod column;
pub(crate) mod jobs;
mod plans;
mod repositories;
pub(crate) mod settings;
mod sizes;
