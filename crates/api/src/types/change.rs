//! What a door hears when something changes.

use serde::Serialize;
use ts_rs::TS;
use utoipa::ToSchema;

use super::Job;

/// One change. A new listener first hears of every job that has not ended.
///
/// Progress of one job arrives at most ten times a second, the latest wins.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "sent one by one, never stored in bulk"
)]
pub enum Change {
    /// A job is new or has changed.
    Job {
        /// The job as it is now.
        job: Job,
    },
    /// Repositories or plans changed: ask again.
    Plans,
    /// What is set for all of Alcove changed: ask again.
    Settings,
}
