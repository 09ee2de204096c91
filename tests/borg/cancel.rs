//! Stopping, at every moment of a job's life.

use alcove_store::{Maintenance, Phase, Status, WaitingFor};
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, archive, try_for};

#[tokio::test(flavor = "multi_thread")]
async fn a_running_backup_that_is_cancelled_leaves_no_archive_and_no_process() {
    let house = House::new();
    let source = house.scratch.tree("Pictures", 6_000, 60_000, 1);
    house.create(&[&source]).await;
    let id = house.start().await;
    house
        .wait(id, |job| {
            job.phase == Phase::BackingUp && job.progress_details.nfiles > 100
        })
        .await;
    assert!(house.cancel(id).await.unwrap());
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Cancelled, "{}", house.log(id).await);
    assert!(job.progress < 100);
    assert_eq!(job.error_message, None);
    assert!(house.log(id).await.contains("A stop was asked for."));
    let complete: Vec<_> = house
        .archives()
        .into_iter()
        .filter(|name| !name.ends_with(".checkpoint"))
        .collect();
    assert_eq!(complete, Vec::<String>::new());
    assert!(
        try_for(|| house.running_borgs().is_empty().then_some(()))
            .await
            .is_some()
    );
    // The repository is free again, and what was sent is of use.
    let next = house.back_up_well().await;
    assert_eq!(next.progress, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_backup_is_cancelled_at_once_and_the_running_one_goes_on() {
    let house = House::new();
    let source = house.scratch.tree("Pictures", 2_000, 40_000, 2);
    house.create(&[&source]).await;
    let running = house.start().await;
    let waiting = house.start().await;
    assert!(!house.cancel(waiting).await.unwrap());
    let job = house.job(waiting).await;
    assert_eq!(job.status, Status::Cancelled);
    assert!(job.ended_at.is_some() && job.started_at.is_none());
    assert_eq!(house.ended(running).await.status, Status::Completed);
    assert_eq!(house.archives().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_has_ended_or_never_was_cannot_be_cancelled() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 3);
    house.create(&[&source]).await;
    let job = house.back_up_well().await;
    let ended = house.cancel(job.id).await.unwrap_err();
    assert_eq!(ended.code.as_str(), "already_ended");
    assert_eq!(house.job(job.id).await.status, Status::Completed);
    assert_eq!(
        house.cancel(4711).await.unwrap_err().code.as_str(),
        "not_found"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn clicking_cancel_twice_is_no_error_while_the_job_runs() {
    let house = House::new();
    let source = house.scratch.tree("Pictures", 6_000, 60_000, 4);
    house.create(&[&source]).await;
    let id = house.start().await;
    house.wait(id, |job| job.phase == Phase::BackingUp).await;
    house.cancel(id).await.unwrap();
    let second = house.cancel(id).await;
    assert!(second.is_ok() || house.job(id).await.ended_at.is_some());
    assert_eq!(house.ended(id).await.status, Status::Cancelled);
}

/// A Borg that stops when it is told to, as Borg does: with 128 + SIGTERM.
fn until_told() -> Script {
    Script::new().wait_for_signal().exit(143)
}

/// Cancels the maintenance of a first backup, which hangs in `command`, and returns the house and the job.
async fn cancelled_in(command: &str, phase: Phase) -> (House, alcove_api::types::Job) {
    let fake = FakeBorg::new("1.4.1")
        .on("create", archive())
        .on(command, until_told())
        .on(command, Script::new());
    let (house, fake) = House::over_fake(fake).await;
    let id = house.start().await;
    let job = house.wait(id, |job| job.phase == phase).await;
    assert!(job.active && job.status == Status::Completed && job.ended_at.is_none());
    let ready = || {
        fake.calls(command)
            .first()?
            .is_ready_for_signals()
            .then_some(())
    };
    try_for(ready).await.unwrap();
    assert!(house.cancel(id).await.unwrap());
    let job = house.ended(id).await;
    assert_eq!(fake.calls(command)[0].signals(), ["TERM"]);
    (house, job)
}

async fn assert_stopped(house: &House, job: alcove_api::types::Job, maintenance: Maintenance) {
    assert_eq!((job.status, job.progress), (Status::Completed, 100));
    assert_eq!(job.maintenance_status, Some(maintenance));
    assert_eq!(
        job.error_message.as_deref(),
        Some("Maintenance was stopped. The archives are safe.")
    );
    let log = house.log(job.id).await;
    assert!(log.contains("Maintenance was stopped."), "{log}");
    // The lane is free again.
    let next = house.back_up_well().await;
    assert_eq!(next.maintenance_status, Some(Maintenance::Completed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_during_prune_stops_maintenance_and_leaves_the_backup_completed() {
    let (house, job) = cancelled_in("prune", Phase::Pruning).await;
    assert!(!house.log(job.id).await.contains("compact --"));
    assert_stopped(&house, job, Maintenance::PruneFailed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_during_compact_stops_maintenance_and_leaves_the_backup_completed() {
    let (house, job) = cancelled_in("compact", Phase::Compacting).await;
    assert_stopped(&house, job, Maintenance::CompactFailed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_after_the_statistics_came_too_late_and_skips_maintenance() {
    let late = archive().wait_for_signal().exit(0);
    let (house, fake) = House::over_fake(FakeBorg::new("1.4.1").on("create", late)).await;
    let id = house.start().await;
    let ready = || {
        fake.calls("create")
            .first()?
            .is_ready_for_signals()
            .then_some(())
    };
    try_for(ready).await.unwrap();
    house.cancel(id).await.unwrap();
    let job = house.ended(id).await;
    assert_eq!((job.status, job.progress), (Status::Completed, 100));
    assert_eq!((job.maintenance_status, job.error_message), (None, None));
    let log = house.log(id).await;
    assert!(
        log.contains("The stop came after the archive was complete. Maintenance is skipped."),
        "{log}"
    );
    assert!(fake.calls("prune").is_empty() && fake.calls("compact").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_waits_for_a_lock_can_be_cancelled() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 5);
    house.create(&[&source]).await;
    let holder = house.terminal().hold(&house.repository()).await;
    let id = house.start().await;
    // From then on Borg waits inside one long process.
    house
        .wait(id, |job| job.waiting_for == Some(WaitingFor::Lock))
        .await;
    let borgs = || house.running_borgs();
    try_for(|| {
        borgs()
            .iter()
            .any(|line| line.contains("create"))
            .then_some(())
    })
    .await
    .unwrap();
    house.cancel(id).await.unwrap();
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Cancelled, "{}", house.log(id).await);
    assert_eq!((job.error_code, job.maintenance_status), (None, None));
    holder.let_go();
    assert_eq!(house.archives(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_before_there_is_a_process_says_that_none_was_stopped() {
    let stopped = Script::new().wait_for_release("create");
    let (house, fake) = House::over_fake(FakeBorg::new("1.4.1").on("create", stopped)).await;
    let first = house.start().await;
    let second = house.start().await;
    assert!(!house.cancel(second).await.unwrap());
    let job = house.ended(second).await;
    assert_eq!(job.status, Status::Cancelled);
    assert!(
        house
            .log(second)
            .await
            .contains("Cancelled before it began.")
    );
    fake.release("create");
    assert_eq!(house.ended(first).await.status, Status::Failed);
}
