//! The router over a real api, a real store and a borg of the test's.

mod access;
mod events;
mod pages;
mod refusals;
mod schemas;

use alcove_api::Api;
use alcove_api::types::CreateAccessToken;
use alcove_testkit::{FakeBorg, Installed, Script};
use alcove_tests::{House, archive, try_for};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::router::router;

const PORT: u16 = 8751;

/// A client of a door that is open.
struct Client {
    router: Router,
    token: String,
    close: watch::Sender<bool>,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The sentence of a refusal with this code.
    #[track_caller]
    fn detail(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/json");
        self.json()["detail"].as_str().unwrap().to_owned()
    }

    /// The answer of a success.
    #[track_caller]
    fn good(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/json");
        self.json()
    }
}

impl Client {
    async fn of(api: &Api) -> Self {
        let new = CreateAccessToken {
            name: "a test".to_owned(),
        };
        let (close, closing) = watch::channel(false);
        Self {
            token: api.create_access_token(new).await.ok().unwrap().token,
            router: router(api.clone(), PORT, closing),
            close,
        }
    }

    /// A request as a client sends it, with its token.
    fn request(&self, method: Method, path: &str) -> Request<Body> {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, format!("127.0.0.1:{PORT}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::empty())
            .unwrap()
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    async fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        let mut request = self.request(Method::POST, path);
        *request.body_mut() = body.into();
        self.send(request).await
    }

    /// A request with these headers instead of its own token.
    async fn get_with(&self, path: &str, headers: &[(&'static str, &str)]) -> Answer {
        let mut request = self.request(Method::GET, path);
        request.headers_mut().remove(header::AUTHORIZATION);
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        self.send(request).await
    }

    /// Starts a backup and returns its number.
    async fn start(&self, repository: &str) -> i64 {
        let body = serde_json::json!({ "repository": repository }).to_string();
        let started = self.post("/api/backup/start", body).await.good();
        started["job_id"].as_i64().unwrap()
    }
}

/// A house with a repository whose backups are complete at once.
async fn quick() -> (House, Client) {
    let fake = FakeBorg::new("1.4.1").on("create", archive());
    let (house, _) = House::over_fake(fake).await;
    let client = Client::of(&house.api).await;
    (house, client)
}

/// A house with a backup that runs until `create` is released.
async fn busy() -> (House, Installed, Client, i64) {
    let held = Script::new().wait_for_release("create").and(archive());
    let (house, fake) = House::over_fake(FakeBorg::new("1.4.1").on("create", held)).await;
    let client = Client::of(&house.api).await;
    let id = client.start(&house.repository()).await;
    let begun = || (!fake.calls("create").is_empty()).then_some(());
    try_for(begun).await.unwrap();
    (house, fake, client, id)
}
