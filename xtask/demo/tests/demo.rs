//! What a newcomer finds in the demo.

#![expect(clippy::unwrap_used, reason = "a test has no other way to fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use alcove_engine::{Engine, World};
use alcove_store::{Job, JobFilter, Maintenance, Status, Store, Trigger};
use jiff::SignedDuration;
use jiff::civil::DateTime;

/// Makes the demo as `cargo xtask run --demo` does, as a person whose home is the other folder.
fn made(folder: &Path, home: &Path) {
    let made = Command::new(env!("CARGO_BIN_EXE_alcove-demo"))
        .arg(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home)
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{complaint}");
    assert!(complaint.contains(alcove_demo::PASSPHRASE));
    let said = String::from_utf8_lossy(&made.stdout);
    assert!(said.contains(&format!("HOME={}", folder.join("home").display())));
}

/// Every archive of a repository by its name, with the date Borg says, in UTC.
fn archives(folder: &Path, repository: &str) -> BTreeMap<String, DateTime> {
    let listed = Command::new("borg")
        .args(["list", "--json", repository])
        .envs(alcove_demo::variables(folder))
        .env("BORG_PASSPHRASE", alcove_demo::PASSPHRASE)
        .env("TZ", "UTC")
        .output()
        .unwrap();
    assert!(
        listed.status.success(),
        "{}",
        String::from_utf8_lossy(&listed.stderr)
    );
    let list: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    list["archives"]
        .as_array()
        .unwrap()
        .iter()
        .map(|archive| {
            let name = archive["name"].as_str().unwrap().to_owned();
            (name, archive["time"].as_str().unwrap().parse().unwrap())
        })
        .collect()
}

fn jobs(store: &Store) -> Vec<Job> {
    let all = JobFilter {
        limit: 1000,
        ..JobFilter::default()
    };
    store.jobs(&all).unwrap()
}

#[test]
fn every_screen_has_something_to_show_and_a_backup_starts_at_once() {
    let place = tempfile::tempdir().unwrap();
    let (folder, elsewhere) = (place.path().join("demo"), place.path().join("elsewhere"));
    std::fs::create_dir(&elsewhere).unwrap();
    made(&folder, &elsewhere);
    assert_eq!(
        std::fs::read_dir(&elsewhere).unwrap().count(),
        0,
        "the home of who asked for it is left alone"
    );

    let store = Store::open(alcove_demo::data(&folder)).unwrap();
    let history = jobs(&store);
    let of = |status| history.iter().filter(move |job| job.status == status);
    assert_eq!(of(Status::Failed).count(), 2);
    assert_eq!(of(Status::Cancelled).count(), 1);
    assert_eq!(of(Status::CompletedWithWarnings).count(), 2);
    assert!(of(Status::Completed).count() >= 12);
    assert_eq!(store.unfinished_jobs().unwrap(), []);

    let reasons: BTreeSet<_> = of(Status::Failed)
        .map(|job| job.error_code.clone().unwrap())
        .collect();
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    for failed in of(Status::Failed) {
        let again = history.iter().find(|job| job.retry_of == Some(failed.id));
        assert_eq!(again.unwrap().status, Status::Completed);
    }
    let maintenance: BTreeSet<_> = history
        .iter()
        .filter_map(|job| job.maintenance.map(Maintenance::as_str))
        .collect();
    assert!(maintenance.contains("prune_failed"), "{maintenance:?}");
    assert!(maintenance.contains("maintenance_completed"));
    for job in &history {
        let log = store.log_reader(job.id).unwrap().unwrap();
        assert!(log.page(0, 10).unwrap().total_lines > 1, "job {}", job.id);
    }

    // Newest first, over a month, each after the one before it.
    let first = history[history.len() - 1].created_at;
    assert!(history[0].created_at.duration_since(first) > SignedDuration::from_hours(30 * 24));
    assert!(
        history
            .windows(2)
            .all(|two| two[1].created_at < two[0].created_at)
    );
    let cancelled = of(Status::Cancelled).next().unwrap().progress.percent;
    assert!(
        cancelled < 99.0,
        "it was stopped on its way, at {cancelled}"
    );

    let repositories = store.repositories().unwrap();
    assert_eq!(repositories.len(), 2);
    assert_eq!(store.plans().unwrap().len(), 3);
    for repository in &repositories {
        let there = archives(&folder, &repository.location);
        assert!(there.len() >= 3, "{}: {there:?}", repository.name);
        for (name, date) in &there {
            let made_by = history
                .iter()
                .find(|job| job.archive_name.as_ref() == Some(name))
                .unwrap();
            let began = made_by.created_at.to_zoned(jiff::tz::TimeZone::UTC);
            assert_eq!(date.date(), began.date(), "{name}");
        }
    }
    drop(store);

    let session = alcove_demo::variables(&folder)
        .into_iter()
        .map(|(name, path)| (name.into(), path.into_os_string()))
        .chain([("PATH".into(), std::env::var_os("PATH").unwrap())])
        .collect();
    let mut world = World::of_session(session, folder.join("home"));
    world.keyring = || None;
    let store = Store::open(alcove_demo::data(&folder)).unwrap();
    let engine = Engine::open(store, world).unwrap();
    let started = engine
        .start_backup(&repositories[0].location, None, Trigger::Manual, None)
        .unwrap();
    let job = loop {
        let job = engine.job(started).unwrap().job;
        if job.ended_at.is_some() {
            break job;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(job.status, Status::Completed, "{:?}", job.error_message);
    assert_eq!(job.maintenance, Some(Maintenance::Completed));
    assert!(job.progress.deduplicated_size > 50_000_000, "{job:?}");
}
