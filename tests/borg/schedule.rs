//! Plans that run by themselves: over a clock that the test puts. What they wait for besides: `conditions.rs`.

use std::sync::Arc;
use std::time::Duration;

use alcove_api::types::{
    ChangePlan, ChangeRepository, Job, ListBackupJobs, ListJobs, NewSchedule, Nothing, Plan,
    RepositoryId, StartMaintenance,
};
use alcove_api::{ApiError, ErrorCode};
use alcove_store::{JobKind, Status, Trigger};
use alcove_tests::{House, PutClock};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// How often something is looked for at most, every 50 ms: for five minutes.
const LOOKS: u32 = 6_000;

/// A house with a plan without a schedule, on a summer day.
async fn at(now: &str) -> (House, PutClock) {
    let clock = PutClock::default();
    clock.put(now.parse().unwrap());
    let world = clock.clone();
    let house = House::with(move |_, given| given.clock = Arc::new(world));
    let source = house.scratch.tree("Documents", 5, 1_000, 1);
    house.create(&[&source]).await;
    (house, clock)
}

async fn change(house: &House, mut change: Value) -> Result<(), ApiError> {
    change["plan"] = json!(1);
    let change: ChangePlan = serde_json::from_value(change).unwrap();
    house.api.change_plan(change).await.map(|_| ())
}

async fn set(house: &House, cron: &str) -> Result<(), ApiError> {
    let schedule = json!({"cron": cron, "time_zone": "Europe/Berlin"});
    change(house, json!({ "schedule": schedule })).await
}

/// Has the scheduler look now, as any change of a plan does.
async fn look(house: &House) {
    change(house, json!({})).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
}

async fn plan(house: &House) -> Plan {
    let mut plans = house.api.list_plans(Nothing {}).await.unwrap().plans;
    plans.remove(0)
}

async fn jobs(house: &House) -> Vec<Job> {
    let all = house.api.list_backup_jobs(ListBackupJobs::default()).await;
    all.unwrap().jobs
}

async fn checks(house: &House) -> Vec<Job> {
    let checks = ListJobs {
        kind: Some(JobKind::Check),
        ..ListJobs::default()
    };
    house.api.list_jobs(checks).await.unwrap().jobs
}

async fn set_check(house: &House, check: Value) -> Result<(), ApiError> {
    let change = json!({"repository_id": 1, "check": check});
    let change: ChangeRepository = serde_json::from_value(change).unwrap();
    house.api.change_repository(change).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_checked_by_itself_in_parts_so_many_days_after_the_last_check() {
    let (house, clock) = at("2026-07-10T12:00:00Z").await;
    for (days, minutes, field) in [(0, 1, "days"), (367, 1, "days"), (7, 0, "minutes")] {
        let refused = set_check(&house, json!({"days": days, "minutes": minutes})).await;
        assert_eq!(refused.unwrap_err().field.as_deref(), Some(field));
    }
    set_check(&house, json!({"days": 7, "minutes": 30}))
        .await
        .unwrap();
    look(&house).await;
    assert!(checks(&house).await.is_empty(), "it is not time yet");
    // The computer slept for a week; then time passes in steps too short to be a sleep.
    let began: Timestamp = "2026-07-18T08:00:00Z".parse().unwrap();
    let mut step = 0;
    while checks(&house).await.is_empty() {
        clock.put(began + SignedDuration::from_secs(25 * step));
        look(&house).await;
        step += 1;
        assert!(step < 50, "nothing started by itself");
    }
    assert!(step > 4, "it lets the computer wake first");
    let job = house.ended(checks(&house).await[0].id).await;
    let log = house.log(job.id).await;
    assert_eq!(job.status, Status::Completed, "{log}");
    assert_eq!(job.triggered_by, Trigger::Schedule);
    assert!(log.contains("--max-duration=1800"), "{log}");
    let of = RepositoryId { repository_id: 1 };
    let check = house
        .api
        .get_repository(of)
        .await
        .unwrap()
        .last_check
        .unwrap();
    assert_eq!((check.good, check.minutes), (Some(true), Some(30)));
    look(&house).await;
    assert_eq!(checks(&house).await.len(), 1);

    // One that is asked for goes to its end.
    let asked = StartMaintenance {
        repository_id: 1,
        kind: JobKind::Check,
        plan: None,
        retry_of: None,
    };
    let id = house.api.start_maintenance(asked).await.unwrap().job_id;
    house.ended(id).await;
    assert!(!house.log(id).await.contains("--max-duration"));
    let check = house
        .api
        .get_repository(of)
        .await
        .unwrap()
        .last_check
        .unwrap();
    assert_eq!((check.job_id, check.minutes), (id, None));
    set_check(&house, Value::Null).await.unwrap();
    let repositories = house.api.list_repositories(Nothing {}).await.unwrap();
    assert!(repositories.repositories[0].check.is_none());
}

/// Waits for the first job, which is to start by itself, and for its end.
async fn ended(house: &House) -> Job {
    let mut looks = 0;
    loop {
        if let Some(job) = jobs(house).await.first() {
            return house.ended(job.id).await;
        }
        assert!(looks < LOOKS, "nothing started by itself");
        looks += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_runs_by_itself_at_its_time_and_the_job_says_so() {
    let (house, clock) = at("2026-07-10T12:00:00Z").await;
    set(&house, "0 18 * * *").await.unwrap();
    let schedule = plan(&house).await.schedule.unwrap();
    assert_eq!(schedule.time_zone, "Europe/Berlin");
    assert_eq!(schedule.next_runs.len(), 3);
    // The last step is too short to be a sleep.
    for time in ["15:59:40", "16:00:01"] {
        assert!(jobs(&house).await.is_empty(), "it is not time yet");
        clock.put(format!("2026-07-10T{time}Z").parse().unwrap());
        look(&house).await;
    }
    let job = ended(&house).await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(job.id).await);
    assert_eq!(job.triggered_by, Trigger::Schedule);
    assert_eq!(job.scheduled_job_id, Some(1));
    assert_eq!(
        plan(&house).await.schedule.unwrap().next_runs[0],
        "2026-07-11T16:00:00Z"
    );
    for (scheduled_only, manual_only, count) in
        [(true, false, 1), (false, true, 0), (true, true, 1)]
    {
        let filter = ListBackupJobs {
            scheduled_only: Some(scheduled_only),
            manual_only: Some(manual_only),
            ..ListBackupJobs::default()
        };
        let listed = house.api.list_backup_jobs(filter).await.unwrap().jobs;
        assert_eq!(listed.len(), count);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_sleep_missed_is_caught_up_once_after_it() {
    let (house, clock) = at("2026-07-10T12:00:00Z").await;
    set(&house, "0 18 * * *").await.unwrap();
    let began: Timestamp = "2026-07-14T08:00:00Z".parse().unwrap();
    // The computer slept for four days; then time passes in steps too short to be a sleep.
    for step in 0..=5 {
        assert!(
            jobs(&house).await.is_empty(),
            "it lets the computer wake first"
        );
        clock.put(began + SignedDuration::from_secs(25 * step));
        look(&house).await;
    }
    let job = ended(&house).await;
    assert_eq!(job.triggered_by, Trigger::Schedule);
    look(&house).await;
    assert_eq!(jobs(&house).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_taken_off_its_schedule_and_a_schedule_that_is_none_is_refused() {
    let (house, _clock) = at("2026-07-10T15:00:00Z").await;
    set(&house, " 0  18 * * 1-5 ").await.unwrap();
    assert_eq!(plan(&house).await.schedule.unwrap().cron, "0 18 * * 1-5");
    let wished = NewSchedule {
        cron: "30 7 1 * *".to_owned(),
        time_zone: Some("Europe/Berlin".to_owned()),
    };
    let previewed = house.api.preview_schedule(wished).await.unwrap();
    assert_eq!(
        previewed.next_runs,
        [
            "2026-08-01T05:30:00Z",
            "2026-09-01T05:30:00Z",
            "2026-10-01T05:30:00Z"
        ]
    );
    assert!(previewed.words.contains("07:30"), "{}", previewed.words);
    let refused = set(&house, "at six").await.unwrap_err();
    assert_eq!(
        (refused.code, refused.field.as_deref()),
        (ErrorCode::BadArgument, Some("schedule"))
    );
    change(&house, json!({"name": "Papers"})).await.unwrap();
    assert!(
        plan(&house).await.schedule.is_some(),
        "what is left out stays"
    );
    change(&house, json!({"schedule": null})).await.unwrap();
    assert!(plan(&house).await.schedule.is_none());
}
