//! Alcove killed.

use std::time::{Duration, Instant};

use alcove_testkit::Scratch;
use alcove_tests::{Left, SecondLife, Terminal};
use rustix::process::{Signal, kill_process};

use crate::fault::{Fault, Running, Seen};
use crate::round::{Round, Stage};

/// What a backup may be after Alcove was killed in the middle of it, and of its maintenance.
const INTERRUPTED: &[&str] = &[
    "failed, interrupted",
    "completed",
    "completed, interrupted",
    "completed, interrupted, prune_failed",
    "completed, interrupted, compact_failed",
    "completed, interrupted, check_failed",
];

const WHY: &str = "Borg dies with Alcove; the next start ends the job and says why";

/// How many lives are lived until one is killed; at the first passing of a point each is.
const TRIES: u64 = 40;

const fn killed(name: &'static str, run: fn(Round) -> Running) -> Fault {
    Fault::new(name, WHY, INTERRUPTED, run)
}

/// The rows.
pub(crate) const FAULTS: &[Fault] = &[
    killed("Alcove killed at random", |round| {
        Box::pin(at_random(round))
    }),
    killed("Alcove killed before a commit", |round| {
        Box::pin(at_point(round, "store::commit", 12))
    }),
    killed("Alcove killed after a commit", |round| {
        Box::pin(at_point(round, "store::committed", 12))
    }),
    killed("Alcove killed before a line of a log", |round| {
        Box::pin(at_point(round, "log::write", 30))
    }),
    killed("Alcove killed after a line of a log", |round| {
        Box::pin(at_point(round, "log::written", 30))
    }),
    killed("Alcove killed before a log is flushed", |round| {
        Box::pin(at_point(round, "log::sync", 10))
    }),
    killed("Alcove killed before Borg is started", |round| {
        Box::pin(at_point(round, "borg::spawn", 5))
    }),
    killed("Alcove killed after Borg was started", |round| {
        Box::pin(at_point(round, "borg::spawned", 5))
    }),
    Fault::new(
        "Alcove killed during prune",
        "The archive is safe, and the next backup prunes",
        &["completed, interrupted, prune_failed"],
        |round| Box::pin(in_maintenance(round, " prune ")),
    ),
    Fault::new(
        "Alcove killed during compact",
        "The archive is safe, and the next backup compacts",
        &["completed, interrupted, compact_failed"],
        |round| Box::pin(in_maintenance(round, " compact ")),
    ),
];

async fn at_random(round: Round) -> Seen {
    live(round, |scratch, attempt| {
        let moment = Round {
            seed: round.seed + attempt,
        }
        .between(0, 4_000 / (attempt + 1));
        let moment = Duration::from_millis(moment);
        let mut life = SecondLife::begin(scratch, &[], None);
        let begun = Instant::now();
        while begun.elapsed() < moment && !life.has_ended() {
            std::thread::sleep(Duration::from_millis(5));
        }
        if !life.has_ended() {
            life.send(Signal::KILL);
        }
        life.left()
    })
    .await
}

async fn at_point(round: Round, point: &str, often: u64) -> Seen {
    live(round, |scratch, attempt| {
        let passing = round.between(1, often + 1).div_ceil(attempt + 1);
        SecondLife::begin(scratch, &[], Some(&format!("{passing} {point}"))).left()
    })
    .await
}

/// Has second lives back up until one is killed, and looks at what that leaves.
async fn live(round: Round, life: impl Fn(&Scratch, u64) -> Left) -> Seen {
    let mut left = None;
    let lives = |scratch: &Scratch| {
        (0..TRIES)
            .map(|attempt| life(scratch, attempt))
            .find(|left| left.killed)
    };
    let stage = Stage::pruning(round)
        .await
        .rebuilt(async |house| {
            let (house, killed) = house.away(lives).await;
            left = killed;
            house
        })
        .await;
    let left = left.expect("a life is killed in the end");
    println!("{}", left.said);
    stage.no_borg().await;
    let job = stage.newest().await;
    assert!(job.ended_at.is_some() && !job.active, "{job:#?}");
    let mut seen = stage.seen(job.id, "").await;
    seen.log_kept &= left.lost().is_none();
    stage.and_next(seen).await
}

/// Kills it while Borg prunes or compacts, held still so that it is in the middle of that.
async fn in_maintenance(round: Round, command: &str) -> Seen {
    live(round, |scratch, _| {
        let mut life = SecondLife::begin(scratch, &[], None);
        while !life.has_ended() {
            let mut borgs = Terminal(scratch).borgs().into_iter();
            if let Some((borg, _)) = borgs.find(|(_, line)| line.contains(command)) {
                std::thread::sleep(Duration::from_millis(round.between(0, 150)));
                // Gone already, where it was quick: then the next life is tried.
                let _ = kill_process(borg, Signal::STOP);
                life.send(Signal::KILL);
                let _ = kill_process(borg, Signal::CONT);
                break;
            }
        }
        life.left()
    })
    .await
}
