//! The stream of events.

use std::convert::Infallible;
use std::sync::Arc;

use alcove_api::Api;
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use tokio::sync::watch;

use super::Refusals;
use crate::access::Holder;
use crate::feed::{self, Ear, Feed};
use crate::refusal::Refusal;

/// What a stream needs besides the api.
#[derive(Clone)]
pub(crate) struct Events {
    pub(crate) feed: Arc<Feed>,
    /// Becomes true when the door is closed.
    pub(crate) closing: watch::Receiver<bool>,
}

/// Sends every change of every job: first each job that has not ended, then changes as they come.
///
/// Events are `job`, `plans` and `settings`, each with an id. A client that comes back sends the last id it saw as
/// `Last-Event-ID` and goes on after it; when that was too long ago, or in another run of Alcove, it
/// hears `gap` and then each job that has not ended.
#[utoipa::path(get, path = "/api/events/stream", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The last event this client saw.")),
    responses((status = 200, body = String, content_type = "text/event-stream", description = "Server-sent events; their data is JSON."), Refusals))]
pub(super) async fn watch_changes(
    State(api): State<Api>,
    Extension(events): Extension<Events>,
    Extension(holder): Extension<Holder>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refusal> {
    let last = headers
        .get("last-event-id")
        .map(|id| id.to_str().unwrap_or_default());
    let listener = Listener {
        ear: events.feed.listen(last.filter(|id| !id.is_empty())),
        closing: events.closing,
        api,
        holder,
    };
    let stream = futures_util::stream::unfold(listener, Listener::next);
    Ok(Sse::new(stream).keep_alive(KeepAlive::default()))
}

/// One client that listens.
struct Listener {
    ear: Ear,
    closing: watch::Receiver<bool>,
    api: Api,
    holder: Holder,
}

impl Listener {
    /// The next event; none when the door was closed or the token revoked.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        let event = tokio::select! {
            event = self.ear.next() => event,
            _ = self.closing.wait_for(|closed| *closed) => return None,
        };
        self.api
            .has_access_token(self.holder.0)
            .then(|| (Ok(written(event)), self))
    }
}

fn written(event: feed::Event) -> Event {
    let mut written = Event::default();
    if let Some(id) = event.id {
        written = written.id(id);
    }
    if let Some((name, data)) = event.content {
        written = written.event(name).data(data);
    }
    written
}
