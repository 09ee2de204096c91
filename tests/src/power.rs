//! A disk whose power can be cut: a copy of the image under a mounted file system holds what reached it, and no more.
//! Mounting needs root.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The disk's bytes.
const BYTES: u64 = 32 << 20;

/// A file system in a file, gone when it is dropped.
pub struct PoweredDisk {
    image: PathBuf,
    at: PathBuf,
}

impl PoweredDisk {
    /// Makes an empty one and mounts it at a folder. It writes by itself as seldom as the system lets it.
    pub fn mount(at: PathBuf) -> Self {
        Self::mount_of(at, BYTES)
    }

    /// The same of so many bytes.
    pub fn mount_of(at: PathBuf, bytes: u64) -> Self {
        let image = at.with_extension("image");
        let made = std::fs::File::create(&image).and_then(|file| file.set_len(bytes));
        made.expect("an image can be made");
        run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image));
        Self { image, at }.mounted()
    }

    /// What is found at another folder after the power was cut now.
    #[must_use]
    pub fn after_a_cut(&self, at: PathBuf) -> Self {
        let image = at.with_extension("image");
        std::fs::copy(&self.image, &image).expect("an image can be copied");
        Self { image, at }.mounted()
    }

    /// Takes it out, whoever still has a file open there.
    pub fn pull(&self) {
        run(Command::new("umount").arg("-l").arg(&self.at));
    }

    /// Puts it back after [`PoweredDisk::pull`], when nobody uses it any more.
    pub fn plug(&self) {
        let mut mount = Command::new("mount");
        mount.args(["-o", "loop,commit=600"]);
        run(mount.arg(&self.image).arg(&self.at));
    }

    fn mounted(self) -> Self {
        self.plug();
        self
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        &self.at
    }
}

fn run(command: &mut Command) {
    let done = command.status().expect("the program is installed");
    assert!(
        done.success(),
        "{command:?} succeeds, which may need root: {done}"
    );
}

impl Drop for PoweredDisk {
    fn drop(&mut self) {
        // Lazily: a process that is just ending may still have a file open there.
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}
