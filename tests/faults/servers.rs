//! A server over ssh that goes away and comes back, and a link that freezes.

use std::path::PathBuf;
use std::time::Duration;

use alcove_tests::{House, LoopbackServer, try_for};

use crate::fault::{Fault, Seen};
use crate::round::{Round, Stage, assert_used_again};
use crate::{checkpoints, lock};

/// The rows.
pub(crate) const FAULTS: &[Fault] = &[
    Fault::new(
        "ssh server killed mid-run and back",
        "The same job tries again; what was sent up to the last checkpoint is used",
        &["completed"],
        |round| Box::pin(killed(round)),
    ),
    Fault::new(
        "frozen link",
        "Cancel climbs its ladder: Borg is asked, told, and at last ended with its ssh; what was sent up to the last checkpoint is used again",
        &["cancelled"],
        |round| Box::pin(frozen(round)),
    )
    .killing(),
];

/// A stage whose repository is on a server of its own.
async fn stage() -> (Stage, LoopbackServer) {
    let mut server = None;
    let house = House::with(|scratch, world| {
        let started = LoopbackServer::start(scratch);
        started.introduce();
        world.ssh_config = Some(started.ssh_config());
        world.reconnect_wait = Duration::from_secs(1);
        checkpoints::often(scratch, world);
        server = Some(started);
    });
    let server = server.expect("a house is opened at once");
    let repository: PathBuf = house.scratch.path().join("backups");
    let location = server.location(&repository);
    (Stage::at(house, repository, location).await, server)
}

async fn killed(round: Round) -> Seen {
    let (stage, mut server) = stage().await;
    let held = stage.hold_after_checkpoint(round).await;
    server.cut();
    held.go_on();
    stage.house.wait(held.id, |job| job.attempt > 1).await;
    server.come_back();
    let seen = stage.outcome(held.id).await;
    assert_used_again(&stage.house.job(held.id).await);
    stage.and_next(seen).await
}

async fn frozen(round: Round) -> Seen {
    let (stage, server) = stage().await;
    let held = stage.hold_after_checkpoint(round).await;
    server.freeze();
    held.go_on();
    let cancelled = stage.house.cancel(held.id).await;
    assert!(cancelled.is_ok(), "{cancelled:?}");
    stage.house.ended(held.id).await;
    server.thaw();
    // The Borg of the server sees now that nobody is there any more.
    let free = try_for(|| (lock::of(&stage.repository) == "no").then_some(())).await;
    free.expect("the server lets go of the repository");
    let seen = stage.outcome(held.id).await;
    let seen = stage.and_next(seen).await;
    assert_used_again(&stage.newest().await);
    seen
}
