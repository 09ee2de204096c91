//! Alcove in a session of its own: a session bus, and a virtual display where there is no other.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::demo::Demo;
use crate::screen::Screen;
use crate::shell;

/// How long the window may take to show something.
const PAINTED_WITHIN: Duration = Duration::from_secs(90);
/// How long the app may take to end.
const ENDED_WITHIN: Duration = Duration::from_secs(60);

/// Whether this program was told to stop.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Takes note of Ctrl-C instead of ending at once, so that sessions close in good order.
pub(crate) fn note_interrupts() -> Result<()> {
    Ok(ctrlc::set_handler(|| {
        INTERRUPTED.store(true, Ordering::Release);
    })?)
}

/// The app in its session, closed with this value.
pub(crate) struct Session {
    child: Child,
    folder: Scratch,
}

impl Session {
    /// Opens the app over the demo on the display of whoever runs this.
    pub(crate) fn on_display(program: &Path, demo: &Demo) -> Result<Self> {
        Self::open(program, Some(demo), |_| Vec::new())
    }

    /// Opens the app on a virtual display.
    pub(crate) fn without_display(program: &Path, demo: Option<&Demo>) -> Result<Self> {
        Self::open(program, demo, |folder| {
            let server = format!("-screen 0 1180x760x24 -fbdir {}", folder.display());
            ["xvfb-run", "-a", "-s", &server].map(str::to_owned).into()
        })
    }

    fn open(
        program: &Path,
        demo: Option<&Demo>,
        display: impl FnOnce(&Path) -> Vec<String>,
    ) -> Result<Self> {
        let folder = Scratch::new()?;
        let mut session = Command::new("dbus-run-session");
        if let Some(demo) = demo {
            session.arg("--config-file").arg(demo.bus());
            demo.dress(&mut session);
        }
        // The shell leaves the app's process number behind, for a signal at the end.
        let script = r#"echo $$ > "$1" && exec "$2""#;
        session
            .arg("--")
            .args(display(&folder.0))
            .args(["sh", "-c", script, "sh"])
            .arg(folder.0.join("pid"))
            .arg(program);
        // A Ctrl-C is for this program alone, which closes the app.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut session, 0);
        let child = session
            .spawn()
            .context("dbus-run-session cannot be started")?;
        Ok(Self { child, folder })
    }

    /// Waits until the window has painted and the picture no longer changes.
    pub(crate) fn wait_for_window(&mut self) -> Result<Screen> {
        let began = Instant::now();
        let mut before = None;
        while began.elapsed() < PAINTED_WITHIN {
            if let Some(status) = self.child.try_wait()? {
                bail!("Alcove ended before its window was shown: {status}");
            }
            if INTERRUPTED.load(Ordering::Acquire) {
                bail!("interrupted");
            }
            thread::sleep(Duration::from_millis(500));
            let now = Screen::read(&self.folder.0.join("Xvfb_screen0")).ok();
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

    /// Waits until the window is closed, by whom ever.
    pub(crate) fn wait(mut self) -> Result<()> {
        loop {
            if INTERRUPTED.load(Ordering::Acquire) {
                return self.close();
            }
            if let Some(status) = self.child.try_wait()? {
                return ended_well(status);
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Ends the app as the end of a session would.
    pub(crate) fn close(&mut self) -> Result<()> {
        let pid = fs::read_to_string(self.folder.0.join("pid"))?;
        shell::run(shell::command("kill", &["-TERM", pid.trim()]))?;
        let began = Instant::now();
        while began.elapsed() < ENDED_WITHIN {
            if let Some(status) = self.child.try_wait()? {
                return ended_well(status);
            }
            thread::sleep(Duration::from_millis(100));
        }
        bail!(
            "Alcove did not end within {} seconds",
            ENDED_WITHIN.as_secs()
        )
    }
}

fn ended_well(status: std::process::ExitStatus) -> Result<()> {
    if status.success() {
        Ok(())
    } else {
        bail!("Alcove ended with {status}")
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Ended already, unless something went wrong on the way.
        if matches!(self.child.try_wait(), Ok(None)) {
            _ = self.close();
            _ = self.child.kill();
            _ = self.child.wait();
        }
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
