//! The HTTP door: the operations of [`alcove_api`] for programs on this computer.
//!
//! It turns requests into calls of the api and answers into responses, and adds no behaviour. What is
//! its own is what only HTTP has: paths, codes and headers, who may call (a token in a header; only
//! this computer's own names; no other website), how much and how often, and a stream of events a
//! client can take up again. Where a token comes from and whether the door is open is the business of
//! whoever opens it.

mod access;
mod arguments;
mod door;
mod feed;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod names;
mod rate;
mod refusal;
mod router;
mod routes;
#[cfg(test)]
mod tests;
mod text;

pub use door::{BindError, Door, OpenDoor};
