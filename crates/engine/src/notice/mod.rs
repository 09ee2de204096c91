//! What a person is told when they do not look: which ends and waits, in which words, and when.
//!
//! [`rules`] decides, purely; [`desk`] remembers what was told and what is held until the quiet hours end; [`watch`] is
//! the thread that brings them what happens. A door shows a [`Notice`] with the means of its system and adds nothing.

mod desk;
mod quiet_hours;
mod rules;
mod watch;
mod words;

use serde::{Deserialize, Serialize};

pub use quiet_hours::QuietHours;

use crate::engine::Engine;

/// The record in the store that a person knows that Alcove goes on when its window is closed.
const BACKGROUND_TOLD: &str = "background_told";

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A job went well.
    Success,
    /// A job ended, and its log has warnings.
    Warnings,
    /// A job failed, or what follows a backup that is safe.
    Failure,
    /// A person stopped a job.
    Cancelled,
    /// A backup that should run by itself waits for something.
    Waiting,
    /// A plan has had no good backup for too long.
    Overdue,
    /// The window was closed and Alcove goes on.
    Background,
}

/// Something to tell a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it is about.
    pub kind: NoticeKind,
    /// What happened, by the name of the thing.
    pub title: String,
    /// Why, and what comes next.
    pub body: String,
    /// The plan it is about.
    pub plan: Option<i64>,
    /// The job to look at.
    pub job: Option<i64>,
    /// Whether that job can be tried again.
    pub retry: bool,
}

impl Engine {
    /// What to say when the window is closed and Alcove goes on: said once.
    pub fn background_notice(&self) -> Option<Notice> {
        let known = self.store().setting(BACKGROUND_TOLD);
        if !matches!(known, Ok(None)) {
            return None;
        }
        self.store().set_setting(BACKGROUND_TOLD, Some("")).ok()?;
        Some(words::of_background())
    }
}
