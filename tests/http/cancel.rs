//! Stopping a job: while it waits, while it runs, while it prunes, and when it is too late.

use alcove_testkit::{FakeBorg, Script};
use serde_json::{Value, json};

use crate::backup::held;
use crate::site::{Site, assert_keys};

fn cancel(site: &Site, id: i64) -> alcove_testkit::Answer {
    site.client
        .post(&format!("/api/backup/cancel/{id}"), &json!({}))
}

fn running_jobs(site: &Site, repository: &Value) -> Value {
    let path = format!("/api/repositories/{}/running-jobs", repository["id"]);
    site.client.get(&path).json()
}

#[test]
fn a_running_backup_that_is_cancelled_leaves_no_archive_no_running_job_and_no_borg() {
    let site = Site::new();
    let source = site.scratch.tree("Pictures", 1_000, 30_000, 1);
    let repository = site.create_slow(&[&source]);
    let id = site.start();
    site.wait(id, |job| {
        job["progress_details"]["nfiles"].as_u64() > Some(100)
    });
    let answer = cancel(&site, id).json();
    assert_keys(&answer, "message process_terminated");
    assert_eq!(answer["message"], "Backup cancelled successfully");
    assert_eq!(answer["process_terminated"], true);
    let job = site.ended(id);
    assert_eq!(job["status"], "cancelled", "{}", site.log(id));
    assert!(job["progress"].as_u64().unwrap() < 100);
    assert_eq!(job["active"], false);
    assert!(job["completed_at"].is_string());
    assert_eq!(
        running_jobs(&site, &repository),
        json!({"has_running_jobs": false, "jobs": []})
    );
    site.wait_for_no_borg();
    let listed = site.client.get(&format!(
        "/api/archives/list?repository={}",
        site.repository()
    ));
    let archives: Value =
        serde_json::from_str(listed.json()["archives"].as_str().unwrap()).unwrap();
    assert_eq!(archives["archives"], json!([]));
    // The repository is free again, and whole.
    assert_eq!(site.back_up()["progress_details"]["nfiles"], 1_000);
}

#[test]
fn a_pending_backup_that_is_cancelled_never_runs_and_the_running_one_goes_on() {
    let (site, fake) = Site::over(&held("create"));
    let source = site.scratch.tree("Documents", 3, 100, 2);
    let repository = site.create(&[&source]);
    let running = site.start();
    site.wait(running, |job| job["status"] == "running");
    let pending = site.start();
    let answer = cancel(&site, pending).json();
    assert_keys(&answer, "message process_terminated");
    assert_eq!(answer["message"], "Backup cancelled successfully");
    assert_eq!(answer["process_terminated"], false);
    let job = site.ended(pending);
    assert_eq!(
        (&job["status"], &job["started_at"]),
        (&json!("cancelled"), &Value::Null)
    );
    assert_eq!(site.job(running)["status"], "running");
    fake.release("create");
    assert_eq!(site.ended(running)["status"], "completed");
    assert_eq!(site.archives().len(), 1);
    assert_eq!(running_jobs(&site, &repository)["has_running_jobs"], false);
}

#[test]
fn a_job_that_has_ended_cannot_be_cancelled_and_stays_as_it_was() {
    let site = Site::new();
    let source = site.scratch.tree("Documents", 3, 100, 3);
    site.create(&[&source]);
    let job = site.back_up();
    let refused = cancel(&site, job["id"].as_i64().unwrap());
    assert_eq!(refused.status, 400);
    assert!(!refused.detail().is_empty());
    assert_eq!(site.job(job["id"].as_i64().unwrap()), job);
    assert_eq!(cancel(&site, 4_711).status, 404);
}

#[test]
fn a_cancel_during_prune_leaves_the_backup_completed_and_prune_failed() {
    let hanging = Script::new().wait_for_signal().exit(143);
    let borg = FakeBorg::before_the_real().on("prune", hanging);
    let (site, fake) = Site::over(&borg);
    let source = site.scratch.tree("Documents", 3, 100, 4);
    site.create_pruned(&[&source]);
    let id = site.start();
    site.wait(id, |job| job["maintenance_status"] == "running_prune");
    crate::site::wait_until("prune to begin", || {
        fake.calls("prune")
            .first()
            .is_some_and(alcove_testkit::Call::is_ready_for_signals)
    });
    let pruning = site.job(id);
    assert_eq!(
        (&pruning["status"], &pruning["active"]),
        (&json!("completed"), &json!(true))
    );
    assert_eq!(
        (&pruning["phase"], &pruning["progress"]),
        (&json!("pruning"), &json!(100))
    );
    assert!(pruning["completed_at"].is_string() && pruning["ended_at"].is_null());
    assert!(site.cancel(id));
    let job = site.ended(id);
    assert_eq!(
        (&job["status"], &job["progress"]),
        (&json!("completed"), &json!(100))
    );
    assert_eq!(job["completed_at"], pruning["completed_at"]);
    assert_eq!(job["maintenance_status"], "prune_failed");
    assert!(job["error_message"].is_string());
    assert!(fake.calls("compact").is_empty());
    site.wait_for_no_borg();
    assert_eq!(site.archives(), [job["archive_name"].as_str().unwrap()]);
}
