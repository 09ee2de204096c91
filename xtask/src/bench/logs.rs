//! How many lines a second come from Borg's pipe to disk and can be read, and what a gigabyte of them costs in memory.
//!
//! The Borg is a program that says lines as fast as it can (`torrent.py`); the floor is the same program with its
//! stderr in a file. A line is there when the log answers with all of them, so what the log is written with and how it
//! is found again are in the figure. The lines of the second figure are about a gigabyte and are removed.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::house::{self, House, install};
use super::{Figure, Goal, Size, median, process};
use crate::shell;

const BORG: &str = include_str!("torrent.py");
const ROUNDS: usize = 5;
const LINES: u64 = 1_000_000;
/// So many lines of Borg are a gigabyte.
const LINES_OF_A_GIGABYTE: u64 = 9_000_000;

pub(super) fn measure(size: Size) -> Result<Vec<Figure>> {
    let lines = size.of(LINES, LINES / 20);
    let (mut through, mut to_file) = (Vec::new(), Vec::new());
    for round in 1..=size.of(ROUNDS, 1) {
        let house = torrent(lines)?;
        through.push(through_alcove(&house, lines)?);
        to_file.push(to_a_file(&house)?);
        eprintln!(
            "round {round}: {:.2} s through Alcove, {:.2} s to a file",
            through[round - 1],
            to_file[round - 1]
        );
    }
    Ok(vec![
        Figure {
            bench: format!("logs: {lines} lines, from Borg until they are read"),
            figure: median(through),
            unit: "s".to_owned(),
            floor: Some(median(to_file)),
            goal: Some(Goal::Times(1.5)),
        },
        growth(size.of(LINES_OF_A_GIGABYTE, LINES / 20))?,
    ])
}

/// A house over a Borg that says so many lines.
fn torrent(lines: u64) -> Result<House> {
    let house =
        House::over(|folder| install(folder, &BORG.replace("@LINES@", &lines.to_string())))?;
    house.create(&house.scratch.folder("home/Documents"), None);
    Ok(house)
}

/// Seconds from the first line until the whole log can be read.
fn through_alcove(house: &House, lines: u64) -> Result<f64> {
    let job = house.back_up()?;
    let looked = Instant::now();
    let id = job["id"].as_i64().context("a job has a number")?;
    ensure!(house.lines(id) >= lines, "lines are lost");
    let (began, _) = result(house)?;
    let ended = house::moment(&job, "ended_at")?.as_duration().as_secs_f64();
    Ok(ended - began + looked.elapsed().as_secs_f64())
}

/// Seconds from the first line of the same program to its last, with its lines in a file.
fn to_a_file(house: &House) -> Result<f64> {
    let mut command = shell::command(program(house), &["--to-file"]);
    command.stderr(File::create(house.scratch.path().join("lines"))?);
    shell::run(command)?;
    let (began, ended) = result(house)?;
    Ok(ended - began)
}

fn program(house: &House) -> PathBuf {
    house.scratch.path().join("borg/borg")
}

/// When the program began to speak and when it ended, in seconds since 1970.
fn result(house: &House) -> Result<(f64, f64)> {
    let result = fs::read_to_string(program(house).with_file_name("torrent.result"))?;
    let (began, ended) = result.split_once(' ').context("two moments")?;
    Ok((began.parse()?, ended.parse()?))
}

/// How much the server's memory grows at most while so many lines come.
fn growth(lines: u64) -> Result<Figure> {
    let house = torrent(lines)?;
    let before = process::memory(house.server.pid())?;
    let id = house.start()?;
    house.wait(id)?;
    ensure!(house.lines(id) >= lines, "lines are lost");
    Ok(Figure {
        bench: "logs: memory the server grows by over 1 GB of them".to_owned(),
        figure: process::most_memory(house.server.pid())? - before,
        unit: "MB".to_owned(),
        floor: None,
        goal: Some(Goal::Most(16.0)),
    })
}
