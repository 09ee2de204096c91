//! What a crash of Alcove leaves.

use alcove_api::ErrorCode;
use alcove_api::types::Nothing;
use alcove_store::{Maintenance, Phase, Status, Store};
use alcove_tests::House;
use rusqlite::Connection;

/// Writes into the store of a closed house what a crash would have left, then opens it again.
async fn after_a_crash(house: House, crash: impl FnOnce(&mut alcove_store::Job)) -> (House, i64) {
    let id = house.back_up_well().await.id;
    house
        .edit(|store| {
            let old = store.job(id).unwrap().unwrap();
            let mut job = store
                .insert_job(alcove_store::NewJob {
                    kind: old.kind,
                    repository: old.repository,
                    plan: old.plan,
                    plan_name: old.plan_name,
                    trigger: old.trigger,
                    retry_of: None,
                    created_at: old.created_at,
                })
                .unwrap();
            crash(&mut job);
            store.save_job(&job).unwrap();
            job.id
        })
        .await
}

async fn house() -> House {
    let house = House::new();
    let source = house.scratch.tree("Documents", 5, 100, 1);
    house.create(&[&source]).await;
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_ran_when_alcove_was_killed_is_failed_with_a_reason_and_its_percent() {
    let (house, id) = after_a_crash(house().await, |job| {
        job.status = Status::Running;
        job.phase = Phase::BackingUp;
        job.active = true;
        job.progress.percent = 42.5;
        job.progress.current_file = "/home/x".into();
        job.progress.speed = 12.0;
    })
    .await;
    let job = house.job(id).await;
    assert_eq!(
        (job.status, job.phase, job.active),
        (Status::Failed, Phase::Ended, false)
    );
    assert_eq!(job.error_code.as_deref(), Some("interrupted"));
    assert_eq!(job.progress, 42);
    assert_eq!(job.progress_details.current_file, "");
    assert!(
        house
            .log(id)
            .await
            .contains("Alcove stopped while this backup ran")
    );
    assert!(job.ended_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_that_ran_when_alcove_was_killed_leaves_the_backup_completed() {
    let (house, id) = after_a_crash(house().await, |job| {
        job.status = Status::Completed;
        job.completed_at = Some(job.created_at);
        job.phase = Phase::Pruning;
        job.active = true;
        job.maintenance = Some(Maintenance::RunningPrune);
        job.progress.percent = 100.0;
    })
    .await;
    let job = house.job(id).await;
    assert_eq!(
        (job.status, job.active, job.progress),
        (Status::Completed, false, 100)
    );
    assert_eq!(job.maintenance_status, Some(Maintenance::PruneFailed));
    assert!(job.error_message.unwrap().contains("The archive is safe"));
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_alcove_is_closed_under_have_failed_and_say_so() {
    let house = House::new();
    let source = house.scratch.tree("Pictures", 4_000, 40_000, 1);
    house.create(&[&source]).await;
    let running = house.start().await;
    let waiting = house.start().await;
    house
        .wait(running, |job| job.phase == Phase::BackingUp)
        .await;
    let cancelled = house.start().await;
    house.cancel(cancelled).await.unwrap();
    house.api.shutdown().await;
    assert!(house.running_borgs().is_empty());
    // As it was left: another start of Alcove would end what was not.
    let records =
        |store: &Store| [running, waiting, cancelled].map(|id| store.job(id).unwrap().unwrap());
    let (house, jobs) = house.edit(records).await;
    for (job, why) in jobs.iter().zip([
        "Alcove stopped while this backup ran",
        "Alcove was closed before this backup began",
    ]) {
        assert_eq!(job.status, Status::Failed);
        assert_eq!(job.error_code.as_deref(), Some("interrupted"));
        assert!(job.error_message.as_ref().unwrap().contains(why));
        assert!(house.log(job.id).await.contains(why));
    }
    assert_eq!(jobs[2].status, Status::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_close_leaves_a_copy_of_the_records_while_the_api_is_still_held() {
    let house = house().await;
    let id = house.back_up_well().await.id;
    let held = house.api.clone();
    house.api.shutdown().await;
    assert!(!house.data().join("alcove.sqlite3-wal").exists());
    let copy = std::fs::read_dir(house.data().join("copies"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .max()
        .unwrap();
    let status: String = Connection::open(copy)
        .unwrap()
        .query_one("SELECT status FROM jobs WHERE id = ?", [id], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(status, "completed");
    let refused = held.list_repositories(Nothing {}).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::StoreFailed);
}
