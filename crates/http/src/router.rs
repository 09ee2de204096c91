//! The routes behind their gates.
//!
//! From outside in: nothing a route does ends the server; the body is there; the request must name
//! this computer; then each route asks for its token; then arguments are read.

use std::sync::Arc;
use std::time::Duration;

use alcove_api::Api;
use axum::body::{self, Body, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Router};
use tokio::sync::watch;
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::access::{self, Gate};
use crate::feed::Feed;
use crate::names::{self, Names};
use crate::rate::Rate;
use crate::refusal::Refusal;
use crate::routes::{self, Document, Events};

/// Bytes of a request's body at most: a long list of folders fits many times.
const BODY: usize = 256 * 1024;
/// A body is there within this time, or its connection serves somebody else.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// Builds the router of a door on this port, whose streams end when `closing` becomes true.
pub(crate) fn router(api: Api, port: u16, closing: watch::Receiver<bool>) -> Router {
    let rate = Arc::new(Rate::default());
    let gate = Gate {
        api: api.clone(),
        rate: Arc::clone(&rate),
        in_query: false,
    };
    let link = Gate {
        in_query: true,
        ..gate.clone()
    };
    let (router, described) = OpenApiRouter::new()
        .merge(
            routes::with_token().route_layer(middleware::from_fn_with_state(gate, access::check)),
        )
        .merge(routes::download().route_layer(middleware::from_fn_with_state(link, access::check)))
        .merge(routes::open().route_layer(middleware::from_fn_with_state(rate, access::check_rate)))
        .split_for_parts();
    let events = Events {
        feed: Feed::start(&api),
        closing,
    };
    router
        .fallback(|| async {
            Refusal::new(StatusCode::NOT_FOUND, "There is nothing at this path.")
        })
        .method_not_allowed_fallback(|| async {
            Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "This path does not know this method; `Allow` names those it knows.",
            )
        })
        .layer(Extension(events))
        .layer(Extension(Document::of(described)))
        .layer(middleware::from_fn_with_state(
            Names::of_port(port),
            names::check,
        ))
        .layer(middleware::from_fn(whole))
        .layer(CatchPanicLayer::custom(|_| mistake()))
        .layer(middleware::from_fn(discreet))
        .with_state(api)
}

/// Reads the body before anything else is decided: a refusal that leaves it unread closes the
/// connection, and a client that is still sending hears of that and not of the refusal.
async fn whole(request: Request, next: Next) -> Response {
    let (parts, sent) = request.into_parts();
    let too_large = || {
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "The request is larger than Alcove takes (256 KiB), or broke off.",
        )
        .into_response()
    };
    // What is announced as too large is not waited for.
    if sent.size_hint().lower() > BODY as u64 {
        return too_large();
    }
    match timeout(BODY_WITHIN, body::to_bytes(sent, BODY)).await {
        Ok(Ok(bytes)) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Ok(Err(_)) => too_large(),
        Err(_) => Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "The request was not sent to its end in time.",
        )
        .into_response(),
    }
}

fn mistake() -> Response {
    Refusal::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Alcove made a mistake and could not finish this. The log of Alcove says more.",
    )
    .into_response()
}

/// Nothing this door answers is kept, guessed at, or named to another site: a link may hold a token.
async fn discreet(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::body::Bytes;
    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_not_waited_for() {
        let router: Router = Router::new()
            .route("/", post(|| async {}))
            .layer(middleware::from_fn(whole));
        let endless = futures_util::stream::pending::<Result<Bytes, Infallible>>();
        let request = Request::post("/").body(Body::from_stream(endless)).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
    }
}
