//! Prune and compact after a backup, as `maintenance_status` shows them.

use std::time::Duration;

use alcove_testkit::{FakeBorg, Script};
use serde_json::{Value, json};

use crate::site::Site;

/// The order of the words of `maintenance_status`, from none to all done.
const ORDER: [&str; 6] = [
    "null",
    "\"running_prune\"",
    "\"prune_completed\"",
    "\"running_compact\"",
    "\"compact_completed\"",
    "\"maintenance_completed\"",
];

fn step(job: &Value) -> usize {
    let word = job["maintenance_status"].to_string();
    let known = ORDER.iter().position(|known| *known == word);
    assert!(known.is_some(), "{word} is no step of good maintenance");
    known.unwrap()
}

#[test]
fn maintenance_goes_through_prune_and_compact_to_completed_and_keeps_what_it_should() {
    let held = |name| Script::new().wait_for_release(name).become_the_real();
    let borg = FakeBorg::before_the_real()
        .on("prune", held("prune"))
        .on("compact", held("compact"));
    let (site, fake) = Site::over(&borg);
    let source = site.scratch.tree("Documents", 20, 1_000, 1);
    site.create_pruned(&[&source]);
    let foreign = format!("{}::holiday", site.repository());
    let made = site
        .terminal()
        .borg(&["create", &foreign, source.to_str().unwrap()]);
    assert!(made.status.success());

    let id = site.start();
    let pruning = site.wait(id, |job| job["maintenance_status"] == "running_prune");
    assert_eq!(
        (&pruning["status"], &pruning["ended_at"]),
        (&json!("completed"), &Value::Null)
    );
    fake.release("prune");
    let compacting = site.wait(id, |job| job["maintenance_status"] == "running_compact");
    assert_eq!(
        (&compacting["status"], &compacting["phase"]),
        (&json!("completed"), &json!("compacting"))
    );
    fake.release("compact");
    let first = site.ended(id);
    assert_eq!(first["maintenance_status"], "maintenance_completed");
    assert_eq!(first["completed_at"], pruning["completed_at"]);

    // Prune counts in seconds: of two archives of one second either is the newest.
    std::thread::sleep(Duration::from_millis(1_100));
    let id = site.start();
    let mut steps = vec![0];
    let second = loop {
        let job = site.job(id);
        steps.push(step(&job));
        if !job["ended_at"].is_null() {
            break job;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(steps.is_sorted(), "{steps:?}");
    assert_eq!(second["maintenance_status"], "maintenance_completed");
    assert_eq!(second["error_message"], Value::Null);
    let mut left = site.archives();
    left.sort();
    let mut expected = ["holiday", second["archive_name"].as_str().unwrap()];
    expected.sort_unstable();
    assert_eq!(
        left, expected,
        "the older archive of the plan went, and nothing else"
    );
}

#[test]
fn without_a_wish_there_is_no_maintenance() {
    let site = Site::new();
    let source = site.scratch.tree("Documents", 3, 100, 2);
    site.create(&[&source]);
    let job = site.back_up();
    assert_eq!(job["maintenance_status"], Value::Null);
    assert_eq!(job["completed_at"].is_string(), job["ended_at"].is_string());
}
