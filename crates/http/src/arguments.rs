//! Arguments of operations from requests: a JSON body, or names in the path and the query.

use std::collections::BTreeMap;

use alcove_api::{ApiError, arguments};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::refusal::Refusal;
use crate::text;

/// Arguments in the path and the query; a name of the path wins.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let query = parts.uri.query().unwrap_or_default();
        let mut values: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let path = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::bad_argument("path", "The path is not valid UTF-8."))?;
        for (name, value) in &path {
            values.insert(name.to_owned(), value.to_owned());
        }
        Ok(Self(arguments::read(text::source(values))?))
    }
}

/// Arguments as one JSON object, whatever type of content the request says it has.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "The request broke off."))?;
        Ok(Self(object(&bytes)?))
    }
}

/// Reads a body straight into its type: a passphrase in it is in nothing else.
pub(crate) fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let wrong = |why: String| ApiError::bad_argument("body", why);
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(wrong("The body is not valid UTF-8.".to_owned()));
    };
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        return Err(wrong(format!(
            "The body is not valid JSON (line {}, column {}).",
            error.line(),
            error.column()
        )));
    }
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(wrong("The body is not a JSON object.".to_owned()));
    }
    arguments::read(&mut serde_json::Deserializer::from_str(text))
}
