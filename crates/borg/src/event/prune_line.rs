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

/// Reads a line of `prune --list`; gives nothing for every other message.
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
    let (head, _id) = text.strip_suffix(']')?.rsplit_once(" [")?;
    let head = head.get(..head.len().checked_sub(DATE)?)?.trim_end();
    // The words before the name end with a colon; those in brackets may hold one, and so may the name.
    let bracketed = ["Keeping archive (", "Pruning archive ("]
        .iter()
        .any(|action| text.starts_with(action));
    let (_, name) = head.split_once(if bracketed { "):" } else { ":" })?;
    Some(PruneLine {
        archive: name.trim_start().to_owned(),
        deleted,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;

    fn line(text: &str) -> Option<(String, bool)> {
        let message = LogMessage {
            level: Level::Info,
            name: "borg.output.list".into(),
            message: text.into(),
            msgid: None,
        };
        prune_line(&message).map(|line| (line.archive, line.deleted))
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
    fn an_archive_is_kept_by_two_rules_under_one_name() {
        assert_eq!(
            line("Keeping archive (rule: daily[oldest] #2):   x    Sun, 2026-11-22 11:03:39 [aa]"),
            Some(("x".into(), false))
        );
    }
}
