//! From a checkout to a window, in one command.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::screen::Screen;
use crate::{node, setup, shell};

/// How long the window may take to show something.
const PAINTED_WITHIN: Duration = Duration::from_secs(90);
/// How long the app may take to end.
const ENDED_WITHIN: Duration = Duration::from_secs(60);

/// Builds Alcove and opens its window. Without a display the window is opened on a virtual one, and a
/// screenshot shows it.
pub(crate) fn run() -> Result<()> {
    let display = has_display();
    setup::setup(if display {
        setup::For::Running
    } else {
        setup::For::NoDisplay
    })?;
    node::build_ui()?;
    // The whole workspace is named so that Cargo picks the features every other build uses.
    shell::run(shell::cargo(&["build", "--workspace", "--bin", "alcove"]))?;
    let program = shell::target().join("debug/alcove");
    if display {
        shell::run(shell::command(program, &[]))
    } else {
        without_display(&program)
    }
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Opens the window on a virtual display, waits until it shows something, and closes it.
fn without_display(program: &Path) -> Result<()> {
    println!("\nThere is no display here: the window opens on a virtual one.");
    let folder = Scratch::new()?;
    let picture = shell::target().join("screenshots/run.png");
    fs::create_dir_all(shell::target().join("screenshots"))?;

    let mut display = Display::start(program, &folder.0)?;
    let screen = display.wait_for_window()?;
    screen.save(&picture)?;
    println!("The window is open. A picture of it: {}", picture.display());
    display.close()?;
    println!("The window was closed, and Alcove ended in good order.");
    Ok(())
}

/// The app on a virtual display of its own, with a session bus of its own.
struct Display<'a> {
    child: Child,
    folder: &'a Path,
}

impl<'a> Display<'a> {
    fn start(program: &Path, folder: &'a Path) -> Result<Self> {
        let server = format!("-screen 0 1180x760x24 -fbdir {}", folder.display());
        // The shell leaves the app's process number behind, for a signal at the end.
        let script = r#"echo $$ > "$1" && exec "$2""#;
        let child = Command::new("dbus-run-session")
            .args([
                "--", "xvfb-run", "-a", "-s", &server, "sh", "-c", script, "sh",
            ])
            .arg(folder.join("pid"))
            .arg(program)
            .spawn()
            .context("dbus-run-session cannot be started")?;
        Ok(Self { child, folder })
    }

    /// Waits until the window has painted and the picture no longer changes.
    fn wait_for_window(&mut self) -> Result<Screen> {
        let began = Instant::now();
        let mut before = None;
        while began.elapsed() < PAINTED_WITHIN {
            if let Some(status) = self.child.try_wait()? {
                bail!("Alcove ended before its window was shown: {status}");
            }
            thread::sleep(Duration::from_millis(500));
            let now = Screen::read(&self.folder.join("Xvfb_screen0")).ok();
            if let Some(screen) = now.as_ref().filter(|screen| screen.is_painted())
                && before.as_ref() == Some(screen)
            {
                return Ok(now.expect("it was just looked at"));
            }
            before = now;
        }
        bail!(
            "the window showed nothing for {} seconds",
            PAINTED_WITHIN.as_secs()
        )
    }

    /// Ends the app as the end of a session would.
    fn close(&mut self) -> Result<()> {
        let pid = fs::read_to_string(self.folder.join("pid"))?;
        shell::run(shell::command("kill", &["-TERM", pid.trim()]))?;
        let began = Instant::now();
        while began.elapsed() < ENDED_WITHIN {
            if let Some(status) = self.child.try_wait()? {
                return if status.success() {
                    Ok(())
                } else {
                    bail!("Alcove ended with {status}")
                };
            }
            thread::sleep(Duration::from_millis(100));
        }
        bail!(
            "Alcove did not end within {} seconds",
            ENDED_WITHIN.as_secs()
        )
    }
}

impl Drop for Display<'_> {
    fn drop(&mut self) {
        // Ended already, unless something went wrong on the way.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// A folder that goes away again.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self> {
        let path = env::temp_dir().join(format!("alcove-run-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}
