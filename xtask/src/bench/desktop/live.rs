//! What it costs to show a backup that runs: processor time of Alcove and its web processes, without Borg's, with the
//! Overview open and with the window closed.
//!
//! The floor is a window whose one text changes every second. The backup is a real one that Borg compresses for some
//! minutes, begun by its schedule.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::{App, Programs, Stage, furnished, soon, wait_until};
use crate::bench::{Figure, Goal, Size, median};

/// So many stretches of a backup are measured.
const STRETCHES: usize = 5;
/// Borg compresses it with `lzma,6` in more than all of them take.
const FILES: u32 = 9_000;
const BYTES: usize = 100_000;

pub(in crate::bench) fn measure(size: Size) -> Result<Vec<Figure>> {
    let Programs { alcove, empty } = Programs::built()?;
    let files = size.of(FILES, FILES / 6);
    let stage = Stage::open(furnished(
        |scratch| scratch.tree("Pictures", files, BYTES, 1),
        soon,
        0,
    )?)?;
    let app = stage.start(&alcove.path, alcove.shown)?;
    stage.settled(Instant::now())?;
    wait_until("a backup to begin", || app.family().has_borg())?;
    // What a window does when a backup begins is over.
    thread::sleep(stretch(size));
    let shown = shares(&app, size)?;
    stage.close_window(&app, alcove.title)?;
    let hidden = shares(&app, size)?;
    ensure!(app.family().has_borg()?, "the backup is too short to watch");
    app.end()?;

    let app = stage.start(&empty.path, &["changing"])?;
    thread::sleep(stretch(size));
    let floor = shares(&app, size)?;
    app.end()?;
    Ok(vec![
        Figure {
            bench: "live: a backup in the Overview".to_owned(),
            figure: median(shown),
            unit: "% of a core".to_owned(),
            floor: Some(median(floor)),
            goal: Some(Goal::Times(1.5)),
        },
        Figure {
            bench: "live: a backup with the window closed".to_owned(),
            figure: median(hidden),
            unit: "% of a core".to_owned(),
            floor: None,
            goal: Some(Goal::Most(0.5)),
        },
    ])
}

/// How long one is.
fn stretch(size: Size) -> Duration {
    Duration::from_secs(size.of(15, 3))
}

/// Percent of a core of each stretch.
fn shares(app: &App, size: Size) -> Result<Vec<f64>> {
    (0..size.of(STRETCHES, 1))
        .map(|_| {
            let before = app.family().activity()?;
            thread::sleep(stretch(size));
            let (share, _) = app.family().activity()?.since(&before);
            eprintln!("{share:.2} % of a core");
            Ok(share)
        })
        .collect()
}
