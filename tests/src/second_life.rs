//! Alcove in a process of its own, so that it can be killed, stopped and looked at from outside.
//!
//! A test starts its own program once more. This second life opens the data folder of a house that is away, backs up
//! over a real Borg, and ends with that backup, unless it is killed before: from outside, or by itself (SIGKILL)
//! when it passes a named `fail_point!` for the nth time. The points do nothing but here.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use alcove_api::types::StartBackup;
use alcove_api::{Api, KeyringEntry, session};
use alcove_testkit::Scratch;
use rustix::process::{Pid, Signal, getpid, kill_process};

use crate::{keyring_that_knows, watch_log};

/// Names the repository a second life backs up to.
const REPOSITORY: &str = "ALCOVE_TEST_REPOSITORY";
/// Says at which passing of which point it ends: `3 store::commit`.
const KILL_AT: &str = "ALCOVE_TEST_KILL_AT";
/// Before a line of its backup's log that it was shown.
const SHOWN: &str = "shown: ";

/// Lives the second life to its end where this process is one; returns in a first life.
pub async fn live_if_second() {
    let Ok(repository) = std::env::var(REPOSITORY) else {
        return;
    };
    if let Ok(kill_at) = std::env::var(KILL_AT) {
        end_at(&kill_at);
    }
    let (folder, mut world) = session(std::env::vars_os().collect(), std::env::home_dir())
        .expect("a second life is given a session");
    world.keyring = keyring_that_knows;
    world.keyring_entry = |_| KeyringEntry::Open;
    let api = Api::open(folder, world).expect("the data folder is free");
    let start = StartBackup {
        repository,
        ..StartBackup::default()
    };
    let started = api.start_backup(start).await;
    let job_id = started.expect("the backup is accepted").job_id;
    watch_log(api, job_id, |line| println!("{SHOWN}{line}")).await;
    std::process::exit(0);
}

fn end_at(kill_at: &str) {
    let (passing, point) = kill_at.split_once(' ').expect("a passing and a point");
    let passing: u32 = passing.parse().expect("the passing is a number");
    let passed = AtomicU32::new(0);
    fail::cfg_callback(point, move || {
        if passed.fetch_add(1, Ordering::SeqCst) + 1 == passing {
            kill_process(getpid(), Signal::KILL).expect("a process may kill itself");
        }
    })
    .expect("a point can be set");
}

/// Alcove in a process of its own; killed when it is dropped.
pub struct SecondLife {
    child: Child,
    data: PathBuf,
    said: PathBuf,
}

impl SecondLife {
    /// Begins one over the folders of a house that is away: this program with these arguments, which must come to
    /// [`live_if_second`]. It kills itself at a passing of a point, such as `3 store::commit`, where one is named.
    pub fn begin(scratch: &Scratch, arguments: &[&str], kill_at: Option<&str>) -> Self {
        let data = scratch.path().join("data");
        let said = scratch.path().join("second-life");
        let words = std::fs::File::create(&said).expect("a scratch can be written to");
        let child = Command::new(std::env::current_exe().expect("a test is a program"))
            .args(arguments)
            .env_clear()
            .envs(scratch.session())
            .env("ALCOVE_DATA_DIR", &data)
            .env(REPOSITORY, scratch.path().join("repository"))
            .envs(kill_at.map(|at| (KILL_AT, at)))
            .stdin(Stdio::null())
            .stdout(words.try_clone().expect("a file can be held twice"))
            .stderr(words)
            .spawn()
            .expect("a test can be started");
        Self { child, data, said }
    }

    /// Sends it a signal.
    pub fn send(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("a child can be signalled");
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        let ended = self.child.try_wait();
        ended.expect("a child can be waited for").is_some()
    }

    /// Waits for its end, which must be that of the backup or SIGKILL.
    pub fn left(mut self) -> Left {
        let status = self.child.wait().expect("a child can be waited for");
        let killed = status.signal() == Some(9);
        let said = std::fs::read(&self.said).unwrap_or_default();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(killed || status.success(), "{said}");
        let shown = said.lines().filter_map(|line| line.strip_prefix(SHOWN));
        Left {
            killed,
            shown: shown.fold(String::new(), |text, line| text + line + "\n"),
            said,
            logs: logs(&self.data),
        }
    }
}

impl Drop for SecondLife {
    fn drop(&mut self) {
        // Gone already, where it was waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a second life left.
pub struct Left {
    /// Whether it was killed.
    pub killed: bool,
    /// What it said.
    pub said: String,
    /// The log of its backup as it was shown.
    pub shown: String,
    /// The logs as they were then.
    logs: Vec<(PathBuf, Vec<u8>)>,
}

impl Left {
    /// Names a log that has lost a line since.
    pub fn lost(&self) -> Option<&Path> {
        let kept = |path, before: &[u8]| {
            std::fs::read(path).is_ok_and(|after: Vec<u8>| after.starts_with(before))
        };
        let mut logs = self.logs.iter();
        let lost = logs.find(|(path, before)| !kept(path, before));
        lost.map(|(path, _)| path.as_path())
    }
}

/// The whole lines of every log.
fn logs(data: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(files) = std::fs::read_dir(data.join("logs")) else {
        return Vec::new();
    };
    files
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|name| name == "log"))
        .map(|path| {
            let mut text = std::fs::read(&path).expect("a log can be read");
            let whole = text.iter().rposition(|byte| *byte == b'\n');
            text.truncate(whole.map_or(0, |end| end + 1));
            (path, text)
        })
        .collect()
}
