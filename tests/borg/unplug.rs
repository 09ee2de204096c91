//! A drive that can be unplugged: when a person is told so, and when not.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use alcove_api::types::{
    ChangePlan, ChangeSettings, CreateRepository, Job, ListArchives, Nothing, RepositoryId,
    StartBackup,
};
use alcove_api::{Notice, World};
use alcove_store::{Phase, Status};
use alcove_system::{Computer, Spot, System};
use alcove_testkit::{Drive, FakeBorg, Played, Scratch, Script, SystemBus, by_id};
use alcove_tests::{House, PutClock, try_for};
use rusqlite::Connection;
use serde_json::json;

/// How long something that takes a moment may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A house with a drive, and what is told there.
struct Place {
    /// Goes before its house.
    drive: Drive,
    house: House,
    told: Receiver<Notice>,
    clock: PutClock,
    _bus: SystemBus,
}

impl Place {
    async fn with(is_removable: bool, change: impl FnOnce(&Scratch, &mut World)) -> Self {
        let mut bus = SystemBus::begin();
        bus.play(Played::Disks);
        let address = bus.address().to_owned();
        let clock = PutClock::default();
        clock.put("2026-07-10T10:00:00Z".parse().unwrap());
        let own = clock.clone();
        let house = House::with(move |scratch, world| {
            let name = "DBUS_SYSTEM_BUS_ADDRESS".into();
            world.environment.insert(name, address.into());
            let computer = Computer::of(&world.environment);
            world.system = Arc::new(computer.with_drives_in(by_id(scratch.path())));
            world.clock = Arc::new(own);
            world.zone = jiff::tz::TimeZone::UTC;
            change(scratch, world);
        });
        let mut drive = Drive::make(house.scratch.path(), "drive");
        bus.add_drive(drive.id(), "Backup Drive", is_removable, false);
        drive.plug_in(&house.scratch.path().join("media"));
        let (tell, told) = channel();
        house.api.watch_notices(move |notice| _ = tell.send(notice));
        let place = Self {
            drive,
            house,
            told,
            clock,
            _bus: bus,
        };
        place.create("one").await;
        place
    }

    fn at(&self, name: &str) -> String {
        let media = self.house.scratch.path().join("media");
        media.join(name).display().to_string()
    }

    async fn create(&self, name: &str) {
        let source = self.house.scratch.tree("Documents", 3, 100, 1);
        let new = CreateRepository {
            name: name.to_owned(),
            path: self.at(name),
            plan_name: Some(name.to_owned()),
            ..self.house.new_repository(&[&source])
        };
        self.house.api.create_repository(new).await.unwrap();
    }

    async fn start(&self, name: &str) -> i64 {
        let start = StartBackup {
            repository: self.at(name),
            ..StartBackup::default()
        };
        self.house.api.start_backup(start).await.unwrap().job_id
    }

    async fn back_up(&self, name: &str) -> Job {
        let job = self.house.ended(self.start(name).await).await;
        assert_eq!(job.status, Status::Completed);
        job
    }

    /// What the next notice says.
    fn told(&self) -> String {
        self.told.recv_timeout(PATIENCE).unwrap().body
    }

    /// Has the backups of a plan wait for a file of this name in the home folder.
    async fn until_told(&self, plan: i64, file: &str) {
        let command = format!("until test -e '{file}'; do sleep 0.1; done");
        let wait = json!([{ "when": "before", "command": command, "time_limit": 600 }]);
        let change = serde_json::from_value::<ChangePlan>(json!({ "plan": plan, "hooks": wait }));
        self.house.api.change_plan(change.unwrap()).await.unwrap();
    }

    /// Waits until it is said, or no longer, that the drive can be unplugged. Between two questions that may change, so one
    /// is asked.
    async fn until_said(&self, is_said: bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let args = RepositoryId { repository_id: 1 };
            let health = self.house.api.get_repository(args).await.unwrap();
            if health.unplug.is_some() == is_said {
                return;
            }
            assert!(Instant::now() < deadline, "{:?} stays", health.unplug);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What the repository and its plan say, which is the same.
    async fn unplug(&self) -> Option<String> {
        let args = RepositoryId { repository_id: 1 };
        let health = self.house.api.get_repository(args).await.unwrap();
        let plans = self.house.api.list_plans(Nothing {}).await.unwrap().plans;
        assert_eq!(plans[0].unplug, health.unplug);
        health.unplug
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drive_can_be_unplugged_when_its_last_job_has_ended_until_it_is_gone() {
    let mut place = Place::with(true, |_, _| {}).await;
    place.create("two").await;
    assert_eq!(place.unplug().await, None, "nothing was done there");
    // The other repository's backup goes on when the test lets it.
    place.until_told(2, "go").await;
    let other = place.start("two").await;
    let begun = |job: &Job| job.phase == Phase::HookBefore;
    place.house.wait(other, begun).await;
    place.back_up("one").await;
    let said = place.told();
    assert!(!said.contains("unplug"), "{said}");
    assert_eq!(place.unplug().await, None, "the other one needs it");
    std::fs::write(place.house.scratch.home().join("go"), "").unwrap();
    place.house.ended(other).await;
    let said = place.told();
    assert!(
        said.ends_with(" You can unplug Backup Drive now."),
        "{said}"
    );
    assert_eq!(place.unplug().await.as_deref(), Some("Backup Drive"));

    place.back_up("one").await;
    assert!(place.told().contains("unplug Backup Drive"));
    assert!(place.unplug().await.is_some());
    place.drive.pull_out();
    place.until_said(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_at_a_repository_uses_its_drive_and_is_done_with_it() {
    let wait = Script::new().wait_for_release("go on").become_the_real();
    let fake = FakeBorg::before_the_real().on("list", wait);
    let mut borg = None;
    let place = Place::with(true, |scratch, world| {
        let program = fake.install(&scratch.folder("fake"));
        world.borg = Some(program.path().to_path_buf());
        borg = Some(program);
    })
    .await;
    place.back_up("one").await;
    place.until_said(true).await;
    let (api, repository) = (place.house.api.clone(), place.at("one"));
    let look = tokio::spawn(async move { api.list_archives(ListArchives { repository }).await });
    place.until_said(false).await;
    borg.unwrap().release("go on");
    look.await.unwrap().unwrap();
    place.until_said(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drive_can_be_unplugged_when_the_last_job_that_waits_for_it_is_cancelled() {
    let place = Place::with(true, |_, _| {}).await;
    place.create("two").await;
    let source = place.house.scratch.tree("Letters", 3, 100, 2);
    let elsewhere = place.house.new_repository(&[&source]);
    place.house.api.create_repository(elsewhere).await.unwrap();
    let one_by_one = serde_json::from_value::<ChangeSettings>(json!({ "lanes": 1 })).unwrap();
    place.house.api.change_settings(one_by_one).await.unwrap();
    place.until_told(1, "go").await;
    place.until_told(3, "go on").await;

    let first = place.start("one").await;
    let stays = place.house.start().await;
    let last = place.start("two").await;
    std::fs::write(place.house.scratch.home().join("go"), "").unwrap();
    place.house.ended(first).await;
    let said = place.told();
    assert!(!said.contains("unplug"), "{said}");
    let begun = |job: &Job| job.phase == Phase::HookBefore;
    place.house.wait(stays, begun).await;
    assert_eq!(place.unplug().await, None, "another one waits for it");

    place.house.cancel(last).await.unwrap();
    place.until_said(true).await;
    assert!(place.unplug().await.is_some());
    place.house.cancel(stays).await.unwrap();
    place.house.ended(stays).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drive_that_stays_is_not_spoken_of() {
    let place = Place::with(false, |_, _| {}).await;
    place.back_up("one").await;
    let said = place.told();
    assert!(!said.contains("unplug"), "{said}");
    assert_eq!(place.unplug().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_in_the_morning_is_not_told_of_the_drive() {
    let place = Place::with(true, |_, _| {}).await;
    let quiet = json!({"quiet_hours": {"from": "09:00", "until": "11:00"}});
    let quiet = serde_json::from_value::<ChangeSettings>(quiet).unwrap();
    place.house.api.change_settings(quiet).await.unwrap();
    place.back_up("one").await;
    let records = place.house.data().join("alcove.sqlite3");
    let is_held = || {
        let held: String = Connection::open(&records)
            .and_then(|records| {
                let sql = "SELECT value ->> '$.held' FROM settings WHERE key = 'notices'";
                records.query_one(sql, [], |row| row.get(0))
            })
            .ok()?;
        held.contains("is backed up").then_some(())
    };
    try_for(is_held).await.unwrap();
    assert!(place.unplug().await.is_some());
    place.clock.put("2026-07-10T11:00:10Z".parse().unwrap());
    // Any change of a job or a plan has what is held looked at.
    let change = serde_json::from_value::<ChangePlan>(json!({ "plan": 1 }));
    place.house.api.change_plan(change.unwrap()).await.unwrap();
    let said = place.told();
    assert!(!said.contains("unplug"), "{said}");
}

/// A computer whose drive does not take what was written.
struct Stubborn(Arc<dyn System>);

impl System for Stubborn {
    fn spot(&self, path: &Path) -> Option<Spot> {
        self.0.spot(path)
    }

    fn find(&self, spot: &Spot) -> Vec<PathBuf> {
        self.0.find(spot)
    }

    fn removable(&self, drive: &str) -> Option<String> {
        self.0.removable(drive)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drive_that_has_not_taken_what_was_written_is_not_spoken_of() {
    let stubborn = |_: &Scratch, world: &mut World| {
        world.system = Arc::new(Stubborn(Arc::clone(&world.system)));
    };
    let place = Place::with(true, stubborn).await;
    place.back_up("one").await;
    let said = place.told();
    assert!(!said.contains("unplug"), "{said}");
    assert_eq!(place.unplug().await, None);
}
