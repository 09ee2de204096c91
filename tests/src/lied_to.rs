//! A Borg that believes another time than the machine's: libfaketime lies to it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use alcove_testkit::Scratch;
use jiff::SignedDuration;

/// A Borg that takes from a file how far its clock is ahead. Clones are one Borg.
#[derive(Debug, Clone)]
pub struct LiedTo {
    /// What a world has to use.
    pub program: PathBuf,
    clock: PathBuf,
}

impl LiedTo {
    /// Makes one whose clock is right.
    pub fn install(scratch: &Scratch) -> Self {
        let folder = scratch.folder("lied-to");
        let (program, clock) = (folder.join("borg"), folder.join("clock"));
        let script = format!(
            "#!/bin/sh\n\
             LD_PRELOAD='{}' FAKETIME_TIMESTAMP_FILE='{}' FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1\n\
             export LD_PRELOAD FAKETIME_TIMESTAMP_FILE FAKETIME_NO_CACHE FAKETIME_DONT_FAKE_MONOTONIC\n\
             exec borg \"$@\"\n",
            libfaketime().display(),
            clock.display()
        );
        std::fs::write(&program, script).expect("a script can be written");
        let runs = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&program, runs).expect("a script can be made a program");
        let borg = Self { program, clock };
        borg.set(SignedDuration::ZERO);
        borg
    }

    /// Sets how far its clock is ahead.
    pub fn set(&self, ahead: SignedDuration) {
        let ahead = ahead.as_secs();
        std::fs::write(&self.clock, format!("{ahead:+}\n")).expect("a clock can be set");
    }
}

/// Where it is: beside the libraries of the system, in a folder of its own.
fn libfaketime() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").expect("there are libraries");
    let beside = folders.flatten().map(|folder| folder.path());
    let mut beside = beside.chain(["/usr/lib".into(), "/usr/lib64".into()]);
    let found = beside.find_map(|folder| {
        let library = folder.join("faketime/libfaketime.so.1");
        library.exists().then_some(library)
    });
    found.expect("faketime is installed")
}
