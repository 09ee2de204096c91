//! One round of a fault: a house with an encrypted repository and a good backup in it, a moment to choose, and what
//! is looked at afterwards.

use std::path::PathBuf;

use alcove_api::World;
use alcove_api::types::{Job, ListJobs, Nothing};
use alcove_store::{Maintenance, Status, Store, WaitingFor};
use alcove_testkit::Scratch;
use alcove_tests::{House, try_for};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::fault::Seen;
use crate::watched::Watched;
use crate::{checkpoints, lock, secrets};

/// How many files of how many bytes a backup is held in the middle of.
const FILES: u32 = 120;
const BYTES: usize = 100_000;
/// Slow enough that a backup of so little lasts for seconds: some MB/s, however fast the disk is.
const COMPRESSION: &str = "lzma,3";

/// The chance of one round: the same for the same seed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    pub(crate) seed: u64,
}

impl Round {
    /// A number from `low` to before `high`.
    pub(crate) fn between(self, low: u64, high: u64) -> u64 {
        // Splitmix64 (Steele, Lea, Flood 2014).
        let mut z = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        low + (z ^ (z >> 31)) % (high - low)
    }

    /// The chance of another attempt in the same round.
    pub(crate) fn another(self, attempt: u64) -> Self {
        Self {
            seed: self.seed ^ (attempt << 32),
        }
    }

    /// Waits for so many milliseconds: at least `low`, less than `high`.
    pub(crate) async fn moment(self, low: u64, high: u64) {
        let moment = std::time::Duration::from_millis(self.between(low, high));
        tokio::time::sleep(moment).await;
    }
}

/// A house in which a backup went well.
pub(crate) struct Stage {
    pub(crate) house: House,
    /// The folder of its plan.
    pub(crate) source: PathBuf,
    /// The folder of its repository.
    pub(crate) repository: PathBuf,
    /// What Alcove calls it.
    pub(crate) location: String,
    /// The archive of the good backup.
    pub(crate) first: String,
    /// What was shown of the log of every job.
    pub(crate) watched: Watched,
}

/// A backup that Borg is held still in the middle of. Borg does not outlive it.
pub(crate) struct Held {
    pub(crate) id: i64,
    borg: Pid,
    /// As the process that was held was called.
    command: String,
}

impl Held {
    pub(crate) fn send(&self, signal: Signal) {
        kill_process(self.borg, signal).expect("Borg can be signalled");
    }

    pub(crate) fn go_on(&self) {
        self.send(Signal::CONT);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Else it would stand still for ever where a round broke down.
        let words = std::fs::read(format!("/proc/{}/cmdline", self.borg.as_raw_pid()));
        if words.is_ok_and(|words| command(&words) == self.command) {
            let _ = kill_process(self.borg, Signal::KILL);
        }
    }
}

/// The arguments of a process as a line.
fn command(words: &[u8]) -> String {
    String::from_utf8_lossy(words).replace('\0', " ")
}

impl Stage {
    /// Makes a local repository and a first backup.
    pub(crate) async fn new() -> Self {
        Self::with(|_, _| {}).await
    }

    /// The same in a world a row changes first.
    pub(crate) async fn with(change: impl FnOnce(&Scratch, &mut World)) -> Self {
        Self::in_house(House::with(change)).await
    }

    /// The same in a house.
    pub(crate) async fn in_house(house: House) -> Self {
        let location = house.repository();
        Self::at(house, PathBuf::from(&location), location).await
    }

    /// The same with some new files, and a plan that keeps one archive a day, compacts and checks.
    pub(crate) async fn pruning(round: Round) -> Self {
        let stage = Self::new().await;
        let seed = round.seed | 2;
        stage.house.scratch.tree("Documents/New", 60, 50_000, seed);
        let thorough = |store: &Store| {
            let mut plan = store.plans().expect("plans can be read").remove(0);
            plan.keep.daily = 1;
            (plan.compact, plan.check) = (true, true);
            store.save_plan(&plan).expect("a plan can be saved");
        };
        stage
            .rebuilt(async |house| house.edit(thorough).await.0)
            .await
    }

    /// Sets something in the configuration of the repository, as a person would in a terminal.
    pub(crate) fn configure(&self, key: &str, value: &str) {
        let repository = self.repository.display().to_string();
        let set = self.house.borg(&["config", &repository, key, value]);
        assert!(
            set.status.success(),
            "{}",
            String::from_utf8_lossy(&set.stderr)
        );
    }

    /// The same for a repository elsewhere.
    pub(crate) async fn at(house: House, repository: PathBuf, location: String) -> Self {
        let source = house.scratch.tree("Documents", 20, 1_000, 1);
        let mut new = house.new_repository(&[&source]);
        new.path.clone_from(&location);
        new.compression = Some(COMPRESSION.to_owned());
        let created = house.api.create_repository(new).await;
        created.expect("the repository is created");
        let mut stage = Self {
            house,
            source,
            repository,
            location,
            first: String::new(),
            watched: Watched::default(),
        };
        let id = stage.start().await;
        let job = stage.house.ended(id).await;
        assert_eq!(job.status, Status::Completed, "{:?}", job.error_message);
        stage.first = job.archive_name.expect("an archive has a name");
        stage
    }

    /// Changes the house, as by [`House::away`].
    pub(crate) async fn rebuilt(self, change: impl AsyncFnOnce(House) -> House) -> Self {
        Self {
            house: change(self.house).await,
            ..self
        }
    }

    /// Starts a backup.
    pub(crate) async fn start(&self) -> i64 {
        let start = alcove_api::types::StartBackup {
            repository: self.location.clone(),
            ..alcove_api::types::StartBackup::default()
        };
        let started = self.house.api.start_backup(start).await;
        let id = started.expect("the backup is accepted").job_id;
        self.watch(id);
        id
    }

    /// Has somebody watch a job.
    pub(crate) fn watch(&self, id: i64) {
        self.watched.watch(self.house.api.clone(), id);
    }

    /// Adds 12 MB that a backup takes seconds for.
    pub(crate) fn grow(&self, round: Round) {
        self.house
            .scratch
            .tree("Documents/New", FILES, BYTES, round.seed | 2);
    }

    /// Starts a backup of new files and holds Borg still at some moment between its first file and its last.
    pub(crate) async fn hold(&self, round: Round) -> Held {
        self.grow(round);
        let id = self.start().await;
        self.house
            .wait(id, |job| job.progress_details.nfiles > 0)
            .await;
        round.moment(0, 200).await;
        self.stand_still(id)
    }

    /// The same once Borg has written a checkpoint; in a world where it does so [`checkpoints::often`].
    pub(crate) async fn hold_after_checkpoint(&self, round: Round) -> Held {
        self.grow(round);
        let before = checkpoints::last_commit(&self.repository);
        let id = self.start().await;
        let is_kept = || checkpoints::last_commit(&self.repository) > before;
        let kept = try_for(|| is_kept().then_some(())).await;
        kept.expect("Borg writes a checkpoint");
        round.moment(0, 100).await;
        self.stand_still(id)
    }

    /// Holds the Borg of a backup still.
    fn stand_still(&self, id: i64) -> Held {
        let mut borgs = self.house.terminal().borgs();
        borgs.retain(|(_, command)| command.contains(" create "));
        let (borg, command) = borgs.pop().expect("Borg is in the middle of its work");
        kill_process(borg, Signal::STOP).expect("Borg can be held");
        Held { id, borg, command }
    }

    /// Waits for the end of a job, and looks at it.
    pub(crate) async fn outcome(&self, id: i64) -> Seen {
        self.house.ended(id).await;
        self.seen(id).await
    }

    /// Looks at a job that has ended.
    pub(crate) async fn seen(&self, id: i64) -> Seen {
        let job = self.house.job(id).await;
        let log = self.log(id);
        Seen {
            job: words(&job),
            log_kept: self.is_kept(&job, &log).await,
            lock: self.lock().to_owned(),
            log,
            ..Seen::default()
        }
    }

    /// Whether the log of a job has every line that was shown of it, and why it ended.
    async fn is_kept(&self, job: &Job, log: &str) -> bool {
        let shown = self.watched.shown(job.id).await;
        let why = job.error_message.as_deref().unwrap_or_default();
        shown.is_some_and(|shown| log.starts_with(&shown)) && log.contains(why)
    }

    /// The log of a job as it is on the disk.
    fn log(&self, id: i64) -> String {
        let file = self.house.data().join(format!("logs/{id}.log"));
        let log = std::fs::read(file).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    /// Whose lock is left in the repository or in Borg's cache of it.
    pub(crate) fn lock(&self) -> &'static str {
        lock::left(&self.repository, &self.house.scratch)
    }

    /// The newest job.
    pub(crate) async fn newest(&self) -> Job {
        let jobs = self.house.api.list_jobs(ListJobs::default()).await;
        let mut jobs = jobs.expect("jobs can be listed").jobs;
        jobs.remove(0)
    }

    /// Backs up once more, now that the cause is gone, and looks for the passphrase in all that Alcove wrote. It works
    /// when it is complete with all its maintenance, and leaves no lock.
    pub(crate) async fn and_next(&self, mut seen: Seen) -> Seen {
        let id = self.start().await;
        let ready = |job: &Job| job.ended_at.is_some() || asks(job);
        let job = self.house.wait(id, ready).await;
        let log = self.log(id);
        seen.next = match (words(&job).as_str(), self.lock()) {
            ("completed", "no") => "yes".to_owned(),
            ("completed", whose) => format!("yes, but a lock {whose} is left"),
            (words, _) => words.to_owned(),
        };
        if job.ended_at.is_some() {
            seen.log_kept &= self.is_kept(&job, &log).await;
        }
        seen.log += "--- The next backup:\n";
        seen.log += &log;
        self.and_no_secret(seen)
    }

    /// Looks for the passphrase in all that Alcove wrote.
    pub(crate) fn and_no_secret(&self, mut seen: Seen) -> Seen {
        seen.secrets.extend(secrets::in_files(&self.house.data()));
        seen
    }

    /// The archive of the good backup is still there.
    pub(crate) fn assert_first_archive(&self) {
        let archives = self.archives();
        assert!(archives.contains(&self.first), "{archives:?}");
    }

    /// Every archive of the repository.
    pub(crate) fn archives(&self) -> Vec<String> {
        let repository = self.repository.display().to_string();
        self.house.terminal().archives(&repository)
    }

    /// Every record there is: repositories, plans without their last jobs, and jobs.
    pub(crate) async fn records(&self) -> Vec<Value> {
        let api = &self.house.api;
        let (repositories, plans, jobs) = (
            api.list_repositories(Nothing {}).await,
            api.list_plans(Nothing {}).await,
            api.list_jobs(ListJobs::default()).await,
        );
        let mut records = Vec::new();
        for list in [
            serde_json::to_value(repositories.expect("repositories can be listed")),
            serde_json::to_value(plans.expect("plans can be listed")),
            serde_json::to_value(jobs.expect("jobs can be listed")),
        ] {
            let list = list.expect("records can be written");
            let lists = list.as_object().expect("a list has a name").values();
            records.extend(lists.filter_map(Value::as_array).flatten().cloned());
        }
        for plan in records.iter_mut().filter_map(Value::as_object_mut) {
            plan.retain(|name, _| !["last_job", "last_good"].contains(&name.as_str()));
        }
        records
    }

    /// A good close leaves a copy of the records, and nothing of one that was begun.
    pub(crate) async fn assert_copied(self) {
        let stage = self
            .rebuilt(async |house| house.restart_unlocked(|_, _| {}).await)
            .await;
        let copies = std::fs::read_dir(stage.house.data().join("copies"));
        let copies = copies.expect("there are copies").flatten();
        let names: Vec<_> = copies.map(|copy| copy.file_name()).collect();
        let whole = |name: &std::ffi::OsString| name.to_string_lossy().ends_with(".sqlite3");
        assert!(!names.is_empty() && names.iter().all(whole), "{names:?}");
    }

    /// Waits until no Borg runs any more.
    pub(crate) async fn no_borg(&self) {
        let gone = || self.house.running_borgs().is_empty().then_some(());
        let gone = try_for(gone).await;
        assert!(gone.is_some(), "{:?}", self.house.running_borgs());
    }
}

/// A backup of what [`Stage::grow`] added did not send all of it: it used what one before it had.
pub(crate) fn assert_used_again(job: &Job) {
    let sent = job.progress_details.deduplicated_size.0;
    let all = u64::from(FILES) * BYTES as u64;
    assert!(sent < all, "all was sent again: {sent} of {all} bytes");
}

/// Whether a job waits for a person.
fn asks(job: &Job) -> bool {
    job.waiting_for.is_some_and(|what| what != WaitingFor::Lock)
}

/// How a job stands, in the words of the api.
pub(crate) fn words(job: &Job) -> String {
    let mut words = vec![job.status.to_string()];
    words.extend(job.error_code.clone());
    let maintenance = job.maintenance_status;
    let odd = maintenance.filter(|word| *word != Maintenance::Completed);
    words.extend(odd.map(|word| word.to_string()));
    words.join(", ")
}
