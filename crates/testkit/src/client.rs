//! A client of the HTTP API, as somebody else would write one.
//!
//! Knows HTTP, JSON and how a token is shown; paths and fields are the test's. An answer of any status is an
//! answer, so that a test can look at it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use ureq::http::request::Builder;
use ureq::http::{HeaderMap, Request};
use ureq::{Agent, Body};

/// How long one exchange may take: long enough for a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// Is a client with a token.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    token: String,
}

/// Is what a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The code, such as 200.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Client {
    /// Makes a client of the server at an address.
    pub fn new(address: SocketAddr, token: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .build();
        Self {
            agent: agent.into(),
            base: format!("http://{address}"),
            token: token.to_owned(),
        }
    }

    /// Gets a path.
    pub fn get(&self, path: &str) -> Answer {
        self.send(self.authorized("GET", path), None)
    }

    /// Posts JSON to a path.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        let request = self
            .authorized("POST", path)
            .header("Content-Type", "application/json");
        self.send(request, Some(&body.to_string()))
    }

    /// Begins a request that shows no token.
    pub fn request(&self, method: &str, path: &str) -> Builder {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
    }

    /// Begins a request that shows the token.
    pub fn authorized(&self, method: &str, path: &str) -> Builder {
        self.request(method, path)
            .header("X-Borg-Authorization", format!("Bearer {}", self.token))
    }

    /// Sends a request and reads the whole answer.
    pub fn send(&self, request: Builder, body: Option<&str>) -> Answer {
        let mut answer = self.open(request, body);
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            text: answer
                .body_mut()
                .read_to_string()
                .expect("an answer can be read"),
        }
    }

    /// Sends a request and gives the lines of the answer, which must be a stream of events, as they come.
    pub fn events(&self, request: Builder) -> impl Iterator<Item = String> + use<> {
        let answer = self.open(request, None);
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let lines = BufReader::new(answer.into_body().into_reader()).lines();
        lines.map(|line| line.expect("a stream ends in good order"))
    }

    fn open(&self, request: Builder, body: Option<&str>) -> ureq::http::Response<Body> {
        let answer = match body {
            Some(body) => self.agent.run(request.body(body).expect("a request")),
            None => self.agent.run(request.body(()).expect("a request")),
        };
        answer.expect("the server answers")
    }
}

impl Answer {
    /// Gives the JSON of a good answer.
    pub fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.value()
    }

    /// Gives the one sentence of a refusal.
    pub fn detail(&self) -> String {
        let value = self.value();
        let detail = value.as_object().filter(|keys| keys.len() == 1);
        let detail = detail.and_then(|keys| keys.get("detail")?.as_str());
        detail
            .unwrap_or_else(|| panic!("{value} is no refusal"))
            .to_owned()
    }

    /// Gives a header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("a header is plain text"))
    }

    fn value(&self) -> Value {
        assert_eq!(
            self.header("content-type"),
            "application/json",
            "{}",
            self.text
        );
        serde_json::from_str(&self.text).expect("the body is JSON")
    }
}
