//! Every `fail_point!` there is: whoever kills Alcove at each goes through this list.

use std::path::Path;

use crate::make_older;

/// A place in the code where a kill would matter.
#[derive(Debug)]
pub struct FailPoint {
    /// As its `fail_point!` names it.
    pub name: &'static str,
    /// The fault of being killed there.
    pub fault: &'static str,
    /// When it is passed.
    pub passed: Passed,
}

/// When a fail point is passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// In every backup, about so often.
    Backup(u64),
    /// When records of an older format are opened.
    Migration,
    /// When damaged records are opened.
    Rescue,
    /// When records without a copy are opened.
    Copy,
}

impl Passed {
    /// Makes the records in a data folder that nobody uses such that the next opening passes it.
    pub fn prepare(self, data: &Path) {
        let database = data.join("alcove.sqlite3");
        match self {
            Self::Backup(_) => {}
            Self::Migration => make_older(&database, 2),
            Self::Rescue => {
                let mut bytes = std::fs::read(&database).expect("records can be read");
                bytes[..100].fill(0x5a);
                std::fs::write(&database, bytes).expect("records can be damaged");
            }
            Self::Copy => {
                std::fs::remove_dir_all(data.join("copies")).expect("copies can be removed");
            }
        }
    }
}

const fn point(name: &'static str, fault: &'static str, passed: Passed) -> FailPoint {
    FailPoint {
        name,
        fault,
        passed,
    }
}

/// The list. A test compares it with the sources.
pub const FAIL_POINTS: &[FailPoint] = &[
    point(
        "store::commit",
        "Alcove killed before a commit",
        Passed::Backup(12),
    ),
    point(
        "store::committed",
        "Alcove killed after a commit",
        Passed::Backup(12),
    ),
    point(
        "log::write",
        "Alcove killed before a line of a log",
        Passed::Backup(30),
    ),
    point(
        "log::written",
        "Alcove killed after a line of a log",
        Passed::Backup(30),
    ),
    point(
        "log::sync",
        "Alcove killed before a log is flushed",
        Passed::Backup(10),
    ),
    point(
        "borg::spawn",
        "Alcove killed before Borg is started",
        Passed::Backup(5),
    ),
    point(
        "borg::spawned",
        "Alcove killed after Borg was started",
        Passed::Backup(5),
    ),
    point(
        "migration::step",
        "Alcove killed before a step of a migration is committed",
        Passed::Migration,
    ),
    point(
        "migration::taken",
        "Alcove killed after a step of a migration",
        Passed::Migration,
    ),
    point(
        "copy::write",
        "Alcove killed before a copy of the records is written",
        Passed::Copy,
    ),
    point(
        "copy::written",
        "Alcove killed before a copy of the records has its name",
        Passed::Copy,
    ),
    point(
        "copy::named",
        "Alcove killed before older copies of the records go",
        Passed::Copy,
    ),
    point(
        "rescue::copied",
        "Alcove killed in the middle of making a rescue ready",
        Passed::Rescue,
    ),
    point(
        "rescue::ready",
        "Alcove killed before damaged records are set aside",
        Passed::Rescue,
    ),
    point(
        "rescue::aside",
        "Alcove killed in the middle of setting damaged records aside",
        Passed::Rescue,
    ),
    point(
        "rescue::gone",
        "Alcove killed between damaged records and those in their place",
        Passed::Rescue,
    ),
    point(
        "rescue::restored",
        "Alcove killed after a rescue",
        Passed::Rescue,
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The names of the fail points in the sources.
    fn in_the_sources() -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("the sources can be listed") {
                let path = entry.expect("the sources can be listed").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|name| name == "rs") {
                    let source = std::fs::read_to_string(path).expect("a source can be read");
                    let after = source.split("fail_point!(\"").skip(1);
                    found.extend(after.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
                }
            }
        }
        found
    }

    #[test]
    fn every_fail_point_of_the_sources_is_on_the_list_once() {
        let listed: BTreeSet<&str> = FAIL_POINTS.iter().map(|point| point.name).collect();
        assert_eq!(listed.len(), FAIL_POINTS.len());
        let sources = in_the_sources();
        let sources: BTreeSet<&str> = sources.iter().map(String::as_str).collect();
        assert_eq!(listed, sources);
    }
}
