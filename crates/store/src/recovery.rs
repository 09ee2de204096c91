//! What was done about a damaged database.

use std::fmt;
use std::path::PathBuf;

use jiff::Timestamp;

/// A damaged database was replaced when the data folder was opened. Logs of jobs are never part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Where the damaged file is now; `None` when there was none any more.
    pub set_aside: Option<PathBuf>,
    /// From when the records are that took its place, without their access tokens; `None` when they begin anew.
    pub restored: Option<Timestamp>,
}

impl fmt::Display for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Alcove's records were damaged. ")?;
        match self.restored {
            Some(from) => write!(
                f,
                "Those of {from:.0} took their place: plans, settings and repositories are as they were then, \
                 jobs since then are missing, their logs are kept. No backup prunes or frees space until you have \
                 looked at your plans. Access tokens were removed."
            )?,
            None => f.write_str("There is no copy of them, so they begin anew.")?,
        }
        if let Some(path) = &self.set_aside {
            write!(f, " The damaged file was kept as {}.", path.display())?;
        }
        f.write_str(" Backups are not touched.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_say_what_took_the_place_of_the_records_and_where_they_are() {
        let restored = Recovery {
            set_aside: Some("/d/alcove.sqlite3.broken-1".into()),
            restored: Some("2026-11-22T10:00:00.5Z".parse().unwrap()),
        };
        assert_eq!(
            restored.to_string(),
            "Alcove's records were damaged. Those of 2026-11-22T10:00:00Z took their place: plans, settings and \
             repositories are as they were then, jobs since then are missing, their logs are kept. No backup \
             prunes or frees space until you have looked at your plans. Access tokens were removed. The damaged file was kept as /d/alcove.sqlite3.broken-1. \
             Backups are not touched."
        );
        let anew = Recovery {
            set_aside: None,
            restored: None,
        };
        assert_eq!(
            anew.to_string(),
            "Alcove's records were damaged. There is no copy of them, so they begin anew. Backups are not \
             touched."
        );
    }
}
