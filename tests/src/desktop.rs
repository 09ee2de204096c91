//! A desktop's keyring, the real one, on a bus of its own.

use std::path::Path;
use std::process::Command;

/// This program on a bus of its own, with an unlocked keyring that lives in a folder.
pub fn on_a_desktop(folder: &Path) -> Command {
    let mut command = Command::new("dbus-run-session");
    command
        .args(["--", "sh", "-c"])
        .arg(
            "printf secret | gnome-keyring-daemon --unlock --components=secrets --daemonize && \
             exec \"$0\" \"$@\"",
        )
        .arg(std::env::current_exe().expect("a test is a program"))
        .env("XDG_DATA_HOME", folder)
        .env("XDG_RUNTIME_DIR", folder);
    command
}
