//! Who may use the HTTP door, and whether the desktop opens it.

use alcove_engine::HttpSetting;

use super::Api;
use crate::error::ApiError;
use crate::types::{
    AccessTokenCreated, AccessTokens, CreateAccessToken, Nothing, RevokeAccessToken,
};

impl Api {
    /// Lists the tokens that open the HTTP door.
    pub async fn list_access_tokens(&self, _: Nothing) -> Result<AccessTokens, ApiError> {
        self.blocking(|engine| {
            let tokens = engine.access_tokens()?;
            Ok(AccessTokens {
                tokens: tokens.into_iter().map(Into::into).collect(),
            })
        })
        .await
    }

    /// Makes a token for the HTTP door; the answer is the only place it is shown.
    pub async fn create_access_token(
        &self,
        args: CreateAccessToken,
    ) -> Result<AccessTokenCreated, ApiError> {
        self.blocking(move |engine| Ok(engine.create_access_token(&args.name)?.into()))
            .await
    }

    /// Makes the token of a program, which replaces the one it made before for the same purpose.
    pub async fn replace_access_token(
        &self,
        purpose: &'static str,
    ) -> Result<AccessTokenCreated, ApiError> {
        self.blocking(move |engine| Ok(engine.replace_access_token(purpose)?.into()))
            .await
    }

    /// Makes a token useless from now on.
    pub async fn revoke_access_token(&self, args: RevokeAccessToken) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            engine.revoke_access_token(args.id)?;
            Ok(Nothing {})
        })
        .await
    }

    /// The number of a token, if it is a good one. Answers from memory.
    pub fn verify_access_token(&self, token: &str) -> Option<i64> {
        self.engine.verify_access_token(token)
    }

    /// Whether the token of this number is still good. Answers from memory.
    pub fn has_access_token(&self, id: i64) -> bool {
        self.engine.has_access_token(id)
    }

    /// Whether the desktop opens its HTTP door, and where.
    pub async fn http_setting(&self) -> Result<HttpSetting, ApiError> {
        self.blocking(|engine| Ok(engine.http_setting()?)).await
    }

    /// Keeps whether the desktop opens its HTTP door, and where.
    pub async fn set_http_setting(&self, setting: HttpSetting) -> Result<(), ApiError> {
        self.blocking(move |engine| Ok(engine.set_http_setting(setting)?))
            .await
    }
}
