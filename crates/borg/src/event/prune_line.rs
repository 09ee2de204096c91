//! What `prune --list` says of each archive it looked at.
//!
//! Apart because Borg 1 says it only in words, padded for people. Leaves out which archives it should be: the
//! engine compares.

use super::LogMessage;

/// Says what becomes of one archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PruneLine {
    /// The archive's name.
    pub archive: String,
    /// Whether it is deleted, or would be in a dry run.
    pub deleted: bool,
}

/// The length of `Sun, 2026-11-22 11:03:39`.
const DATE: usize = 24;

/// Reads a line of `prune --list`; gives nothing for every other message. One that says of an archive nobody can make
/// out that it goes has the whole line for a name: that is no archive of any plan.
///
/// `Keeping archive (rule: daily #1): NAME  DATE [ID]`, `Pruning archive (1/3): …`, `Would prune: …`,
/// `Keeping checkpoint archive: …`, padded differently by 1.2.4 and 1.4.5 (measured).
pub fn prune_line(message: &LogMessage) -> Option<PruneLine> {
    if message.name != "borg.output.list" {
        return None;
    }
    let text = message.message.as_str();
    let deleted = text.starts_with("Pruning ") || text.starts_with("Would prune");
    if !deleted && !text.starts_with("Keeping ") {
        return None;
    }
    match archive_of(text) {
        Some(name) => Some(PruneLine {
            archive: name.to_owned(),
            deleted,
        }),
        None => deleted.then(|| PruneLine {
            archive: text.to_owned(),
            deleted,
        }),
    }
}

/// Finds the name in a line.
fn archive_of(text: &str) -> Option<&str> {
    let (head, _id) = text.strip_suffix(']')?.rsplit_once(" [")?;
    let (head, _date) = head.split_at_checked(head.len().checked_sub(DATE)?)?;
    // The words before the name end with a colon; those in brackets may hold one, and so may the name.
    let bracketed = ["Keeping archive (", "Pruning archive ("]
        .iter()
        .any(|action| text.starts_with(action));
    let (_words, name) = head.split_once(if bracketed { "):" } else { ":" })?;
    Some(name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;

    fn line(text: &str) -> Option<(String, bool)> {
        parsed(text).map(|line| (line.archive, line.deleted))
    }

    fn parsed(text: &str) -> Option<PruneLine> {
        let message = LogMessage {
            level: Level::Info,
            name: "borg.output.list".into(),
            message: text.into(),
            msgid: None,
        };
        prune_line(&message)
    }

    #[test]
    fn kept_pruned_and_would_be_pruned_archives_are_told_apart() {
        let tail = "Sun, 2026-11-22 11:03:39 [fceb0d2c]";
        assert_eq!(
            line(&format!(
                "Keeping archive (rule: secondly #1):     a6     {tail}"
            )),
            Some(("a6".into(), false))
        );
        assert_eq!(
            line(&format!("Pruning archive (1/3):     home: x  {tail}")),
            Some(("home: x".into(), true))
        );
        assert_eq!(
            line(&format!("Would prune:     home (a): b   {tail}")),
            Some(("home (a): b".into(), true))
        );
        assert_eq!(
            line(&format!(
                "Keeping checkpoint archive:  c.checkpoint  {tail}"
            )),
            Some(("c.checkpoint".into(), false))
        );
        assert_eq!(line("Finished"), None);
    }

    #[test]
    fn a_line_nobody_can_make_out_that_says_that_an_archive_goes_is_not_passed_over() {
        for text in [
            "Would prune",
            "Would prune: home-1",
            "Pruning archive home-1 [aa]",
        ] {
            let line = parsed(text).unwrap();
            assert_eq!((line.archive.as_str(), line.deleted), (text, true));
        }
    }

    #[test]
    fn an_archive_is_kept_by_two_rules_under_one_name() {
        assert_eq!(
            line("Keeping archive (rule: daily[oldest] #2):   x    Sun, 2026-11-22 11:03:39 [aa]"),
            Some(("x".into(), false))
        );
    }
}
