//! What tests of Alcove stand on: a fake borg, a home of their own, and a server with its client.
//!
//! [`FakeBorg`] writes a program named `borg` that plays what a test tells it to, and notes how it was called.
//! [`Scratch`] is a home folder that nothing else uses, with the variables that lead to it. [`Server`] is a real
//! `alcove-cli serve` in such a folder, [`Client`] talks to it. [`Corpus`] tries a fuzz target. [`SystemBus`] is a bus of
//! the system, [`Drive`] one that is plugged in and pulled out. Knows nothing of Alcove's other crates, so that each of
//! them can test with it.
//!
//! For tests alone: what goes wrong here panics with a sentence.

#![expect(
    clippy::missing_panics_doc,
    clippy::expect_used,
    clippy::panic,
    reason = "a test has no other way to fail"
)]

mod client;
mod corpus;
#[cfg(target_os = "linux")]
mod drive;
mod fake_borg;
mod scratch;
mod script;
mod server;
#[cfg(target_os = "linux")]
mod system_bus;

pub use client::{Answer, Client};
pub use corpus::Corpus;
#[cfg(target_os = "linux")]
pub use drive::{Drive, by_id};
pub use fake_borg::{Call, FakeBorg, Installed};
pub use scratch::Scratch;
pub use script::Script;
pub use server::{Server, token_file};
#[cfg(target_os = "linux")]
pub use system_bus::{Played, SystemBus};
