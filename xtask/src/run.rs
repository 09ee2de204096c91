//! From a checkout to a window, in one command.

use std::env;
use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::demo::Demo;
use crate::session::{self, Session};
use crate::{node, setup, shell};

/// How long the demo is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lasts {
    /// Until the window is closed.
    WhileOpen,
    /// Until somebody removes it.
    ForGood,
}

/// Builds Alcove and opens its window, over a demo where one is asked for. Without a display the window is
/// opened on a virtual one, and a screenshot shows it.
pub(crate) fn run(demo: Option<Lasts>) -> Result<()> {
    let display = has_display();
    setup::setup(if display && demo.is_none() {
        setup::For::Running
    } else {
        // The demo's window has a session bus of its own, also on a real display.
        setup::For::NoDisplay
    })?;
    node::build_ui()?;
    // The whole workspace is named so that Cargo picks the features every other build uses.
    let mut build = shell::cargo(&["build", "--workspace", "--bin", "alcove"]);
    if demo.is_some() {
        build.args(["--bin", "alcove-demo"]);
    }
    shell::run(build)?;
    let program = shell::target().join("debug/alcove");
    if demo.is_some() || !display {
        session::note_interrupts()?;
    }
    let demo = demo
        .map(|lasts| Demo::make(lasts == Lasts::ForGood))
        .transpose()?;
    match (display, &demo) {
        (true, None) => shell::run(shell::command(program, &[])),
        (true, Some(demo)) => Session::on_display(&program, demo)?.wait(),
        (false, demo) => without_display(&program, demo.as_ref()),
    }
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Opens the window on a virtual display, waits until it shows something, and closes it.
fn without_display(program: &Path, demo: Option<&Demo>) -> Result<()> {
    println!("\nThere is no display here: the window opens on a virtual one.");
    let folder = shell::target().join("screenshots");
    fs::create_dir_all(&folder)?;
    let picture = folder.join(if demo.is_some() {
        "demo.png"
    } else {
        "run.png"
    });

    let mut session = Session::without_display(program, demo)?;
    session.wait_for_window()?.save(&picture)?;
    println!("The window is open. A picture of it: {}", picture.display());
    session.close()?;
    println!("The window was closed, and Alcove ended in good order.");
    Ok(())
}
