//! The HTTP API of a real server over a real Borg, as a client sees it that was written from its page alone.
//!
//! Black box: nothing here knows a type of Alcove's. What is sent and expected stands in the tests as JSON.

#![expect(clippy::unwrap_used, reason = "a test has no other way to fail")]

mod access;
mod arguments;
mod backup;
mod cancel;
mod document;
mod events;
mod lists;
mod log;
mod maintenance;
mod ping;
mod repositories;
mod restart;
mod site;
mod token;
