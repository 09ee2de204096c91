//! Whose locks there are: those of a repository, and those Borg takes on its own cache of it.

use std::path::Path;

use alcove_testkit::Scratch;

/// Whose lock is left in a repository or in any cache of a home: `no`, or the worst there is.
pub(crate) fn left(repository: &Path, scratch: &Scratch) -> &'static str {
    let caches = std::fs::read_dir(scratch.home().join(".cache/borg"));
    let caches = caches.into_iter().flatten().flatten();
    let caches = caches.map(|cache| of(&cache.path()));
    caches.chain([of(repository)]).max().unwrap_or("no")
}

/// Whose lock there is in one folder.
pub(crate) fn of(folder: &Path) -> &'static str {
    let exclusive = std::fs::read_dir(folder.join("lock.exclusive")).ok();
    let exclusive = exclusive.map(|holders| {
        let names = holders.flatten().map(|holder| holder.file_name());
        let whose = names.map(|name| named(&name.to_string_lossy()));
        whose.max().unwrap_or("of nobody")
    });
    let roster = std::fs::read(folder.join("lock.roster")).unwrap_or_default();
    exclusive
        .into_iter()
        .chain(rostered(&roster))
        .max()
        .unwrap_or("no")
}

/// Whose lock is named `HOST@HARDWARE.PROCESS-THREAD`.
fn named(holder: &str) -> &'static str {
    let (host, process) = holder.rsplit_once('.').unwrap_or((holder, ""));
    whose(host, process.split('-').next().unwrap_or_default())
}

/// Whose locks are in a roster: `{"exclusive": [[HOST, PROCESS, THREAD]], "shared": []}`.
fn rostered(roster: &[u8]) -> Vec<&'static str> {
    let roster: serde_json::Value = serde_json::from_slice(roster).unwrap_or_default();
    let lists = roster
        .as_object()
        .into_iter()
        .flat_map(|lists| lists.values());
    let holders = lists.filter_map(|list| list.as_array()).flatten();
    let words = holders.map(|holder| {
        let host = holder[0].as_str().unwrap_or_default();
        whose(host, &holder[1].to_string())
    });
    words.collect()
}

fn whose(host: &str, process: &str) -> &'static str {
    let here = rustix::system::uname();
    // A process that has ended, and that nobody has taken notice of yet, has no arguments any more.
    let arguments = std::fs::read(Path::new("/proc").join(process).join("cmdline"));
    if !host.starts_with(&*here.nodename().to_string_lossy()) {
        "of another host"
    } else if arguments.is_ok_and(|arguments| !arguments.is_empty()) {
        "of a living process"
    } else {
        "of a dead process"
    }
}
