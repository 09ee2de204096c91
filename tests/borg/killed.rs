//! Alcove killed at every commit, every write and flush of a log and every start of a Borg, and what its next
//! start makes of that.
//!
//! The points are `fail_point!`s in `store` and `borg`, which do nothing but here. A test runs itself once more: the
//! second life opens the data folder, backs up over a real Borg, and kills itself (SIGKILL) when it passes the
//! named point for the nth time. The first life looks at what is left, each time with a larger n, until a backup
//! ends before it gets there.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alcove_api::types::{Job, JobId, ListBackupJobs, StartBackup};
use alcove_api::{Api, session};
use alcove_store::{Maintenance, Phase, Status};
use alcove_testkit::Scratch;
use alcove_tests::{House, keyring_that_knows, try_for};
use rustix::process::{Signal, getpid, kill_process};

/// Says at which passing of which point a second life ends: `3 store::commit`.
const KILL_AT: &str = "ALCOVE_TEST_KILL_AT";
/// Names the repository it backs up to.
const REPOSITORY: &str = "ALCOVE_TEST_REPOSITORY";

/// The second life: opens the data folder of the session, and backs up to the end of it or its own.
async fn back_up_until_killed(kill_at: &str) -> ! {
    let (passing, point) = kill_at.split_once(' ').unwrap();
    let passing: u32 = passing.parse().unwrap();
    let passed = AtomicU32::new(0);
    fail::cfg_callback(point, move || {
        if passed.fetch_add(1, Ordering::SeqCst) + 1 == passing {
            kill_process(getpid(), Signal::KILL).unwrap();
        }
    })
    .unwrap();
    let (folder, mut world) = session(std::env::vars_os().collect(), std::env::home_dir()).unwrap();
    world.keyring = keyring_that_knows;
    let api = Api::open(folder, world).unwrap();
    let job_id = api
        .start_backup(StartBackup {
            repository: std::env::var(REPOSITORY).unwrap(),
            ..StartBackup::default()
        })
        .await
        .unwrap()
        .job_id;
    loop {
        let job = api.get_backup_status(JobId { job_id }).await.unwrap().job;
        if job.ended_at.is_some() {
            std::process::exit(0);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What the second life left: whether it was killed, and the logs as they were then.
struct Left {
    killed: bool,
    logs: Vec<(PathBuf, Vec<u8>)>,
}

fn live_again(scratch: &Scratch, test: &str, kill_at: &str) -> Left {
    let data = scratch.path().join("data");
    let life = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env_clear()
        .envs(scratch.session())
        .env("ALCOVE_DATA_DIR", &data)
        .env(REPOSITORY, scratch.path().join("repository"))
        .env(KILL_AT, kill_at)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let killed = life.status.signal() == Some(9);
    assert!(
        killed || life.status.success(),
        "{}",
        String::from_utf8_lossy(&life.stderr)
    );
    Left {
        killed,
        logs: logs(&data),
    }
}

/// The whole lines of every log.
fn logs(data: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let files = std::fs::read_dir(data.join("logs")).unwrap();
    files
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|name| name == "log"))
        .map(|path| {
            let mut text = std::fs::read(&path).unwrap();
            let whole = text.iter().rposition(|byte| *byte == b'\n');
            text.truncate(whole.map_or(0, |end| end + 1));
            (path, text)
        })
        .collect()
}

/// Every job has ended, and those that Alcove left say so.
fn assert_ended(jobs: &[Job], at: &str) {
    for job in jobs {
        assert_eq!(
            (job.phase, job.active, job.ended_at.is_some()),
            (Phase::Ended, false, true),
            "{at}: {job:#?}"
        );
        let interrupted = job.error_code.as_deref() == Some("interrupted");
        let well = match job.status {
            Status::Failed => interrupted,
            Status::Completed | Status::CompletedWithWarnings => match job.maintenance_status {
                Some(Maintenance::Completed) => true,
                Some(
                    Maintenance::PruneFailed
                    | Maintenance::CompactFailed
                    | Maintenance::CheckFailed,
                )
                | None => interrupted,
                _ => false,
            },
            _ => false,
        };
        assert!(well && job.has_logs, "{at}: {job:#?}");
    }
}

/// Kills a second life of `test` at each passing of `point` that `next` names, from the first on.
async fn kill_at_each(test: &str, point: &str, next: impl Fn(u32) -> u32) {
    let test = format!("killed::{test}");
    if let Ok(kill_at) = std::env::var(KILL_AT) {
        back_up_until_killed(&kill_at).await;
    }
    let mut house = House::new();
    let source = house.scratch.tree("Documents", 20, 1_000, 1);
    house.create(&[&source]).await;
    let mut passing = 1;
    (house, ()) = house
        .edit(|store| {
            let mut plan = store.plans().unwrap().remove(0);
            plan.keep.daily = 1;
            (plan.compact, plan.check) = (true, true);
            store.save_plan(&plan).unwrap();
        })
        .await;
    house.back_up_well().await;
    loop {
        let at = format!("{passing} {point}");
        let left;
        (house, left) = house.away(|scratch| live_again(scratch, &test, &at)).await;
        let gone = try_for(|| house.running_borgs().is_empty().then_some(())).await;
        assert!(gone.is_some(), "{at}: {:?}", house.running_borgs());
        let jobs = house.api.list_backup_jobs(ListBackupJobs::default()).await;
        assert_ended(&jobs.unwrap().jobs, &at);
        for (path, before) in left.logs {
            let after = std::fs::read(&path).unwrap();
            assert!(after.starts_with(&before), "{at}: {}", path.display());
        }
        if !left.killed {
            assert!(passing > 1, "{point} is never passed");
            return;
        }
        // Borg itself removes a lock of its own that was left behind.
        let job = house.back_up().await;
        let log = house.log(job.id).await;
        assert_eq!(job.status, Status::Completed, "{at}: {log}");
        let done = Some(Maintenance::Completed);
        assert_eq!(job.maintenance_status, done, "{at}: {log}");
        passing = next(passing);
    }
}

/// Some passings of a point that is passed often, fewer the later: 1, 3, 9, …
fn sparser(passing: u32) -> u32 {
    passing * 3
}

/// Every passing of a point.
fn each(passing: u32) -> u32 {
    passing + 1
}

#[tokio::test(flavor = "multi_thread")]
async fn before_a_commit() {
    kill_at_each("before_a_commit", "store::commit", sparser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_commit() {
    kill_at_each("after_a_commit", "store::committed", sparser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_a_line_of_a_log() {
    kill_at_each("before_a_line_of_a_log", "log::write", sparser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_line_of_a_log() {
    kill_at_each("after_a_line_of_a_log", "log::written", sparser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_a_log_is_flushed() {
    kill_at_each("before_a_log_is_flushed", "log::sync", sparser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_borg_is_started() {
    kill_at_each("before_borg_is_started", "borg::spawn", each).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_borg_was_started() {
    kill_at_each("after_borg_was_started", "borg::spawned", each).await;
}
