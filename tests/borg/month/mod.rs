//! A month of three plans on two repositories, over a real Borg and in minutes: the record of it is the one that was
//! written down beforehand, line by line.
//!
//! A laptop in Berlin has Documents, at noon and at midnight, and Accounts, at half past two each Sunday of Sydney, on a
//! drive that is checked each week, and Pictures, at half past two each night, on a server. In the month the clocks of
//! both cities are put, in Sydney forward and in Berlin back. What happens meanwhile stands in [`MONTH`], what comes of
//! it in `record.txt`, by a person and not by a run.

mod laptop;
mod record;

use std::fs::DirEntry;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use alcove_api::types::{
    ChangePlan, ChangeRepository, ChangeSettings, CreatePlan, CreateRepository, Job, ListJobs,
    Nothing, PauseSchedules, StartBackup,
};
use alcove_api::{Notice, PauseLength};
use alcove_testkit::{Drive, Played, SystemBus};
use alcove_tests::{House, LoopbackServer, try_for};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use laptop::{Laptop, Thread};
use record::Record;

/// What the record has to be. Lines that begin with `#` say why.
const WRITTEN: &str = include_str!("record.txt");

const BEGINS: &str = "2026-10-01T08:00";
const ENDS: &str = "2026-11-01T08:00";

/// The end of a job has the notices looked at no more often than that.
const LOOKS_OF_A_JOB: usize = 4;

/// What `NetworkManager` says of a network, `NMMetered`.
const METERED: u32 = 1;
const NOT_METERED: u32 = 2;

/// What happens to the laptop, its drive and its server, and what its person does.
#[derive(Debug, Clone, Copy)]
enum Event {
    PulledOut,
    /// Mounted at another place than before.
    PluggedIn,
    ServerGone,
    ServerBack,
    /// In the middle of the next backup over it, and a minute later it is back.
    NetworkCut,
    OnBattery,
    OnPower,
    Metered,
    NotMetered,
    /// Until this time.
    Asleep(&'static str),
    /// Until this time.
    Closed(&'static str),
    PausedUntilTomorrow,
    Resumed,
    FolderGone,
    FolderBack,
    BackedUpByHand,
}

/// What happens in the month, at times at which nothing is due.
const MONTH: &[(&str, Event)] = &[
    ("2026-10-03T19:00", Event::PulledOut),
    ("2026-10-05T12:20", Event::PluggedIn),
    ("2026-10-08T01:00", Event::ServerGone),
    ("2026-10-08T09:40", Event::ServerBack),
    ("2026-10-10T02:15", Event::NetworkCut),
    ("2026-10-10T17:10", Event::OnBattery),
    ("2026-10-10T20:15", Event::OnPower),
    ("2026-10-12T22:45", Event::Metered),
    ("2026-10-13T08:10", Event::NotMetered),
    ("2026-10-14T11:05", Event::PausedUntilTomorrow),
    ("2026-10-16T19:10", Event::Asleep("2026-10-19T07:50")),
    ("2026-10-20T23:05", Event::Closed("2026-10-21T09:25")),
    ("2026-10-22T11:10", Event::FolderGone),
    ("2026-10-22T14:20", Event::FolderBack),
    ("2026-10-27T10:10", Event::BackedUpByHand),
    ("2026-10-28T23:10", Event::FolderGone),
    ("2026-10-29T08:20", Event::FolderBack),
    ("2026-10-29T11:10", Event::PausedUntilTomorrow),
    ("2026-10-29T16:20", Event::Resumed),
];

impl Event {
    const fn sentence(self) -> &'static str {
        match self {
            Self::PulledOut => "The drive is pulled out.",
            Self::PluggedIn => "The drive is plugged in, and mounted elsewhere.",
            Self::ServerGone => "The server is gone.",
            Self::ServerBack => "The server is back.",
            Self::NetworkCut => "The network will be cut for a minute, in the middle of a backup.",
            Self::OnBattery => "The laptop is on its battery.",
            Self::OnPower => "The laptop is on AC power.",
            Self::Metered => "The network is the one of a phone.",
            Self::NotMetered => "The network is the one at home.",
            Self::Asleep(_) => "The laptop falls asleep.",
            Self::Closed(_) => "Alcove is closed.",
            Self::PausedUntilTomorrow => "The plans are paused until tomorrow.",
            Self::Resumed => "The pause is ended by hand.",
            Self::FolderGone => "The folder of Documents is gone.",
            Self::FolderBack => "The folder of Documents is back.",
            Self::BackedUpByHand => "Documents is backed up by hand.",
        }
    }
}

/// Where the laptop stands.
fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

/// A time on the wall of Berlin; none of these comes twice.
fn at(wall: &str) -> Timestamp {
    let wall: DateTime = wall.parse().unwrap();
    wall.to_zoned(berlin()).unwrap().timestamp()
}

/// The month, as far as it has come.
struct Month {
    house: House,
    laptop: Arc<Laptop>,
    bus: SystemBus,
    drive: Drive,
    server: LoopbackServer,
    told: Receiver<Notice>,
    record: Record,
    now: Timestamp,
    /// Since when the laptop is awake and Alcove open.
    awake: Timestamp,
    /// The last job in the record.
    last: i64,
}

fn watch(house: &House) -> Receiver<Notice> {
    let (tell, told) = channel();
    house.api.watch_notices(move |notice| _ = tell.send(notice));
    told
}

fn parsed<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

impl Month {
    /// The laptop is set up on the first of October.
    async fn begin() -> Self {
        let mut bus = SystemBus::begin();
        for who in [Played::Login, Played::Power, Played::Network] {
            bus.play(who);
        }
        bus.add(Played::Network, "Metered", NOT_METERED);
        let now = at(BEGINS);
        let mut made = None;
        let house = House::with(|scratch, world| {
            let laptop = Arc::new(Laptop::new(scratch, &bus, now));
            laptop.furnish(world);
            let server = LoopbackServer::start(scratch);
            server.introduce();
            world.ssh_config = Some(server.ssh_config());
            world.reconnect_wait = Duration::from_mins(1);
            made = Some((laptop, server));
        });
        let (laptop, server) = made.unwrap();
        let drive = Drive::make(house.scratch.path(), "drive");
        let told = watch(&house);
        let home = house.scratch.home().display().to_string();
        let mut month = Self {
            house,
            laptop,
            bus,
            drive,
            server,
            told,
            record: Record::new(berlin(), home),
            now,
            awake: now,
            last: 0,
        };
        month.set_up().await;
        month
    }

    async fn set_up(&mut self) {
        let media = self.media("Backup");
        self.drive.plug_in(&media);
        let folders = ["Documents", "Pictures", "Accounts"];
        let [documents, pictures, accounts] =
            folders.map(|name| self.house.scratch.tree(name, 5, 1_000, 1));
        let api = &self.house.api;
        let settings = json!({
            "notify_success": false,
            "low_priority": false,
            "quiet_hours": {"from": "22:00", "until": "07:00"},
        });
        let settings: ChangeSettings = parsed(settings);
        api.change_settings(settings).await.unwrap();
        let repository = |name: &str, path: String, plan: &str, folder| CreateRepository {
            name: name.to_owned(),
            path,
            plan_name: Some(plan.to_owned()),
            ..self.house.new_repository(&[folder])
        };
        let on_the_drive = media.join("borg").display().to_string();
        let on_the_server = self.server.location(&self.on_the_server());
        for new in [
            repository("Backup SSD", on_the_drive, "Documents", &documents),
            repository("Attic", on_the_server, "Pictures", &pictures),
        ] {
            api.create_repository(new).await.unwrap();
        }
        let accounts: CreatePlan = parsed(json!({
            "repository": 1,
            "name": "Accounts",
            "source_directories": [accounts],
            "schedule": {"cron": "30 2 * * 0", "time_zone": "Australia/Sydney"},
            "conditions": {"on_ac_power": true},
            "keep": {"weekly": 3},
            "compact": true,
        }));
        api.create_plan(accounts).await.unwrap();
        for change in [
            json!({"plan": 1, "schedule": {"cron": "0 */12 * * *"}}),
            json!({"plan": 2, "schedule": {"cron": "30 2 * * *"}, "conditions": {"not_metered": true}}),
        ] {
            let change: ChangePlan = parsed(change);
            api.change_plan(change).await.unwrap();
        }
        let check: ChangeRepository = parsed(json!({"repository_id": 1, "check": {"days": 7}}));
        api.change_repository(check).await.unwrap();
        self.listens().await;
    }

    /// Where the drive is mounted.
    fn media(&self, name: &str) -> PathBuf {
        self.house.scratch.path().join("media").join(name)
    }

    /// The folder of the repository on the server.
    fn on_the_server(&self) -> PathBuf {
        self.house.scratch.path().join("attic")
    }

    /// Waits until the engine hears what the system says, which it does a moment after it was opened.
    async fn listens(&self) {
        let heard = try_for(|| {
            self.wakes();
            (self.laptop.woke() > 0).then_some(())
        });
        heard.await.unwrap();
    }

    /// Has the system say that it was asleep.
    fn wakes(&self) {
        self.bus.signal(Played::Login, "PrepareForSleep", false);
    }

    /// Waits until nothing goes on any more at this time, and notes what came of it.
    async fn settle(&mut self) {
        loop {
            self.laptop.have_scheduler_look();
            let unfinished = self.jobs(|job| job.ended_at.is_none()).await;
            if unfinished.is_empty() {
                break;
            }
            for job in unfinished {
                self.house.ended(job.id).await;
            }
        }
        let last = self.last;
        let ended = self.jobs(|job| job.id > last).await;
        self.last = ended.last().map_or(last, |job| job.id);
        let told = self.told_of(&ended).await;
        let plans = self.house.api.list_plans(Nothing {}).await.unwrap().plans;
        self.record.note(self.now, &ended, &plans, &told);
    }

    /// The jobs that are so, oldest first.
    async fn jobs(&self, so: impl Fn(&Job) -> bool) -> Vec<Job> {
        let newest = ListJobs {
            limit: Some(10),
            ..ListJobs::default()
        };
        let mut jobs = self.house.api.list_jobs(newest).await.unwrap().jobs;
        jobs.retain(so);
        jobs.reverse();
        jobs
    }

    /// What is told at this time, at which these jobs have ended.
    async fn told_of(&self, ended: &[Job]) -> Vec<Notice> {
        // The second look begins when the first has ended; those that each job caused are before both.
        for _ in 0..2 + LOOKS_OF_A_JOB * ended.len() {
            let seen = self.laptop.looks(Thread::Notices);
            let nothing = ChangeSettings::default();
            self.house.api.change_settings(nothing).await.unwrap();
            self.laptop.wait_for_look(Thread::Notices, seen);
        }
        self.told.try_iter().collect()
    }

    /// Lets time pass until then, in which the laptop is awake and nothing happens to it.
    async fn pass_until(&mut self, then: Timestamp) {
        while self.now < then {
            self.now = self.next().min(then);
            self.laptop.pass_until(self.now);
            self.settle().await;
        }
    }

    /// The next time at which is looked: each half hour, and each minute while the laptop has just woken.
    fn next(&self) -> Timestamp {
        let is_waking = self.now.duration_since(self.awake) < SignedDuration::from_mins(20);
        let step = if is_waking { 60 } else { 30 * 60 };
        Timestamp::from_second((self.now.as_second() / step + 1) * step).unwrap()
    }

    /// Lets something happen, and waits for what comes of it.
    async fn happens(mut self, event: Event) -> Self {
        self.record.happens(self.now, event.sentence());
        let documents = self.house.scratch.home().join("Documents");
        let aside = self.house.scratch.path().join("aside");
        match event {
            Event::PulledOut => self.drive.pull_out(),
            Event::PluggedIn => self.drive.plug_in(&self.media("Backup SSD")),
            Event::ServerGone => self.server.cut(),
            Event::ServerBack => self.server.come_back(),
            Event::NetworkCut => self.cut_the_network().await,
            Event::OnBattery => self.bus.set(Played::Power, "OnBattery", true),
            Event::OnPower => self.bus.set(Played::Power, "OnBattery", false),
            Event::Metered => self.bus.set(Played::Network, "Metered", METERED),
            Event::NotMetered => self.bus.set(Played::Network, "Metered", NOT_METERED),
            Event::Asleep(until) => {
                self.bus.signal(Played::Login, "PrepareForSleep", true);
                self.now = at(until);
                self.awake = self.now;
                self.laptop.be_off_until(self.now);
                self.record.happens(self.now, "The laptop is awake again.");
                let before = self.laptop.woke();
                self.wakes();
                self.laptop.wait_for_woke(before);
            }
            Event::Closed(until) => self = self.closed_until(at(until)).await,
            Event::PausedUntilTomorrow => {
                let length = PauseLength::UntilTomorrow;
                let pause = PauseSchedules { length };
                self.house.api.pause_schedules(pause).await.unwrap();
            }
            Event::Resumed => {
                self.house.api.resume_schedules(Nothing {}).await.unwrap();
            }
            Event::FolderGone => std::fs::rename(documents, aside).unwrap(),
            Event::FolderBack => std::fs::rename(aside, documents).unwrap(),
            Event::BackedUpByHand => {
                let plans = self.house.api.list_plans(Nothing {}).await.unwrap().plans;
                let start = StartBackup {
                    repository: plans[0].repository.path.clone(),
                    ..StartBackup::default()
                };
                self.house.api.start_backup(start).await.unwrap();
            }
        }
        self.settle().await;
        self
    }

    /// Notes the archives of a plan, by the times in their names.
    async fn keeps(&mut self, name: &str) {
        let plans = self.house.api.list_plans(Nothing {}).await.unwrap().plans;
        let plan = plans.iter().find(|plan| plan.name == name).unwrap();
        let archives = self.house.terminal().archives(&plan.repository.path);
        let times = archives.iter();
        let times = times.filter_map(|archive| archive.strip_prefix(&plan.archive_prefix));
        for time in times {
            self.record.keeps(self.now, &format!("{name} of {time}"));
        }
    }

    async fn closed_until(mut self, then: Timestamp) -> Self {
        self.record.happens(then, "Alcove is opened again.");
        let laptop = Arc::clone(&self.laptop);
        let ssh_config = self.server.ssh_config();
        let house = self.house.restart_unlocked(move |_, world| {
            laptop.be_off_until(then);
            laptop.furnish(world);
            world.ssh_config = Some(ssh_config.clone());
        });
        let house = house.await;
        Self {
            told: watch(&house),
            house,
            now: then,
            awake: then,
            ..self
        }
    }

    /// Has the next backup over the network come no further than its middle, and cuts the network there. A minute later
    /// it is back.
    async fn cut_the_network(&mut self) {
        self.house.scratch.tree("Pictures/Autumn", 20, NEWS / 20, 2);
        let some = format!(
            "(stdbuf -o0 head -c {}; cat >/dev/null) | borg serve",
            NEWS / 2
        );
        self.server.allow("key", Some(&some));
        let repository = self.on_the_server();
        let size = || size_of(&repository);
        let before = size();
        self.now = self.next();
        self.laptop.pass_until(self.now);
        self.laptop.have_scheduler_look();
        let arrived = try_for(|| (size() > before + NEWS as u64 / 4).then_some(()));
        arrived.await.unwrap();
        let job = self.jobs(|job| job.ended_at.is_none()).await.remove(0);
        self.server.cut();
        // It says so when it has looked at the clock.
        while !self.house.log(job.id).await.contains("Attempt 2 begins") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.server.allow("key", None);
        self.server.come_back();
        self.now += SignedDuration::from_mins(1);
        self.laptop.pass_until(self.now);
    }
}

/// How many bytes of pictures are new when the network is cut.
const NEWS: usize = 4_000_000;

/// How many bytes the files below a folder have.
fn size_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let size = |entry: DirEntry| match entry.metadata() {
        Ok(file) if file.is_dir() => size_of(&entry.path()),
        Ok(file) => file.len(),
        // Gone meanwhile.
        Err(_) => 0,
    };
    entries.map(size).sum()
}

/// The lines in which the record is not as it was written, with some around them.
fn difference(house: &House, came: &str) -> String {
    let written = WRITTEN.lines().filter(|line| !line.starts_with('#'));
    let written = written.fold(String::new(), |text, line| text + line + "\n");
    let texts = [("written", written.as_str()), ("came", came)];
    let [written, came] = texts.map(|(name, text)| {
        let path = house.scratch.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    });
    let compared = Command::new("diff")
        .args(["--unified=2", "--label=as written", "--label=as it came"])
        .args([written, came])
        .output()
        .unwrap();
    String::from_utf8_lossy(&compared.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_of_plans_comes_as_it_was_written_down() {
    let mut month = Month::begin().await;
    month.settle().await;
    for (then, event) in MONTH {
        month.pass_until(at(then)).await;
        month = month.happens(*event).await;
    }
    month.pass_until(at(ENDS)).await;
    month.keeps("Accounts").await;
    let difference = difference(&month.house, &month.record.text());
    assert!(difference.is_empty(), "{difference}");
    month.drive.pull_out();
}
