//! What a door answers when an operation cannot be done.

use alcove_engine::{ErrorCode, Failure};
use serde::Serialize;
use ts_rs::TS;

/// Why an operation was not done. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ApiError {
    /// What a program reacts to.
    #[ts(type = "ErrorCode")]
    pub code: ErrorCode,
    /// What happened and why, in plain words.
    pub message: String,
    /// What to do, one sentence each.
    pub hints: Vec<String>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// The argument that is wrong, for `bad_argument`.
    pub field: Option<String>,
}

impl ApiError {
    /// An argument that cannot be used: which, and why.
    pub fn bad_argument(field: &str, message: impl Into<String>) -> Self {
        Self {
            code: ErrorCode::BadArgument,
            message: message.into(),
            hints: Vec::new(),
            retryable: false,
            field: Some(field.to_owned()),
        }
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        Self {
            code: failure.code,
            message: failure.message,
            hints: failure.hints,
            retryable: failure.retryable,
            field: failure.field,
        }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ApiError {}
