//! The computer's sleep and shut-down while a job runs, and the time after a sleep.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use alcove_api::types::{ChangePlan, ChangeSettings, ListBackupJobs};
use alcove_api::{Clock as _, World};
use alcove_store::{Phase, Status, Trigger};
use alcove_system::{Computer, Event, Inhibition, Inhibitor, System, Tell};
use alcove_testkit::{Played, SystemBus};
use alcove_tests::{House, PutClock, try_for};
use jiff::SignedDuration;
use serde_json::json;

/// How often something is looked for at most, every 50 ms: for five minutes.
const LOOKS: u32 = 6_000;

/// A computer that tells of sleep and shut-down alone: what changes on the drives of other tests is no reason to look.
struct Login(Computer);

impl System for Login {
    fn inhibit(&self, what: Inhibition, why: &str) -> Option<Inhibitor> {
        self.0.inhibit(what, why)
    }

    fn watch(&self, tell: Tell) {
        self.0.watch(Box::new(move |event| {
            event == Event::Changed || tell(event)
        }));
    }
}

/// A house on a bus with a logind, and a clock of its own.
async fn with_a_login() -> (House, SystemBus, PutClock) {
    let mut bus = SystemBus::begin();
    bus.play(Played::Login);
    let clock = PutClock::default();
    let (address, own) = (bus.address().to_owned(), clock.clone());
    let house = House::with(move |_, world: &mut World| {
        let name = "DBUS_SYSTEM_BUS_ADDRESS".into();
        world.environment.insert(name, address.into());
        world.system = Arc::new(Login(Computer::of(&world.environment)));
        world.clock = Arc::new(own);
    });
    let source = house.scratch.tree("Documents", 5, 1_000, 1);
    house.create(&[&source]).await;
    (house, bus, clock)
}

fn inhibited(bus: &SystemBus) -> Vec<String> {
    let held = bus.inhibitors().into_iter();
    held.map(|(what, _, _, mode)| format!("{what} {mode}"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_computer_stays_awake_while_a_job_runs_unless_the_person_says_otherwise() {
    let (house, bus, _clock) = with_a_login().await;
    for (stay_awake, wanted) in [
        (true, &["sleep block", "shutdown delay"][..]),
        (false, &["shutdown delay"][..]),
    ] {
        let settings = ChangeSettings {
            stay_awake: Some(stay_awake),
            ..ChangeSettings::default()
        };
        house.api.change_settings(settings).await.unwrap();
        assert!(inhibited(&bus).is_empty(), "nothing runs");
        let holder = house.terminal().hold(&house.repository()).await;
        let id = house.start().await;
        house.wait(id, |job| job.phase != Phase::Waiting).await;
        assert_eq!(inhibited(&bus), wanted);
        holder.let_go();
        assert_eq!(house.ended(id).await.status, Status::Completed);
        try_for(|| inhibited(&bus).is_empty().then_some(()))
            .await
            .expect("it may sleep again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shut_down_stops_borg_politely_and_the_record_says_why() {
    let (house, bus, clock) = with_a_login().await;
    let (tell, told) = channel();
    house.api.watch_notices(move |notice| _ = tell.send(notice));
    let holder = house.terminal().hold(&house.repository()).await;
    let id = house.start().await;
    house.wait(id, |job| job.phase != Phase::Waiting).await;
    let mut ended = None;
    // It listens a moment after it was opened.
    for _ in 0..600 {
        bus.signal(Played::Login, "PrepareForShutdown", true);
        tokio::time::sleep(Duration::from_millis(200)).await;
        let job = house.job(id).await;
        if job.ended_at.is_some() {
            ended = Some(job);
            break;
        }
    }
    let job = ended.expect("the job is stopped");
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.error_code.as_deref(), Some("interrupted"));
    assert!(
        house
            .running_borgs()
            .iter()
            .all(|borg| borg.contains("with-lock"))
    );
    try_for(|| inhibited(&bus).is_empty().then_some(()))
        .await
        .expect("the shut-down may go on");
    holder.let_go();
    // Somebody gives the shut-down up: what was broken off is due, and nobody has to ask for it.
    let hourly = json!({"plan": 1, "schedule": {"cron": "0 * * * *", "time_zone": "UTC"}});
    let hourly: ChangePlan = serde_json::from_value(hourly).unwrap();
    house.api.change_plan(hourly).await.unwrap();
    bus.signal(Played::Login, "PrepareForShutdown", false);
    let mut again = None;
    for _ in 0..LOOKS {
        let all = house.api.list_backup_jobs(ListBackupJobs::default()).await;
        again = all.unwrap().jobs.into_iter().find(|job| job.id != id);
        if again.is_some() {
            break;
        }
        clock.put(clock.now() + SignedDuration::from_secs(15));
        let nothing: ChangePlan = serde_json::from_value(json!({"plan": 1})).unwrap();
        house.api.change_plan(nothing).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let again = again.expect("it is begun again by itself");
    assert_eq!(again.triggered_by, Trigger::Schedule);
    assert_eq!(house.ended(again.id).await.status, Status::Completed);
    let told = told.recv_timeout(Duration::from_mins(2)).unwrap();
    assert_eq!(told.job, Some(again.id), "{}", told.title);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_due_in_a_sleep_is_begun_a_while_after_it_however_short_it_was() {
    let (house, bus, clock) = with_a_login().await;
    let put = |time: &str| clock.put(format!("2026-07-10T{time}Z").parse().unwrap());
    let look = async || {
        let nothing: ChangePlan = serde_json::from_value(json!({"plan": 1})).unwrap();
        house.api.change_plan(nothing).await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    let jobs = async || {
        let all = house.api.list_backup_jobs(ListBackupJobs::default()).await;
        all.unwrap().jobs
    };
    // Until the engine listens: long before anything is due.
    put("15:00:00");
    look().await;
    for _ in 0..5 {
        bus.signal(Played::Login, "PrepareForSleep", false);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    put("15:59:50");
    look().await;
    let daily = json!({"cron": "0 16 * * *", "time_zone": "UTC"});
    let change = json!({"plan": 1, "schedule": daily});
    let change: ChangePlan = serde_json::from_value(change).unwrap();
    house.api.change_plan(change).await.unwrap();
    // Who looks at the plan for this change looks before the clock is put.
    tokio::time::sleep(Duration::from_millis(500)).await;
    // The clocks show no sleep of 20 seconds; the computer says that it was one.
    put("16:00:10");
    bus.signal(Played::Login, "PrepareForSleep", false);
    tokio::time::sleep(Duration::from_millis(500)).await;
    for time in ["16:00:30", "16:00:55", "16:01:20", "16:01:45"] {
        put(time);
        look().await;
        assert!(jobs().await.is_empty(), "the network needs a moment");
    }
    put("16:02:12");
    look().await;
    let mut started = None;
    for _ in 0..LOOKS {
        started = jobs().await.first().map(|job| job.id);
        if started.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let job = house.ended(started.expect("it is caught up")).await;
    assert_eq!(job.status, Status::Completed);
}
