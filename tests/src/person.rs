//! A test that runs once more as a person without rights: root may read and write everything.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use alcove_testkit::Scratch;

/// Set in the second life of a test.
const INSIDE: &str = "ALCOVE_TEST_AS_ANOTHER_USER";
/// The user and group `nobody` of Debian.
const NOBODY: &str = "65534";

/// Where the computer's own Borg is: another one may stand in a folder closed to others.
const USUAL: &str = "/usr/local/bin:/usr/bin:/bin";

/// Whether this is already the life as another user; else the test of this name lives it now, and its outcome is
/// this one's.
pub fn is_another_user(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let scratch = Scratch::new();
    open_to_all(scratch.path());
    let folder = scratch.folder("theirs");
    let lived = as_another_user(&folder)
        .args(["--exact", test])
        .envs(scratch.session())
        .env("TMPDIR", &folder)
        .env(INSIDE, "1")
        .env("PATH", USUAL)
        .output()
        .expect("setpriv is installed");
    let said = String::from_utf8_lossy(&lived.stdout);
    let complained = String::from_utf8_lossy(&lived.stderr);
    assert!(said.contains("1 passed"), "{said}\n{complained}");
    false
}

/// This program as another user than root, in a folder and with a session that both are open to them.
pub fn as_another_user(folder: &Path) -> Command {
    // It stands where its builder's account may be closed to others.
    let program = folder.join("test");
    let this = std::env::current_exe().expect("a test is a program");
    // By another process: a file that is open for writing in one just forked by another test cannot be started.
    let copied = Command::new("cp").arg(&this).arg(&program).status();
    assert!(
        copied.is_ok_and(|status| status.success()),
        "the test can be copied"
    );
    for path in [folder, &program] {
        open_to_all(path);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"])
        .arg(program)
        .env_clear()
        .env("PATH", USUAL)
        .current_dir(folder);
    command
}

fn open_to_all(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o777))
        .expect("the permissions of a scratch can be changed");
}
