//! By which names this door may be called, and from which pages.
//!
//! A page of another website reaches the loopback too: by letting its own name point there (DNS
//! rebinding), or by a request from its scripts. A request must name this computer itself, and one
//! from a page must come from this server's own. No header ever allows another page to read an answer.
//!
//! Source: the Host header is RFC 9112, section 3.2; Origin is RFC 6454 and the Fetch standard.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::refusal::Refusal;

/// The names a client may use, such as `localhost:8751`.
#[derive(Clone)]
pub(crate) struct Names(std::sync::Arc<[String]>);

impl Names {
    pub(crate) fn of_port(port: u16) -> Self {
        let hosts = ["127.0.0.1", "localhost", "[::1]"];
        let with_port = hosts.map(|host| format!("{host}:{port}"));
        // The port of http is left out by clients.
        let bare = hosts.map(str::to_owned).into_iter().filter(|_| port == 80);
        Self(with_port.into_iter().chain(bare).collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    fn check(&self, request: &Request) -> Result<(), &'static str> {
        let only = |name| {
            let mut values = request.headers().get_all(name).iter();
            let value = values.next().map(HeaderValue::to_str);
            match (value, values.next()) {
                (None, _) => Ok(None),
                (Some(Ok(value)), None) => Ok(Some(value)),
                _ => Err(()),
            }
        };
        let authority = request.uri().authority();
        let named = matches!(only(header::HOST), Ok(Some(host)) if self.has(host))
            && authority.is_none_or(|name| self.has(name.as_str()));
        if !named {
            return Err("Alcove answers only by its own address on this computer.");
        }
        let own = match only(header::ORIGIN) {
            Ok(None) => true,
            Ok(Some(origin)) => origin
                .strip_prefix("http://")
                .is_some_and(|name| self.has(name)),
            Err(()) => false,
        };
        if own {
            Ok(())
        } else {
            Err("Alcove does not answer to pages of other websites.")
        }
    }
}

/// Lets a request through that names this computer and comes from no other page.
pub(crate) async fn check(State(names): State<Names>, request: Request, next: Next) -> Response {
    match names.check(&request) {
        Ok(()) => next.run(request).await,
        Err(why) => Refusal::new(StatusCode::FORBIDDEN, why).into_response(),
    }
}
