//! What 20 clients cost that look at a running backup over HTTP, each at its status and its log twice a second.
//!
//! Two goals: the server takes at most 5 % of a core meanwhile, and the backup at most 3 % longer. The backup is
//! a real one of the computer's Borg, which spends its minute compressing; runs with and without the clients
//! take turns, each in a fresh home.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use alcove_testkit::{Client, Scratch};
use anyhow::{Result, ensure};

use super::house::{self, House};
use super::{Figure, Goal, Size, median, process};

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

pub(super) fn measure(size: Size) -> Result<Vec<Figure>> {
    let pairs = size.of(PAIRS, 1);
    let place = Scratch::new();
    let source = place.tree("Pictures", FILES, BYTES, 1);
    let (mut alone, mut watched) = (Vec::new(), Vec::new());
    for pair in 1..=pairs {
        for (clients, runs) in [(0, &mut alone), (CLIENTS, &mut watched)] {
            let run = run(&source, clients)?;
            eprintln!(
                "pair {pair} of {pairs}, {clients:>2} clients: {:.1} s, server {:.2} % of a core",
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
            goal: Some(Goal::Most(5.0)),
        },
        Figure {
            bench: "http: a backup under 20 clients".to_owned(),
            figure: seconds(&watched),
            unit: "s".to_owned(),
            floor: Some(seconds(&alone)),
            goal: Some(Goal::Times(1.03)),
        },
    ])
}

/// Runs a backup to its end under so many clients.
fn run(source: &Path, clients: usize) -> Result<Run> {
    let house = House::open()?;
    house.create(source, Some("lzma,6"));
    let id = house.start()?;
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for number in 0..clients {
            let (client, over) = (house.client.clone(), &over);
            scope.spawn(move || look(&client, id, number, over));
        }
        let measured = watch(&house, id);
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
fn watch(house: &House, id: i64) -> Result<Run> {
    let server = house.server.pid();
    let (began, before) = (Instant::now(), process::spent(server)?.own);
    thread::sleep(WATCHED);
    let share = (process::spent(server)?.own - before) / began.elapsed().as_secs_f64();
    let running = house.job(id);
    ensure!(
        running["status"] == "running",
        "the backup is too short to watch: {running:#}"
    );
    let seconds = house::seconds(&house.wait(id)?, "started_at", "ended_at")?;
    Ok(Run { seconds, share })
}
