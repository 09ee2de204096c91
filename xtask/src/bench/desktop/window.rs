//! How much memory is in use while the window is open and nothing happens: of every process its share of each page
//! (`Pss`), web processes too.

use std::thread;
use std::time::Instant;

use anyhow::Result;

use super::{Program, Programs, ROUNDS, Stage, lived_in, rest};
use crate::bench::{Figure, Goal, Size, median};

pub(in crate::bench) fn measure(size: Size) -> Result<Vec<Figure>> {
    let programs = Programs::built()?;
    let stage = Stage::open(lived_in()?)?;
    let (mut alcove, mut empty) = (Vec::new(), Vec::new());
    for _ in 0..size.of(ROUNDS, 1) {
        alcove.push(memory(&stage, &programs.alcove, size)?);
        empty.push(memory(&stage, &programs.empty, size)?);
    }
    Ok(vec![Figure {
        bench: "window: memory with the window open".to_owned(),
        figure: median(alcove),
        unit: "MB".to_owned(),
        floor: Some(median(empty)),
        goal: Some(Goal::Times(1.2)),
    }])
}

fn memory(stage: &Stage, program: &Program, size: Size) -> Result<f64> {
    let app = stage.start(&program.path, program.shown)?;
    stage.settled(Instant::now())?;
    thread::sleep(rest(size));
    let memory = app.family().memory("Pss:")?;
    app.end()?;
    Ok(memory)
}
