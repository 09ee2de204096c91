//! Who may use Alcove over HTTP, and whether the desktop opens that door.

use alcove_engine::NewToken;
use alcove_store as store;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A token that opens the HTTP door; the token itself is not in it.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct AccessToken {
    /// The token's number.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// When it was made, ISO 8601 UTC.
    pub created_at: String,
}

impl From<store::AccessToken> for AccessToken {
    fn from(token: store::AccessToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            created_at: token.created_at.to_string(),
        }
    }
}

/// The answer to `list_access_tokens`.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct AccessTokens {
    /// In the order they were made.
    pub tokens: Vec<AccessToken>,
}

/// A token to make.
#[derive(Debug, Clone, Deserialize, TS, ToSchema)]
pub struct CreateAccessToken {
    /// What people call it.
    pub name: String,
}

/// A token that was made. Has no `Debug`: this is the only time the token is shown.
#[derive(Serialize, TS, ToSchema)]
pub struct AccessTokenCreated {
    /// The token's number.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// When it was made, ISO 8601 UTC.
    pub created_at: String,
    /// The token, 64 hexadecimal digits. Alcove keeps only its hash and cannot show it again.
    pub token: String,
}

impl From<NewToken> for AccessTokenCreated {
    fn from(new: NewToken) -> Self {
        let AccessToken {
            id,
            name,
            created_at,
        } = new.record.into();
        Self {
            id,
            name,
            created_at,
            token: new.token,
        }
    }
}

/// A token to make useless.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
pub struct RevokeAccessToken {
    /// The token's number.
    pub id: i64,
}

/// The desktop's HTTP door.
#[derive(Debug, Clone, Serialize, TS, ToSchema)]
pub struct HttpAccess {
    /// Whether the person turned it on; false at first.
    pub enabled: bool,
    /// The address programs call, such as `http://127.0.0.1:8751`.
    pub address: String,
    /// The port in it.
    pub port: u16,
    /// Why nothing can be called although it is turned on, and what to do.
    pub problem: Option<String>,
    /// A command for a terminal that lists the jobs, with `TOKEN` where a token goes.
    pub curl: String,
}

/// How the desktop's HTTP door should be.
#[derive(Debug, Clone, Copy, Deserialize, TS, ToSchema)]
#[ts(optional_fields)]
pub struct ChangeHttpAccess {
    /// Whether it is open.
    pub enabled: bool,
    /// The port, 1024 to 65535; the one of before when left out.
    pub port: Option<u16>,
}
