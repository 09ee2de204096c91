//! A test that runs once more as a person without rights: root may read and write everything.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use alcove_testkit::Scratch;

/// Set in the second life of a test.
const INSIDE: &str = "ALCOVE_TEST_AS_ANOTHER_USER";
/// The user and group `nobody` of Debian.
const NOBODY: &str = "65534";

/// Whether this is already the life as another user; else the test of this name lives it now, and its outcome is
/// this one's.
pub fn is_another_user(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let scratch = Scratch::new();
    // The program under test stands where its builder's account may be closed to others.
    let program = scratch.path().join("test");
    std::fs::copy(
        std::env::current_exe().expect("a test is a program"),
        &program,
    )
    .expect("the test can be copied");
    let folder = scratch.folder("theirs");
    for path in [scratch.path(), &folder, &program] {
        open_to_all(path);
    }
    let lived = Command::new("setpriv")
        .args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"])
        .arg(&program)
        .args(["--exact", test])
        .env_clear()
        .envs(scratch.session())
        .env("TMPDIR", &folder)
        .env(INSIDE, "1")
        // The computer's own Borg: another one may stand in a folder closed to others.
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .current_dir(&folder)
        .output()
        .expect("setpriv is installed");
    let said = String::from_utf8_lossy(&lived.stdout);
    let complained = String::from_utf8_lossy(&lived.stderr);
    assert!(said.contains("1 passed"), "{said}\n{complained}");
    false
}

fn open_to_all(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o777))
        .expect("the permissions of a scratch can be changed");
}
