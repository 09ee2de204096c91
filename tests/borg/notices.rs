//! What a person is told by the engine over a real Borg: ends, quiet hours, a plan that is overdue, and pauses.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use alcove_api::types::{
    ChangePlan, ChangeSettings, ListBackupJobs, Nothing, PauseSchedules, Plans,
};
use alcove_api::{Notice, NoticeKind, PauseLength};
use alcove_store::{Status, Trigger};
use alcove_tests::{House, PutClock};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use serde_json::{Value, json};

/// How long something that takes a moment may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A house of Berlin with a plan, and what its person is told.
async fn at(now: &str) -> (House, PutClock, Receiver<Notice>) {
    let clock = PutClock::default();
    clock.put(now.parse().unwrap());
    let world = clock.clone();
    let house = House::with(move |_, given| {
        given.clock = Arc::new(world);
        given.zone = TimeZone::get("Europe/Berlin").unwrap();
    });
    let source = house.scratch.tree("Documents", 5, 1_000, 1);
    house.create(&[&source]).await;
    let told = watch(&house);
    (house, clock, told)
}

/// The same late in the evening, in quiet hours that end at seven.
async fn at_night() -> (House, PutClock, Receiver<Notice>) {
    let opened = at("2026-07-10T21:00:00Z").await;
    let quiet = json!({"quiet_hours": {"from": "22:00", "until": "07:00"}});
    set(&opened.0, quiet).await;
    opened
}

/// The quiet hours are over, and the first thing that is told is that this job failed.
async fn is_told_at_seven(house: &House, clock: &PutClock, told: &Receiver<Notice>, failed: i64) {
    clock.put("2026-07-11T05:00:10Z".parse().unwrap());
    look(house).await;
    let notice = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!(
        (notice.kind, notice.job),
        (NoticeKind::Failure, Some(failed))
    );
}

fn watch(house: &House) -> Receiver<Notice> {
    let (tell, told) = channel();
    house.api.watch_notices(move |notice| _ = tell.send(notice));
    told
}

async fn change_plan(house: &House, mut change: Value) {
    change["plan"] = json!(1);
    let change: ChangePlan = serde_json::from_value(change).unwrap();
    house.api.change_plan(change).await.unwrap();
}

/// Has everything that follows the plans look now.
async fn look(house: &House) {
    change_plan(house, json!({})).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
}

async fn daily(house: &House) {
    let schedule = json!({"cron": "0 18 * * *", "time_zone": "Europe/Berlin"});
    change_plan(house, json!({ "schedule": schedule })).await;
}

async fn set(house: &House, change: Value) {
    let change: ChangeSettings = serde_json::from_value(change).unwrap();
    house.api.change_settings(change).await.unwrap();
}

async fn plans(house: &House) -> Plans {
    house.api.list_plans(Nothing {}).await.unwrap()
}

/// Takes the repository away, so that no backup can go well.
fn break_repository(house: &House) {
    let repository = house.repository();
    let repository = Path::new(&repository);
    std::fs::rename(repository.join("config"), repository.join("gone")).unwrap();
}

fn kinds(told: &Receiver<Notice>) -> Vec<NoticeKind> {
    told.try_iter().map(|notice| notice.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ends_are_told_by_choice_and_failures_always() {
    let (house, _clock, told) = at("2026-07-10T10:00:00Z").await;
    let job = house.back_up().await;
    let notice = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!(notice.kind, NoticeKind::Success);
    assert_eq!((notice.job, notice.retry), (Some(job.id), false));
    set(
        &house,
        json!({"notify_success": false, "notify_warnings": false}),
    )
    .await;
    house.back_up().await;
    break_repository(&house);
    let failed = house.back_up().await;
    assert_eq!(failed.status, Status::Failed);
    let notice = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!((notice.kind, notice.retry), (NoticeKind::Failure, true));
    assert_eq!(notice.job, Some(failed.id));
    assert!(!notice.body.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_in_quiet_hours_is_told_when_they_end_even_after_a_restart() {
    let (house, clock, told) = at_night().await;
    break_repository(&house);
    let failed = house.back_up().await;
    look(&house).await;
    assert_eq!(kinds(&told), []);
    let later = clock.clone();
    let house = house
        .restart_with(move |_, world| {
            world.clock = Arc::new(later.clone());
            world.zone = TimeZone::get("Europe/Berlin").unwrap();
        })
        .await;
    let told = watch(&house);
    clock.put("2026-07-11T04:59:30Z".parse().unwrap());
    look(&house).await;
    assert_eq!(kinds(&told), []);
    is_told_at_seven(&house, &clock, &told, failed.id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_overdue_once_and_only_after_it_had_the_time_to_catch_up() {
    let (house, clock, told) = at("2026-07-10T10:00:00Z").await;
    daily(&house).await;
    assert_eq!(plans(&house).await.plans[0].protected_until, None);
    house.back_up_well().await;
    assert_eq!(
        told.recv_timeout(PATIENCE).unwrap().kind,
        NoticeKind::Success
    );
    // By hand at noon: due at six, and a day more.
    let until = plans(&house).await.plans[0].protected_until.clone();
    assert_eq!(until.as_deref(), Some("2026-07-11T16:00:00Z"));
    break_repository(&house);
    // The computer slept for three days; then time passes in steps too short to be a sleep.
    let began: Timestamp = "2026-07-13T08:00:00Z".parse().unwrap();
    let mut heard = Vec::new();
    for step in 0..=33 {
        clock.put(began + SignedDuration::from_secs(29 * step));
        look(&house).await;
        let news = kinds(&told);
        let minutes = 29 * step / 60;
        assert!(
            !news.contains(&NoticeKind::Overdue) || minutes >= 14,
            "told after {minutes} minutes"
        );
        heard.extend(news);
    }
    look(&house).await;
    heard.extend(kinds(&told));
    assert_eq!(heard, [NoticeKind::Failure, NoticeKind::Overdue]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_told_is_told_once_though_the_records_take_nothing() {
    let (house, clock, told) = at_night().await;
    Connection::open(house.data().join("alcove.sqlite3"))
        .unwrap()
        .execute_batch(
            "CREATE TRIGGER full BEFORE INSERT ON settings WHEN new.key = 'notices'
             BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END",
        )
        .unwrap();
    break_repository(&house);
    let failed = house.back_up().await;
    look(&house).await;
    assert_eq!(kinds(&told), []);
    is_told_at_seven(&house, &clock, &told, failed.id).await;
    look(&house).await;
    assert_eq!(kinds(&told), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_holds_what_is_due_through_a_restart_until_it_is_ended() {
    let (house, clock, _told) = at("2026-07-10T15:30:00Z").await;
    daily(&house).await;
    let length = PauseLength::UntilTomorrow;
    let paused = house.api.pause_schedules(PauseSchedules { length }).await;
    assert_eq!(paused.unwrap().paused_until, "2026-07-11T04:00:00Z");
    let later = clock.clone();
    let house = house
        .restart_unlocked(move |_, world| {
            world.clock = Arc::new(later.clone());
            world.zone = TimeZone::get("Europe/Berlin").unwrap();
        })
        .await;
    let until = plans(&house).await.paused_until;
    assert_eq!(until.as_deref(), Some("2026-07-11T04:00:00Z"));
    clock.put("2026-07-10T16:10:00Z".parse().unwrap());
    look(&house).await;
    let jobs = async || {
        let all = house.api.list_backup_jobs(ListBackupJobs::default()).await;
        all.unwrap().jobs
    };
    assert!(jobs().await.is_empty());
    house.api.resume_schedules(Nothing {}).await.unwrap();
    assert_eq!(plans(&house).await.paused_until, None);
    // It was due while the computer was awake: nothing is waited for but the steps of the clock.
    let began: Timestamp = "2026-07-10T16:10:20Z".parse().unwrap();
    let mut step = 0;
    while jobs().await.is_empty() {
        assert!(step < 20, "nothing was caught up");
        clock.put(began + SignedDuration::from_secs(25 * step));
        look(&house).await;
        step += 1;
    }
    let job = house.ended(jobs().await[0].id).await;
    assert_eq!(job.triggered_by, Trigger::Schedule);
}
