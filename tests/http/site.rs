//! A place for one test: a home, a data folder, and a server over them.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use alcove_testkit::{Client, FakeBorg, Installed, Scratch, Server};
use alcove_tests::{PASSPHRASE, Terminal};
use serde_json::{Value, json};

/// How long a test waits for something that takes a second: long enough for a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The keys of a job: those of the page, those the page says Alcove adds, and those the window has beside them.
pub(crate) const JOB: &str = "id repository status started_at completed_at progress error_message has_logs \
     maintenance_status scheduled_job_id triggered_by archive_name progress_details \
     kind phase phase_percent active ended_at attempt queue_position waiting_for error_code plan retry_of \
     total_expected_files time_remaining_margin borg_exit_code warnings kept_until kept_size next_try_at \
     created_at plan_name cancelling cancel_stage command log_incomplete phases \
     stalled_since";

/// The keys of `progress_details`.
pub(crate) const PROGRESS: &str = "original_size compressed_size deduplicated_size nfiles current_file \
     progress_percent backup_speed total_expected_size estimated_time_remaining";

/// A home, a data folder, and a server over them.
pub(crate) struct Site {
    /// Ends before its folders go.
    server: Server,
    pub(crate) client: Client,
    pub(crate) scratch: Scratch,
    borg: Option<PathBuf>,
}

impl Site {
    /// Starts a server over the Borg of this computer.
    pub(crate) fn new() -> Self {
        Self::start_in(Scratch::new(), None)
    }

    /// Starts a server over a Borg that does what a test tells it to.
    pub(crate) fn over(fake: &FakeBorg) -> (Self, Installed) {
        let scratch = Scratch::new();
        let installed = fake.install(&scratch.folder("fake"));
        let borg = installed.path().to_owned();
        (Self::start_in(scratch, Some(borg)), installed)
    }

    /// Starts one over a Borg in an environment with this variable.
    pub(crate) fn start_with(scratch: Scratch, variable: (&str, &Path)) -> Self {
        let mut command = command(&scratch, None);
        command.env(variable.0, variable.1);
        Self::run(command, scratch, None)
    }

    fn start_in(scratch: Scratch, borg: Option<PathBuf>) -> Self {
        Self::run(command(&scratch, borg.as_deref()), scratch, borg)
    }

    fn run(command: Command, scratch: Scratch, borg: Option<PathBuf>) -> Self {
        let server = Server::start(command, &scratch).unwrap();
        Self {
            client: server.client(),
            server,
            scratch,
            borg,
        }
    }

    /// Ends the server in good order.
    pub(crate) fn stop(self) -> (ExitStatus, Stopped) {
        let stopped = Stopped {
            scratch: self.scratch,
            borg: self.borg,
        };
        (self.server.stop(), stopped)
    }

    /// Kills the server.
    pub(crate) fn kill(self) -> Stopped {
        drop(self.server);
        Stopped {
            scratch: self.scratch,
            borg: self.borg,
        }
    }

    /// Ends the server in good order and starts another over the same folders.
    pub(crate) fn restart(self) -> Self {
        self.stop().1.start()
    }

    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    pub(crate) fn terminal(&self) -> Terminal<'_> {
        Terminal(&self.scratch)
    }

    /// Where [`Site::create`] makes its repository.
    pub(crate) fn repository(&self) -> String {
        self.scratch.path().join("repository").display().to_string()
    }

    /// What [`Site::create`] asks for.
    pub(crate) fn new_repository(&self, sources: &[&Path]) -> Value {
        json!({
            "name": "Backup SSD",
            "path": self.repository(),
            "encryption": "repokey-blake2",
            "passphrase": PASSPHRASE,
            "compression": "lz4",
            "source_directories": sources,
            "exclude_patterns": [],
        })
    }

    /// Makes an encrypted repository that is filled from these folders, and returns it.
    pub(crate) fn create(&self, sources: &[&Path]) -> Value {
        self.create_from(&self.new_repository(sources))
    }

    /// Makes a repository that Borg takes its time to fill: some four megabytes a second.
    pub(crate) fn create_slow(&self, sources: &[&Path]) -> Value {
        let mut new = self.new_repository(sources);
        new["compression"] = json!("lzma,6");
        self.create_from(&new)
    }

    /// Makes a repository and returns it.
    pub(crate) fn create_from(&self, new: &Value) -> Value {
        let created = self.client.post("/api/repositories/", new).json();
        assert_eq!(created["success"], true);
        created["repository"].clone()
    }

    /// Makes a repository that keeps one archive a day.
    pub(crate) fn create_pruned(&self, sources: &[&Path]) -> Value {
        let mut new = self.new_repository(sources);
        new["keep"] = json!({"daily": 1});
        new["compact"] = json!(true);
        self.create_from(&new)
    }

    /// Starts a backup of the site's repository.
    pub(crate) fn start(&self) -> i64 {
        self.start_of(&self.repository())
    }

    /// Starts a backup of the repository at this location.
    pub(crate) fn start_of(&self, repository: &str) -> i64 {
        let body = json!({"repository": repository});
        let started = self.client.post("/api/backup/start", &body).json();
        started["job_id"].as_i64().unwrap()
    }

    /// A job as it is now.
    pub(crate) fn job(&self, id: i64) -> Value {
        self.client.get(&format!("/api/backup/status/{id}")).json()
    }

    /// Waits until a job is as the test needs it.
    pub(crate) fn wait(&self, id: i64, ready: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let job = self.job(id);
            if ready(&job) {
                return job;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "job {id} did not get there: {job:#}\n{}",
                self.log(id)
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until a job has ended.
    pub(crate) fn ended(&self, id: i64) -> Value {
        self.wait(id, |job| !job["ended_at"].is_null())
    }

    /// Runs a backup of the site's repository that a test expects to be complete.
    pub(crate) fn back_up(&self) -> Value {
        let id = self.start();
        let job = self.ended(id);
        assert_eq!(job["status"], "completed", "{}", self.log(id));
        job
    }

    /// Asks to cancel a job and tells whether a process was told to stop.
    pub(crate) fn cancel(&self, id: i64) -> bool {
        let path = format!("/api/backup/cancel/{id}");
        let answer = self.client.post(&path, &json!({})).json();
        answer["process_terminated"].as_bool().unwrap()
    }

    /// A page of a job's log.
    pub(crate) fn page(&self, id: i64, query: &str) -> Value {
        let path = format!("/api/backup/logs/{id}/stream{query}");
        self.client.get(&path).json()
    }

    /// A job's log as one text.
    pub(crate) fn log(&self, id: i64) -> String {
        let page = self.page(id, "?limit=10000");
        let lines = page["lines"].as_array().unwrap().iter();
        lines.fold(String::new(), |text, line| {
            text + line["content"].as_str().unwrap() + "\n"
        })
    }

    /// The archives in the site's repository, checkpoints too.
    pub(crate) fn archives(&self) -> Vec<String> {
        self.terminal().archives(&self.repository())
    }

    /// Waits until no Borg runs here.
    pub(crate) fn wait_for_no_borg(&self) {
        wait_for_no_borg(&self.scratch);
    }
}

/// What a server leaves.
pub(crate) struct Stopped {
    pub(crate) scratch: Scratch,
    borg: Option<PathBuf>,
}

impl Stopped {
    /// Starts another server over the same folders.
    pub(crate) fn start(self) -> Site {
        Site::start_in(self.scratch, self.borg)
    }

    /// Waits until no Borg runs here.
    pub(crate) fn wait_for_no_borg(&self) {
        wait_for_no_borg(&self.scratch);
    }
}

/// The command that serves a scratch.
pub(crate) fn command(scratch: &Scratch, borg: Option<&Path>) -> Command {
    let mut command = Server::command(program(), scratch);
    command.envs(borg.map(|borg| ("ALCOVE_BORG", borg)));
    command
}

/// The program `alcove-cli`: it is built beside the tests. Built here where it is not.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let tests = std::env::current_exe().unwrap();
        let built = tests.ancestors().nth(2).unwrap();
        let program = built
            .join("alcove-cli")
            .with_extension(std::env::consts::EXE_EXTENSION);
        if !program.exists() {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let arguments = ["build", "--package", "alcove-cli"];
            let status = Command::new(cargo).args(arguments).status().unwrap();
            assert!(status.success(), "alcove-cli is built");
        }
        program
    })
}

fn wait_for_no_borg(scratch: &Scratch) {
    wait_until("every Borg to end", || {
        Terminal(scratch).running_borgs().is_empty()
    });
}

/// Waits until something is so.
pub(crate) fn wait_until(what: &str, ready: impl Fn() -> bool) {
    let began = Instant::now();
    while !ready() {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Fails unless an object has exactly these keys.
pub(crate) fn assert_keys(object: &Value, keys: &str) {
    let mut expected: Vec<&str> = keys.split_whitespace().collect();
    let object = object.as_object().unwrap();
    let mut found: Vec<&str> = object.keys().map(String::as_str).collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}
