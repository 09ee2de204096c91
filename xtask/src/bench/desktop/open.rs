//! How long it takes from a click on a notification until its job is shown, in a window that was closed before.
//!
//! The notification is one of a backup that its schedule began. The floor is the empty window, opened by a click on
//! its own notification. The desktop that shows them is `notices.py`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::{Program, Programs, ROUNDS, Stage, furnished, soon};
use crate::bench::{Figure, Goal, Size, median};
use crate::setup::PYTHON;

const DESKTOP: &str = include_str!("notices.py");

pub(in crate::bench) fn measure(size: Size) -> Result<Vec<Figure>> {
    let Programs { alcove, empty } = Programs::built()?;
    let stage = Stage::open(furnished(
        |scratch| scratch.tree("Documents", 50, 10_000, 1),
        soon,
        1,
    )?)?;
    let mut desktop = Desktop::start(&stage)?;
    let mut seconds = |program: &Program, arguments: &[&str], title: &str| -> Result<Vec<f64>> {
        let app = stage.start(&program.path, arguments)?;
        let notice = desktop.wait_for(title)?;
        let mut times = Vec::new();
        for round in 0..=size.of(ROUNDS, 1) {
            let clicked = Instant::now();
            desktop.click(&notice)?;
            let seconds = stage.settled(clicked)?;
            eprintln!("round {round}: {} {seconds:.3} s", program.title);
            // The first window finds its fonts and shaders in no cache.
            if round > 0 {
                times.push(seconds);
            }
            stage.close_window(&app, program.title)?;
        }
        app.end()?;
        Ok(times)
    };
    let job = seconds(&alcove, &["--background"], " is backed up")?;
    let floor = seconds(&empty, &["notified"], "Empty")?;
    Ok(vec![Figure {
        bench: "open: from a notification to its job".to_owned(),
        figure: median(job),
        unit: "s".to_owned(),
        floor: Some(median(floor)),
        goal: Some(Goal::More(0.3)),
    }])
}

/// What shows notifications, ended with this value.
struct Desktop {
    process: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Desktop {
    fn start(stage: &Stage) -> Result<Self> {
        let mut process = stage
            .command(PYTHON, &["-u", "-c", DESKTOP])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = process.stdin.take().context("its stdin is a pipe")?;
        let stdout = process.stdout.take().context("its stdout is a pipe")?;
        let mut desktop = Self {
            process,
            stdin,
            stdout: BufReader::new(stdout),
        };
        desktop.wait_for("ready")?;
        Ok(desktop)
    }

    /// Waits for a notification whose title has these words, and gives its number.
    fn wait_for(&mut self, words: &str) -> Result<String> {
        loop {
            let mut line = String::new();
            ensure!(
                self.stdout.read_line(&mut line)? > 0,
                "the desktop has ended"
            );
            let (number, title) = line.trim_end().split_once(' ').context("a number")?;
            if title.contains(words) {
                return Ok(number.to_owned());
            }
        }
    }

    fn click(&mut self, number: &str) -> Result<()> {
        Ok(writeln!(self.stdin, "{number}")?)
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}
