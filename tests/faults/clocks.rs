//! Clocks that are set while a backup runs, and time that passes without Alcove.
//!
//! The machine's clock stays as it is: Alcove is given one, and Borg is lied to by libfaketime.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use alcove_testkit::Scratch;
use alcove_tests::{PutClock, SecondLife, Terminal};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, Unit};
use rustix::process::Signal;

use crate::fault::{Fault, Seen};
use crate::round::{Round, Stage};

/// The rows.
pub(crate) const FAULTS: &[Fault] = &[
    Fault::new(
        "clock +3 h in the middle of a backup",
        "Durations are of another clock; the next backup follows when the clock is right again",
        &["completed"],
        |round| Box::pin(set(round, 3)),
    ),
    Fault::new(
        "clock -3 h in the middle of a backup",
        "Durations are of another clock; jobs are in the order of their numbers",
        &["completed"],
        |round| Box::pin(set(round, -3)),
    ),
    Fault::new(
        "Alcove stopped and continued",
        "Borg waits where it must, and what it said meanwhile is read",
        &["completed"],
        |round| Box::pin(stopped(round)),
    ),
];

/// How long Alcove is stopped for.
const STOPPED: Duration = Duration::from_secs(20);

/// A Borg that takes the time from a file: `+3h`.
struct LiedTo {
    program: PathBuf,
    clock: PathBuf,
}

impl LiedTo {
    fn install(scratch: &Scratch) -> Self {
        let folder = scratch.folder("lied-to");
        let (program, clock) = (folder.join("borg"), folder.join("clock"));
        let script = format!(
            "#!/bin/sh\n\
             LD_PRELOAD='{}' FAKETIME_TIMESTAMP_FILE='{}' FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1\n\
             export LD_PRELOAD FAKETIME_TIMESTAMP_FILE FAKETIME_NO_CACHE FAKETIME_DONT_FAKE_MONOTONIC\n\
             exec borg \"$@\"\n",
            libfaketime().display(),
            clock.display()
        );
        std::fs::write(&program, script).expect("a script can be written");
        let runs = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&program, runs).expect("a script can be made a program");
        let borg = Self { program, clock };
        borg.set(0);
        borg
    }

    fn set(&self, hours: i64) {
        std::fs::write(&self.clock, format!("{hours:+}h\n")).expect("a clock can be set");
    }
}

/// Where it is: beside the libraries of the system, in a folder of its own.
fn libfaketime() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").expect("there are libraries");
    let beside = folders.flatten().map(|folder| folder.path());
    let mut beside = beside.chain(["/usr/lib".into(), "/usr/lib64".into()]);
    let found = beside.find_map(|folder| {
        let library = folder.join("faketime/libfaketime.so.1");
        library.exists().then_some(library)
    });
    found.expect("faketime is installed")
}

/// When Borg believes to have begun an archive.
fn begun(stage: &Stage, archive: &str) -> DateTime {
    let archive = format!("{}::{archive}", stage.repository.display());
    let info = stage.house.borg(&["info", "--json", &archive]).stdout;
    let info: serde_json::Value = serde_json::from_slice(&info).expect("Borg tells of an archive");
    let start = info["archives"][0]["start"].as_str();
    let start = start.and_then(|start| start.parse().ok());
    start.expect("an archive has a beginning")
}

async fn set(round: Round, hours: i64) -> Seen {
    let clock = PutClock::default();
    let mut borg = None;
    let stage = Stage::with(|scratch, world| {
        let lied_to = LiedTo::install(scratch);
        world.borg = Some(lied_to.program.clone());
        world.clock = Arc::new(clock.clone());
        borg = Some(lied_to);
    })
    .await;
    let borg = borg.expect("a house is opened at once");
    let tell = |hours| {
        clock.put(Timestamp::now() + SignedDuration::from_hours(hours));
        borg.set(hours);
    };
    let held = stage.hold(round).await;
    tell(hours);
    held.go_on();
    let seen = stage.outcome(&held).await;
    let job = stage.house.job(held.id).await;
    assert!(job.started_at <= job.ended_at, "{job:#?}");
    // A whole backup in the wrong time, before the clock is right again.
    let wrong = stage.start().await;
    let wrong = stage.house.ended(wrong).await;
    assert!(wrong.status.is_safe(), "{:?}", wrong.error_message);
    let wrong = wrong.archive_name.expect("an archive has a name");
    let [before, wrong] = [&stage.first, &wrong].map(|name| begun(&stage, name));
    let between = wrong.since((Unit::Hour, before)).expect("both are times");
    let between = between.get_hours();
    assert!(between.abs() >= 2, "Borg believed the clock: {between} h");
    tell(0);
    let seen = stage.and_next(seen).await;
    stage.assert_first_archive();
    seen
}

async fn stopped(round: Round) -> Seen {
    let stage = Stage::new().await;
    stage.grow(round);
    let alone = |scratch: &Scratch| {
        let life = SecondLife::begin(scratch, &[], None);
        let begun = || {
            let borgs = Terminal(scratch).borgs();
            borgs.iter().any(|(_, line)| line.contains(" create "))
        };
        while !begun() {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(round.between(0, 1_500)));
        life.send(Signal::STOP);
        std::thread::sleep(STOPPED);
        life.send(Signal::CONT);
        let left = life.left();
        assert!(!left.killed);
        left
    };
    let mut left = None;
    let stage = stage
        .rebuilt(async |house| {
            let (house, lived) = house.away(alone).await;
            left = Some(lived);
            house
        })
        .await;
    let job = stage.newest().await;
    let mut seen = stage.seen(job.id, "").await;
    seen.log_kept &= left.is_some_and(|left| left.lost().is_none());
    stage.and_next(seen).await
}
