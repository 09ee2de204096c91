//! How true percent and time left are: five kinds of load, run once, each looked at ten times a second.
//!
//! The truth is known at the end: how much of its time a backup had taken, and what was left of it. A plain share of
//! bytes, as other programs show it, is judged in the same runs. What was seen is kept as JSON for the plots.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use alcove_api::types::Job;
use alcove_store::Phase;
use alcove_tests::House;
use serde::Serialize;

use crate::Figure;

const LOOK: Duration = Duration::from_millis(100);
/// Time left is judged after this share of a run.
const EARLY: f64 = 0.2;
/// Of the last seconds nobody is told more than that it is less than a minute, and a second too many would be half of what
/// is left.
const LATE: f64 = 10.0;
/// A percent that stands still longer than this many seconds is no percent.
const STANDSTILL: f64 = 10.0;
const LARGE: usize = 100_000_000;

/// What was shown at some moment.
#[derive(Debug, Clone, Copy, Serialize)]
struct Look {
    /// Seconds since Borg began to read.
    at: f64,
    percent: f64,
    bytes: u64,
    /// Seconds; 0 where none was said.
    left: u64,
    margin: u64,
}

/// A run as it was seen.
#[derive(Debug, Serialize)]
struct Seen {
    load: &'static str,
    first: bool,
    /// Seconds from the first read to the safe archive.
    took: f64,
    /// Seconds of those until the last file was read: what the percent is of.
    read: f64,
    /// Bytes in all.
    bytes: u64,
    looks: Vec<Look>,
}

pub(crate) async fn measure(small: bool, keep: &Path) -> Vec<Figure> {
    fs::create_dir_all(keep).expect("the folder of the runs can be made");
    let few = |count: u32| if small { count.div_ceil(50) } else { count };
    let mut seen = Vec::new();
    {
        let house = House::new();
        let mail = house.scratch.tree("Mail", few(250_000), 1_000, 1);
        house.create(&[&mail]).await;
        seen.push(watch(&house, "many small files", true).await);
        seen.push(watch(&house, "nothing changed", false).await);
    }
    {
        let house = House::new();
        let videos = house.scratch.tree("Videos", few(15), LARGE, 2);
        house.create(&[&videos]).await;
        seen.push(watch(&house, "large files", true).await);
    }
    {
        let house = House::new();
        let letters = house.scratch.tree("Letters", few(80_000), 4_000, 3);
        let videos = house.scratch.tree("Videos", few(8), LARGE, 4);
        let notes = house.scratch.tree("Notes", few(80_000), 2_000, 5);
        house.create(&[&letters, &videos, &notes]).await;
        seen.push(watch(&house, "small, large, small", true).await);
        house.scratch.tree("Letters", few(8_000), 5_000, 6);
        house.scratch.tree("Videos", few(6), LARGE, 7);
        seen.push(watch(&house, "a part changed", false).await);
    }
    for run in &seen {
        let name = format!("{}.json", run.load.replace(", ", "-").replace(' ', "-"));
        let text = serde_json::to_string(run).expect("a run is JSON");
        fs::write(keep.join(name), text).expect("a run can be kept");
    }
    figures(&seen)
}

/// Runs a backup to its end and looks at it all the while.
async fn watch(house: &House, load: &'static str, first: bool) -> Seen {
    let id = house.start().await;
    let mut began = None;
    let mut looks = Vec::new();
    loop {
        let job = house.job(id).await;
        let now = Instant::now();
        if job.phase == Phase::BackingUp {
            let began = *began.get_or_insert(now);
            looks.push(look(&job, now.duration_since(began)));
        }
        if job.completed_at.is_some() {
            let took = began
                .expect("it has read something")
                .elapsed()
                .as_secs_f64();
            house.ended(id).await;
            eprintln!("{load}: {took:.1} s, {:?}", job.status);
            return Seen {
                load,
                first,
                took,
                read: looks.last().map_or(took, |look| look.at),
                bytes: looks.last().map_or(0, |look| look.bytes),
                looks,
            };
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn look(job: &Job, since: Duration) -> Look {
    let progress = &job.progress_details;
    Look {
        at: since.as_secs_f64(),
        percent: progress.progress_percent,
        bytes: progress.original_size.0,
        left: progress.estimated_time_remaining,
        margin: job.time_remaining_margin,
    }
}

fn figures(seen: &[Seen]) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mean = |off: &dyn Fn(&Seen) -> f64| seen.iter().map(off).sum::<f64>() / seen.len() as f64;
    for run in seen {
        eprintln!(
            "{}: percent is off by {:.1} points, a share of the bytes by {:.1}",
            run.load,
            run.off_as_shown(),
            run.off_by_bytes()
        );
    }
    figures.push(Figure {
        bench: "percent: off by, five kinds of load".to_owned(),
        value: mean(&Seen::off_as_shown),
        unit: "points",
        floor: Some(mean(&Seen::off_by_bytes)),
        goal: 0.5,
    });
    figures.push(Figure {
        bench: "percent: the longest stand-still".to_owned(),
        value: seen.iter().map(Seen::standstill).fold(0.0, f64::max),
        unit: "s",
        floor: None,
        goal: STANDSTILL,
    });
    for (first, kind, share, goal) in [
        (false, "repeat runs, half of the time", 0.5, 10.0),
        (false, "repeat runs, nine times of ten", 0.9, 25.0),
        (true, "first runs, half of the time", 0.5, 35.0),
    ] {
        let runs = seen.iter().filter(|run| run.first == first);
        let mut errors: Vec<f64> = runs.flat_map(Seen::errors).collect();
        errors.sort_by(f64::total_cmp);
        let at = ((errors.len() as f64 * share) as usize).min(errors.len().saturating_sub(1));
        figures.push(Figure {
            bench: format!("time left: {kind}, off by"),
            value: errors.get(at).copied().unwrap_or(f64::INFINITY),
            unit: "%",
            floor: None,
            goal,
        });
    }
    for first in [false, true] {
        let runs: Vec<&Seen> = seen.iter().filter(|run| run.first == first).collect();
        let said: usize = runs.iter().map(|run| run.errors().count()).sum();
        let judged: usize = runs.iter().map(|run| run.judged().count()).sum();
        eprintln!("time left was said {said} of {judged} times, first runs: {first}");
    }
    figures
}

impl Seen {
    /// The mean distance of what was shown from the share of time that had passed: points of a hundred.
    fn off(&self, shown: impl Fn(&Look) -> f64) -> f64 {
        let off = |look: &Look| (shown(look) - look.at / self.read.max(1e-3) * 100.0).abs();
        self.looks.iter().map(off).sum::<f64>() / self.looks.len().max(1) as f64
    }

    fn off_as_shown(&self) -> f64 {
        self.off(|look| look.percent)
    }

    fn off_by_bytes(&self) -> f64 {
        self.off(|look| look.bytes as f64 / self.bytes.max(1) as f64 * 100.0)
    }

    /// How long the percent stood still at most: seconds.
    fn standstill(&self) -> f64 {
        let (mut since, mut longest) = (0.0, 0.0_f64);
        let mut percent = 0.0;
        for look in &self.looks {
            if look.percent > percent {
                (since, percent) = (look.at, look.percent);
            }
            longest = longest.max(look.at - since);
        }
        longest
    }

    fn judged(&self) -> impl Iterator<Item = &Look> {
        let time = self.took * EARLY..self.took - LATE;
        self.looks
            .iter()
            .filter(move |look| time.contains(&look.at))
    }

    /// How far the time left was off, wherever one was said: percent of what was left.
    fn errors(&self) -> impl Iterator<Item = f64> {
        let said = self.judged().filter(|look| look.left > 0);
        said.map(|look| {
            let truth = self.took - look.at;
            (look.left as f64 - truth).abs() / truth * 100.0
        })
    }
}
