//! Repositories over HTTP: made, listed, opened with Borg itself.

use std::path::Path;

use alcove_tests::PASSPHRASE;
use serde_json::{Value, json};

use crate::backup::held;
use crate::site::{Site, assert_keys};

#[test]
fn a_repository_made_over_http_is_encrypted_and_gives_the_same_bytes_back_to_its_passphrase() {
    let site = Site::new();
    let source = site.scratch.tree("Documents", 12, 1_000, 1);
    std::fs::write(source.join("left-out.tmp"), "x").unwrap();
    let mut new = site.new_repository(&[&source]);
    new["exclude_patterns"] = json!(["*.tmp"]);
    let created = site.client.post("/api/repositories/", &new).json();
    assert_eq!(created["success"], true);
    let repository = &created["repository"];
    assert!(repository["id"].as_i64().unwrap() > 0);
    assert_eq!(repository["name"], "Backup SSD");
    assert_eq!(repository["path"], site.repository());
    assert!(!created.to_string().contains(PASSPHRASE));
    let listed = site.client.get("/api/repositories/").json();
    assert_keys(&listed, "repositories");
    assert_eq!(listed["repositories"], json!([repository]));

    let job = site.back_up();
    let archive = format!(
        "{}::{}",
        site.repository(),
        job["archive_name"].as_str().unwrap()
    );
    let there = site.scratch.folder("extracted");
    let extracted = site.terminal().borg_in(&there, &["extract", &archive]);
    assert!(extracted.status.success(), "{extracted:?}");
    let back = there.join(source.strip_prefix("/").unwrap());
    for file in ["folder0000/file000003.bin", "folder0001/file000011.bin"] {
        let read = |folder: &Path| std::fs::read(folder.join(file)).unwrap();
        assert_eq!(read(&source), read(&back));
    }
    assert!(!back.join("left-out.tmp").exists());
    let wrong = [("BORG_PASSPHRASE", "another one")];
    let refused = site
        .terminal()
        .borg_with(&wrong, &["list", &site.repository()]);
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.to_lowercase().contains("passphrase"), "{said}");
}

#[test]
fn a_repository_is_not_made_where_something_stands() {
    let site = Site::new();
    let folder = site.scratch.folder("repository");
    std::fs::write(folder.join("diary.txt"), "mine").unwrap();
    let refused = site
        .client
        .post("/api/repositories/", &site.new_repository(&[]));
    assert!((400..500).contains(&refused.status), "{refused:?}");
    assert!(!refused.detail().is_empty());
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
    let listed = site.client.get("/api/repositories/").json();
    assert_eq!(listed, json!({"repositories": []}));
}

#[test]
fn running_jobs_are_those_of_the_repository_that_have_not_ended() {
    let (site, fake) = Site::over(&held("create"));
    let source = site.scratch.tree("Documents", 3, 100, 2);
    let repository = site.create(&[&source]);
    let running = || {
        let path = format!("/api/repositories/{}/running-jobs", repository["id"]);
        site.client.get(&path).json()
    };
    assert_eq!(running(), json!({"has_running_jobs": false, "jobs": []}));
    let id = site.start();
    site.wait(id, |job| job["status"] == "running");
    assert_eq!(running(), json!({"has_running_jobs": true, "jobs": [id]}));
    fake.release("create");
    site.ended(id);
    assert_eq!(running(), json!({"has_running_jobs": false, "jobs": []}));
    assert_eq!(
        site.client
            .get("/api/repositories/4711/running-jobs")
            .status,
        404
    );
}

#[test]
fn archives_are_listed_as_borg_lists_them_without_checkpoints() {
    let site = Site::new();
    let source = site.scratch.tree("Documents", 3, 100, 3);
    site.create(&[&source]);
    let job = site.back_up();
    for name in ["by-hand", "broken-off.checkpoint"] {
        let archive = format!("{}::{name}", site.repository());
        let made = site
            .terminal()
            .borg(&["create", &archive, source.to_str().unwrap()]);
        assert!(made.status.success());
    }
    assert_eq!(site.archives().len(), 3);
    let answer = site.client.get(&format!(
        "/api/archives/list?repository={}",
        site.repository()
    ));
    assert_keys(&answer.json(), "archives");
    let listed: Value = serde_json::from_str(answer.json()["archives"].as_str().unwrap()).unwrap();
    let archives = listed["archives"].as_array().unwrap().iter();
    let names: Vec<_> = archives
        .map(|archive| archive["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, [job["archive_name"].as_str().unwrap(), "by-hand"]);
    assert!(listed["repository"]["id"].is_string());
    let unknown = site.client.get("/api/archives/list?repository=/nowhere");
    assert_eq!(unknown.status, 404);
    assert!(unknown.detail().contains("/nowhere"));
}
