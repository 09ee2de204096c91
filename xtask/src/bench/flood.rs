//! How long a Borg is kept waiting by Alcove when it says ten million lines, and a window looks that never reads.
//!
//! Two goals: Borg waits for its pipe less than 0.5 % of its time, and the server keeps to bounded memory. The Borg
//! is a program that speaks as fast as the fastest does and measures its own waits (`flood.py`): to measure them
//! from outside would slow it down. The log it fills is about a gigabyte and is removed.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::house::{House, install};
use super::{Figure, Goal, Size, process};

const LINES: u64 = 10_000_000;
const BORG: &str = include_str!("flood.py");

pub(super) fn measure(size: Size) -> Result<Vec<Figure>> {
    let lines = size.of(LINES, LINES / 100);
    let house =
        House::over(|folder| install(folder, &BORG.replace("@LINES@", &lines.to_string())))?;
    let deaf = house
        .client
        .events(house.client.authorized("GET", "/api/events/stream"));
    house.create(&house.scratch.folder("home/Documents"), None);
    let id = house.start()?;
    house.wait(id)?;
    ensure!(house.lines(id) >= lines, "lines are lost");
    drop(deaf);

    let result = fs::read_to_string(house.scratch.path().join("borg/flood.result"))?;
    let (seconds, waited) = result.split_once(' ').context("two numbers")?;
    let share = waited.parse::<f64>()? / seconds.parse::<f64>()? * 100.0;
    Ok(vec![
        Figure {
            bench: "flood: Borg waits for its pipe".to_owned(),
            figure: share,
            unit: "% of its time".to_owned(),
            floor: None,
            goal: Some(Goal::Most(0.5)),
        },
        Figure {
            bench: "flood: the most memory of the server".to_owned(),
            figure: process::most_memory(house.server.pid())?,
            unit: "MB".to_owned(),
            floor: None,
            goal: Some(Goal::Most(100.0)),
        },
    ])
}
