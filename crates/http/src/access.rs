//! Who may call: a client with a good token.
//!
//! `X-Borg-Authorization: Bearer TOKEN` decides where it is; else `Authorization: Bearer TOKEN`. A
//! proxy in front of a client may need `Authorization` for itself, so one of another scheme counts as
//! none. A download may carry its token in the query instead, since a link has no headers.

use std::sync::Arc;

use alcove_api::Api;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::rate::Rate;
use crate::refusal::Refusal;

/// The header that wins.
const OWN: &str = "x-borg-authorization";

/// Whose request this is: the number of its token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder(pub(crate) i64);

/// What decides who may call.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) api: Api,
    pub(crate) rate: Arc<Rate>,
    /// Whether a token in the query counts.
    pub(crate) in_query: bool,
}

/// Lets a request with a good token through, and says whose it is.
pub(crate) async fn check(
    State(gate): State<Gate>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let token = token(request.headers()).or_else(|| {
        let query = request.uri().query().filter(|_| gate.in_query)?;
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find_map(|(name, value)| (name == "token").then(|| value.into_owned()))
    });
    let holder = token
        .as_deref()
        .and_then(|token| gate.api.verify_access_token(token));
    let Some(holder) = holder else {
        gate.rate.of_others()?;
        return Err(Refusal::no_token(if token.is_none() {
            "A token is missing. Send it as `Authorization: Bearer TOKEN`."
        } else {
            "The token is not a good one, or was revoked. Make a new one in Alcove."
        }));
    };
    gate.rate.of_token(holder)?;
    request.extensions_mut().insert(Holder(holder));
    Ok(next.run(request).await)
}

/// Lets a request through that needs no token.
pub(crate) async fn check_rate(
    State(rate): State<Arc<Rate>>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    rate.of_others()?;
    Ok(next.run(request).await)
}

/// The token in the headers. One that cannot be read is a bad one, not none.
fn token(headers: &HeaderMap) -> Option<String> {
    if let Some(own) = headers.get(OWN) {
        return Some(bearer(own).unwrap_or_default());
    }
    headers.get(header::AUTHORIZATION).and_then(bearer)
}

fn bearer(value: &HeaderValue) -> Option<String> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}
