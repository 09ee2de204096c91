//! How much memory nobody else could have while there is no window (`Private_Dirty` of all processes): one that was
//! never opened, and one that was closed.

use std::thread;
use std::time::Instant;

use anyhow::Result;

use super::{App, Programs, ROUNDS, Stage, lived_in, rest};
use crate::bench::{Figure, Goal, Size, median};

pub(in crate::bench) fn measure(size: Size) -> Result<Vec<Figure>> {
    let Programs { alcove, empty } = Programs::built()?;
    let stage = Stage::open(lived_in()?)?;
    let memory = |app: App| -> Result<f64> {
        thread::sleep(rest(size));
        let memory = app.family().memory("Private_Dirty:")?;
        app.end()?;
        Ok(memory)
    };
    let (mut never, mut closed, mut windowless) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..size.of(ROUNDS, 1) {
        never.push(memory(stage.start(&alcove.path, &["--background"])?)?);
        let app = stage.start(&alcove.path, alcove.shown)?;
        stage.settled(Instant::now())?;
        thread::sleep(rest(size));
        stage.close_window(&app, alcove.title)?;
        closed.push(memory(app)?);
        windowless.push(memory(stage.start(&empty.path, &["windowless"])?)?);
    }
    let floor = median(windowless);
    let figure = |what: &str, memory, times| Figure {
        bench: format!("background: memory, the window {what}"),
        figure: median(memory),
        unit: "MB".to_owned(),
        floor: Some(floor),
        goal: Some(Goal::Times(times)),
    };
    Ok(vec![
        figure("never opened", never, 1.3),
        figure("opened and closed", closed, 2.0),
    ])
}
