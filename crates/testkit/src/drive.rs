//! A drive that is plugged in and pulled out, wherever a test likes. Needs root.

use std::path::{Path, PathBuf};
use std::process::Command;

/// How many bytes a drive holds: Borg keeps a segment of its repository free, of 500 MB, once that has some archives.
/// What nothing was written to takes no room.
const SIZE: u64 = 2 << 30;

/// Is a drive with an ext4 file system of its own, on a loop device; pulled out when it is dropped.
#[derive(Debug)]
pub struct Drive {
    image: PathBuf,
    /// The folder in which plugged file systems are listed by their ids.
    listed_in: PathBuf,
    id: String,
    plugged: Option<(PathBuf, PathBuf)>,
}

impl Drive {
    /// Makes one of this name in a folder, which also lists it below `by-uuid` while it is plugged in, as udev does.
    pub fn make(folder: &Path, name: &str) -> Self {
        let image = folder.join(name);
        let listed_in = by_id(folder);
        std::fs::create_dir_all(&listed_in).expect("a folder for a test can be made");
        let file = std::fs::File::create(&image).expect("a drive can be made");
        file.set_len(SIZE).expect("a drive has a size");
        run("mkfs.ext4", &["-q".as_ref(), "-F".as_ref(), &image]);
        let tags = ["-o", "value", "-s", "UUID"].map(Path::new);
        let id = run("blkid", &[&tags[..], &[image.as_path()]].concat());
        Self {
            image,
            listed_in,
            id,
            plugged: None,
        }
    }

    /// Gives the id of its file system.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Plugs it in and mounts it at a folder, which is made.
    pub fn plug_in(&mut self, at: &Path) {
        self.attach(at);
        let (device, at) = self.place();
        run("mount", &[device, at]);
    }

    /// Plugs it in, for somebody else to mount it at a folder, which is made.
    pub fn attach(&mut self, at: &Path) {
        std::fs::create_dir_all(at).expect("a folder for a drive can be made");
        let device = run(
            "losetup",
            &["--find".as_ref(), "--show".as_ref(), &self.image],
        );
        let device = PathBuf::from(device);
        std::os::unix::fs::symlink(&device, self.link()).expect("a drive can be listed");
        self.plugged = Some((device, at.to_owned()));
    }

    /// Gives the line for a shell that mounts it where it is to be.
    pub fn mounts(&self) -> String {
        let (device, at) = self.place();
        format!("mount '{}' '{}'", device.display(), at.display())
    }

    fn place(&self) -> (&Path, &Path) {
        let (device, at) = self.plugged.as_ref().expect("it is plugged in");
        (device, at)
    }

    /// Unmounts it and pulls it out; the folder it was at stays, and is empty.
    pub fn pull_out(&mut self) {
        let Some((device, at)) = self.plugged.take() else {
            return;
        };
        run("umount", &[&at]);
        std::fs::remove_file(self.link()).expect("the drive was listed");
        run("losetup", &["--detach".as_ref(), &device]);
    }

    fn link(&self) -> PathBuf {
        self.listed_in.join(&self.id)
    }
}

impl Drop for Drive {
    fn drop(&mut self) {
        if let Some((device, at)) = &self.plugged {
            // Lazily: a process that is just ending may still have a file open there.
            let _ = Command::new("umount").arg("-l").arg(at).status();
            let _ = Command::new("losetup").arg("--detach").arg(device).status();
        }
    }
}

/// Gives the folder in which the drives of this folder are listed by their ids.
pub fn by_id(folder: &Path) -> PathBuf {
    folder.join("by-uuid")
}

fn run(program: &str, words: &[&Path]) -> String {
    let path = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin";
    let run = Command::new(program)
        .args(words)
        .env("PATH", path)
        .output()
        .expect("the system's tools are installed");
    let complained = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{program} needs root: {complained}");
    String::from_utf8_lossy(&run.stdout).trim().to_owned()
}
