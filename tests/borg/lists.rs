//! The list of jobs, and which plan is meant: what is asked for and what comes.

use alcove_api::types::{CreatePlan, Job, ListBackupJobs, Nothing, StartBackup};
use alcove_store::{NewJob, Plan, Status, Store, Trigger};
use alcove_testkit::FakeBorg;
use alcove_tests::{House, archive};

async fn house() -> House {
    House::over_fake(FakeBorg::new("1.4.1").on("create", archive()))
        .await
        .0
}

async fn listed(house: &House, list: ListBackupJobs) -> Vec<Job> {
    house.api.list_backup_jobs(list).await.unwrap().jobs
}

fn numbers(jobs: &[Job]) -> Vec<i64> {
    jobs.iter().map(|job| job.id).collect()
}

/// Adds ended jobs, one of each trigger, and returns the manual and the scheduled one.
fn one_of_each(store: &Store) -> [i64; 2] {
    [Trigger::Manual, Trigger::Schedule].map(|trigger| {
        let mut job = store
            .insert_job(NewJob {
                kind: alcove_store::JobKind::Backup,
                repository: "/elsewhere".to_owned(),
                plan: None,
                plan_name: None,
                trigger,
                retry_of: None,
                created_at: jiff::Timestamp::UNIX_EPOCH,
            })
            .unwrap();
        job.status = Status::Cancelled;
        job.phase = alcove_store::Phase::Ended;
        job.ended_at = Some(jiff::Timestamp::UNIX_EPOCH);
        store.save_job(&job).unwrap();
        job.id
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_listed_by_what_started_them_and_scheduled_only_wins() {
    let (house, [manual, scheduled]) = house().await.edit(one_of_each).await;
    let asked = |scheduled_only, manual_only| ListBackupJobs {
        scheduled_only,
        manual_only,
        ..ListBackupJobs::default()
    };
    let found = async |list| numbers(&listed(&house, list).await);
    assert_eq!(found(asked(None, None)).await, [scheduled, manual]);
    assert_eq!(found(asked(Some(true), None)).await, [scheduled]);
    assert_eq!(found(asked(None, Some(true))).await, [manual]);
    assert_eq!(found(asked(Some(true), Some(true))).await, [scheduled]);
    assert_eq!(found(asked(Some(false), Some(true))).await, [manual]);
    assert_eq!(
        found(asked(Some(false), Some(false))).await,
        [scheduled, manual]
    );
    let of_schedule = listed(&house, asked(Some(true), None)).await;
    assert_eq!(of_schedule[0].triggered_by, Trigger::Schedule);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_listed_newest_first_by_page_status_and_repository() {
    let (house, [older, newer]) = house().await.edit(one_of_each).await;
    let done = house.back_up_well().await.id;
    let found = async |list| numbers(&listed(&house, list).await);
    assert_eq!(found(ListBackupJobs::default()).await, [done, newer, older]);
    let page = |before_id, limit| ListBackupJobs {
        before_id,
        limit,
        ..ListBackupJobs::default()
    };
    assert_eq!(found(page(None, Some(1))).await, [done]);
    assert_eq!(found(page(Some(done), Some(1))).await, [newer]);
    assert_eq!(found(page(Some(newer), Some(1000))).await, [older]);
    assert!(found(page(Some(older), None)).await.is_empty());
    let of_status = |status| ListBackupJobs {
        status: Some(status),
        ..ListBackupJobs::default()
    };
    assert_eq!(found(of_status(Status::Completed)).await, [done]);
    assert_eq!(found(of_status(Status::Cancelled)).await, [newer, older]);
    assert!(found(of_status(Status::Pending)).await.is_empty());
    for slash in ["", "/"] {
        let of_repository = ListBackupJobs {
            repository: Some(house.repository() + slash),
            ..ListBackupJobs::default()
        };
        assert_eq!(found(of_repository).await, [done], "{slash:?}");
    }
}

/// Adds a second plan.
fn second_plan(store: &Store, is_default: bool, enabled: bool) -> [i64; 2] {
    let first = store.plans().unwrap().remove(0);
    let second = Plan {
        name: "Pictures".to_owned(),
        tag: "p9r8u7n6".to_owned(),
        is_default,
        enabled,
        ..first.clone()
    };
    [first.id, store.insert_plan(second).unwrap().id]
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_plans_the_default_is_meant_and_any_can_be_named() {
    let (house, [first, second]) = house()
        .await
        .edit(|store| second_plan(store, true, true))
        .await;
    assert_eq!(house.back_up_well().await.plan, Some(second));
    let named = StartBackup {
        repository: house.repository(),
        plan: Some(first),
        retry_of: None,
    };
    let id = house.api.start_backup(named).await.unwrap().job_id;
    assert_eq!(house.ended(id).await.plan, Some(first));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_is_switched_off_is_not_meant() {
    let (house, [first, _]) = house()
        .await
        .edit(|store| second_plan(store, true, false))
        .await;
    assert_eq!(house.back_up_well().await.plan, Some(first));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_plans_without_a_default_one_must_be_named() {
    let (house, _) = House::over_fake_alone(FakeBorg::new("1.4.1").on("create", archive()));
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let new = alcove_api::types::CreateRepository {
        encryption: Some("none".to_owned()),
        passphrase: None,
        source_directories: None,
        ..house.new_repository(&[])
    };
    house.api.create_repository(new).await.unwrap();
    let repositories = house.api.list_repositories(Nothing {}).await.unwrap();
    for name in ["Home", "Pictures"] {
        let plan = CreatePlan {
            repository: repositories.repositories[0].id,
            name: name.to_owned(),
            source_directories: vec![source.display().to_string()],
            exclude_patterns: None,
            compression: None,
            log_files: None,
            keep: None,
            compact: None,
            check: None,
            is_default: Some(false),
            schedule: None,
            hooks: None,
            conditions: None,
            ping_url: None,
        };
        house.api.create_plan(plan).await.unwrap();
    }
    let start = StartBackup {
        repository: house.repository(),
        ..StartBackup::default()
    };
    let refused = house.api.start_backup(start).await.unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.field.as_deref()),
        ("bad_argument", Some("plan"))
    );
    assert!(listed(&house, ListBackupJobs::default()).await.is_empty());
    assert_eq!(
        house.api.list_plans(Nothing {}).await.unwrap().plans.len(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_are_taken_up_to_their_last_number_and_no_further() {
    let house = house().await;
    let job = house.back_up_well().await;
    for limit in [1, 1000] {
        let list = ListBackupJobs {
            limit: Some(limit),
            ..ListBackupJobs::default()
        };
        assert_eq!(listed(&house, list).await.len(), 1);
    }
    let page = |limit| {
        house
            .api
            .stream_backup_logs(alcove_api::types::StreamBackupLogs {
                job_id: job.id,
                offset: None,
                limit: Some(limit),
            })
    };
    assert_eq!(page(1).await.unwrap().lines.len(), 1);
    let whole = page(10_000).await.unwrap();
    assert_eq!(whole.lines.len() as u64, whole.total_lines);
    for limit in [0, -1, 10_001] {
        let refused = page(limit).await.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("limit"), "{limit}");
    }
}
