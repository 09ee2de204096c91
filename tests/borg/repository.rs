//! What is known of one repository, and what can be done about it without a job.

use std::path::Path;

use alcove_api::types::{BreakLock, LockState, MoveRepository, Nothing, RepositoryId, SizeSource};
use alcove_tests::House;

async fn ready() -> (House, RepositoryId) {
    let house = House::new();
    let source = house.scratch.tree("Documents", 20, 10_000, 1);
    let created = house.create(&[&source]).await;
    let id = RepositoryId {
        repository_id: created.repository.id,
    };
    (house, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_size_is_noted_after_every_backup_and_when_somebody_asks() {
    let (house, id) = ready().await;
    let health = house.api.get_repository(id).await.unwrap();
    assert!(health.sizes.is_empty() && health.last_check.is_none());
    house.back_up_well().await;
    house.scratch.tree("Documents/more", 20, 10_000, 2);
    house.back_up_well().await;
    let asked = house.api.measure_repository(id).await.unwrap();
    let sizes = house.api.get_repository(id).await.unwrap().sizes;
    let sources: Vec<SizeSource> = sizes.iter().map(|size| size.source).collect();
    assert_eq!(
        sources,
        [SizeSource::Backup, SizeSource::Backup, SizeSource::Asked]
    );
    assert!(sizes[0].deduplicated_size.0 >= 200_000);
    assert!(sizes[1].deduplicated_size.0 >= sizes[0].deduplicated_size.0 + 200_000);
    assert!(
        sizes[1].original_size.0 >= 600_000,
        "the first files are in both archives"
    );
    assert_eq!(asked.deduplicated_size, sizes[1].deduplicated_size);
    assert!(sizes[2].at > sizes[1].at);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_is_broken_only_when_nobody_uses_the_repository() {
    let (house, id) = ready().await;
    let lock = |house: &House| {
        let api = house.api.clone();
        async move { api.get_repository(id).await.unwrap().lock }
    };
    assert_eq!(lock(&house).await.state, LockState::Free);
    let break_it = |confirm: Option<&str>| {
        let args = BreakLock {
            repository_id: id.repository_id,
            confirm: confirm.map(str::to_owned),
        };
        let api = house.api.clone();
        async move { api.break_repository_lock(args).await }
    };
    let refused = break_it(None).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "not_locked");

    let repository = house.repository();
    let holder = house.terminal().hold(&repository).await;
    let file = Path::new(&repository).join("lock.exclusive");
    let found = lock(&house).await;
    assert_eq!(
        (found.state, found.process, found.exclusive),
        (LockState::Held, Some(holder.id()), Some(true))
    );
    assert!(found.since.is_some());
    let refused = break_it(Some("Backup SSD")).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "in_use");
    assert!(
        refused.message.contains(&holder.id().to_string()),
        "{refused}"
    );

    holder.kill();
    assert_eq!(lock(&house).await.state, LockState::LeftBehind);
    break_it(None).await.unwrap();
    assert_eq!(lock(&house).await.state, LockState::Free);
    house.back_up_well().await;

    // Another computer's, which nobody here can see.
    std::fs::create_dir(&file).unwrap();
    std::fs::write(file.join("elsewhere.example@1234.77-0"), "").unwrap();
    let found = lock(&house).await;
    assert_eq!(found.state, LockState::Elsewhere);
    assert_eq!(found.host.as_deref(), Some("elsewhere.example"));
    for confirm in [None, Some("backup ssd")] {
        let refused = break_it(confirm).await.unwrap_err();
        assert_eq!(refused.code.as_str(), "confirmation_needed");
        assert!(file.exists());
    }
    break_it(Some("Backup SSD")).await.unwrap();
    house.back_up_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_job_uses_is_left_alone() {
    let house = House::new();
    let source = house.scratch.tree("Pictures", 3_000, 30_000, 2);
    let created = house.create(&[&source]).await;
    let id = RepositoryId {
        repository_id: created.repository.id,
    };
    let job = house.start().await;
    house.wait(job, |job| job.progress_details.nfiles > 0).await;
    let health = house.api.get_repository(id).await.unwrap();
    assert_eq!(health.active_jobs, [job]);
    assert_eq!(health.lock.state, LockState::Held);
    let broken = BreakLock {
        repository_id: id.repository_id,
        confirm: Some("Backup SSD".to_owned()),
    };
    let moved = MoveRepository {
        repository_id: id.repository_id,
        path: "/elsewhere".to_owned(),
        passphrase: None,
    };
    for refused in [
        house.api.break_repository_lock(broken).await.unwrap_err(),
        house.api.measure_repository(id).await.unwrap_err(),
        house.api.move_repository(moved).await.unwrap_err(),
    ] {
        assert_eq!(refused.code.as_str(), "in_use");
        assert!(
            refused.message.contains(&format!("Job {job} ")),
            "{refused}"
        );
    }
    let ended = house.ended(job).await;
    assert_eq!(ended.status, alcove_store::Status::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_moved_is_found_again_and_another_is_refused_with_both_ids() {
    let (house, id) = ready().await;
    house.back_up_well().await;
    let to = house.scratch.path().join("moved");
    let moved = |path: &Path| MoveRepository {
        repository_id: id.repository_id,
        path: path.display().to_string(),
        passphrase: None,
    };
    // Another repository stands where it is said to be.
    let other = house.borg(&["init", "-e", "repokey-blake2", &to.display().to_string()]);
    assert!(other.status.success());
    let there = alcove_borg::repository_id_at(&to).unwrap();
    let known = alcove_borg::repository_id_at(Path::new(&house.repository())).unwrap();
    let refused = house.api.move_repository(moved(&to)).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "repository_replaced");
    assert!(
        refused.message.contains(&there) && refused.message.contains(&known),
        "{refused}"
    );
    let nowhere = house.scratch.path().join("nowhere");
    let refused = house
        .api
        .move_repository(moved(&nowhere))
        .await
        .unwrap_err();
    assert_eq!(refused.code.as_str(), "repository_missing");

    std::fs::remove_dir_all(&to).unwrap();
    std::fs::rename(house.repository(), &to).unwrap();
    let after = house.api.move_repository(moved(&to)).await.unwrap();
    assert_eq!(after.path, to.display().to_string());
    let known = house.api.list_repositories(Nothing {}).await.unwrap();
    assert_eq!(known.repositories[0].path, after.path);
    let start = alcove_api::types::StartBackup {
        repository: after.path,
        ..alcove_api::types::StartBackup::default()
    };
    let job = house.api.start_backup(start).await.unwrap().job_id;
    let job = house.ended(job).await;
    assert_eq!(
        job.status,
        alcove_store::Status::Completed,
        "{}",
        house.log(job.id).await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_check_is_known_with_how_it_ended() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 20, 10_000, 1);
    let created = house.create(&[&source]).await;
    let change = serde_json::json!({ "plan": created.plan.unwrap(), "check": true });
    let change = serde_json::from_value(change).unwrap();
    house.api.change_plan(change).await.unwrap();
    let job = house.back_up_well().await;
    let id = RepositoryId {
        repository_id: created.repository.id,
    };
    let check = house
        .api
        .get_repository(id)
        .await
        .unwrap()
        .last_check
        .unwrap();
    assert_eq!((check.job_id, check.good), (job.id, Some(true)));
}
