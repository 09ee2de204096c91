//! Who runs when.

use alcove_api::ErrorCode;
use alcove_api::types::{
    ChangeSettings, CreateRepository, ListJobs, MoveJob, RepositoryId, StartBackup,
    StartMaintenance,
};
use alcove_store::{JobKind, Maintenance, Phase, Status};
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, archive, try_for};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_backup_of_a_repository_waits_its_turn_with_its_place() {
    let house = House::new();
    let source = house.scratch.tree("Pictures", 2_000, 20_000, 1);
    house.create(&[&source]).await;
    let (first, second, third) = (
        house.start().await,
        house.start().await,
        house.start().await,
    );
    assert_eq!(house.job(second).await.queue_position, Some(1));
    assert_eq!(house.job(third).await.queue_position, Some(2));
    assert_eq!(house.job(first).await.queue_position, None);
    for id in [first, second, third] {
        assert_eq!(
            house.ended(id).await.status,
            Status::Completed,
            "{}",
            house.log(id).await
        );
    }
    let (first, second) = (house.job(first).await, house.job(second).await);
    assert!(second.started_at >= first.ended_at);
    assert_eq!(house.archives().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_waits_is_moved_ahead_and_one_that_does_not_has_no_place() {
    let fake = FakeBorg::new("1.4.1").on("create", archive().wait_for_release("create"));
    let (house, fake) = House::over_fake(fake).await;
    let running = house.start().await;
    house.wait(running, |job| job.command.is_some()).await;
    let (second, third) = (house.start().await, house.start().await);
    let to = |job_id, position| house.api.move_job(MoveJob { job_id, position });
    to(third, 1).await.unwrap();
    assert_eq!(house.job(third).await.queue_position, Some(1));
    assert_eq!(house.job(second).await.queue_position, Some(2));

    let refused = to(running, 1).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("job_id"), "{refused}");
    let refused = to(second, 0).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("position"), "{refused}");
    assert_eq!(to(99, 1).await.unwrap_err().code, ErrorCode::NotFound);
    fake.release("create");
    let (second, third) = (house.ended(second).await, house.ended(third).await);
    assert!(second.started_at >= third.ended_at);
    let refused = to(running, 1).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::AlreadyEnded, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_makes_way_for_a_backup_and_begins_again_after_it() {
    let fake = FakeBorg::new("1.4.1")
        .on("create", archive())
        .on("check", Script::new().wait_for_release("check"));
    let (house, fake) = House::over_fake(fake).await;
    let check = StartMaintenance {
        repository_id: 1,
        kind: JobKind::Check,
        plan: None,
        retry_of: None,
    };
    let check = house.api.start_maintenance(check).await.unwrap().job_id;
    house.wait(check, |job| job.phase == Phase::Checking).await;
    try_for(|| fake.calls("check").pop()).await.unwrap();
    let backup = house.start().await;
    let backup = house.ended(backup).await;
    assert_eq!(backup.status, Status::Completed);
    fake.release("check");
    let check = house.ended(check).await;
    let log = house.log(check.id).await;
    assert_eq!(check.status, Status::Completed, "{log}");
    assert_eq!(check.maintenance_status, Some(Maintenance::Completed));
    assert_eq!((check.error_code, check.warnings), (None, 0), "{log}");
    assert!(log.contains("The check makes way for it."), "{log}");
    assert_eq!(fake.calls("check").len(), 2);
    assert!(check.ended_at > backup.ended_at);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_after_a_backup_makes_way_for_the_next_and_follows_as_a_job_of_its_own() {
    let fake = FakeBorg::new("1.4.1")
        .on("create", archive())
        .on("check", Script::new().wait_for_release("check"));
    let (house, fake) = House::over_fake(fake).await;
    let (house, ()) = house
        .edit(|store| {
            let mut plan = store.plans().unwrap().remove(0);
            plan.check = true;
            store.save_plan(&plan).unwrap();
        })
        .await;
    let first = house.start().await;
    house.wait(first, |job| job.phase == Phase::Checking).await;
    let second = house.start().await;
    let first = house.ended(first).await;
    // What else was asked for is done.
    let done = (Status::Completed, Some(Maintenance::Completed));
    assert_eq!((first.status, first.maintenance_status), done);
    assert_eq!(first.error_code, None);
    let health = house
        .api
        .get_repository(RepositoryId { repository_id: 1 })
        .await;
    assert!(health.unwrap().last_check.is_none(), "nothing was checked");
    fake.release("check");
    let second = house.ended(second).await;
    assert_eq!(second.maintenance_status, Some(Maintenance::Completed));
    let checks = ListJobs {
        kind: Some(JobKind::Check),
        ..ListJobs::default()
    };
    let checks = house.api.list_jobs(checks).await.unwrap().jobs;
    assert_eq!(checks.len(), 1);
    let check = house.ended(checks[0].id).await;
    assert_eq!(
        check.status,
        Status::Completed,
        "{}",
        house.log(check.id).await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_repositories_run_side_by_side() {
    let house = House::new();
    let source = house.scratch.tree("Pictures", 3_000, 30_000, 2);
    house.create(&[&source]).await;
    let other = house.scratch.path().join("other").display().to_string();
    let new = CreateRepository {
        path: other.clone(),
        ..house.new_repository(&[&source])
    };
    house.api.create_repository(new).await.unwrap();
    let first = house.start().await;
    let args = StartBackup {
        repository: other,
        ..StartBackup::default()
    };
    let second = house.api.start_backup(args).await.unwrap().job_id;
    house.wait(second, |job| job.started_at.is_some()).await;
    assert!(
        house.job(first).await.ended_at.is_none(),
        "the first still runs"
    );
    assert_eq!(house.ended(first).await.status, Status::Completed);
    assert_eq!(house.ended(second).await.status, Status::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_lanes_run_than_the_person_allows() {
    let fake = FakeBorg::new("1.4.1").on("create", archive().wait_for_release("create"));
    let (house, fake) = House::over_fake(fake).await;
    let lanes = |lanes| ChangeSettings {
        lanes: Some(lanes),
        ..ChangeSettings::default()
    };
    house.api.change_settings(lanes(1)).await.unwrap();
    let other = house.scratch.path().join("other").display().to_string();
    let source = house.scratch.folder("home/Pictures");
    let new = CreateRepository {
        path: other.clone(),
        encryption: Some("none".to_owned()),
        passphrase: None,
        ..house.new_repository(&[&source])
    };
    house.api.create_repository(new).await.unwrap();
    let first = house.start().await;
    house.wait(first, |job| job.command.is_some()).await;
    let args = StartBackup {
        repository: other,
        ..StartBackup::default()
    };
    let second = house.api.start_backup(args).await.unwrap().job_id;
    let waiting = house.job(second).await;
    assert_eq!(
        (waiting.status, waiting.queue_position),
        (Status::Pending, Some(1))
    );
    // Another lane opens at once, without a job having to end first.
    house.api.change_settings(lanes(2)).await.unwrap();
    house.wait(second, |job| job.started_at.is_some()).await;
    assert!(house.job(first).await.ended_at.is_none());
    fake.release("create");
    house.ended(first).await;
    house.ended(second).await;
}
