//! What a process costs, as proc(5) says it: time of a processor, memory, wake-ups.

use std::fs;

use anyhow::{Context, Result};

/// Seconds of a processor that a process has taken.
#[derive(Clone, Copy)]
pub(super) struct Spent {
    /// By itself.
    pub(super) own: f64,
    /// By the children it has waited for, and by theirs.
    pub(super) children: f64,
}

/// Reads `utime`, `stime`, `cutime` and `cstime`.
pub(super) fn spent(pid: u32) -> Result<Spent> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields = after_name(&stat).context("a name in brackets")?;
    let seconds = |first: usize| -> Result<f64> {
        let ticks = fields[first].parse::<u64>()? + fields[first + 1].parse::<u64>()?;
        Ok(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
    };
    Ok(Spent {
        own: seconds(11)?,
        children: seconds(13)?,
    })
}

/// The most memory a process has had, in MB: `VmHWM`.
pub(super) fn most_memory(pid: u32) -> Result<f64> {
    status(pid, "VmHWM:")
}

/// The memory a process has, in MB: `VmRSS`.
pub(super) fn memory(pid: u32) -> Result<f64> {
    status(pid, "VmRSS:")
}

fn status(pid: u32, key: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    megabytes(&status, key).with_context(|| format!("{key} of {pid}"))
}

/// Reads a line such as `VmHWM:   2048 kB`, in MB.
fn megabytes(text: &str, key: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

/// The fields of `stat` after the name, which stands in brackets and may hold anything: the state first.
fn after_name(stat: &str) -> Option<Vec<&str>> {
    let (_, rest) = stat.rsplit_once(')')?;
    Some(rest.split_whitespace().collect())
}
