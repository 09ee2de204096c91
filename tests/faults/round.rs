//! One round of a fault: a house with an encrypted repository and a good backup in it, a moment to choose, and what
//! is looked at afterwards.

use std::path::{Path, PathBuf};

use alcove_api::World;
use alcove_api::types::{Job, ListJobs};
use alcove_store::{Maintenance, Status, Store, WaitingFor};
use alcove_testkit::Scratch;
use alcove_tests::{House, try_for};
use rustix::process::{Pid, Signal, kill_process};

use crate::fault::Seen;
use crate::secrets;

/// How many files of 100 kB a backup is held in the middle of.
const FILES: u32 = 120;
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
}

/// A backup that Borg is held still in the middle of.
pub(crate) struct Held {
    pub(crate) id: i64,
    pub(crate) borg: Pid,
    /// The log as it was shown by then.
    shown: String,
}

impl Held {
    pub(crate) fn send(&self, signal: Signal) {
        kill_process(self.borg, signal).expect("Borg can be signalled");
    }

    pub(crate) fn go_on(&self) {
        self.send(Signal::CONT);
    }
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
        started.expect("the backup is accepted").job_id
    }

    /// Adds 12 MB that a backup takes seconds for.
    pub(crate) fn grow(&self, round: Round) {
        self.house
            .scratch
            .tree("Documents/New", FILES, 100_000, round.seed | 2);
    }

    /// Starts a backup of new files and holds Borg still at some moment between its first file and its last.
    pub(crate) async fn hold(&self, round: Round) -> Held {
        self.grow(round);
        let id = self.start().await;
        self.house
            .wait(id, |job| job.progress_details.nfiles > 0)
            .await;
        round.moment(0, 200).await;
        let mut borgs = self.house.terminal().borgs();
        borgs.retain(|(_, command)| command.contains(" create "));
        let (borg, _) = *borgs.first().expect("Borg is in the middle of its work");
        kill_process(borg, Signal::STOP).expect("Borg can be held");
        Held {
            id,
            borg,
            shown: self.house.log(id).await,
        }
    }

    /// Waits for the end of a job that was held, and looks at it.
    pub(crate) async fn outcome(&self, held: &Held) -> Seen {
        self.house.ended(held.id).await;
        self.seen(held.id, &held.shown).await
    }

    /// Looks at a job whose log was shown so far before.
    pub(crate) async fn seen(&self, id: i64, shown: &str) -> Seen {
        let job = self.house.job(id).await;
        let log = self.house.log(id).await;
        let says_why = job
            .error_message
            .as_ref()
            .is_none_or(|why| log.contains(why));
        Seen {
            job: words(&job),
            log_kept: !log.is_empty() && log.starts_with(shown) && says_why,
            lock: lock(&self.repository),
            log,
            ..Seen::default()
        }
    }

    /// The newest job.
    pub(crate) async fn newest(&self) -> Job {
        let jobs = self.house.api.list_jobs(ListJobs::default()).await;
        let mut jobs = jobs.expect("jobs can be listed").jobs;
        jobs.remove(0)
    }

    /// Backs up once more, now that the cause is gone, and looks for the passphrase in all that Alcove wrote.
    pub(crate) async fn and_next(&self, mut seen: Seen) -> Seen {
        let id = self.start().await;
        let ready = |job: &Job| job.ended_at.is_some() || asks(job);
        let job = self.house.wait(id, ready).await;
        seen.next = if job.status.is_safe() {
            "yes".to_owned()
        } else {
            words(&job)
        };
        if seen.next != "yes" {
            seen.log += "--- The next backup:\n";
            seen.log += &self.house.log(id).await;
        }
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

    /// Waits until no Borg runs any more.
    pub(crate) async fn no_borg(&self) {
        let gone = || self.house.running_borgs().is_empty().then_some(());
        let gone = try_for(gone).await;
        assert!(gone.is_some(), "{:?}", self.house.running_borgs());
    }
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

/// Whose lock there is in a repository.
pub(crate) fn lock(repository: &Path) -> String {
    let Ok(holders) = std::fs::read_dir(repository.join("lock.exclusive")) else {
        return "no".to_owned();
    };
    let names = holders.flatten().map(|holder| holder.file_name());
    let words = names.map(|name| whose(&name.to_string_lossy()));
    words.max().unwrap_or("no").to_owned()
}

/// Whose lock is named `HOST@HARDWARE.PROCESS-THREAD`.
fn whose(holder: &str) -> &'static str {
    let host = rustix::system::uname();
    let process = holder.rsplit_once('.').map_or("", |(_, rest)| rest);
    let process = process.split('-').next().unwrap_or_default();
    // A process that has ended, and that nobody has taken notice of yet, has no arguments any more.
    let arguments = std::fs::read(Path::new("/proc").join(process).join("cmdline"));
    if !holder.starts_with(&*host.nodename().to_string_lossy()) {
        "of another host"
    } else if arguments.is_ok_and(|arguments| !arguments.is_empty()) {
        "of a living process"
    } else {
        "of a dead process"
    }
}
