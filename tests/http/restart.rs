//! What a server leaves that ends or is killed, and what the next one makes of it.

use std::process::Stdio;

use alcove_tests::PASSPHRASE;
use serde_json::{Value, json};

use crate::backup::held;
use crate::site::{Site, Stopped, command};

/// A site whose backup runs, and its job.
fn running() -> (Site, i64) {
    let (site, _) = Site::over(&held("create"));
    let source = site.scratch.tree("Documents", 3, 100, 1);
    site.create(&[&source]);
    let id = site.start();
    site.wait(id, |job| job["status"] == "running");
    site.wait(id, |_| site.log(id).contains("borg create"));
    (site, id)
}

/// The job has ended without an archive, and its log is the one it had and says more.
fn assert_ended(stopped: Stopped, id: i64, log: &str) -> Value {
    stopped.wait_for_no_borg();
    let site = stopped.start();
    let job = site.job(id);
    assert_eq!(
        (&job["phase"], &job["active"]),
        (&json!("ended"), &json!(false))
    );
    assert!(job["completed_at"].is_string() && job["ended_at"].is_string());
    let after = site.log(id);
    assert!(after.starts_with(log) && after.len() > log.len(), "{after}");
    assert_eq!(site.archives(), Vec::<String>::new());
    job
}

#[test]
fn a_server_that_is_told_to_end_ends_well_and_leaves_no_borg_and_no_running_job() {
    let (site, id) = running();
    let log = site.log(id);
    let (status, stopped) = site.stop();
    assert!(status.success(), "{status}");
    let job = assert_ended(stopped, id, &log);
    assert_eq!(
        (&job["status"], &job["error_code"]),
        (&json!("failed"), &json!("interrupted")),
        "{job}"
    );
}

#[test]
fn a_server_that_is_killed_leaves_no_borg_and_its_job_is_failed_with_a_reason_and_its_log() {
    let (site, id) = running();
    let log = site.log(id);
    let job = assert_ended(site.kill(), id, &log);
    assert_eq!(
        (&job["status"], &job["error_code"]),
        (&json!("failed"), &json!("interrupted"))
    );
    assert!(!job["error_message"].as_str().unwrap().is_empty());
}

#[test]
fn what_was_known_before_a_restart_is_known_after_it() {
    let site = Site::new();
    let source = site.scratch.tree("Documents", 3, 100, 2);
    let repository = site.create(&[&source]);
    let job = site.back_up();
    let log = site.log(job["id"].as_i64().unwrap());
    let site = site.restart();
    assert_eq!(site.job(job["id"].as_i64().unwrap()), job);
    assert_eq!(site.log(job["id"].as_i64().unwrap()), log);
    let listed = site.client.get("/api/repositories/").json();
    assert_eq!(listed["repositories"], json!([repository]));
}

#[test]
fn a_second_server_on_the_same_folder_is_refused_and_disturbs_nothing() {
    let site = Site::new();
    let mut second = command(&site.scratch, None);
    let refused = second.stdin(Stdio::null()).output().unwrap();
    assert!(!refused.status.success());
    assert!(!String::from_utf8_lossy(&refused.stdout).contains("listening"));
    let said = String::from_utf8_lossy(&refused.stderr);
    let data = site.scratch.path().join("data").display().to_string();
    assert!(said.contains(&data), "{said}");
    assert_eq!(site.client.get("/api/backup/jobs").status, 200);
    let token = std::fs::read_to_string(alcove_testkit::token_file(&site.scratch)).unwrap();
    assert_eq!(token.trim_end(), site.server().token());
}

#[test]
fn a_job_that_needs_a_passphrase_fails_until_it_is_given_over_http() {
    let site = Site::new();
    let source = site.scratch.tree("Documents", 3, 100, 3);
    let repository = site.create(&[&source]);
    let site = site.restart();
    let job = site.ended(site.start());
    assert_eq!(
        (&job["status"], &job["error_code"]),
        (&json!("failed"), &json!("passphrase_needed"))
    );
    assert!(
        job["error_message"]
            .as_str()
            .unwrap()
            .contains("passphrase")
    );
    assert!(site.log(job["id"].as_i64().unwrap()).contains("passphrase"));

    let unlock = |passphrase| {
        let path = format!("/api/repositories/{}/unlock", repository["id"]);
        site.client.post(&path, &json!({"passphrase": passphrase}))
    };
    let wrong = unlock("another one");
    assert!((400..500).contains(&wrong.status), "{wrong:?}");
    assert!(wrong.detail().contains("passphrase"));
    assert_eq!(site.ended(site.start())["error_code"], "passphrase_needed");
    assert_eq!(unlock(PASSPHRASE).status, 200);
    site.back_up();
}
