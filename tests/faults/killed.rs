//! Alcove killed.
//!
//! A round counts only when the kill came in the middle of something; else another moment is tried, a bounded number
//! of times.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use alcove_api::types::{Job, ListJobs};
use alcove_store::Maintenance;
use alcove_testkit::Scratch;
use alcove_tests::{FAIL_POINTS, FailPoint, Left, Passed, SecondLife, Terminal};
use rustix::process::{Signal, kill_process};

use crate::fault::{Fault, Seen};
use crate::records;
use crate::round::{Round, Stage};

/// What a backup may be after Alcove was killed in the middle of it, and of its maintenance.
const INTERRUPTED: &[&str] = &[
    "failed, interrupted",
    "completed, interrupted",
    "completed, interrupted, prune_failed",
    "completed, interrupted, compact_failed",
    "completed, interrupted, check_failed",
];

const WHY: &str = "Borg dies with Alcove; the next start ends the job and says why";

/// How many lives are lived until one is killed in the middle of something.
const TRIES: u64 = 20;

/// The rows at random moments, and at those Borg is in.
pub(crate) const FAULTS: &[Fault] = &[
    Fault::new("Alcove killed at random", WHY, INTERRUPTED, |round| {
        Box::pin(at_random(round))
    })
    .killing(),
    Fault::new(
        "Alcove killed during prune",
        "The archive is safe, and the next backup prunes",
        &["completed, interrupted, prune_failed"],
        |round| Box::pin(in_maintenance(round, " prune ", Maintenance::PruneFailed)),
    )
    .killing(),
    Fault::new(
        "Alcove killed during compact",
        "The archive is safe, and the next backup compacts",
        &["completed, interrupted, compact_failed"],
        |round| {
            Box::pin(in_maintenance(
                round,
                " compact ",
                Maintenance::CompactFailed,
            ))
        },
    )
    .killing(),
];

/// The rows of every fail point there is.
pub(crate) static AT_POINTS: LazyLock<Vec<Fault>> =
    LazyLock::new(|| FAIL_POINTS.iter().map(at).collect());

fn at(point: &'static FailPoint) -> Fault {
    let opened = |why| {
        Fault::at(point, why, &["completed"], |round, point| {
            Box::pin(at_opening(round, point))
        })
    };
    match point.passed {
        Passed::Backup(_) => Fault::at(point, WHY, INTERRUPTED, |round, point| {
            Box::pin(in_backup(round, point))
        })
        .killing(),
        Passed::Migration => opened("The next start takes the steps that are missing"),
        Passed::Copy => {
            opened("The next start removes what was begun of a copy, and makes one").killing()
        }
        Passed::Rescue => {
            opened("The next start goes on with what was made ready, or begins the rescue anew")
                .asking("yes", records::HELD)
        }
    }
}

async fn at_random(round: Round) -> Seen {
    let life = |scratch: &Scratch, moment| {
        let mut life = SecondLife::begin(scratch, &[], None);
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(moment) && !life.has_ended() {
            std::thread::sleep(Duration::from_millis(1));
        }
        if !life.has_ended() {
            life.send(Signal::KILL);
        }
        life.left()
    };
    live(round, 8_000, life, is_interrupted).await
}

async fn in_backup(round: Round, point: &'static FailPoint) -> Seen {
    let Passed::Backup(often) = point.passed else {
        unreachable!("it is passed in every backup");
    };
    let life = |scratch: &Scratch, passing| {
        let at = format!("{} {}", passing + 1, point.name);
        SecondLife::begin(scratch, &[], Some(&at)).left()
    };
    live(round, often, life, is_interrupted).await
}

/// Kills it while Borg prunes or compacts, held still so that it is in the middle of that.
async fn in_maintenance(round: Round, command: &str, failed: Maintenance) -> Seen {
    let life = |scratch: &Scratch, moment| {
        let mut life = SecondLife::begin(scratch, &[], None);
        while !life.has_ended() {
            let mut borgs = Terminal(scratch).borgs().into_iter();
            if let Some((borg, _)) = borgs.find(|(_, line)| line.contains(command)) {
                std::thread::sleep(Duration::from_millis(moment));
                // Gone already, where it was quick: then another life is lived.
                let _ = kill_process(borg, Signal::STOP);
                life.send(Signal::KILL);
                let _ = kill_process(borg, Signal::CONT);
                break;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        life.left()
    };
    let counts = |job: &Job| is_interrupted(job) && job.maintenance_status == Some(failed);
    live(round, 150, life, counts).await
}

fn is_interrupted(job: &Job) -> bool {
    job.error_code.as_deref() == Some("interrupted")
}

/// Has second lives back up, each killed at some moment from 0 to before `end`, until one was in the middle of a job
/// that counts, and looks at what that leaves. What a life means by a moment is its own.
async fn live(
    round: Round,
    end: u64,
    life: impl Fn(&Scratch, u64) -> Left,
    counts: impl Fn(&Job) -> bool,
) -> Seen {
    let mut stage = Stage::pruning(round).await;
    let (mut from, mut to) = (0, end);
    for attempt in 0..TRIES {
        let chance = round.another(attempt);
        let moment = chance.between(from, to);
        let news = format!("Documents/New{attempt}");
        stage.house.scratch.tree(&news, 20, 50_000, chance.seed | 2);
        let before = stage.newest().await.id;
        let left;
        (stage, left) = lived(stage, |scratch| life(scratch, moment)).await;
        let job = stage.newest().await;
        let began = job.id > before;
        if began {
            stage.watched.take(job.id, left.shown.clone());
        }
        if left.killed && began && counts(&job) {
            println!("{}", left.said);
            let seen = stage.seen(job.id).await;
            let mut seen = stage.and_next(seen).await;
            let next = stage.newest().await.maintenance_status;
            if next != Some(Maintenance::Completed) {
                seen.next = format!("{}, maintenance {next:?}", seen.next);
            }
            return seen;
        }
        // It was killed before its job was there, or when nothing was left to interrupt.
        (from, to) = if began {
            (from, moment)
        } else {
            (moment + 1, to)
        };
        if from >= to {
            (from, to) = (0, end);
        }
    }
    panic!("nothing was interrupted in {TRIES} lives");
}

/// Has a second life lived while the house of a stage is away. No job is left unfinished by it, no line of a log lost,
/// and no Borg goes on.
async fn lived(stage: Stage, life: impl FnOnce(&Scratch) -> Left) -> (Stage, Left) {
    let mut left = None;
    let stage = stage
        .rebuilt(async |house| {
            let (house, lived) = house.away(life).await;
            left = Some(lived);
            house
        })
        .await;
    let left = left.expect("a life is lived");
    stage.no_borg().await;
    let jobs = stage.house.api.list_jobs(ListJobs::default()).await;
    for job in jobs.expect("jobs can be listed").jobs {
        assert!(job.ended_at.is_some() && !job.active, "{job:#?}");
    }
    assert_eq!(left.lost(), None, "{}", left.said);
    (stage, left)
}

/// Kills it when it opens records that pass a point.
async fn at_opening(round: Round, point: &'static FailPoint) -> Seen {
    let mut stage = Stage::pruning(round).await;
    // Some are passed twice.
    for passing in (1..=round.between(1, 3)).rev() {
        if point.passed == Passed::Migration {
            // What the older format has no place for is as a migration makes it.
            let older = |scratch: &Scratch| point.passed.prepare(&scratch.path().join("data"));
            stage = stage.rebuilt(async |house| house.away(older).await.0).await;
        }
        let good = stage.newest().await;
        let before = stage.records().await;
        let at = format!("{passing} {}", point.name);
        let left;
        (stage, left) = lived(stage, |scratch| {
            point.passed.prepare(&scratch.path().join("data"));
            SecondLife::begin(scratch, &[], Some(&at)).left()
        })
        .await;
        let newest = stage.newest().await.id;
        if newest > good.id {
            stage.watched.take(newest, left.shown.clone());
        }
        if !left.killed {
            continue;
        }
        println!("{}", left.said);
        let after = stage.records().await;
        for record in before {
            assert!(
                after.contains(&record),
                "lost: {record:#}\nthere are: {after:#?}"
            );
        }
        let archives = stage.archives();
        let seen = stage.seen(good.id).await;
        let seen = stage.and_next(seen).await;
        if point.passed == Passed::Rescue {
            records::assert_prune_was_held(&stage, &archives).await;
        }
        stage.assert_copied().await;
        return seen;
    }
    panic!("{} is never passed", point.name);
}
