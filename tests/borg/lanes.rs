//! Who runs when.

use alcove_api::types::{ChangeSettings, CreateRepository, StartBackup};
use alcove_store::Status;
use alcove_testkit::FakeBorg;
use alcove_tests::{House, archive};

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
