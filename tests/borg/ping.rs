//! Health pings: what a service hears of a backup, and that a backup does not care whether it does.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alcove_api::ErrorCode;
use alcove_api::types::{ChangePlan, Nothing, ResumeBackup};
use alcove_store::{Phase, Status, WaitingFor};
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, archive};
use serde_json::{Value, json};

/// What stands in an address for nobody but the service.
const SECRET: &str = "4f0c9a1e-77aa";

/// A service that answers every request in the same way, or not at all.
struct Service {
    port: u16,
    /// The path and the body of each request.
    heard: Arc<Mutex<Vec<(String, String)>>>,
}

impl Service {
    /// One that answers with this status line; without one it stays silent.
    fn that_says(status: Option<&'static str>) -> Self {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = door.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Vec<_>>>::default();
        let listened = Arc::clone(&heard);
        std::thread::spawn(move || {
            let mut silent = Vec::new();
            for caller in door.incoming() {
                let mut caller = caller.unwrap();
                if let Some(request) = read(&caller) {
                    listened.lock().unwrap().push(request);
                }
                match status {
                    Some(status) => {
                        // Who has gone needs no answer.
                        let _ = write!(caller, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
                    }
                    None => silent.push(caller),
                }
            }
        });
        Self { port, heard }
    }

    fn well() -> Self {
        Self::that_says(Some("200 OK"))
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/{SECRET}", self.port)
    }

    fn heard(&self) -> Vec<(String, String)> {
        self.heard.lock().unwrap().clone()
    }

    /// What was told, without the address.
    fn told(&self) -> Vec<String> {
        let paths = self.heard().into_iter().map(|(path, _)| path);
        paths
            .map(|path| path.replace(&format!("/{SECRET}"), "."))
            .collect()
    }
}

/// The path and the body of a POST; `None` of what is no HTTP.
fn read(caller: &TcpStream) -> Option<(String, String)> {
    let mut first = [0];
    caller.peek(&mut first).ok()?;
    if first != *b"P" {
        return None;
    }
    let mut reader = BufReader::new(caller);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.strip_prefix("POST ")?.split(' ').next()?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        if let Some(bytes) = header.to_lowercase().strip_prefix("content-length:") {
            length = bytes.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, String::from_utf8(body).ok()?))
}

async fn set(house: &House, change: Value) {
    let change: ChangePlan = serde_json::from_value(change).unwrap();
    house.api.change_plan(change).await.unwrap();
}

async fn ping(house: &House, url: &str) {
    set(house, json!({ "plan": 1, "ping_url": url })).await;
}

async fn house_of(url: &str) -> House {
    let house = House::with(|_, world| world.ping_wait = Duration::from_secs(2));
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    ping(&house, url).await;
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_told_of_the_start_and_of_the_end_and_nobody_else_of_its_address() {
    let service = Service::well();
    let house = house_of(&format!("{}/home?create=1", service.url())).await;
    let job = house.back_up_well().await;
    let heard = service.heard();
    let heard: Vec<_> = heard
        .iter()
        .map(|(path, body)| (path.as_str(), body.as_str()))
        .collect();
    assert_eq!(
        heard,
        [
            (
                format!("/{SECRET}/home/start?create=1").as_str(),
                "The backup has begun."
            ),
            (
                format!("/{SECRET}/home?create=1").as_str(),
                "The backup is complete."
            ),
        ]
    );
    let log = house.log(job.id).await;
    for said in ["has begun", "succeeded"] {
        let line = format!("The health check at 127.0.0.1 was told that the backup {said}.");
        assert!(log.contains(&line), "{log}");
    }
    assert!(!log.contains(SECRET), "{log}");

    // A failure has its log in the diagnostics.
    std::fs::remove_dir_all(house.scratch.home().join("Documents")).unwrap();
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(
        service.heard().last().unwrap(),
        &(
            format!("/{SECRET}/home/fail?create=1"),
            "The backup failed: source_missing.".to_owned()
        )
    );
    let diagnostics = house.api.get_diagnostics(Nothing {}).await.unwrap().text;
    assert!(diagnostics.contains("pings true"), "{diagnostics}");
    assert!(
        diagnostics.contains("The health check at {ping host of plan 1} was told"),
        "{diagnostics}"
    );
    for kept in [SECRET, "127.0.0.1"] {
        assert!(!diagnostics.contains(kept), "{kept} in {diagnostics}");
    }

    // Nobody is told any more.
    set(&house, json!({ "plan": 1, "ping_url": null })).await;
    assert_eq!(house.back_up().await.status, Status::Failed);
    assert_eq!(service.heard().len(), 4);
    let diagnostics = house.api.get_diagnostics(Nothing {}).await.unwrap().text;
    assert!(!diagnostics.contains("127.0.0.1"), "{diagnostics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_as_good_when_its_service_is_away_slow_or_refuses() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let down = gone.local_addr().unwrap().port();
    drop(gone);
    let silent = Service::that_says(None);
    let broken = Service::that_says(Some("500 Internal Server Error"));
    let strict = Service::that_says(Some("404 Not Found"));
    let moved = Service::that_says(Some("307 Temporary Redirect\r\nLocation: /elsewhere"));
    let plain = Service::well();
    let house = house_of(&plain.url()).await;
    // How often each ping is sent.
    for (url, why, sent) in [
        (
            format!("http://127.0.0.1:{down}/{SECRET}"),
            "Connection refused",
            None,
        ),
        (
            silent.url(),
            "it did not answer in time",
            Some((&silent, 2)),
        ),
        (broken.url(), "it answered 500", Some((&broken, 2))),
        (strict.url(), "it answered 404", Some((&strict, 1))),
        (moved.url(), "the request failed", Some((&moved, 2))),
        // It speaks no TLS.
        (
            plain.url().replace("http:", "https:"),
            "corrupt message",
            Some((&plain, 0)),
        ),
    ] {
        ping(&house, &url).await;
        let job = house.back_up_well().await;
        let log = house.log(job.id).await;
        for said in ["has begun", "succeeded"] {
            let line = format!(
                "WARNING The health check at 127.0.0.1 could not be told that the backup {said}: "
            );
            let (_, reason) = log
                .split_once(&line)
                .unwrap_or_else(|| panic!("{url}: {log}"));
            let reason = reason.lines().next().unwrap_or_default();
            assert!(reason.contains(why), "{url}: {reason}");
        }
        assert!(!log.contains(SECRET) && !log.contains("elsewhere"), "{log}");
        assert_eq!((job.warnings, job.error_code), (0, None), "{log}");
        if let Some((service, times)) = sent {
            assert_eq!(service.heard().len(), 2 * times, "{url}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_is_a_success_and_what_fails_after_a_backup_is_told_too() {
    let service = Service::well();
    let fake = FakeBorg::new("1.4.1")
        .on("create", archive().exit(1))
        .on("create", archive())
        .on("prune", Script::new())
        .on("prune", Script::new().exit(2))
        .on("prune", Script::new());
    let (house, _fake) = House::over_fake(fake).await;
    ping(&house, &service.url()).await;
    assert_eq!(house.back_up().await.status, Status::CompletedWithWarnings);
    assert_eq!(service.told(), ["./start", "."]);
    // What follows a backup is looked at when it has ended.
    let always = json!([{ "when": "always", "command": "exit 3", "time_limit": 60 }]);
    for (hooks, code) in [(json!([]), "borg_failed"), (always, "hook_failed")] {
        set(&house, json!({ "plan": 1, "hooks": hooks })).await;
        let before = service.heard().len();
        let job = house.back_up().await;
        assert_eq!(job.status, Status::Completed);
        assert_eq!(job.error_code.as_deref(), Some(code));
        assert_eq!(service.told()[before..], ["./start", ".", "./fail"]);
        assert_eq!(
            service.heard().last().unwrap().1,
            format!("The backup is complete, but somebody has to look: {code}.")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_backup_that_somebody_stops_nothing_more_is_told() {
    let service = Service::well();
    let house = house_of(&service.url()).await;
    let before = json!([{ "when": "before", "command": "sleep 300", "time_limit": 600 }]);
    set(&house, json!({ "plan": 1, "hooks": before })).await;
    let id = house.start().await;
    house.wait(id, |job| job.phase == Phase::HookBefore).await;
    house.cancel(id).await.unwrap();
    assert_eq!(house.ended(id).await.status, Status::Cancelled);
    // The next one is heard after all that came of this one.
    set(&house, json!({ "plan": 1, "hooks": [] })).await;
    house.back_up_well().await;
    assert_eq!(service.told(), ["./start", "./start", "."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_waits_for_an_answer_tells_of_its_start_again_when_it_goes_on() {
    let service = Service::well();
    let house = house_of(&service.url()).await;
    house.back_up_well().await;
    let moved = house.scratch.path().join("moved");
    std::fs::rename(house.repository(), &moved).unwrap();
    let listed = house.terminal().borg_with(
        &[("BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes")],
        &["list", &moved.display().to_string()],
    );
    assert!(listed.status.success());
    std::fs::rename(&moved, house.repository()).unwrap();
    let id = house.start().await;
    house
        .wait(id, |job| job.waiting_for == Some(WaitingFor::Question))
        .await;
    let answer = ResumeBackup {
        job_id: id,
        confirm: Some(true),
    };
    house.api.resume_backup(answer).await.unwrap();
    assert_eq!(house.ended(id).await.status, Status::Completed);
    assert_eq!(service.told()[2..], ["./start", "./start", "."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none_is_refused_and_leaves_the_plan_as_it_was() {
    let house = house_of("https://ping.example/first").await;
    for bad in ["ping.example/4f0c", "ftp://ping.example", "https://", ""] {
        let change = serde_json::from_value(json!({ "plan": 1, "ping_url": bad })).unwrap();
        let refused = house.api.change_plan(change).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::BadArgument);
        assert_eq!(refused.field.as_deref(), Some("ping_url"), "{bad}");
    }
    let plans = house.api.list_plans(Nothing {}).await.unwrap().plans;
    assert_eq!(
        plans[0].ping_url.as_deref(),
        Some("https://ping.example/first")
    );
}
