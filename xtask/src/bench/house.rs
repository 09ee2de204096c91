//! A server of Alcove's over a repository, built for release: what a bench of the engine measures.
//!
//! It is `alcove-cli` and no test program: nothing of a test is in it, and its processor time and memory are those
//! of the engine and of nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use alcove_testkit::{Client, Scratch, Server};
use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};

use crate::shell;

/// How often a running job is looked at: seldom, since each look costs the server something.
const LOOK: Duration = Duration::from_secs(1);

/// The server, in a home of its own.
pub(super) struct House {
    pub(super) scratch: Scratch,
    pub(super) server: Server,
    pub(super) client: Client,
}

impl House {
    /// Opens one over the computer's Borg.
    pub(super) fn open() -> Result<Self> {
        Self::over(|_| Ok(()))
    }

    /// Opens one over the program `borg` that is put into the folder passed on, or else over the computer's.
    pub(super) fn over(install: impl FnOnce(&Path) -> Result<()>) -> Result<Self> {
        let scratch = Scratch::new();
        let folder = scratch.folder("borg");
        install(&folder)?;
        let mut command = Server::command(&program()?, &scratch);
        command.envs(scratch.session_with(&folder));
        let server = Server::start(command, &scratch).map_err(|said| anyhow!(said))?;
        let client = server.client();
        Ok(Self {
            scratch,
            server,
            client,
        })
    }

    /// Where its repository is.
    pub(super) fn repository(&self) -> PathBuf {
        self.scratch.path().join("repository")
    }

    /// Makes its repository, unencrypted: the faster Borg is, the more a wrapper weighs. The plan has this source
    /// and, where none is named, Alcove's own compression.
    pub(super) fn create(&self, source: &Path, compression: Option<&str>) {
        let new = json!({
            "name": "bench", "path": self.repository(), "encryption": "none",
            "compression": compression, "source_directories": [source],
        });
        self.client.post("/api/repositories/", &new).json();
    }

    /// Starts a backup, and gives its number.
    pub(super) fn start(&self) -> Result<i64> {
        let backup = json!({"repository": self.repository()});
        let started = self.client.post("/api/backup/start", &backup).json();
        started["job_id"].as_i64().context("a job has a number")
    }

    /// Gives a job as it is now.
    pub(super) fn job(&self, id: i64) -> Value {
        self.client.get(&format!("/api/backup/status/{id}")).json()
    }

    /// Waits until a job is complete.
    pub(super) fn wait(&self, id: i64) -> Result<Value> {
        loop {
            let job = self.job(id);
            if !job["ended_at"].is_null() {
                ensure!(job["status"] == "completed", "it did not end well: {job:#}");
                return Ok(job);
            }
            thread::sleep(LOOK);
        }
    }

    /// How many lines a job's log has.
    pub(super) fn lines(&self, id: i64) -> u64 {
        let path = format!("/api/backup/logs/{id}/stream?limit=1");
        let page = self.client.get(&path).json();
        page["total_lines"].as_u64().unwrap_or_default()
    }

    /// Stops the server and gives what it leaves behind.
    pub(super) fn close(self) -> Result<Scratch> {
        let ended = self.server.stop();
        ensure!(ended.success(), "the server ended with {ended}");
        Ok(self.scratch)
    }

    /// Runs a backup that is to be complete.
    pub(super) fn back_up(&self) -> Result<Value> {
        self.wait(self.start()?)
    }
}

/// The server's program, built if need be.
fn program() -> Result<PathBuf> {
    shell::run(shell::cargo(&[
        "build",
        "--release",
        "--package",
        "alcove-cli",
    ]))?;
    Ok(shell::target().join("release/alcove-cli"))
}

/// Puts a program named `borg` into a folder.
pub(super) fn install(folder: &Path, text: &str) -> Result<()> {
    let program = folder.join("borg");
    fs::write(&program, text)?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

/// A moment of a job's record.
pub(super) fn moment(job: &Value, key: &str) -> Result<jiff::Timestamp> {
    let moment = job[key].as_str();
    Ok(moment
        .with_context(|| format!("{key} of {job:#}"))?
        .parse()?)
}

/// Seconds from one moment of a job's record to another.
pub(super) fn seconds(job: &Value, from: &str, to: &str) -> Result<f64> {
    let lasted = moment(job, to)?.duration_since(moment(job, from)?);
    Ok(lasted.as_secs_f64())
}
