//! What becomes of Alcove's own records when the power goes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use alcove_store::{Folder, JobFilter, JobKind, NewJob, Store, Trigger};
use alcove_testkit::Scratch;
use alcove_tests::PoweredDisk;
use rustix::process::{Pid, Signal, kill_process};

/// Names the data folder to a test's second life, which writes there.
const WRITER: &str = "ALCOVE_TEST_WRITER";
/// How often the power is cut.
const CUTS: u64 = 25;

/// Adds jobs and saves each with its own number, which it says then.
fn write_until_killed(data: &Path) -> ! {
    let store = Store::open(Folder::at(data)).unwrap();
    let mut told = std::io::stdout();
    loop {
        let new = NewJob {
            kind: JobKind::Backup,
            repository: "/repository".to_owned(),
            plan: None,
            plan_name: None,
            trigger: Trigger::Manual,
            retry_of: None,
            created_at: jiff::Timestamp::now(),
        };
        let mut job = store.insert_job(new).unwrap();
        job.progress.nfiles = job.id.unsigned_abs();
        store.save_job(&job).unwrap();
        writeln!(told, "\nsaved {}", job.id).unwrap();
    }
}

/// Starts the second life of a test, and follows what it says is saved.
fn writer(test: &str, data: &Path) -> (Child, Arc<AtomicI64>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(WRITER, data)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap()).lines();
    let saved = Arc::new(AtomicI64::new(0));
    let seen = Arc::clone(&saved);
    std::thread::spawn(move || {
        for line in said.map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("saved ") {
                seen.store(number.parse().unwrap(), Ordering::SeqCst);
            }
        }
    });
    (child, saved)
}

/// Holds a process still, with nothing under way to the disk any more.
fn hold(child: &Child) {
    kill_process(Pid::from_child(child), Signal::STOP).unwrap();
    let tasks = format!("/proc/{}/task", child.id());
    let is_still = |task: &Path| {
        let status = std::fs::read_to_string(task.join("stat")).unwrap_or_default();
        // The state follows the name, which is in parentheses.
        status
            .rsplit_once(')')
            .is_none_or(|(_, rest)| rest.starts_with(" T"))
    };
    loop {
        let mut found = std::fs::read_dir(&tasks).unwrap().map(Result::unwrap);
        if found.all(|task| is_still(&task.path())) {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn records_that_were_acknowledged_outlive_a_power_cut_at_any_moment() {
    if let Some(data) = std::env::var_os(WRITER) {
        write_until_killed(Path::new(&data));
    }
    let scratch = Scratch::new();
    let disk = PoweredDisk::mount(scratch.folder("disk"));
    let test = "records::records_that_were_acknowledged_outlive_a_power_cut_at_any_moment";
    let (mut child, saved) = writer(test, &disk.path().join("data"));
    while saved.load(Ordering::SeqCst) == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    for cut in 0..CUTS {
        std::thread::sleep(Duration::from_millis(cut * 37 % 90));
        let acknowledged = saved.load(Ordering::SeqCst);
        hold(&child);
        let after = disk.after_a_cut(scratch.folder(&format!("after-{cut}")));
        kill_process(Pid::from_child(&child), Signal::CONT).unwrap();

        let store = Store::open(Folder::at(after.path().join("data"))).unwrap();
        assert_eq!(store.recovery(), None, "after {acknowledged}");
        let mut jobs = store
            .jobs(&JobFilter {
                limit: u32::MAX,
                ..JobFilter::default()
            })
            .unwrap();
        jobs.retain(|job| job.id <= acknowledged);
        jobs.reverse();
        let kept: Vec<_> = jobs.iter().map(|job| job.progress.nfiles).collect();
        let all: Vec<_> = (1..=acknowledged.unsigned_abs()).collect();
        assert!(kept == all, "{} of {acknowledged} are there", kept.len());
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
