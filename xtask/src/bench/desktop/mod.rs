//! What Alcove's window costs, against a Tauri program that has nothing in its window.
//!
//! Both are release builds in the same session, one after the other; `tests/bench/empty` is the empty one. Alcove is
//! furnished as it is after some days: a plan with a schedule, jobs in its history, at work in the background.

pub(super) mod background;
pub(super) mod idle;
pub(super) mod live;
pub(super) mod open;
mod stage;
pub(super) mod start;
pub(super) mod window;

use std::path::PathBuf;
use std::time::Duration;

use alcove_testkit::Scratch;
use anyhow::Result;
use serde_json::{Value, json};

use super::Size;
use super::house::House;
use crate::{node, shell};
use stage::App;
pub(super) use stage::{Stage, wait_until};

/// How often each is measured; the medians count.
pub(super) const ROUNDS: usize = 5;
/// When nobody is at the computer.
const AT_NIGHT: &str = "0 3 * * *";

/// A program whose window is measured.
pub(super) struct Program {
    pub(super) path: PathBuf,
    /// What it is started with to show its window.
    pub(super) shown: &'static [&'static str],
    pub(super) title: &'static str,
}

/// Both programs, built.
pub(super) struct Programs {
    pub(super) alcove: Program,
    empty: Program,
}

impl Programs {
    pub(super) fn built() -> Result<Self> {
        node::build_ui_if_changed()?;
        shell::run(shell::cargo(&[
            "build",
            "--release",
            "--package",
            "alcove",
            "--package",
            "alcove-empty-window",
        ]))?;
        let release = shell::target().join("release");
        Ok(Self {
            alcove: Program {
                path: release.join("alcove"),
                shown: &[],
                title: "Alcove",
            },
            empty: Program {
                path: release.join("alcove-empty-window"),
                shown: &["window"],
                title: "Empty",
            },
        })
    }
}

/// A home in which Alcove has a repository, a plan that runs by itself at these times, and some jobs.
fn furnished(
    tree: impl FnOnce(&Scratch) -> PathBuf,
    cron: impl FnOnce() -> String,
    backups: usize,
) -> Result<Scratch> {
    let house = House::open()?;
    house.create(&tree(&house.scratch), Some("lzma,6"));
    for _ in 0..backups {
        house.back_up()?;
    }
    let done = |operation: &str, arguments: Value| {
        let path = format!("/api/operations/{operation}");
        house.client.post(&path, &arguments).json();
    };
    done(
        "change_settings",
        json!({"background": true, "start_at_login": false}),
    );
    done(
        "change_plan",
        json!({"plan": 1, "schedule": {"cron": cron()}}),
    );
    house.close()
}

/// The same with a few small files and five jobs, for what does not look at them.
pub(super) fn lived_in() -> Result<Scratch> {
    furnished(
        |scratch| scratch.tree("Documents", 50, 10_000, 1),
        || AT_NIGHT.to_owned(),
        5,
    )
}

/// A cron line for the next minute that is not about to begin.
fn soon() -> String {
    let minute = jiff::Zoned::now() + Duration::from_secs(75);
    format!("{} {} * * *", minute.minute(), minute.hour())
}

/// How long a program rests before its memory is read or its quiet is listened to.
pub(super) fn rest(size: Size) -> Duration {
    Duration::from_secs(size.of(20, 2))
}
