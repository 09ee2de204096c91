//! Stopping, at every moment of a job's life.

use alcove_api::types::JobId;
use alcove_store::{Phase, Status};
use alcove_tests::{House, try_for};

async fn cancel(house: &House, id: i64) -> Result<bool, alcove_api::ApiError> {
    house
        .api
        .cancel_backup(JobId { job_id: id })
        .await
        .map(|answer| answer.process_terminated)
}

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
    assert!(cancel(&house, id).await.unwrap());
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
    assert!(!cancel(&house, waiting).await.unwrap());
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
    let ended = cancel(&house, job.id).await.unwrap_err();
    assert_eq!(ended.code.as_str(), "already_ended");
    assert_eq!(house.job(job.id).await.status, Status::Completed);
    assert_eq!(
        cancel(&house, 4711).await.unwrap_err().code.as_str(),
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
    cancel(&house, id).await.unwrap();
    let second = cancel(&house, id).await;
    assert!(second.is_ok() || house.job(id).await.ended_at.is_some());
    assert_eq!(house.ended(id).await.status, Status::Cancelled);
}
