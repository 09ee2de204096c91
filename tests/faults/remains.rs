//! What a round leaves behind: processes that go on, and mounts.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, getpid, kill_process};

/// How long what is about to end may take for it: long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often is looked.
const LOOK: Duration = Duration::from_millis(50);

/// Waits for the end of everything that has to do with the folder of a round that is over. Gives what has not ended,
/// and ends it.
pub(crate) fn clear(folder: &Path) -> Vec<String> {
    let began = Instant::now();
    let (mut processes, mut mounts) = (processes(folder), mounts(folder));
    while !(processes.is_empty() && mounts.is_empty()) && began.elapsed() < PATIENCE {
        std::thread::sleep(LOOK);
        (processes, mounts) = (self::processes(folder), self::mounts(folder));
    }
    let mut left = Vec::new();
    for (process, command) in processes {
        left.push(format!("process {}, {command}", process.as_raw_pid()));
        // Gone already, if it ended just now.
        let _ = kill_process(process, Signal::KILL);
    }
    for mount in mounts.iter().rev() {
        left.push(format!("the mount {}", mount.display()));
        // Lazily: what has a file open there was killed just now.
        let _ = Command::new("umount").arg("-l").arg(mount).status();
    }
    left
}

/// The processes that name a folder in their arguments or their environment, stand in it or have a file of it open.
fn processes(folder: &Path) -> Vec<(Pid, String)> {
    let here = folder.to_string_lossy();
    let names = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(&*here);
    let is_in = |link: &Path| std::fs::read_link(link).is_ok_and(|to| to.starts_with(folder));
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    all.filter_map(|process| {
        let id = Pid::from_raw(process.file_name().to_str()?.parse().ok()?)?;
        let path = process.path();
        let read = |part| std::fs::read(path.join(part)).unwrap_or_default();
        let words = read("cmdline");
        let files = std::fs::read_dir(path.join("fd")).into_iter().flatten();
        let has_to_do = names(&words)
            || names(&read("environ"))
            || is_in(&path.join("cwd"))
            || files.flatten().any(|file| is_in(&file.path()));
        let command = String::from_utf8_lossy(&words).replace('\0', " ");
        (has_to_do && id != getpid()).then_some((id, command))
    })
    .collect()
}

/// What is mounted below a folder, in the order it was (proc(5), `mountinfo`).
fn mounts(folder: &Path) -> Vec<PathBuf> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let points = mounts.lines().filter_map(|line| line.split(' ').nth(4));
    let points = points.map(PathBuf::from);
    points.filter(|point| point.starts_with(folder)).collect()
}
