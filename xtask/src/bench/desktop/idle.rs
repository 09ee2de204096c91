//! What is done while nothing is to be done: time of a processor and wake-ups of all processes over a minute, with the
//! window open and with it closed.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::{App, Program, Programs, Stage, lived_in, rest};
use crate::bench::{Figure, Goal, Size, median};

/// A minute three times is long enough to say something of a minute.
const ROUNDS: usize = 3;

/// Percent of a core and wake-ups a second, of each round.
#[derive(Default)]
struct Quiet {
    shares: Vec<f64>,
    wakes: Vec<f64>,
}

impl Quiet {
    fn listen(&mut self, app: &App, size: Size) -> Result<()> {
        thread::sleep(rest(size));
        let before = app.family().activity()?;
        thread::sleep(Duration::from_secs(size.of(60, 5)));
        let (share, wakes) = app.family().activity()?.since(&before);
        eprintln!("{share:.3} % of a core, {wakes:.2} wake-ups a second");
        self.shares.push(share);
        self.wakes.push(wakes);
        Ok(())
    }
}

pub(in crate::bench) fn measure(size: Size) -> Result<Vec<Figure>> {
    let Programs { alcove, empty } = Programs::built()?;
    let stage = Stage::open(lived_in()?)?;
    let (mut open, mut closed, mut floor) = Default::default();
    for _ in 0..size.of(ROUNDS, 1) {
        let app = shown(&stage, &alcove)?;
        Quiet::listen(&mut open, &app, size)?;
        stage.close_window(&app, alcove.title)?;
        Quiet::listen(&mut closed, &app, size)?;
        app.end()?;
        let app = shown(&stage, &empty)?;
        Quiet::listen(&mut floor, &app, size)?;
        app.end()?;
    }
    let figure = |what: &str, figure, unit: &str, floor, goal| Figure {
        bench: format!("idle: {what}"),
        figure,
        unit: unit.to_owned(),
        floor,
        goal,
    };
    let a_minute = closed.wakes.iter().map(|wakes| wakes * 60.0).collect();
    Ok(vec![
        figure(
            "processor, window open",
            median(open.shares),
            "% of a core",
            Some(median(floor.shares)),
            Some(Goal::More(0.1)),
        ),
        figure(
            "wake-ups, window open",
            median(open.wakes),
            "a second",
            Some(median(floor.wakes)),
            Some(Goal::More(1.0)),
        ),
        figure(
            "processor, window closed",
            median(closed.shares),
            "% of a core",
            None,
            None,
        ),
        figure(
            "wake-ups, window closed",
            median(a_minute),
            "a minute",
            None,
            Some(Goal::Most(2.0)),
        ),
    ])
}

fn shown(stage: &Stage, program: &Program) -> Result<App> {
    let app = stage.start(&program.path, program.shown)?;
    stage.settled(Instant::now())?;
    Ok(app)
}
