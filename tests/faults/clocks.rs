//! Clocks that are set while a backup runs, and time that passes without Alcove.
//!
//! The machine's clock stays as it is: Alcove is given one, and Borg is lied to by libfaketime.

use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove_api::types::{Job, ListJobs};
use alcove_testkit::Scratch;
use alcove_tests::{Left, LiedTo, PutClock, SecondLife, Terminal};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, Unit};
use rustix::process::{Pid, Signal};

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
        "Borg goes on meanwhile, and what it said is read afterwards",
        &["completed"],
        |round| Box::pin(stopped(round)),
    ),
];

/// How long Alcove is stopped for.
const STOPPED: Duration = Duration::from_secs(20);

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
        borg.set(SignedDuration::from_hours(hours));
    };
    let began = Instant::now();
    let held = stage.hold(round).await;
    tell(hours);
    held.go_on();
    let seen = stage.outcome(held.id).await;
    assert_took(&stage.house.job(held.id).await, began.elapsed());
    // A whole backup in the wrong time, before the clock is right again.
    let began = Instant::now();
    let wrong = stage.start().await;
    let wrong = stage.house.ended(wrong).await;
    assert!(wrong.status.is_safe(), "{:?}", wrong.error_message);
    assert_took(&wrong, began.elapsed());
    let wrong = wrong.archive_name.expect("an archive has a name");
    let [before, wrong] = [&stage.first, &wrong].map(|name| begun(&stage, name));
    let between = wrong.since((Unit::Hour, before)).expect("both are times");
    let between = between.get_hours();
    assert!(between.abs() >= 2, "Borg believed the clock: {between} h");
    tell(0);
    let began = Instant::now();
    let seen = stage.and_next(seen).await;
    assert_took(&stage.newest().await, began.elapsed());
    let jobs = stage.house.api.list_jobs(ListJobs::default()).await;
    let jobs = jobs.expect("jobs can be listed").jobs;
    assert!(jobs.is_sorted_by(|newer, older| newer.id > older.id));
    stage.assert_first_archive();
    seen
}

/// A job's times follow each other and say that it took no longer than so long, whatever the clock was.
fn assert_took(job: &Job, at_most: Duration) {
    let times = [&job.started_at, &job.completed_at, &job.ended_at];
    let [started, completed, ended] = times.map(|time| {
        let time = time
            .as_ref()
            .and_then(|time| time.parse::<Timestamp>().ok());
        time.expect("a job that has ended has its times")
    });
    let phases = job.phases.iter().map(|phase| phase.at.parse());
    let phases: Result<Vec<Timestamp>, _> = phases.collect();
    let phases = phases.expect("a phase has its time");
    assert!(started <= completed && completed <= ended, "{job:#?}");
    assert!(phases.is_sorted(), "{job:#?}");
    let took = ended.duration_since(started);
    assert!(
        took.unsigned_abs() <= at_most,
        "{took} of {at_most:?}: {job:#?}"
    );
}

/// How many lives are lived until one is stopped in the middle of a backup.
const TRIES: u64 = 6;

/// Stops Alcove in the middle of a backup and continues it. Gives what that leaves, and whether Borg went on meanwhile.
fn stop(scratch: &Scratch, moment: Duration) -> (Left, bool) {
    let mut life = SecondLife::begin(scratch, &[], None);
    let borg = loop {
        let mut borgs = Terminal(scratch).borgs().into_iter();
        if let Some((borg, _)) = borgs.find(|(_, line)| line.contains(" create ")) {
            break borg;
        }
        assert!(!life.has_ended(), "{}", life.left().said);
        std::thread::sleep(Duration::from_millis(5));
    };
    std::thread::sleep(moment);
    life.send(Signal::STOP);
    let before = worked(borg);
    std::thread::sleep(STOPPED);
    let went_on = before.is_some_and(|before| worked(borg) > Some(before));
    life.send(Signal::CONT);
    let left = life.left();
    assert!(!left.killed);
    (left, went_on)
}

/// How long a process has had a processor, in ticks (proc(5), `stat`: 14 and 15); `None` when it is gone. One that
/// nobody has taken notice of is still there.
fn worked(process: Pid) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_pid())).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut ticks = fields.split(' ').skip(11);
    let mut tick = || ticks.next()?.parse::<u64>().ok();
    Some(tick()? + tick()?)
}

async fn stopped(round: Round) -> Seen {
    let mut stage = Stage::new().await;
    for attempt in 0..TRIES {
        let chance = round.another(attempt);
        let news = format!("Documents/New{attempt}");
        stage
            .house
            .scratch
            .tree(&news, 120, 100_000, chance.seed | 2);
        let moment = Duration::from_millis(chance.between(0, 1_500 / (attempt + 1)));
        let mut stopped = None;
        stage = stage
            .rebuilt(async |house| {
                let (house, left) = house.away(|scratch| stop(scratch, moment)).await;
                stopped = Some(left);
                house
            })
            .await;
        let (left, went_on) = stopped.expect("a life is lived");
        let job = stage.newest().await;
        stage.watched.take(job.id, left.shown.clone());
        if !went_on {
            // It came after the backup.
            continue;
        }
        assert_eq!(left.lost(), None);
        assert_whole(&stage, &job);
        let seen = stage.seen(job.id).await;
        return stage.and_next(seen).await;
    }
    panic!("Borg went on in none of {TRIES} lives");
}

/// The archive of a job is there, with as many files as the job says.
fn assert_whole(stage: &Stage, job: &Job) {
    let name = job.archive_name.as_deref();
    let name = name.expect("an archive has a name");
    let archive = format!("{}::{name}", stage.repository.display());
    let info = stage.house.borg(&["info", "--json", &archive]).stdout;
    let info: serde_json::Value = serde_json::from_slice(&info).expect("Borg tells of an archive");
    let files = info["archives"][0]["stats"]["nfiles"].as_u64();
    assert_eq!(files, Some(job.progress_details.nfiles), "{job:#?}");
}
