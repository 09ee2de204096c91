//! Tokens: how one is shown, which one counts, where it may stand.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use alcove_testkit::{Client, token_file};
use serde_json::json;

use crate::backup::held;
use crate::document::filled;
use crate::site::{Site, wait_until};

const PATH: &str = "/api/backup/jobs";

fn status(site: &Site, path: &str, headers: &[(&str, &str)]) -> u16 {
    let request = site.client.request("GET", path);
    let request = headers.iter().fold(request, |request, (name, token)| {
        request.header(*name, *token)
    });
    let answer = site.client.send(request, None);
    if answer.status == 401 {
        assert!(!answer.detail().is_empty());
    }
    answer.status
}

#[test]
fn without_a_good_token_nothing_is_answered_but_the_health() {
    let site = Site::new();
    assert_eq!(status(&site, "/health", &[]), 200);
    let document = site.client.get("/openapi.json").json();
    for (path, methods) in document["paths"].as_object().unwrap() {
        if path == "/health" {
            continue;
        }
        let path = filled(path, "1");
        for method in methods.as_object().unwrap().keys() {
            for token in [None, Some("Bearer wrong")] {
                let mut request = site.client.request(&method.to_uppercase(), &path);
                if let Some(token) = token {
                    request = request.header("Authorization", token);
                }
                let body = (method != "get").then_some("{}");
                let refused = site.client.send(request, body);
                assert_eq!(
                    refused.status, 401,
                    "{method} {path} {token:?}: {}",
                    refused.text
                );
            }
        }
    }
}

#[test]
fn the_header_of_borg_wins_also_when_its_token_is_the_bad_one() {
    let site = Site::new();
    let good = format!("Bearer {}", site.server().token());
    let bad = "Bearer wrong";
    let (borg, plain) = ("X-Borg-Authorization", "Authorization");
    assert_eq!(status(&site, PATH, &[(borg, &good)]), 200);
    assert_eq!(status(&site, PATH, &[(plain, &good)]), 200);
    assert_eq!(status(&site, PATH, &[(borg, &good), (plain, bad)]), 200);
    assert_eq!(status(&site, PATH, &[(plain, bad), (borg, &good)]), 200);
    assert_eq!(status(&site, PATH, &[(borg, bad), (plain, &good)]), 401);
    assert_eq!(status(&site, PATH, &[(plain, &good), (borg, bad)]), 401);
    for bad in [site.server().token(), "Bearer ", "Basic YTpi"] {
        assert_eq!(status(&site, PATH, &[(plain, bad)]), 401);
    }
}

#[test]
fn a_token_in_the_query_is_taken_for_a_download_alone() {
    let site = Site::new();
    let id = site.start_of("/nowhere");
    site.ended(id);
    let token = site.server().token();
    let download = format!("/api/backup/logs/{id}/download");
    assert_eq!(
        status(&site, &format!("{download}?token={token}"), &[]),
        200
    );
    assert_eq!(status(&site, &format!("{download}?token=wrong"), &[]), 401);
    assert_eq!(status(&site, &format!("{download}?token="), &[]), 401);
    assert_eq!(status(&site, &download, &[]), 401);
    for path in [
        PATH.to_owned(),
        format!("/api/backup/status/{id}"),
        format!("/api/backup/logs/{id}/stream"),
        "/api/repositories/".to_owned(),
        "/api/events/stream".to_owned(),
    ] {
        assert_eq!(
            status(&site, &format!("{path}?token={token}"), &[]),
            401,
            "{path}"
        );
    }
}

#[test]
fn a_token_is_long_safe_in_an_address_and_another_at_each_start() {
    let site = Site::new();
    let first = site.server().token().to_owned();
    let safe = |character: char| character.is_ascii_alphanumeric() || "-_.~".contains(character);
    assert!(first.len() >= 32 && first.chars().all(safe), "{first}");
    let site = site.restart();
    assert_ne!(site.server().token(), first);
}

#[test]
fn a_token_that_is_revoked_stops_working_at_once() {
    let site = Site::new();
    let made = site
        .client
        .post(
            "/api/operations/create_access_token",
            &json!({"name": "phone"}),
        )
        .json();
    let phone = Client::new(site.server().address(), made["token"].as_str().unwrap());
    let listed = phone
        .post("/api/operations/list_access_tokens", &json!({}))
        .json();
    assert!(!listed.to_string().contains(made["token"].as_str().unwrap()));
    let mut events = phone.events(phone.authorized("GET", "/api/events/stream"));
    let revoke = json!({"id": made["id"]});
    assert_eq!(
        site.client
            .post("/api/operations/revoke_access_token", &revoke)
            .status,
        200
    );
    assert_eq!(phone.get(PATH).status, 401);
    assert_eq!(
        phone
            .post("/api/backup/start", &json!({"repository": "/nowhere"}))
            .status,
        401
    );
    assert_eq!(site.client.get(PATH).json(), json!({"jobs": []}));
    // What was open is closed.
    site.start_of("/nowhere");
    assert!(events.all(|line| !line.starts_with("data")));
}

#[test]
fn the_file_of_a_token_is_for_its_owner_alone_whatever_stood_there() {
    let site = Site::new();
    let file = token_file(&site.scratch);
    let mode = |file: &Path| std::fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    let (_, stopped) = site.stop();
    std::fs::write(&file, "an older one").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    // Somebody who has the file open already must not read what comes.
    let watched = std::fs::File::open(&file).unwrap();
    let site = stopped.start();
    assert_eq!(mode(&file), 0o600);
    let seen = std::io::read_to_string(watched).unwrap();
    assert!(!seen.contains(site.server().token()), "{seen}");
}

#[test]
fn a_token_is_in_no_file_but_its_own_and_in_no_process() {
    let (site, fake) = Site::over(&held("create"));
    let source = site.scratch.tree("Documents", 3, 100, 1);
    site.create(&[&source]);
    let id = site.start();
    wait_until("Borg to run", || {
        let running = site.terminal().running_borgs();
        running.iter().any(|command| command.contains(" create "))
    });
    let token = site.server().token();
    // What a careless server would log.
    let linked = format!("/api/backup/logs/{id}/download?partial=true&token={token}");
    assert_eq!(status(&site, &linked, &[]), 200);
    site.client
        .post("/api/backup/start", &json!({"repository": "/nowhere"}));

    let mut looked_at = 0;
    for process in std::fs::read_dir("/proc").unwrap() {
        let process = process.unwrap().path();
        for name in ["cmdline", "environ"] {
            let bytes = std::fs::read(process.join(name)).unwrap_or_default();
            assert!(!contains(&bytes, token), "{}/{name}", process.display());
            looked_at += usize::from(contains(&bytes, &site.repository()));
        }
    }
    assert!(looked_at > 0, "Borg was running");
    fake.release("create");
    site.ended(id);
    let (_, stopped) = site.stop();
    let token = std::fs::read_to_string(token_file(&stopped.scratch)).unwrap();
    let mut folders = vec![stopped.scratch.path().to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.is_file() && path != token_file(&stopped.scratch) {
                let bytes = std::fs::read(&path).unwrap();
                assert!(!contains(&bytes, token.trim_end()), "{}", path.display());
                files.push(path);
            }
        }
    }
    let data = stopped.scratch.path().join("data");
    assert!(files.iter().any(|file| file.starts_with(&data)));
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}
