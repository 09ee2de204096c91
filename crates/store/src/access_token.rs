//! The record of an access token.

use jiff::Timestamp;

/// A token that opens the HTTP door. The token itself is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// Given by the store.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// What a program made it for: there is at most one for a purpose. `None`: a person made it.
    pub purpose: Option<String>,
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
}
