//! What a backup costs more through the engine than by the same command in a shell, and what of it is Alcove's own
//! processor time.
//!
//! The floor is the very command line of the job's record with another name for the archive, its output to files. Both
//! take turns over the same folders, and so does a bare Borg that says nothing. The plan has run before, so its total
//! is known and the survey begins late; what that takes of a processor is not counted. Borg itself starts from nothing
//! where all is new: its repository and caches are put back to what they were before the first archive.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use alcove_testkit::Scratch;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::house::{self, House};
use super::{Figure, Goal, Size, median, process};
use crate::shell;

const PAIRS: usize = 11;
/// The thread that looks ahead of a backup for its time left.
const SURVEY: &str = "alcove-survey";
/// How often a bare Borg runs beside them.
const BARE: usize = 5;
/// What lets Borg speak, and nothing else.
const SPEECH: [&str; 5] = [
    " --log-json",
    " --info",
    " --progress",
    " --json",
    " --list --filter=CE",
];
/// What must be free for the big files and their repository.
const FREE: u64 = 12_000_000_000;

/// What is backed up.
struct Load {
    name: &'static str,
    tree: fn(&Scratch, Size) -> PathBuf,
    /// Whether everything is new to Borg at each run; else nothing has changed.
    new: bool,
    /// Bytes that must be free on the disk.
    free: u64,
}

const LOADS: [Load; 3] = [
    Load {
        name: "100,000 small files",
        tree: small_files,
        new: true,
        free: 0,
    },
    Load {
        name: "4 GB in big files",
        tree: |scratch, size| scratch.tree("Films", 40, size.of(100_000_000, 1_000_000), 1),
        new: true,
        free: FREE,
    },
    Load {
        name: "nothing changed",
        tree: small_files,
        new: false,
        free: 0,
    },
];

fn small_files(scratch: &Scratch, size: Size) -> PathBuf {
    scratch.tree("Documents", size.of(100_000, 1_000), 1_000, 1)
}

/// What the runs of a load took, in seconds.
#[derive(Default)]
struct Runs {
    alcove: Vec<f64>,
    floor: Vec<f64>,
    bare: Vec<f64>,
    /// Of Alcove's pairs alone: its own processor time, but for the survey, and that of its Borgs.
    own: f64,
    borg: f64,
}

pub(super) fn measure(size: Size) -> Result<Vec<Figure>> {
    let (mut walls, mut shares) = (Vec::new(), Vec::new());
    for load in LOADS {
        let runs = load.run(size)?;
        let (alcove, floor, bare) = (median(runs.alcove), median(runs.floor), median(runs.bare));
        let wall = |against: &str, floor, goal| Figure {
            bench: format!("overhead: {}{against}", load.name),
            figure: alcove,
            unit: "s".to_owned(),
            floor: Some(floor),
            goal,
        };
        walls.push(wall("", floor, Some(Goal::Times(1.03))));
        walls.push(wall(", against a bare Borg", bare, None));
        shares.push(Figure {
            bench: format!("own cpu: {}", load.name),
            figure: runs.own / runs.borg * 100.0,
            unit: "% of Borg's".to_owned(),
            floor: None,
            goal: Some(Goal::Most(0.5)),
        });
    }
    walls.extend(shares);
    Ok(walls)
}

impl Load {
    fn run(&self, size: Size) -> Result<Runs> {
        let house = House::open()?;
        self.check_disk(&house, size)?;
        let source = (self.tree)(&house.scratch, size);
        house.create(&source, None);
        let beginning = Beginning::of(&house)?;
        let first = house.back_up()?;
        let command = text(&first, "command")?;
        let again = |bare: bool, number: usize| -> Result<f64> {
            let archive = text(&first, "archive_name")?;
            let mut line = command.replace(archive, &format!("{archive}-{bare}-{number}"));
            if bare {
                line = quiet(&line)?;
            }
            in_a_shell(&house, &line)
        };

        let mut runs = Runs::default();
        for pair in 0..size.of(PAIRS, 1) {
            self.prepare(&beginning)?;
            let server = house.server.pid();
            let before = process::spent(server)?;
            let (job, survey) = process::beside(server, SURVEY, || house.back_up());
            runs.alcove
                .push(house::seconds(&job?, "created_at", "ended_at")?);
            let after = process::spent(server)?;
            runs.own += after.own - before.own - survey;
            runs.borg += after.children - before.children;

            self.prepare(&beginning)?;
            runs.floor.push(again(false, pair)?);
            if pair < BARE {
                self.prepare(&beginning)?;
                runs.bare.push(again(true, pair)?);
            }
            eprintln!(
                "{}, pair {}: {:.2} s through Alcove, {:.2} s in a shell",
                self.name,
                pair + 1,
                runs.alcove[pair],
                runs.floor[pair]
            );
        }
        Ok(runs)
    }

    /// Makes what Borg finds the same for the next run, and lets the disk rest.
    fn prepare(&self, beginning: &Beginning) -> Result<()> {
        if self.new {
            beginning.restore()?;
        }
        rustix::fs::sync();
        Ok(())
    }

    fn check_disk(&self, house: &House, size: Size) -> Result<()> {
        let disk = rustix::fs::statvfs(house.scratch.path())?;
        let free = disk.f_bavail * disk.f_frsize;
        if size == Size::Whole && free < self.free {
            bail!(
                "{} need {:.0} GB of free disk in {}, which has {:.1} GB",
                self.name,
                self.free as f64 / 1e9,
                std::env::temp_dir().display(),
                free as f64 / 1e9
            );
        }
        Ok(())
    }
}

/// What Borg knew before the first archive: its repository, its caches and what it keeps to tell them apart.
struct Beginning {
    /// Each folder, and its copy.
    folders: [(PathBuf, PathBuf); 3],
}

impl Beginning {
    fn of(house: &House) -> Result<Self> {
        let home = house.scratch.home();
        let kept = house.scratch.folder("beginning");
        let folders = [
            (house.repository(), kept.join("repository")),
            (home.join(".cache/borg"), kept.join("cache")),
            (home.join(".config/borg"), kept.join("config")),
        ];
        for (folder, copy) in &folders {
            copy_folder(folder, copy)?;
        }
        Ok(Self { folders })
    }

    fn restore(&self) -> Result<()> {
        for (folder, copy) in &self.folders {
            fs::remove_dir_all(folder)?;
            copy_folder(copy, folder)?;
        }
        Ok(())
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let mut copy = shell::command("cp", &["--archive", "--no-target-directory"]);
    copy.args([from, to]);
    shell::read(copy).map(drop)
}

/// The line of a Borg that does the same and says nothing.
fn quiet(line: &str) -> Result<String> {
    let mut line = line.to_owned();
    for flags in SPEECH {
        ensure!(line.contains(flags), "Alcove no longer says{flags}: {line}");
        line = line.replacen(flags, "", 1);
    }
    Ok(line)
}

/// Runs a command line as a person of this house would, and gives the seconds it took.
fn in_a_shell(house: &House, line: &str) -> Result<f64> {
    let folder = house.scratch.path();
    let mut command = shell::command("sh", &["-c", &format!("exec {line}")]);
    command
        .env_clear()
        .envs(house.scratch.session())
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(File::create(folder.join("stdout"))?)
        .stderr(File::create(folder.join("stderr"))?);
    let began = Instant::now();
    let status = command.status()?;
    let seconds = began.elapsed().as_secs_f64();
    if !status.success() {
        let said = fs::read_to_string(folder.join("stderr"))?;
        bail!("{line} ended with {status}: {said}");
    }
    Ok(seconds)
}

fn text<'a>(job: &'a Value, key: &str) -> Result<&'a str> {
    job[key]
        .as_str()
        .with_context(|| format!("{key} of {job:#}"))
}
