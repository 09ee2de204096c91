//! How long a Borg is kept waiting by Alcove when it says ten million lines, and a window looks that never reads.
//!
//! Two goals: Borg waits for its pipe less than 0.5 % of its time, and the server keeps to bounded memory. The Borg
//! is a program that speaks as fast as the fastest does and measures its own waits (`flood.py`): to measure them
//! from outside would slow it down. The log it fills is about a gigabyte and is removed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::thread;
use std::time::Duration;

use alcove_testkit::{Scratch, Server};
use anyhow::{Context, Result, anyhow, ensure};
use serde_json::json;

use super::Figure;
use crate::shell;

const LINES: u64 = 10_000_000;
const BORG: &str = include_str!("flood.py");

pub(super) fn measure() -> Result<Vec<Figure>> {
    shell::run(shell::cargo(&[
        "build",
        "--release",
        "--package",
        "alcove-cli",
    ]))?;
    let scratch = Scratch::new();
    let folder = scratch.folder("borg");
    install(&folder)?;
    let mut command = Server::command(&shell::target().join("release/alcove-cli"), &scratch);
    command.envs(scratch.session_with(&folder));
    let server = Server::start(command, &scratch).map_err(|said| anyhow!(said))?;
    let client = server.client();
    let deaf = client.events(client.authorized("GET", "/api/events/stream"));

    let repository = scratch.path().join("repository");
    let new = json!({
        "name": "bench", "path": repository, "encryption": "none",
        "source_directories": [scratch.folder("home/Documents")],
    });
    client.post("/api/repositories/", &new).json();
    let started = client
        .post("/api/backup/start", &json!({"repository": repository}))
        .json();
    let id = started["job_id"].as_i64().context("a job has a number")?;
    loop {
        let job = client.get(&format!("/api/backup/status/{id}")).json();
        if !job["ended_at"].is_null() {
            ensure!(job["status"] == "completed", "{job:#}");
            break;
        }
        thread::sleep(Duration::from_secs(1));
    }
    let page = client
        .get(&format!("/api/backup/logs/{id}/stream?limit=1"))
        .json();
    ensure!(
        page["total_lines"].as_u64() >= Some(LINES),
        "lines are lost"
    );
    drop(deaf);

    let result = fs::read_to_string(folder.join("flood.result"))?;
    let (seconds, waited) = result.split_once(' ').context("two numbers")?;
    let share = waited.parse::<f64>()? / seconds.parse::<f64>()? * 100.0;
    Ok(vec![
        Figure {
            bench: "flood: Borg waits for its pipe".to_owned(),
            figure: share,
            unit: "% of its time".to_owned(),
            floor: None,
            goal: 0.5,
        },
        Figure {
            bench: "flood: the most memory of the server".to_owned(),
            figure: most_memory(server.pid())?,
            unit: "MB".to_owned(),
            floor: None,
            goal: 100.0,
        },
    ])
}

/// Puts the program into a folder.
fn install(folder: &Path) -> Result<()> {
    let program = folder.join("borg");
    fs::write(&program, BORG.replace("@LINES@", &LINES.to_string()))?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

/// The most memory a process has had, in MB: `VmHWM` of proc(5).
fn most_memory(pid: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kilobytes.context("a peak")?.parse::<f64>()? * 1024.0 / 1e6)
}
