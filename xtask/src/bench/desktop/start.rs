//! How long it takes from the start of the process until the window is as it stays: warm, since every round but the
//! first, which does not count, finds all files in memory.

use std::time::Instant;

use anyhow::Result;

use super::{Program, Programs, ROUNDS, Stage, lived_in};
use crate::bench::{Figure, Goal, Size, median};

pub(in crate::bench) fn measure(size: Size) -> Result<Vec<Figure>> {
    let programs = Programs::built()?;
    let stage = Stage::open(lived_in()?)?;
    let (mut alcove, mut empty) = (Vec::new(), Vec::new());
    for round in 0..=size.of(ROUNDS, 1) {
        for (program, times) in [
            (&programs.alcove, &mut alcove),
            (&programs.empty, &mut empty),
        ] {
            let seconds = start(&stage, program)?;
            eprintln!("round {round}: {} {seconds:.3} s", program.title);
            if round > 0 {
                times.push(seconds);
            }
        }
    }
    Ok(vec![Figure {
        bench: "start: until the window is as it stays".to_owned(),
        figure: median(alcove),
        unit: "s".to_owned(),
        floor: Some(median(empty)),
        goal: Some(Goal::Times(1.3)),
    }])
}

fn start(stage: &Stage, program: &Program) -> Result<f64> {
    let began = Instant::now();
    let app = stage.start(&program.path, program.shown)?;
    let seconds = stage.settled(began)?;
    app.end()?;
    Ok(seconds)
}
