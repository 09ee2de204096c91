//! The stream of events, heard as a client hears it.

use axum::body::Body;
use axum::http::Method;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use super::{Client, busy, quick};

/// One event.
#[derive(Debug, Default, Clone)]
struct Heard {
    id: Option<String>,
    name: Option<String>,
    data: Option<Value>,
}

/// A client that listens.
struct Stream {
    body: Body,
    text: String,
}

impl Stream {
    async fn open(client: &Client, last: Option<&str>) -> Self {
        let mut request = client.request(Method::GET, "/api/events/stream");
        if let Some(last) = last {
            request
                .headers_mut()
                .insert("last-event-id", last.parse().unwrap());
        }
        let response = client.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            body: response.into_body(),
            text: String::new(),
        }
    }

    /// The next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let event = event.to_owned();
                self.text = rest.to_owned();
                return Some(read(&event));
            }
            let frame = self.body.frame().await?.unwrap();
            let bytes = frame.into_data().unwrap();
            self.text.push_str(str::from_utf8(&bytes).unwrap());
        }
    }

    /// The next event of a job that is as the test needs it.
    async fn until(&mut self, ready: impl Fn(&Value) -> bool) -> Heard {
        loop {
            let heard = self.next().await.unwrap();
            if heard.data.as_ref().is_some_and(|data| ready(&data["job"])) {
                return heard;
            }
        }
    }
}

fn read(event: &str) -> Heard {
    let mut heard = Heard::default();
    for line in event.lines() {
        let (field, value) = line.split_once(':').unwrap();
        let value = value.trim_start();
        match field {
            "id" => heard.id = Some(value.to_owned()),
            "event" => heard.name = Some(value.to_owned()),
            "data" => heard.data = Some(serde_json::from_str(value).unwrap()),
            _ => {}
        }
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_hears_of_a_job_from_its_start_to_its_end() {
    let (house, client) = quick().await;
    let mut stream = Stream::open(&client, None).await;
    let id = client.start(&house.repository()).await;
    let ended = stream.until(|job| job["ended_at"].is_string()).await;
    let job = &ended.data.unwrap()["job"];
    assert_eq!(job["id"], id);
    assert_eq!(job["status"], "completed");
    assert_eq!(ended.name.as_deref(), Some("job"));
    assert!(ended.id.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_new_hears_of_every_unfinished_job_first() {
    let (_house, _fake, client, id) = busy().await;
    let mut stream = Stream::open(&client, None).await;
    let first = stream.next().await.unwrap();
    assert_eq!(first.data.unwrap()["job"]["id"], id);
    stream.until(|job| job["status"] == "running").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_comes_back_goes_on_after_the_last_event_it_saw() {
    let (house, client) = quick().await;
    let mut stream = Stream::open(&client, None).await;
    let first = client.start(&house.repository()).await;
    let last = stream.until(|job| job["ended_at"].is_string()).await;
    drop(stream);
    let second = client.start(&house.repository()).await;
    house.ended(second).await;

    let mut stream = Stream::open(&client, last.id.as_deref()).await;
    let next = stream.next().await.unwrap();
    assert_ne!(next.id, last.id);
    assert_ne!(next.name.as_deref(), Some("gap"));
    let ended = stream
        .until(|job| {
            assert_ne!(job["id"], first, "it was told already");
            job["ended_at"].is_string()
        })
        .await;
    assert_eq!(ended.data.unwrap()["job"]["id"], second);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_heard_nothing_yet_has_an_id_to_come_back_with() {
    let (house, client) = quick().await;
    let mut stream = Stream::open(&client, None).await;
    let mark = loop {
        let heard = stream.next().await.unwrap();
        if heard.data.is_none() {
            break heard.id.unwrap();
        }
    };
    drop(stream);
    let id = client.start(&house.repository()).await;
    house.ended(id).await;
    let mut stream = Stream::open(&client, Some(&mark)).await;
    let ended = stream.until(|job| job["ended_at"].is_string()).await;
    assert_eq!(ended.data.unwrap()["job"]["id"], id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_another_run_is_told_of_the_gap_and_then_of_the_present() {
    let (_house, _fake, client, id) = busy().await;
    for last in ["another-7", "nonsense", "-1", "7"] {
        let mut stream = Stream::open(&client, Some(last)).await;
        assert_eq!(stream.next().await.unwrap().name.as_deref(), Some("gap"));
        let first = stream.next().await.unwrap();
        assert_eq!(first.data.unwrap()["job"]["id"], id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_when_its_token_is_revoked() {
    let (house, fake, client, id) = busy().await;
    let mut stream = Stream::open(&client, None).await;
    stream.until(|job| job["id"] == id).await;
    let body = r#"{"id": 1}"#;
    client
        .post("/api/operations/revoke_access_token", body)
        .await
        .good();
    fake.release("create");
    house.ended(id).await;
    while let Some(heard) = stream.next().await {
        let told = heard.data.map(|data| data["job"]["ended_at"].is_string());
        assert_ne!(told, Some(true), "the end was told to nobody");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_end_when_the_door_is_closed() {
    let (_house, client) = quick().await;
    let mut stream = Stream::open(&client, None).await;
    client.close.send(true).unwrap();
    while stream.next().await.is_some() {}
}
