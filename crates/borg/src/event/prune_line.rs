//! What `prune --list` says of each archive it looked at.
//!
//! Apart because Borg 1 says it only in words, padded for people. Leaves out which archives it should be: the
//! engine compares.

use jiff::civil::DateTime;

use super::LogMessage;

/// Says what becomes of one archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PruneLine {
    /// The archive's name.
    pub archive: String,
    /// When it was made, in the zone Borg was given.
    pub made_at: Option<DateTime>,
    /// Whether it is deleted, or would be in a dry run.
    pub deleted: bool,
    /// The rule that keeps it, in Borg's words: `daily #1`. None for what is deleted, and for checkpoints.
    pub rule: Option<String>,
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
    match kept_or_deleted(text) {
        Some((name, made_at, rule)) => Some(PruneLine {
            archive: name.to_owned(),
            made_at,
            deleted,
            rule: rule.map(ToOwned::to_owned),
        }),
        None => deleted.then(|| PruneLine {
            archive: text.to_owned(),
            made_at: None,
            deleted,
            rule: None,
        }),
    }
}

/// Takes a line apart: name, time, rule.
fn kept_or_deleted(text: &str) -> Option<(&str, Option<DateTime>, Option<&str>)> {
    let (head, _id) = text.strip_suffix(']')?.rsplit_once(" [")?;
    let (head, date) = head.split_at_checked(head.len().checked_sub(DATE)?)?;
    let made_at = DateTime::strptime("%a, %Y-%m-%d %H:%M:%S", date).ok();
    // The words before the name end with a colon; those in brackets may hold one, and so may the name.
    let bracketed = ["Keeping archive (", "Pruning archive ("]
        .iter()
        .any(|action| text.starts_with(action));
    let (words, name) = head.split_once(if bracketed { "):" } else { ":" })?;
    let rule = words.strip_prefix("Keeping archive (rule:");
    Some((name.trim(), made_at, rule.map(str::trim)))
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
    fn a_kept_archive_says_by_which_rule_and_every_one_when_it_was_made() {
        let kept = parsed("Keeping archive (rule: daily #12):  x   Sun, 2026-11-22 11:03:39 [aa]")
            .unwrap();
        assert_eq!(kept.rule.as_deref(), Some("daily #12"));
        let made_at = kept.made_at.map(|at| at.to_string());
        assert_eq!(made_at.as_deref(), Some("2026-11-22T11:03:39"));
        let gone = parsed("Would prune:      x   Sun, 2026-11-22 11:03:39 [aa]").unwrap();
        assert_eq!(gone.rule, None);
        let undated = parsed("Would prune:   x   yesterday, at about eleven o'clock [aa]").unwrap();
        assert_eq!(undated.made_at, None);
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
