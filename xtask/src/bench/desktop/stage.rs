//! A session for one window at a time: a bus, a virtual display, a home.
//!
//! What is seen is read from the file the display keeps its pixels in, so that a window is measured as a person sees
//! it, without a driver in it and without a word of its own, whatever program it is of. Neither the bus nor the
//! display has services or a window manager: the processes that run are the program's.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use alcove_testkit::Scratch;
use anyhow::{Context, Result, bail};

use crate::bench::process::Family;
use crate::setup::PYTHON;
use crate::{demo, shell};

/// Of the display: as large as Alcove's window.
const WIDTH: usize = 1180;
const HEIGHT: usize = 760;
/// How often the picture is looked at, which is how exact its times are.
const LOOK: Duration = Duration::from_millis(10);
/// A picture is the last one when it has not changed for so long.
const STILL: Duration = Duration::from_millis(1_500);
/// An empty window has fewer colours; one word in it has more.
const COLOURS: usize = 4;
/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(3);

pub(in crate::bench) struct Stage {
    /// Ended before the home goes.
    _bus: Ended,
    _display: Ended,
    bus: String,
    display: String,
    pub(in crate::bench) scratch: Scratch,
}

impl Stage {
    /// Opens a session in a home.
    pub(in crate::bench) fn open(scratch: Scratch) -> Result<Self> {
        let folder = scratch.folder("session");
        let configuration = folder.join("bus.conf");
        fs::write(&configuration, demo::BUS)?;
        let mut daemon = Command::new("dbus-daemon");
        daemon
            .args(["--nofork", "--print-address", "--config-file"])
            .arg(&configuration)
            .stderr(File::create(folder.join("bus.stderr"))?);
        let (bus_daemon, bus) = begun(&mut daemon)?;
        let mut server = Command::new("Xvfb");
        server
            .args(["-displayfd", "1", "-screen", "0"])
            .arg(format!("{WIDTH}x{HEIGHT}x24"))
            .arg("-fbdir")
            .arg(&folder)
            .stderr(File::create(folder.join("Xvfb.stderr"))?);
        let (display_server, number) = begun(&mut server)?;
        Ok(Self {
            _bus: bus_daemon,
            _display: display_server,
            bus,
            display: format!(":{number}"),
            scratch,
        })
    }

    /// A program that would run in this session.
    pub(in crate::bench) fn command(
        &self,
        program: impl AsRef<Path>,
        arguments: &[&str],
    ) -> Command {
        let mut command = Command::new(program.as_ref());
        command
            .args(arguments)
            .env_clear()
            .envs(self.scratch.session())
            .env("ALCOVE_DATA_DIR", self.scratch.path().join("data"))
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("DISPLAY", &self.display)
            .current_dir(self.scratch.path())
            .stdin(Stdio::null());
        command
    }

    /// Starts a program, its words in a file of the session.
    pub(in crate::bench) fn start(
        &self,
        program: impl AsRef<Path>,
        arguments: &[&str],
    ) -> Result<App> {
        let said = File::create(self.scratch.path().join("session/app.stderr"))?;
        let mut command = self.command(program.as_ref(), arguments);
        command.stdout(said.try_clone()?).stderr(said);
        let child = command
            .spawn()
            .with_context(|| format!("{} cannot be started", program.as_ref().display()))?;
        Ok(App(Ended(child)))
    }

    /// Waits until a window shows something and nothing changes any more, and gives the seconds from a moment until
    /// it was as it stays.
    pub(in crate::bench) fn settled(&self, since: Instant) -> Result<f64> {
        let pixels = self.scratch.path().join("session/Xvfb_screen0");
        let (mut before, mut changed, mut is_judged) = (Vec::new(), since, false);
        while since.elapsed() < PATIENCE {
            let now = fs::read(&pixels)?;
            if now != before {
                (before, changed, is_judged) = (now, Instant::now(), false);
            } else if !is_judged && changed.elapsed() >= STILL {
                if shows_something(&before) {
                    return Ok(changed.duration_since(since).as_secs_f64());
                }
                is_judged = true;
            }
            thread::sleep(LOOK);
        }
        let said = fs::read_to_string(self.scratch.path().join("session/app.stderr"))?;
        bail!("no window came to rest; the program said: {said}")
    }

    /// Closes the windows of this title as the button in their corner would, and waits until no page is left of them.
    pub(in crate::bench) fn close_window(&self, app: &App, title: &str) -> Result<()> {
        let script = shell::root().join("tests/window/harness/x_window.py");
        let mut close = self.command(PYTHON, &[]);
        close.arg(script).args(["close", title]);
        shell::read(close)?;
        wait_until("the page of a closed window to end", || {
            let members = app.family().members()?;
            Ok(!members.into_iter().any(is_page))
        })
    }
}

/// Whether a dump of the display has more colours than an empty window. Its pixels are the end of the file, and it is
/// looked at no longer than needed: what is painted meanwhile would be seen too late.
fn shows_something(dump: &[u8]) -> bool {
    let mut colours: Vec<&[u8]> = Vec::new();
    let pixels = &dump[dump.len().saturating_sub(4 * WIDTH * HEIGHT)..];
    for pixel in pixels.chunks_exact(4) {
        if !colours.contains(&pixel) {
            colours.push(pixel);
        }
        if colours.len() > COLOURS {
            return true;
        }
    }
    false
}

/// Waits until something is so.
pub(in crate::bench) fn wait_until(
    what: &str,
    mut is_so: impl FnMut() -> Result<bool>,
) -> Result<()> {
    let began = Instant::now();
    while !is_so()? {
        if began.elapsed() > PATIENCE {
            bail!("waited in vain for {what}");
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn is_page(pid: u32) -> bool {
    // Cut off after 15 letters.
    fs::read_to_string(format!("/proc/{pid}/comm"))
        .is_ok_and(|name| name.trim() == "WebKitWebProces")
}

/// A program in the session.
pub(in crate::bench) struct App(Ended);

impl App {
    pub(in crate::bench) fn family(&self) -> Family {
        Family(self.0.0.id())
    }

    /// Ends it as the end of a session would, and waits until every process of it is gone.
    pub(in crate::bench) fn end(mut self) -> Result<()> {
        let members = self.family().members()?;
        let pid = members[0].to_string();
        shell::read(shell::command("kill", &["-TERM", &pid]))?;
        self.0.0.wait()?;
        wait_until("the processes of a program that ended", || {
            Ok(!members.iter().any(|pid| lives(*pid)))
        })
    }
}

/// Whether a process runs; one whose end nobody has asked about does not.
fn lives(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// A process that is ended with this value.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// Starts a program that says one line when it is ready, and gives that line.
fn begun(command: &mut Command) -> Result<(Ended, String)> {
    let name = command.get_program().to_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started", name.display()))?;
    let stdout = child.stdout.take().context("its stdout is a pipe")?;
    let child = Ended(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    Ok((child, line.trim().to_owned()))
}
