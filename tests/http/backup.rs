//! A backup from its start to its last figure.

use std::collections::BTreeSet;
use std::time::Duration;

use alcove_testkit::{FakeBorg, Script};
use serde_json::{Value, json};

use crate::site::{JOB, PROGRESS, Site, assert_keys};

#[test]
fn a_start_is_answered_with_exactly_the_keys_of_the_page() {
    let site = Site::new();
    for path in ["/api/backup/start", "/api/backup/run"] {
        let body = json!({"repository": "/nowhere"});
        let started = site.client.post(path, &body).json();
        assert_keys(&started, "job_id status message");
        assert_eq!(started["status"], "pending");
        assert_eq!(started["message"], "Backup job started");
        assert!(started["job_id"].as_i64().unwrap() > 0);
    }
}

#[test]
fn a_backup_ends_with_the_figures_of_borg() {
    let site = Site::new();
    let source = site.scratch.tree("Documents", 300, 3_000, 1);
    std::fs::write(source.join("Grüße, \"quoted\".txt"), "hello").unwrap();
    site.create(&[&source]);
    let job = site.back_up();

    assert_keys(&job, &format!("{JOB} logs"));
    assert!(job["logs"].is_null());
    assert_keys(&job["progress_details"], PROGRESS);
    assert_eq!(job["repository"], site.repository());
    assert_eq!(job["triggered_by"], "manual");
    assert_eq!(job["kind"], "backup");
    assert_eq!(job["has_logs"], true);
    assert_eq!(job["active"], false);
    assert_eq!(job["phase"], "ended");
    assert_eq!(job["attempt"], 1);
    assert_eq!(job["borg_exit_code"], 0);
    assert_eq!(job["warnings"], 0);
    for none in [
        "error_message",
        "error_code",
        "maintenance_status",
        "scheduled_job_id",
        "waiting_for",
    ] {
        assert!(job[none].is_null(), "{none}: {}", job[none]);
    }
    for time in ["started_at", "completed_at", "ended_at"] {
        let time = job[time].as_str().unwrap();
        assert!(time.ends_with('Z') || time.ends_with("+00:00"), "{time}");
        assert!(time.parse::<jiff::Timestamp>().is_ok(), "{time}");
    }

    let archive = job["archive_name"].as_str().unwrap();
    assert_eq!(site.archives(), [archive]);
    let there = format!("{}::{archive}", site.repository());
    let info = site.terminal().borg(&["info", "--json", &there]);
    let info: Value = serde_json::from_slice(&info.stdout).unwrap();
    let progress = &job["progress_details"];
    assert_eq!(progress["nfiles"], 301);
    assert_eq!(progress["nfiles"], info["archives"][0]["stats"]["nfiles"]);
    assert!(progress["original_size"].as_u64().unwrap() >= 900_005);
    assert!(progress["compressed_size"].as_u64().unwrap() > 900_000);
    assert!(progress["deduplicated_size"].as_u64().unwrap() > 900_000);
    assert_at_rest(&job);
}

/// A job whose archive is safe shows all of it and nothing under way.
fn assert_at_rest(job: &Value) {
    let progress = &job["progress_details"];
    assert_eq!(job["progress"], 100);
    assert_eq!(progress["progress_percent"], 100.0);
    assert_eq!(progress["total_expected_size"], progress["original_size"]);
    assert_eq!(progress["current_file"], "");
    assert_eq!(progress["backup_speed"], 0.0);
    assert_eq!(progress["estimated_time_remaining"], 0);
}

#[test]
fn the_last_figures_are_exactly_those_of_borgs_statistics() {
    let (site, _) = Site::over(&FakeBorg::before_the_real().on("create", alcove_tests::archive()));
    let source = site.scratch.tree("Documents", 3, 100, 5);
    site.create(&[&source]);
    let job = site.back_up();
    let progress = &job["progress_details"];
    assert_eq!(progress["original_size"], 900);
    assert_eq!(progress["compressed_size"], 90);
    assert_eq!(progress["deduplicated_size"], 9);
    assert_eq!(progress["nfiles"], 9);
    assert_at_rest(&job);
}

#[test]
fn numbers_move_and_never_fall_while_a_backup_of_128_megabytes_runs() {
    let (site, borg) = Site::over(&held("create"));
    let source = site.scratch.tree("Pictures", 4_096, 32_768, 2);
    site.create(&[&source]);
    let id = site.start();
    // On a busy computer Borg may be through before the folders are counted.
    site.wait(id, |job| {
        job["progress_details"]["total_expected_size"] != 0
    });
    borg.release("create");
    let mut seen = Vec::new();
    loop {
        let job = site.job(id);
        let ended = !job["ended_at"].is_null();
        seen.push(job);
        if ended {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    for job in &seen {
        let percent = job["progress_details"]["progress_percent"].as_f64();
        let percent = percent.unwrap();
        assert_eq!(job["progress"].as_u64(), Some(percent as u64));
        let top = if job["status"] == "completed" {
            100.0..=100.0
        } else {
            0.0..=99.9
        };
        assert!(top.contains(&percent), "{job}");
    }
    for rising in ["progress_percent", "original_size", "nfiles"] {
        let values: Vec<f64> = seen
            .iter()
            .map(|job| job["progress_details"][rising].as_f64().unwrap())
            .collect();
        assert!(values.is_sorted(), "{rising}: {values:?}");
    }
    let running = || {
        seen.iter()
            .filter(|job| job["status"] == "running")
            .map(|job| &job["progress_details"])
    };
    for moving in [
        "progress_percent",
        "original_size",
        "current_file",
        "nfiles",
    ] {
        let values: BTreeSet<String> = running().map(|it| it[moving].to_string()).collect();
        assert!(values.len() > 2, "{moving}: {values:?}");
    }
    assert!(running().any(|it| it["backup_speed"].as_f64().unwrap() > 0.0));
    assert!(running().any(|it| it["total_expected_size"].as_u64().unwrap() >= 4_096 * 32_768));
    let last = seen.last().unwrap();
    assert_eq!(
        (&last["status"], &last["progress"]),
        (&json!("completed"), &json!(100))
    );
    assert_eq!(last["progress_details"]["nfiles"], 4_096);
}

#[test]
fn an_unknown_repository_leaves_a_failed_job_with_a_log_to_download() {
    let site = Site::new();
    let id = site.start_of("/nowhere");
    let job = site.ended(id);
    assert_eq!(job["status"], "failed");
    assert_eq!(job["repository"], "/nowhere");
    assert_eq!(job["progress"], 0);
    assert_eq!(job["has_logs"], true);
    assert!(job["error_message"].as_str().unwrap().contains("/nowhere"));
    assert!(job["error_code"].is_string());
    let log = site.client.get(&format!("/api/backup/logs/{id}/download"));
    assert_eq!(log.status, 200);
    assert!(log.text.contains("/nowhere"), "{}", log.text);
}

#[test]
fn a_repository_is_found_by_its_location_with_and_without_a_slash_at_the_end() {
    let site = Site::new();
    let source = site.scratch.tree("Documents", 3, 100, 3);
    site.create(&[&source]);
    let location = format!("{}/", site.repository());
    let job = site.ended(site.start_of(&location));
    assert_eq!(
        (&job["status"], &job["repository"]),
        (&json!("completed"), &json!(location))
    );
}

#[test]
fn a_repository_runs_one_job_at_a_time_and_the_others_wait_in_order() {
    let (site, fake) = Site::over(&held("create"));
    let source = site.scratch.tree("Documents", 3, 100, 4);
    site.create(&[&source]);
    let first = site.start();
    site.wait(first, |job| job["status"] == "running");
    let (second, third) = (site.start(), site.start());
    for (id, position) in [(second, 1), (third, 2)] {
        let job = site.job(id);
        assert_eq!(
            (&job["status"], &job["phase"]),
            (&json!("pending"), &json!("waiting"))
        );
        assert_eq!(job["queue_position"], position);
        assert_eq!(
            (&job["active"], &job["started_at"]),
            (&json!(false), &Value::Null)
        );
    }
    let running = site.job(first);
    assert_eq!(
        (&running["active"], &running["queue_position"]),
        (&json!(true), &Value::Null)
    );
    fake.release("create");
    for id in [first, second, third] {
        assert_eq!(site.ended(id)["status"], "completed");
    }
    assert_eq!(site.archives().len(), 3);
}

/// A real Borg that begins a command only when it is released.
pub(crate) fn held(command: &str) -> FakeBorg {
    let held = Script::new().wait_for_release(command).become_the_real();
    FakeBorg::before_the_real().on(command, held)
}
