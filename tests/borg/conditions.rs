//! What a plan that is due waits for: its drive, its server, AC power, a network that is not metered.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alcove_api::World;
use alcove_api::types::{
    ChangePlan, Condition, CreateRepository, Job, ListBackupJobs, Nothing, Plan, StartBackup,
};
use alcove_store::{Status, Trigger};
use alcove_system::{Computer, Spot, System};
use alcove_testkit::{Drive, Played, Scratch, SystemBus, by_id};
use alcove_tests::{House, LoopbackServer, PutClock};
use serde_json::{Value, json};

/// How often something is looked for at most, every 50 ms: for five minutes.
const LOOKS: u32 = 6_000;

/// A house on a summer afternoon, two hours before its plan is due.
fn at_four(change: impl FnOnce(&Scratch, &mut World)) -> (House, PutClock) {
    let clock = PutClock::default();
    clock.put("2026-07-10T14:00:00Z".parse().unwrap());
    let own = clock.clone();
    let house = House::with(move |scratch, world| {
        world.clock = Arc::new(own);
        change(scratch, world);
    });
    (house, clock)
}

/// Has a world listen to a bus.
fn use_bus(bus: &SystemBus, scratch: &Scratch, world: &mut World) {
    let name = "DBUS_SYSTEM_BUS_ADDRESS".into();
    world.environment.insert(name, bus.address().into());
    let computer = Computer::of(&world.environment);
    world.system = Arc::new(computer.with_drives_in(by_id(scratch.path())));
}

async fn create_at(house: &House, location: &str) {
    let source = house.scratch.tree("Documents", 5, 1_000, 1);
    let new = CreateRepository {
        path: location.to_owned(),
        ..house.new_repository(&[&source])
    };
    house.api.create_repository(new).await.unwrap();
}

async fn change(house: &House, mut change: Value) {
    change["plan"] = json!(1);
    let change: ChangePlan = serde_json::from_value(change).unwrap();
    house.api.change_plan(change).await.unwrap();
}

/// Has the plan run every day at 16:00Z under these conditions, and lets that time come.
async fn let_it_be_due(house: &House, clock: &PutClock, conditions: Value) {
    let schedule = json!({"cron": "0 16 * * *", "time_zone": "UTC"});
    change(
        house,
        json!({"schedule": schedule, "conditions": conditions}),
    )
    .await;
    // The last step is too short to be a sleep.
    pass_through(house, clock, &["15:59:40", "16:00:05"]).await;
}

/// Lets these times come, one after the other, and the scheduler look at each.
async fn pass_through(house: &House, clock: &PutClock, times: &[&str]) {
    for time in times {
        clock.put(format!("2026-07-10T{time}Z").parse().unwrap());
        // Any change of a plan has the scheduler look.
        change(house, json!({})).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn plan(house: &House) -> Plan {
    let mut plans = house.api.list_plans(Nothing {}).await.unwrap().plans;
    plans.remove(0)
}

async fn jobs(house: &House) -> Vec<Job> {
    let all = house.api.list_backup_jobs(ListBackupJobs::default()).await;
    all.unwrap().jobs
}

/// Looks at the plan until it is as the test needs it.
async fn plan_that(house: &House, ready: impl Fn(&Plan) -> bool) -> Plan {
    let mut looks = 0;
    loop {
        let plan = plan(house).await;
        if ready(&plan) {
            return plan;
        }
        assert!(looks < LOOKS, "{:?}", plan.waiting_for);
        looks += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until the plan says that it waits for this, and returns how it says so. It makes no job.
async fn waits_for(house: &House, condition: Condition, jobs_before: usize) -> String {
    let waits = |plan: &Plan| {
        let waiting = plan.waiting_for.as_ref();
        waiting.is_some_and(|waiting| waiting.condition == condition)
    };
    let waiting = plan_that(house, waits).await.waiting_for.unwrap();
    assert_eq!(waiting.since, "2026-07-10T16:00:00Z");
    assert_eq!(jobs(house).await.len(), jobs_before);
    waiting.message
}

async fn waits_no_more(house: &House) {
    plan_that(house, |plan| plan.waiting_for.is_none()).await;
}

/// Waits for the backup that begins by itself, as the newest of so many, and for its good end.
async fn runs_by_itself(house: &House, count: usize) -> Job {
    let by_itself = |plan: &Plan| {
        let last = plan.last_job.as_ref();
        last.is_some_and(|job| job.triggered_by == Trigger::Schedule)
    };
    let started = plan_that(house, by_itself).await.last_job.unwrap();
    let job = house.ended(started.id).await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(job.id).await);
    assert_eq!(job.scheduled_job_id, Some(1));
    waits_no_more(house).await;
    assert_eq!(jobs(house).await.len(), count);
    job
}

async fn begin(house: &House, location: &str) -> i64 {
    let start = StartBackup {
        repository: location.to_owned(),
        ..StartBackup::default()
    };
    house.api.start_backup(start).await.unwrap().job_id
}

async fn start(house: &House, location: &str) -> Job {
    house.ended(begin(house, location).await).await
}

/// Where a drive is mounted, and the repository on it.
fn on(house: &House, mount: &str) -> (PathBuf, String) {
    let at = house.scratch.path().join(mount);
    let repository = at.join("backups/borg").display().to_string();
    (at, repository)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_may_mount_the_drive_of_a_plan_that_is_due_and_a_drive_that_is_away_is_waited_for()
{
    let (house, clock) = at_four(|_, _| {});
    let (at, repository) = on(&house, "media/Backup");
    let mut drive = Drive::make(house.scratch.path(), "drive");
    drive.plug_in(&at);
    std::fs::create_dir(at.join("backups")).unwrap();
    create_at(&house, &repository).await;
    assert_eq!(start(&house, &repository).await.status, Status::Completed);
    drive.pull_out();
    let script = json!([{ "when": "before", "command": "true", "time_limit": 60 }]);
    change(&house, json!({ "hooks": script })).await;
    let_it_be_due(&house, &clock, json!({})).await;
    waits_for(&house, Condition::Drive, 1).await;

    drive.attach(&at);
    let mount = json!([{ "when": "before", "command": drive.mounts(), "time_limit": 60 }]);
    change(&house, json!({ "hooks": mount })).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    waits_for(&house, Condition::Drive, 1).await;
    // Nothing has mounted it for a minute.
    let minute = ["16:00:25", "16:00:45", "16:01:05", "16:01:25"];
    pass_through(&house, &clock, &minute).await;
    runs_by_itself(&house, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_waits_for_its_drive_and_runs_when_it_is_plugged_in_wherever_it_is_mounted() {
    let (house, clock) = at_four(|_, _| {});
    let (first, old) = on(&house, "media/Backup");
    let (second, new) = on(&house, "media/Backup SSD");
    let mut drive = Drive::make(house.scratch.path(), "drive");
    let mut other = Drive::make(house.scratch.path(), "other");
    drive.plug_in(&first);
    std::fs::create_dir(first.join("backups")).unwrap();
    create_at(&house, &old).await;
    assert_eq!(start(&house, &old).await.status, Status::Completed);
    drive.pull_out();
    let_it_be_due(&house, &clock, json!({})).await;
    let said = waits_for(&house, Condition::Drive, 1).await;
    assert_eq!(said, "Waiting for Backup SSD to be plugged in.");
    // Another one at its place is not it.
    other.plug_in(&first);
    change(&house, json!({})).await;
    waits_for(&house, Condition::Drive, 1).await;
    // Nobody has it look but the drive itself.
    drive.plug_in(&second);
    let job = runs_by_itself(&house, 2).await;
    assert_eq!(job.repository, new);
    assert_eq!(plan(&house).await.repository.path, new);
    let listed = house.terminal().archives(&new);
    assert_eq!(listed.len(), 2, "{listed:?}");
    // Back at its first place, for somebody who starts it there.
    other.pull_out();
    drive.pull_out();
    drive.plug_in(&first);
    assert_eq!(start(&house, &new).await.status, Status::Completed);
    assert_eq!(plan(&house).await.repository.path, old);
    drive.pull_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drive_that_is_here_without_the_repository_is_not_waited_for() {
    let (house, clock) = at_four(|_, _| {});
    let (at, location) = on(&house, "media/Backup");
    let mut drive = Drive::make(house.scratch.path(), "drive");
    drive.plug_in(&at);
    std::fs::create_dir(at.join("backups")).unwrap();
    create_at(&house, &location).await;
    std::fs::remove_dir_all(&location).unwrap();
    let_it_be_due(&house, &clock, json!({})).await;
    let failed = |plan: &Plan| plan.last_job.as_ref().is_some_and(|job| !job.active);
    let started = plan_that(&house, failed).await.last_job.unwrap();
    let job = house.ended(started.id).await;
    assert_eq!(job.error_code.as_deref(), Some("repository_missing"));
    drive.pull_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_a_person_starts_without_the_drive_fails_with_that() {
    let (house, _clock) = at_four(|_, _| {});
    let (at, location) = on(&house, "media/Backup");
    let mut drive = Drive::make(house.scratch.path(), "drive");
    drive.plug_in(&at);
    std::fs::create_dir(at.join("backups")).unwrap();
    create_at(&house, &location).await;
    drive.pull_out();
    let job = start(&house, &location).await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.error_code.as_deref(), Some("repository_missing"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_waits_for_ac_power_and_a_person_does_not() {
    let mut bus = SystemBus::begin();
    bus.play(Played::Power);
    bus.set(Played::Power, "OnBattery", true);
    let (house, clock) = at_four(|scratch, world| use_bus(&bus, scratch, world));
    create_at(&house, &house.repository()).await;
    let job = start(&house, &house.repository()).await;
    assert_eq!(job.status, Status::Completed);
    assert_eq!(job.triggered_by, Trigger::Manual);
    let_it_be_due(&house, &clock, json!({"on_ac_power": true})).await;
    let said = waits_for(&house, Condition::Power, 1).await;
    assert_eq!(said, "Waiting for AC power.");
    bus.set(Played::Power, "OnBattery", false);
    runs_by_itself(&house, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_system_does_not_say_holds_up_no_plan() {
    let (house, clock) = at_four(|_, _| {});
    create_at(&house, &house.repository()).await;
    let conditions = json!({"on_ac_power": true, "not_metered": true});
    let_it_be_due(&house, &clock, conditions).await;
    runs_by_itself(&house, 1).await;
    let kept = plan(&house).await.conditions;
    assert!(kept.on_ac_power && kept.not_metered);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_waits_for_its_server_and_for_a_network_that_is_not_metered() {
    let mut bus = SystemBus::begin();
    bus.play(Played::Network);
    bus.add(Played::Network, "Metered", 3_u32);
    let mut server = None;
    let (house, clock) = at_four(|scratch, world| {
        use_bus(&bus, scratch, world);
        let started = LoopbackServer::start(scratch);
        started.introduce();
        world.ssh_config = Some(started.ssh_config());
        server = Some(started);
    });
    let mut server = server.unwrap();
    let folder = house.scratch.folder("backups");
    create_at(&house, &server.location(&folder.join("borg"))).await;
    server.cut();
    let_it_be_due(&house, &clock, json!({"not_metered": true})).await;
    waits_for(&house, Condition::Network, 0).await;
    bus.set(Played::Network, "Metered", 4_u32);
    let said = waits_for(&house, Condition::Server, 0).await;
    assert_eq!(
        said,
        "Waiting for the server of Backup SSD to be reachable."
    );
    server.come_back();
    // As when the network comes back, or after a while.
    change(&house, json!({})).await;
    runs_by_itself(&house, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meter_is_of_no_interest_to_a_repository_on_this_computer() {
    let mut bus = SystemBus::begin();
    bus.play(Played::Network);
    bus.add(Played::Network, "Metered", 1_u32);
    let (house, clock) = at_four(|scratch, world| use_bus(&bus, scratch, world));
    create_at(&house, &house.repository()).await;
    let_it_be_due(&house, &clock, json!({"not_metered": true})).await;
    runs_by_itself(&house, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_loses_its_schedule_waits_no_more() {
    let (house, clock) = at_four(|_, _| {});
    let (at, location) = on(&house, "media/Backup");
    let mut drive = Drive::make(house.scratch.path(), "drive");
    drive.plug_in(&at);
    std::fs::create_dir(at.join("backups")).unwrap();
    create_at(&house, &location).await;
    drive.pull_out();
    let_it_be_due(&house, &clock, json!({})).await;
    waits_for(&house, Condition::Drive, 0).await;
    change(&house, json!({"schedule": null})).await;
    waits_no_more(&house).await;
}

/// A computer that has no answer about the places below a folder while somebody holds the lock.
struct Silent {
    below: PathBuf,
    held: Arc<Mutex<()>>,
}

impl System for Silent {
    fn spot(&self, path: &Path) -> Option<Spot> {
        if path.starts_with(&self.below) {
            drop(self.held.lock());
        }
        None
    }
}

/// A house with a repository at a place, and the lock that silences it.
async fn with_a_silent_place() -> (House, PutClock, String, Arc<Mutex<()>>) {
    let held = Arc::new(Mutex::new(()));
    let own = Arc::clone(&held);
    let (house, clock) = at_four(move |scratch, world| {
        world.system = Arc::new(Silent {
            below: scratch.path().join("silent"),
            held: own,
        });
    });
    let silent = house.scratch.path().join("silent/borg");
    std::fs::create_dir(silent.parent().unwrap()).unwrap();
    let silent = silent.display().to_string();
    create_at(&house, &silent).await;
    (house, clock, silent, held)
}

#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::await_holding_lock,
    reason = "who waits for it is on a thread of its own, and is meant to"
)]
async fn a_place_that_never_answers_holds_up_no_other_plan_and_is_waited_for() {
    let (house, clock, _, held) = with_a_silent_place().await;
    create_at(&house, &house.repository()).await;
    let daily = json!({"plan": 2, "schedule": {"cron": "0 16 * * *", "time_zone": "UTC"}});
    let daily: ChangePlan = serde_json::from_value(daily).unwrap();
    house.api.change_plan(daily).await.unwrap();
    let silence = held.lock().unwrap();
    let_it_be_due(&house, &clock, json!({})).await;
    let said = waits_for(&house, Condition::Answer, 1).await;
    assert!(said.ends_with("to answer."), "{said}");
    let [other] = &jobs(&house).await[..] else {
        panic!("the other plan alone runs");
    };
    assert_eq!(other.plan, Some(2));
    assert_eq!(house.ended(other.id).await.status, Status::Completed);
    drop(silence);
    change(&house, json!({})).await;
    let job = runs_by_itself(&house, 2).await;
    assert_eq!(job.triggered_by, Trigger::Schedule);
}

#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::await_holding_lock,
    reason = "who waits for it is on a thread of its own, and is meant to"
)]
async fn who_starts_a_backup_to_a_place_that_never_answers_is_told_so() {
    let (house, _, silent, held) = with_a_silent_place().await;
    let silence = held.lock().unwrap();
    let job = start(&house, &silent).await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.error_code.as_deref(), Some("repository_missing"));
    let why = job.error_message.unwrap();
    assert!(why.contains("does not answer"), "{why}");
    assert!(house.log(job.id).await.contains(&why));
    let id = begin(&house, &silent).await;
    house.cancel(id).await.unwrap();
    assert_eq!(house.ended(id).await.status, Status::Cancelled);
    drop(silence);
    assert_eq!(start(&house, &silent).await.status, Status::Completed);
}
