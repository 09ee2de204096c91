//! A disk that fills up. Mounting needs root.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system of a few megabytes, gone when it is dropped.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one of this size, such as `24m`, at a folder.
    pub fn mount(at: PathBuf, size: &str) -> Self {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&at)
            .status()
            .expect("there is a mount");
        assert!(
            mounted.success(),
            "a small disk is mounted, which needs root"
        );
        Self(at)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Takes what is left of its space.
    pub fn fill(&self) {
        let full = std::fs::write(self.filler(), vec![0; 64 * 1024 * 1024]);
        assert!(full.is_err(), "the disk is full");
    }

    /// Gives the space back.
    pub fn free(&self) {
        std::fs::remove_file(self.filler()).expect("the disk was filled");
    }

    /// Gives it another size.
    pub fn resize(&self, size: &str) {
        let resized = Command::new("mount")
            .args(["-o", &format!("remount,size={size}")])
            .arg(&self.0)
            .status();
        assert!(
            resized.is_ok_and(|status| status.success()),
            "a small disk is mounted again"
        );
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a process that is just ending may still have a file open there.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
