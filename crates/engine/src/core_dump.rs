//! No memory of Alcove, or of a Borg it started, on a disk after a crash: passphrases and keys are in it.
//!
//! Not by making the process unreadable (`PR_SET_DUMPABLE`), which would also keep the desktop from knowing whose
//! window it is.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Has the system write no core dump of this process and of those it starts from now on. One byte and not none: with
/// none a crash would still be piped to a program that keeps it, with one it is not (Linux 6.12, `fs/coredump.c`).
pub(crate) fn forbid() {
    let one = Rlimit {
        current: Some(1),
        maximum: Some(1),
    };
    if let Err(error) = setrlimit(Resource::Core, one) {
        log::warn!("core dumps are not forbidden: {error}");
    }
}
