//! Alcove beside Vorta, from PyPI, on the same work: how soon its window is there, the memory it takes, and a backup
//! in which nothing changed.
//!
//! In each row Vorta is what Alcove is compared with. Its backups are asked for as a person with a terminal does, and
//! timed by its own record; Alcove's are those of the server, by the record of the job.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Instant;

use alcove_testkit::Scratch;
use anyhow::{Context, Result};

use super::desktop::{Program, Programs, ROUNDS, Stage, lived_in, rest, wait_until};
use super::house::{self, House};
use super::{Figure, Size, median};
use crate::python::Package;
use crate::shell;

const VORTA: Package = Package {
    name: "vorta",
    version: "0.11.6",
    program: "vorta",
};
const RECORDS: &str = include_str!("vorta.py");
const FILES: u32 = 100_000;

pub(super) fn measure(size: Size) -> Result<Vec<Figure>> {
    let rounds = size.of(ROUNDS, 1);
    let vorta = Vorta::furnished(size)?;
    let Programs { alcove, .. } = Programs::built()?;
    let stage = Stage::open(lived_in()?)?;
    let house = House::open()?;
    house.create(&tree(&house.scratch, size), None);
    house.back_up()?;

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..=rounds {
        ours.push(look(&stage, &alcove, size)?);
        theirs.push(look(&vorta.stage, &vorta.program, size)?);
    }
    let app = vorta
        .stage
        .start(&vorta.program.path, vorta.program.shown)?;
    vorta.stage.settled(Instant::now())?;
    vorta.back_up()?;
    let (mut our_backups, mut their_backups) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        our_backups.push(house::seconds(&house.back_up()?, "created_at", "ended_at")?);
        their_backups.push(vorta.back_up()?);
    }
    app.end()?;

    let figure = |what: &str, unit: &str, ours: Vec<f64>, theirs: Vec<f64>| Figure {
        bench: format!("peers: {what}, against Vorta {}", VORTA.version),
        figure: median(ours),
        unit: unit.to_owned(),
        floor: Some(median(theirs)),
        goal: None,
    };
    // The first start of each finds its files on the disk.
    let starts = |looks: &[Look]| looks[1..].iter().map(|look| look.seconds).collect();
    let memory = |looks: &[Look]| looks[1..].iter().map(|look| look.memory).collect();
    Ok(vec![
        figure("start", "s", starts(&ours), starts(&theirs)),
        figure("memory, window open", "MB", memory(&ours), memory(&theirs)),
        figure("nothing changed", "s", our_backups, their_backups),
    ])
}

fn tree(scratch: &Scratch, size: Size) -> PathBuf {
    scratch.tree("Documents", size.of(FILES, FILES / 100), 1_000, 1)
}

/// A start, and the memory after it.
struct Look {
    seconds: f64,
    memory: f64,
}

fn look(stage: &Stage, program: &Program, size: Size) -> Result<Look> {
    let began = Instant::now();
    let app = stage.start(&program.path, program.shown)?;
    let seconds = stage.settled(began)?;
    thread::sleep(rest(size));
    let memory = app.family().memory("Pss:")?;
    eprintln!("{}: {seconds:.2} s, {memory:.0} MB", program.title);
    app.end()?;
    Ok(Look { seconds, memory })
}

/// Vorta in a home of its own with a repository and a profile, which has not run yet.
struct Vorta {
    stage: Stage,
    program: Program,
    records: PathBuf,
}

impl Vorta {
    fn furnished(size: Size) -> Result<Self> {
        let programs = VORTA.folder()?;
        let stage = Stage::open(Scratch::new())?;
        let source = tree(&stage.scratch, size);
        let repository = stage.scratch.path().join("repository");
        let mut init = stage.command("borg", &["init", "--encryption", "none"]);
        init.arg(&repository);
        shell::run(init)?;
        let records = stage.scratch.path().join("records.py");
        fs::write(&records, RECORDS)?;
        let vorta = Self {
            program: Program {
                path: programs.join("vorta"),
                shown: &[],
                title: "Vorta",
            },
            stage,
            records,
        };
        let mut furnish = vorta.record(&["furnish"]);
        furnish.args([repository, source]);
        shell::run(furnish)?;
        Ok(vorta)
    }

    fn record(&self, arguments: &[&str]) -> Command {
        let mut command = self
            .stage
            .command(self.program.path.with_file_name("python"), &[]);
        command.arg(&self.records).args(arguments);
        command
    }

    fn took(&self) -> Result<Vec<f64>> {
        let said = shell::read(self.record(&["took"]))?;
        said.lines().map(|line| Ok(line.parse()?)).collect()
    }

    /// Has the Vorta that runs make a backup, and gives the seconds it took.
    fn back_up(&self) -> Result<f64> {
        let before = self.took()?.len();
        shell::run(
            self.stage
                .command(&self.program.path, &["--create", "bench"]),
        )?;
        wait_until("a backup of Vorta to end", || {
            Ok(self.took()?.len() > before)
        })?;
        self.took()?
            .last()
            .copied()
            .context("a backup was recorded")
    }
}
