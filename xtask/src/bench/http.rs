//! What 20 clients cost that look at a running backup over HTTP, each at its status and its log twice a second.
//!
//! Two goals: the server takes at most 5 % of a core meanwhile, and the backup at most 3 % longer. The backup is
//! a real one of the computer's Borg, which spends its minute compressing; runs with and without the clients
//! take turns, each in a fresh home.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use alcove_testkit::{Client, Scratch, Server};
use anyhow::{Context, Result, anyhow, ensure};
use serde_json::json;

use super::{Figure, median};
use crate::shell;

const CLIENTS: usize = 20;
const PAUSE: Duration = Duration::from_millis(500);
/// How long the server is watched.
const WATCHED: Duration = Duration::from_mins(1);
/// How often a backup runs with the clients, and how often without.
const PAIRS: usize = 3;
/// Borg compresses it with `lzma,6` in a little more than a minute.
const FILES: u32 = 2_700;
const BYTES: usize = 100_000;

/// One backup.
struct Run {
    /// Seconds from its start to its end.
    seconds: f64,
    /// Share of one core that the server took.
    share: f64,
}

pub(super) fn measure() -> Result<Vec<Figure>> {
    shell::run(shell::cargo(&[
        "build",
        "--release",
        "--package",
        "alcove-cli",
    ]))?;
    let program = shell::target().join("release/alcove-cli");
    let place = Scratch::new();
    let source = place.tree("Pictures", FILES, BYTES, 1);
    let (mut alone, mut watched) = (Vec::new(), Vec::new());
    for pair in 1..=PAIRS {
        for (clients, runs) in [(0, &mut alone), (CLIENTS, &mut watched)] {
            let run = run(&program, &source, clients)?;
            eprintln!(
                "pair {pair} of {PAIRS}, {clients:>2} clients: {:.1} s, server {:.2} % of a core",
                run.seconds,
                run.share * 100.0
            );
            runs.push(run);
        }
    }
    let seconds = |runs: &[Run]| median(runs.iter().map(|run| run.seconds).collect());
    Ok(vec![
        Figure {
            bench: "http: the server under 20 clients".to_owned(),
            figure: median(watched.iter().map(|run| run.share * 100.0).collect()),
            unit: "% of a core".to_owned(),
            floor: None,
            goal: 5.0,
        },
        Figure {
            bench: "http: a backup under 20 clients".to_owned(),
            figure: seconds(&watched),
            unit: "s".to_owned(),
            floor: Some(seconds(&alone)),
            goal: 1.03,
        },
    ])
}

/// Runs a backup to its end under so many clients.
fn run(program: &Path, source: &Path, clients: usize) -> Result<Run> {
    let scratch = Scratch::new();
    let server = Server::start(Server::command(program, &scratch), &scratch)
        .map_err(|said| anyhow!(said))?;
    let client = server.client();
    let repository = scratch.path().join("repository");
    let new = json!({
        "name": "bench", "path": repository, "encryption": "none", "compression": "lzma,6",
        "source_directories": [source],
    });
    client.post("/api/repositories/", &new).json();
    let started = client
        .post("/api/backup/start", &json!({"repository": repository}))
        .json();
    let id = started["job_id"].as_i64().context("a job has a number")?;

    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for number in 0..clients {
            let (client, over) = (server.client(), &over);
            scope.spawn(move || look(&client, id, number, over));
        }
        let measured = watch(&server, &client, id);
        over.store(true, Ordering::Relaxed);
        measured
    })
}

/// Looks at a job's status and at what is new in its log until it is over. The clients begin one after the other.
fn look(client: &Client, id: i64, number: usize, over: &AtomicBool) {
    let mut next = Instant::now() + PAUSE * number as u32 / CLIENTS as u32;
    let mut read = 0;
    while !over.load(Ordering::Relaxed) {
        thread::sleep(next.saturating_duration_since(Instant::now()));
        next += PAUSE;
        client.get(&format!("/api/backup/status/{id}")).json();
        let page = client
            .get(&format!("/api/backup/logs/{id}/stream?offset={read}"))
            .json();
        read += page["lines"].as_array().map_or(0, Vec::len);
    }
}

/// Measures the server for a minute, and the backup to its end.
fn watch(server: &Server, client: &Client, id: i64) -> Result<Run> {
    let (began, before) = (Instant::now(), spent(server.pid())?);
    thread::sleep(WATCHED);
    let share = (spent(server.pid())? - before) / began.elapsed().as_secs_f64();
    let running = client.get(&format!("/api/backup/status/{id}")).json();
    ensure!(
        running["status"] == "running",
        "the backup is too short to watch: {running:#}"
    );
    loop {
        let job = client.get(&format!("/api/backup/status/{id}")).json();
        if let Some(ended) = job["ended_at"].as_str() {
            ensure!(
                job["status"] == "completed",
                "the backup did not end well: {job:#}"
            );
            let ended: jiff::Timestamp = ended.parse()?;
            let started = job["started_at"].as_str().context("it has a start")?;
            let seconds = ended.duration_since(started.parse()?).as_secs_f64();
            return Ok(Run { seconds, share });
        }
        thread::sleep(Duration::from_secs(1));
    }
}

/// Seconds of a processor that a process has taken, without its children: `utime` and `stime` of proc(5).
fn spent(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name before stands in brackets and may hold anything.
    let (_, rest) = stat.rsplit_once(')').context("a name in brackets")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
    Ok(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
}
