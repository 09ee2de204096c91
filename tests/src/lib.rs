//! A house for one test: a home of its own, a data folder, and the api over the Borg of this
//! computer. What goes wrong here panics with a sentence.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    reason = "a test has no other way to fail"
)]

mod clock;
mod desktop;
mod disk;
mod fail_points;
mod fake;
mod holder;
mod keyring;
mod lied_to;
mod older;
mod person;
mod power;
mod second_life;
mod server;
mod terminal;
mod watcher;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcove_api::types::{
    CreateRepository, Job, JobId, LogLine, RepositoryCreated, StartBackup, StreamBackupLogs,
};
use alcove_api::{Api, ApiError, KeyringEntry, World};
use alcove_borg::Passphrase;
use alcove_store::{Folder, Status, Store};
use alcove_system::Computer;
use alcove_testkit::{Scratch, by_id};

pub use clock::PutClock;
pub use desktop::{lock_its_keyring, on_a_desktop, use_its_keyring};
pub use disk::SmallDisk;
pub use fail_points::{FAIL_POINTS, FailPoint, Passed};
pub use fake::{REPOSITORY_ID, archive, repository_list};
pub use holder::Holder;
pub use keyring::{
    answer_the_keyring, ask_for_keyring_that_asks, entry_of_keyring_that_asks, keyring_that_asks,
    keyring_that_is_wrong, keyring_that_knows,
};
pub use lied_to::LiedTo;
pub use older::make_older;
pub use person::{as_another_user, is_another_user};
pub use power::PoweredDisk;
pub use second_life::{Left, SecondLife, live_if_second};
pub use server::LoopbackServer;
pub use terminal::Terminal;
pub use watcher::watch_log;

/// The passphrase of every repository a test makes.
pub const PASSPHRASE: &str = "harbour quiet linen";

/// How long a test waits for something that takes a second: long enough for a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A home, a data folder, and the api over them.
pub struct House {
    /// The home.
    pub scratch: Scratch,
    /// The api.
    pub api: Api,
    /// The Borg in use, where it is not the computer's.
    borg: Option<PathBuf>,
}

impl Default for House {
    fn default() -> Self {
        Self::new()
    }
}

impl House {
    /// Opens a house over the Borg of this computer.
    pub fn new() -> Self {
        Self::with(|_, _| {})
    }

    /// Opens a house whose world a test changes first.
    pub fn with(change: impl FnOnce(&Scratch, &mut World)) -> Self {
        let scratch = Scratch::new();
        let api = open(&scratch, change);
        let borg = None;
        Self { scratch, api, borg }
    }

    /// Closes the api and opens it again over the same folders, as after a restart.
    #[must_use]
    pub async fn restart(self) -> Self {
        self.restart_with(|_, _| {}).await
    }

    /// The same with a world a test changes first.
    #[must_use]
    pub async fn restart_with(self, change: impl Fn(&Scratch, &mut World)) -> Self {
        self.with_store(change, |_, _| {}).await.0
    }

    /// The same with its passphrase in a keyring of the test's.
    #[must_use]
    pub async fn restart_unlocked(self, change: impl Fn(&Scratch, &mut World)) -> Self {
        self.restart_with(|scratch, world| {
            world.keyring = keyring_that_knows;
            change(scratch, world);
        })
        .await
    }

    /// Changes the records of a house while nobody uses its data folder. The passphrase is in a keyring of the
    /// test's afterwards.
    pub async fn edit<T>(self, change: impl FnOnce(&Store) -> T) -> (Self, T) {
        let unlocked = |_: &Scratch, world: &mut World| world.keyring = keyring_that_knows;
        self.with_store(unlocked, |_, store| change(&store)).await
    }

    /// Closes the house, has something happen to its folders, and opens it again. The passphrase is in a keyring of
    /// the test's afterwards.
    pub async fn away<T>(self, meanwhile: impl FnOnce(&Scratch) -> T) -> (Self, T) {
        let unlocked = |_: &Scratch, world: &mut World| world.keyring = keyring_that_knows;
        self.with_store(unlocked, |scratch, store| {
            drop(store);
            meanwhile(scratch)
        })
        .await
    }

    async fn with_store<T>(
        self,
        world: impl Fn(&Scratch, &mut World),
        change: impl FnOnce(&Scratch, Store) -> T,
    ) -> (Self, T) {
        let folder = Folder::at(self.data());
        self.api.shutdown().await;
        let Self { scratch, api, borg } = self;
        drop(api);
        // The threads of jobs let go of the store a moment after their last word.
        let store = try_for(|| Store::open(folder.clone()).ok())
            .await
            .expect("the data folder can be opened again");
        let changed = change(&scratch, store);
        let with_borg = |scratch: &Scratch, new: &mut World| {
            new.borg.clone_from(&borg);
            world(scratch, new);
        };
        let api = try_for(|| try_open(&scratch, with_borg).ok())
            .await
            .expect("the data folder can be opened again");
        (Self { scratch, api, borg }, changed)
    }

    /// The folder of the database and the logs.
    pub fn data(&self) -> PathBuf {
        self.scratch.path().join("data")
    }

    /// Where [`House::create`] makes its repository.
    pub fn repository(&self) -> String {
        self.scratch.path().join("repository").display().to_string()
    }

    /// Makes an encrypted repository with a plan for these folders.
    pub async fn create(&self, sources: &[&Path]) -> RepositoryCreated {
        self.api
            .create_repository(self.new_repository(sources))
            .await
            .expect("the repository is created")
    }

    /// What [`House::create`] asks for.
    pub fn new_repository(&self, sources: &[&Path]) -> CreateRepository {
        CreateRepository {
            name: "Backup SSD".to_owned(),
            path: self.repository(),
            encryption: None,
            passphrase: Some(Passphrase::new(PASSPHRASE.to_owned())),
            passcommand: None,
            compression: None,
            source_directories: Some(
                sources
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect(),
            ),
            exclude_patterns: None,
            plan_name: Some("Home".to_owned()),
            keep: None,
            compact: None,
            remember_passphrase: None,
            ssh_key: None,
            remote_path: None,
        }
    }

    /// Starts a backup of the house's repository.
    pub async fn start(&self) -> i64 {
        let args = StartBackup {
            repository: self.repository(),
            ..StartBackup::default()
        };
        self.api
            .start_backup(args)
            .await
            .expect("the backup is accepted")
            .job_id
    }

    /// Returns a job as it is now.
    pub async fn job(&self, id: i64) -> Job {
        self.api
            .get_backup_status(JobId { job_id: id })
            .await
            .expect("the job is known")
            .job
    }

    /// Cancels a job and tells whether a process was told to stop.
    pub async fn cancel(&self, id: i64) -> Result<bool, ApiError> {
        let answer = self.api.cancel_backup(JobId { job_id: id }).await?;
        Ok(answer.process_terminated)
    }

    /// Waits until a job is as the test needs it.
    pub async fn wait(&self, id: i64, ready: impl Fn(&Job) -> bool) -> Job {
        let began = Instant::now();
        loop {
            let job = self.job(id).await;
            if ready(&job) {
                return job;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "job {id} did not get there: {job:#?}\n{}",
                self.log(id).await
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until a job has ended.
    pub async fn ended(&self, id: i64) -> Job {
        self.wait(id, |job| job.ended_at.is_some()).await
    }

    /// Runs a backup of the house's repository to its end.
    pub async fn back_up(&self) -> Job {
        let id = self.start().await;
        self.ended(id).await
    }

    /// Runs a backup that a test expects to be complete.
    pub async fn back_up_well(&self) -> Job {
        let job = self.back_up().await;
        assert_eq!(job.status, Status::Completed, "{}", self.log(job.id).await);
        job
    }

    /// Every line of a job's log.
    pub async fn lines(&self, id: i64) -> Vec<LogLine> {
        let args = StreamBackupLogs {
            job_id: id,
            offset: None,
            limit: Some(10_000),
        };
        self.api
            .stream_backup_logs(args)
            .await
            .expect("the log can be read")
            .lines
    }

    /// A job's log as one text.
    pub async fn log(&self, id: i64) -> String {
        let lines = self.lines(id).await;
        lines
            .iter()
            .fold(String::new(), |text, line| text + &line.content + "\n")
    }

    /// A terminal in the house.
    pub fn terminal(&self) -> Terminal<'_> {
        Terminal(&self.scratch)
    }

    /// Runs the Borg of this computer in the house, as a person would in a terminal.
    pub fn borg(&self, arguments: &[&str]) -> std::process::Output {
        self.terminal().borg(arguments)
    }

    /// The names of the archives in the house's repository, checkpoints too.
    pub fn archives(&self) -> Vec<String> {
        self.terminal().archives(&self.repository())
    }

    /// The commands of every Borg that runs in this house.
    pub fn running_borgs(&self) -> Vec<String> {
        self.terminal().running_borgs()
    }
}

fn try_open(scratch: &Scratch, change: impl FnOnce(&Scratch, &mut World)) -> Result<Api, ApiError> {
    let mut world = World::of_session(scratch.session().into_iter().collect(), scratch.home());
    let computer = Computer::of(&world.environment);
    world.system = Arc::new(computer.with_drives_in(by_id(scratch.path())));
    world.keyring = || None;
    world.keyring_entry = |_| KeyringEntry::Open;
    world.unlock_keyring = |_| ();
    world.keyring_wait = Duration::from_millis(50);
    world.reconnect_wait = Duration::from_millis(10);
    world.flush_wait = Duration::from_mins(2);
    change(scratch, &mut world);
    Api::open(Folder::at(scratch.path().join("data")), world)
}

fn open(scratch: &Scratch, change: impl FnOnce(&Scratch, &mut World)) -> Api {
    match try_open(scratch, change) {
        Ok(api) => api,
        Err(error) => panic!("the house does not open: {error}"),
    }
}

/// Tries until something is there.
pub async fn try_for<T>(mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(done) = attempt() {
            return Some(done);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    None
}
