//! The running of rounds, each in a process of its own, as many at a time as there are processors.

use std::collections::VecDeque;
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use alcove_tests::{as_another_user, on_a_desktop};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::fault::{Fault, Seen, Session};
use crate::round::Round;
use crate::secrets::{self, Processes};
use crate::table::Row;
use crate::{faults, remains};

/// Names its fault and its seed to the process of a round.
const INSIDE: &str = "ALCOVE_TEST_FAULT";
/// Before what a round saw, on a line of its own.
const SEEN: &str = "seen: ";
/// How long a round may take: long enough for a busy machine.
const PATIENCE: Duration = Duration::from_mins(5);
/// How often processes are looked at.
const LOOK: Duration = Duration::from_millis(50);

const USAGE: &str = "cargo xtask faults [--rounds N] [--only NAME] [--seed SEED] [--markdown]";

/// What is asked of a run.
pub(crate) struct Wish {
    rounds: u64,
    /// The rows that are wanted; all where none is named.
    only: Vec<String>,
    seed: u64,
    /// Whether the table goes into its page.
    pub(crate) markdown: bool,
}

impl Wish {
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, &'static str> {
        let mut wish = Self {
            rounds: 3,
            only: Vec::new(),
            seed: chance(),
            markdown: false,
        };
        while let Some(word) = words.next() {
            let mut number = || words.next().and_then(|word| word.parse().ok()).ok_or(USAGE);
            match word.as_str() {
                "--rounds" => {
                    wish.rounds = number().ok().filter(|rounds| *rounds > 0).ok_or(USAGE)?;
                }
                "--seed" => wish.seed = number()?,
                "--only" => wish.only.push(words.next().ok_or(USAGE)?),
                "--markdown" => wish.markdown = true,
                _ => return Err(USAGE),
            }
        }
        Ok(wish)
    }

    /// The names that no row has.
    pub(crate) fn unknown(&self) -> Vec<&str> {
        let is_row = |name: &str| faults().any(|fault| fault.name == name);
        let names = self.only.iter().map(String::as_str);
        names.filter(|name| !is_row(name)).collect()
    }

    fn wants(&self, fault: &Fault) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == fault.name)
    }
}

fn chance() -> u64 {
    let now = std::time::SystemTime::now();
    let since = now.duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() % 1_000_000)
}

/// The fault and the chance of this process, where it is that of a round.
pub(crate) fn inside() -> Option<(&'static Fault, Round)> {
    let inside = std::env::var(INSIDE).ok()?;
    let (seed, name) = inside.split_once(' ')?;
    let fault = faults().find(|fault| fault.name == name)?;
    let seed = seed.parse().ok()?;
    Some((fault, Round { seed }))
}

/// Lives one round and says what it saw.
pub(crate) async fn live((fault, round): (&'static Fault, Round)) {
    let seen = fault.run(round).await;
    let seen = serde_json::to_string(&seen).expect("what was seen can be written");
    println!("{SEEN}{seen}");
}

/// Runs every row that is wanted, and says of each round that is bad what happened.
pub(crate) fn all(wish: &Wish) -> Vec<Row> {
    let is_root = rustix::process::geteuid().is_root();
    let mut rows = Vec::new();
    let mut waiting = VecDeque::new();
    for fault in faults().filter(|fault| wish.wants(fault)) {
        if fault.session.needs_root() && !is_root {
            rows.push(Row::left_out(fault, "it needs root"));
            continue;
        }
        let rounds = (0..wish.rounds).map(|round| (rows.len(), fault, wish.seed + round));
        waiting.extend(rounds);
        rows.push(Row::of(fault));
    }
    let (rows, waiting) = (Mutex::new(rows), Mutex::new(waiting));
    let next = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(|| {
                while let Some((row, fault, seed)) = next() {
                    let began = Instant::now();
                    let seen = once(fault, seed);
                    let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
                    let row = &mut rows[row];
                    let (wrong, log) = match seen {
                        Ok(seen) => row.take(seen),
                        Err(said) => (vec![row.broke_down()], said),
                    };
                    let verdict = if wrong.is_empty() { "good" } else { "BAD " };
                    println!(
                        "{verdict}  {}  {:.1} s",
                        row.name(),
                        began.elapsed().as_secs_f64()
                    );
                    if !wrong.is_empty() {
                        println!("{}\n{log}", wrong.join("\n"));
                        println!(
                            "again: cargo xtask faults --rounds 1 --seed {seed} --only '{}'",
                            row.name()
                        );
                    }
                }
            });
        }
    });
    rows.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a round in a process of its own. Gives what it saw, or all it said when it broke down.
fn once(fault: &Fault, seed: u64) -> Result<Seen, String> {
    let folder = tempfile::Builder::new().prefix("alcove-fault-").tempdir();
    let folder = folder.expect("a folder for a round can be made");
    let output = folder.path().join("output");
    let said = File::create(&output).expect("a folder of a round can be written to");
    let mut child = fault
        .session
        .command(folder.path())
        .env(INSIDE, format!("{seed} {}", fault.name))
        .env("TMPDIR", folder.path())
        .stdin(Stdio::null())
        .stdout(said.try_clone().expect("a file can be held twice"))
        .stderr(said)
        .process_group(0)
        .spawn()
        .expect("a round can be started");
    let mut processes = Processes::of(folder.path());
    let began = Instant::now();
    while !has_ended(&mut child) {
        processes.look();
        if began.elapsed() > PATIENCE {
            end(&mut child);
        }
        std::thread::sleep(LOOK);
    }
    let remains = remains::clear(folder.path());
    let said = std::fs::read(&output).unwrap_or_default();
    let mut text = String::from_utf8_lossy(&said).into_owned();
    let told = text.lines().find_map(|line| line.strip_prefix(SEEN));
    let told = told.and_then(|told| serde_json::from_str::<Seen>(told).ok());
    let Some(mut told) = told else {
        if began.elapsed() > PATIENCE {
            text += "It did not come to its end.\n";
        }
        for what in remains {
            text.extend(["It left behind ", &what, ".\n"]);
        }
        return Err(text);
    };
    told.remains = remains;
    if secrets::is_in(&said) {
        told.secrets.push("the output of the round".to_owned());
    }
    if !processes
        .seen
        .values()
        .any(|command| command.contains("borg"))
    {
        told.secrets
            .push("no process that was looked at: none was seen".to_owned());
    }
    told.secrets.extend(processes.told);
    Ok(told)
}

fn has_ended(child: &mut Child) -> bool {
    let ended = child.try_wait();
    ended.expect("a child can be waited for").is_some()
}

/// Ends a round that hangs, with what it started in its own group.
fn end(child: &mut Child) {
    // Gone already, if it ended just now.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    let _ = child.wait();
}

impl Session {
    const fn needs_root(self) -> bool {
        matches!(self, Self::Root | Self::AnotherUser | Self::OwnHostName)
    }

    /// This program in such a session, in a folder.
    fn command(self, folder: &Path) -> Command {
        let program = std::env::current_exe().expect("a test is a program");
        match self {
            Self::Plain | Self::Root => Command::new(program),
            Self::AnotherUser => as_another_user(folder),
            Self::OwnHostName => {
                let mut command = Command::new("unshare");
                command.arg("--uts").arg(program);
                command
            }
            Self::Desktop => on_a_desktop(folder),
        }
    }
}
