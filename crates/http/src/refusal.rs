//! What a client is told when a request is not done: a code of HTTP and `{"detail": …}`.

use alcove_api::{ApiError, ErrorCode};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::rate::TooOften;

/// The body of every answer that is no success: this one key and no other.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Refusal)]
pub(crate) struct Body {
    /// What happened, why, and what to do, in plain words.
    detail: String,
}

/// A request that is not done.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    body: Body,
    /// A header this refusal comes with.
    header: Option<(header::HeaderName, HeaderValue)>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            body: Body {
                detail: detail.into(),
            },
            header: None,
        }
    }

    /// No token, or one that is not good.
    pub(crate) fn no_token(detail: &str) -> Self {
        Self {
            header: Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            ..Self::new(StatusCode::UNAUTHORIZED, detail)
        }
    }
}

impl From<TooOften> for Refusal {
    fn from(TooOften { seconds }: TooOften) -> Self {
        Self {
            header: Some((header::RETRY_AFTER, seconds.into())),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "There were too many requests. Wait a moment and ask less often.",
            )
        }
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        let mut detail = error.message;
        if let Some(field) = &error.field
            && !detail.contains(field.as_str())
        {
            detail = format!("{field}: {detail}");
        }
        for hint in error.hints {
            detail.push(' ');
            detail.push_str(&hint);
        }
        Self {
            status: status(error.code),
            body: Body { detail },
            header: None,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// The one place that says which code of HTTP a code of Alcove is: 4xx when another request, or the
/// same after the person did something, can succeed; 500 when Alcove or this computer is at fault.
pub(crate) fn status(code: ErrorCode) -> StatusCode {
    use ErrorCode as Code;
    match code {
        Code::AlreadyEnded | Code::NotEnded => StatusCode::BAD_REQUEST,
        Code::NotFound | Code::RepositoryUnknown => StatusCode::NOT_FOUND,
        Code::BadArgument | Code::NothingKept | Code::PassphraseWrong | Code::ParentMissing => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Code::AppendOnly
        | Code::NoPlan
        | Code::SourceMissing
        | Code::InUse
        | Code::PassphraseNeeded
        | Code::KeyMissing
        | Code::KeyMismatch
        | Code::RepositoryMissing
        | Code::NotARepository
        | Code::RepositoryExists
        | Code::DestinationNotEmpty
        | Code::RepositoryLocked
        | Code::NotLocked
        | Code::ConfirmationNeeded
        | Code::KeyringLocked
        | Code::RepositoryNotWritable
        | Code::RepositoryReplaced
        | Code::RepositoryRelocated
        | Code::RepositoryUnconfirmed
        | Code::RepositoryDamaged
        | Code::CacheDamaged
        | Code::ConnectionFailed
        | Code::ConnectionLost
        | Code::HostKeyUnknown
        | Code::HostKeyChanged
        | Code::PathNotAllowed
        | Code::DiskFull
        | Code::DiskFailing
        | Code::QuotaExceeded
        | Code::ArchiveExists
        | Code::PruneRefused
        | Code::PlanHeld
        | Code::HookFailed
        | Code::BorgRejected => StatusCode::CONFLICT,
        Code::BorgMissing
        | Code::BorgUnsupported
        | Code::SshMissing
        | Code::BorgKilled
        | Code::BorgNotStarted
        | Code::BorgFailed
        | Code::Interrupted
        | Code::KeyringFailed
        | Code::FileFailed
        | Code::StoreFailed => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
