//! What a process costs, as proc(5) says it: time of a processor, memory, wake-ups.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

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

/// Does something, and gives the seconds of a processor that threads of this name of a process have taken meanwhile. They
/// are looked at twenty times a second: what such a thread does after the last look at it is missing.
pub(super) fn beside<T>(pid: u32, thread: &str, work: impl FnOnce() -> T) -> (T, f64) {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut seen = HashMap::new();
            while !over.load(Ordering::Relaxed) {
                let threads = threads(pid).unwrap_or_default().into_iter();
                let named = threads.filter(|each| each.read("comm").trim_end() == thread);
                seen.extend(named.filter_map(|each| Some((each.number, each.ran()?))));
                std::thread::sleep(Duration::from_millis(50));
            }
            seen.values().sum::<u64>() as f64 / 1e9
        });
        let done = work();
        over.store(true, Ordering::Relaxed);
        (done, watch.join().unwrap_or_default())
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

/// A process and what it has started, but for its Borgs and what those have started: all that a program is.
///
/// It is looked for anew at each question, since web processes come and go.
#[derive(Clone, Copy)]
pub(super) struct Family(pub(super) u32);

impl Family {
    /// Their numbers, the first of them first.
    pub(super) fn members(self) -> Result<Vec<u32>> {
        self.with_borgs().map(|(members, _)| members)
    }

    /// Whether a Borg runs that one of them has started.
    pub(super) fn has_borg(self) -> Result<bool> {
        self.with_borgs().map(|(_, borgs)| borgs > 0)
    }

    /// The members, and the number of Borgs they have started.
    fn with_borgs(self) -> Result<(Vec<u32>, usize)> {
        let mut children: HashMap<u32, Vec<(u32, bool)>> = HashMap::new();
        for entry in fs::read_dir("/proc")? {
            let Some(pid) = number(&entry?) else { continue };
            // A process may end while it is looked at.
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let parent = after_name(&stat).and_then(|fields| fields.get(1)?.parse().ok());
            if let Some(parent) = parent {
                let child = (pid, stat.contains("(borg)"));
                children.entry(parent).or_default().push(child);
            }
        }
        let (mut members, mut borgs) = (vec![self.0], 0);
        let mut at = 0;
        while let Some(member) = members.get(at) {
            for (child, is_borg) in children.remove(member).unwrap_or_default() {
                if is_borg {
                    borgs += 1;
                } else {
                    members.push(child);
                }
            }
            at += 1;
        }
        Ok((members, borgs))
    }

    /// Megabytes of a line of `smaps_rollup`: `Pss:` or `Private_Dirty:`.
    pub(super) fn memory(self, key: &str) -> Result<f64> {
        let members = self.members()?.into_iter();
        let of_each = members.map(|pid| {
            let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
            megabytes(&rollup, key).with_context(|| format!("{key} of {pid}"))
        });
        of_each.sum()
    }

    /// What they have done so far.
    pub(super) fn activity(self) -> Result<Activity> {
        let mut threads = HashMap::new();
        for pid in self.members()? {
            for thread in self::threads(pid)? {
                let status = thread.read("status");
                let switches = status
                    .lines()
                    .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))
                    .and_then(|switches| switches.trim().parse().ok());
                if let (Some(nanoseconds), Some(switches)) = (thread.ran(), switches) {
                    threads.insert(thread.number, (nanoseconds, switches));
                }
            }
        }
        Ok(Activity {
            at: Instant::now(),
            threads,
        })
    }
}

/// What every thread of a family has done up to a moment: nanoseconds on a processor (`schedstat`), and how often it
/// went to sleep and so was woken.
pub(super) struct Activity {
    at: Instant,
    threads: HashMap<u32, (u64, u64)>,
}

impl Activity {
    /// What was done since an earlier moment: percent of a core, and wake-ups a second.
    pub(super) fn since(&self, earlier: &Self) -> (f64, f64) {
        let (mut nanoseconds, mut switches) = (0, 0);
        for (thread, now) in &self.threads {
            let before = earlier.threads.get(thread).copied().unwrap_or_default();
            nanoseconds += now.0.saturating_sub(before.0);
            switches += now.1.saturating_sub(before.1);
        }
        let seconds = self.at.duration_since(earlier.at).as_secs_f64();
        (
            nanoseconds as f64 / 1e9 / seconds * 100.0,
            switches as f64 / seconds,
        )
    }
}

/// A thread of a process, which may end while it is looked at.
struct Thread {
    number: u32,
    folder: PathBuf,
}

fn threads(pid: u32) -> Result<Vec<Thread>> {
    let mut threads = Vec::new();
    for entry in fs::read_dir(format!("/proc/{pid}/task"))? {
        let entry = entry?;
        let folder = entry.path();
        threads.extend(number(&entry).map(|number| Thread { number, folder }));
    }
    Ok(threads)
}

impl Thread {
    /// One of its files; nothing when it has ended.
    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.join(file)).unwrap_or_default()
    }

    /// Nanoseconds on a processor, the first number of `schedstat`.
    fn ran(&self) -> Option<u64> {
        self.read("schedstat").split(' ').next()?.parse().ok()
    }
}

fn number(entry: &fs::DirEntry) -> Option<u32> {
    entry.file_name().to_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_its_children_and_spends_what_they_spend() {
        let mut shell = std::process::Command::new("sh")
            .args(["-c", "while :; do :; done & wait"])
            .spawn()
            .unwrap();
        let family = Family(shell.id());
        while family.members().unwrap().len() < 2 {}
        let before = family.activity().unwrap();
        while family.activity().unwrap().since(&before).0 == 0.0 {}
        assert!(family.memory("Pss:").unwrap() > 0.0);
        let members = family.members().unwrap();
        shell.kill().unwrap();
        shell.wait().unwrap();
        std::process::Command::new("kill")
            .arg(members[1].to_string())
            .status()
            .unwrap();
        assert_eq!(members[0], family.0);
    }

    #[test]
    fn the_threads_of_a_name_are_told_from_the_others() {
        let busy = |name: &str| {
            let work = || {
                let began = Instant::now();
                while began.elapsed() < Duration::from_millis(300) {}
            };
            let thread = std::thread::Builder::new().name(name.to_owned());
            thread.spawn(work).unwrap().join().unwrap();
        };
        let ((), seconds) = beside(std::process::id(), "a-survey", || busy("a-survey"));
        assert!(seconds > 0.0);
        let ((), seconds) = beside(std::process::id(), "a-survey", || busy("something"));
        assert!(seconds == 0.0, "{seconds}");
    }

    #[test]
    fn a_line_of_memory_is_megabytes() {
        assert_eq!(
            megabytes("Rss: 9 kB\nPss:    1000 kB\n", "Pss:"),
            Some(1.024)
        );
        assert_eq!(megabytes("Pss: 1 kB", "Private_Dirty:"), None);
    }
}
