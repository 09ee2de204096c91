//! A made-up person's computer to look at Alcove in: made by `xtask/demo`, gone when it was looked at.
//!
//! The window gets the demo's home and a session bus of its own, on which no service starts: neither
//! the keyring nor the settings of who looks at it are in reach.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// A bus without services (dbus-daemon(1)).
pub(crate) const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// The demo in its folder, removed with this value unless it is to stay.
pub(crate) struct Demo {
    folder: PathBuf,
    stays: bool,
    /// `NAME=value` of its session.
    variables: Vec<(String, String)>,
}

impl Demo {
    /// Makes it, with the program that is built already.
    pub(crate) fn make(stays: bool) -> Result<Self> {
        if !cfg!(target_os = "linux") {
            bail!("the demo is for Linux: elsewhere it would share the keyring of your session");
        }
        let mut demo = Self {
            folder: env::temp_dir().join(format!("alcove-demo-{}", std::process::id())),
            stays,
            variables: Vec::new(),
        };
        fs::create_dir(&demo.folder).context("the demo has no folder")?;
        println!(
            "\nMaking the demo in {}: about a minute.",
            demo.folder.display()
        );
        let mut make = shell::command(shell::target().join("debug/alcove-demo"), &[]);
        make.arg(&demo.folder)
            .stderr(std::process::Stdio::inherit());
        demo.variables = shell::read(make)?
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        fs::write(demo.bus(), BUS)?;
        Ok(demo)
    }

    /// The configuration of its session bus.
    pub(crate) fn bus(&self) -> PathBuf {
        self.folder.join("bus.conf")
    }

    /// Where Alcove keeps its records.
    pub(crate) fn records(&self) -> PathBuf {
        self.folder.join("home/.local/share/alcove/alcove.sqlite3")
    }

    /// Puts a program into the demo's session.
    pub(crate) fn dress(&self, command: &mut Command) {
        // The display's key is in the person's own home.
        if env::var_os("XAUTHORITY").is_none()
            && let Some(key) = env::home_dir().map(|home| home.join(".Xauthority"))
            && key.exists()
        {
            command.env("XAUTHORITY", key);
        }
        command
            .env_remove("SSH_AUTH_SOCK")
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if self.stays {
            println!("The demo stays in {}.", self.folder.display());
        } else if let Err(error) = remove(&self.folder) {
            eprintln!("{} was not removed: {error}", self.folder.display());
        }
    }
}

/// Removes a folder; processes of a page that was closed may write into it for a moment longer.
fn remove(folder: &Path) -> std::io::Result<()> {
    for _ in 0..50 {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            done => return done,
        }
    }
    fs::remove_dir_all(folder)
}
