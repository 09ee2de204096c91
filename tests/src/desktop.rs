//! A desktop's keyring, the real one, on a bus of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use alcove_api::World;

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

/// Has a world open the keyring of this session, as that of a session does.
pub fn use_its_keyring(world: &mut World) {
    let session = World::of_session(BTreeMap::new(), PathBuf::new());
    world.keyring = session.keyring;
    world.keyring_entry = session.keyring_entry;
    world.unlock_keyring = session.unlock_keyring;
}

/// Locks the keyring of this session.
pub fn lock_its_keyring() {
    let locked = Command::new("dbus-send")
        .args(["--session", "--print-reply"])
        .args(["--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
        .arg("org.freedesktop.Secret.Service.Lock")
        .arg("array:objpath:/org/freedesktop/secrets/aliases/default")
        .output()
        .expect("dbus-send is installed");
    assert!(locked.status.success(), "{locked:?}");
}
