//! Borg killed, and Borg that says nothing any more.

use std::time::Duration;

use alcove_api::types::Job;
use rustix::process::Signal;

use crate::checkpoints;
use crate::fault::{Fault, Seen};
use crate::round::{Round, Stage, assert_used_again};

/// The rows.
pub(crate) const FAULTS: &[Fault] = &[
    Fault::new(
        "Borg killed",
        "What was sent up to the last checkpoint is used again; Borg takes its own dead lock away",
        &["failed, borg_killed"],
        |round| Box::pin(killed(round)),
    )
    .killing(),
    Fault::new(
        "Borg stopped",
        "Its job says since when Borg has said nothing; it goes on when Borg does",
        &["completed"],
        |round| Box::pin(stopped(round)),
    ),
];

async fn killed(round: Round) -> Seen {
    let stage = Stage::with(checkpoints::often).await;
    let held = stage.hold_after_checkpoint(round).await;
    held.send(Signal::KILL);
    let seen = stage.outcome(held.id).await;
    let seen = stage.and_next(seen).await;
    assert_used_again(&stage.newest().await);
    stage.assert_first_archive();
    seen
}

async fn stopped(round: Round) -> Seen {
    let soon = Duration::from_secs(1);
    let stage = Stage::with(|_, world| world.stalled_after = soon).await;
    let held = stage.hold(round).await;
    let is_stalled = |job: &Job| job.stalled_since.is_some();
    stage.house.wait(held.id, is_stalled).await;
    held.go_on();
    let seen = stage.outcome(held.id).await;
    assert_eq!(stage.house.job(held.id).await.stalled_since, None);
    stage.and_next(seen).await
}
