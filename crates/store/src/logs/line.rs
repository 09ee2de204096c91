//! One line of a log: `2026-11-22T10:00:00.123Z WARNING text`.
//!
//! The format is the backup API page's, section Log. Escapes are those of C: `\\`, `\n`, `\r`, `\t`, and
//! `\x1b` for any other control character (U+0000 to U+001F, U+007F to U+009F), and `\u202e` for what
//! else [`steers`]. So a line is one line in every viewer, cannot steer a terminal, and reads as what it is.

use jiff::Timestamp;

use crate::visible::{self, steers};
use crate::words::Level;

/// Bytes of a line at most, the newline at its end not counted.
pub(super) const LIMIT: usize = 64 * 1024;

/// Ends a line that was longer.
const CUT: &str = " [cut at 64 KiB]";

/// Ends a line that a crash tore.
const TORN: &str = " [torn by a crash]";

/// One line of a job's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Its place in the log, from 1.
    pub number: u64,
    /// When it happened, to the millisecond.
    pub time: Timestamp,
    /// How serious it is.
    pub level: Level,
    /// What happened, with newlines and tabs as they were. Everything else stays escaped, since it is to be
    /// seen and not to be obeyed.
    pub text: String,
    /// The line as it is on disk, without the newline at its end.
    pub content: String,
}

impl LogLine {
    /// Reads a line. One that was not written by Alcove is text as a whole, at the time given.
    pub(super) fn read(number: u64, content: String, otherwise: Timestamp) -> Self {
        let (time, level, text) = match split(&content) {
            Some((time, level, text)) => (time, level, unescape(text)),
            None => (otherwise, Level::Info, content.clone()),
        };
        Self {
            number,
            time,
            level,
            text,
            content,
        }
    }
}

/// Writes a line, escaped and cut, without a newline at its end.
pub(super) fn format(time: Timestamp, level: Level, text: &str) -> String {
    let mut line = format!("{time:.3} {level} ");
    let mut fits = line.len();
    for character in text.chars() {
        escape(&mut line, character);
        if line.len() <= LIMIT - CUT.len() {
            fits = line.len();
        } else if line.len() > LIMIT {
            line.truncate(fits);
            line.push_str(CUT);
            break;
        }
    }
    line
}

/// Makes a line of the piece of one that a crash left, or `None` when too little is left.
pub(super) fn mend(piece: &[u8]) -> Option<String> {
    let piece = piece.get(..LIMIT - TORN.len()).unwrap_or(piece);
    let valid = piece.utf8_chunks().next()?.valid();
    split(valid)?;
    (!valid.contains(char::is_control)).then(|| format!("{valid}{TORN}"))
}

fn split(content: &str) -> Option<(Timestamp, Level, &str)> {
    let (time, rest) = content.split_once(' ')?;
    let (level, text) = rest.split_once(' ')?;
    Some((time.parse().ok()?, Level::parse(level)?, text))
}

fn escape(line: &mut String, character: char) {
    match character {
        '\\' => line.push_str("\\\\"),
        steering if steers(steering) => visible::escape(line, steering),
        plain => line.push(plain),
    }
}

/// Undoes [`escape`] where it is safe to: backslashes, newlines and tabs.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let (character, length) = match after.as_bytes() {
            [b'\\', ..] => ('\\', 1),
            [b'n', ..] => ('\n', 1),
            [b't', ..] => ('\t', 1),
            _ => ('\\', 0),
        };
        plain.push(character);
        rest = &after[length..];
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::time;

    fn round_trip(text: &str) {
        let content = format(time(0), Level::Warning, text);
        assert!(!content.contains(steers), "{content:?}");
        let line = LogLine::read(1, content, Timestamp::UNIX_EPOCH);
        assert_eq!(line.text, visible::visible(text));
    }

    #[test]
    fn a_line_is_time_level_and_text() {
        let time = "2026-11-22T10:00:00.123999Z".parse().unwrap();
        let content = format(time, Level::Warning, "/home/ada: changed");
        assert_eq!(
            content,
            "2026-11-22T10:00:00.123Z WARNING /home/ada: changed"
        );
        let line = LogLine::read(7, content.clone(), Timestamp::UNIX_EPOCH);
        assert_eq!(line.number, 7);
        assert_eq!(line.time.to_string(), "2026-11-22T10:00:00.123Z");
        assert_eq!(
            (line.level, line.text.as_str()),
            (Level::Warning, "/home/ada: changed")
        );
        assert_eq!(line.content, content);
    }

    #[test]
    fn whole_seconds_and_every_level_read_back() {
        for &level in Level::ALL {
            let at = Timestamp::from_second(5).unwrap();
            let line = LogLine::read(1, format(at, level, ""), Timestamp::UNIX_EPOCH);
            assert_eq!((line.time, line.level, line.text.as_str()), (at, level, ""));
        }
    }

    #[test]
    fn a_control_character_and_a_turn_of_direction_are_seen_and_not_obeyed() {
        for character in '\0'..='\u{2070}' {
            round_trip(&character.to_string());
            round_trip(&format!("a{character}{character}b\\{character}"));
        }
        round_trip("one\r\ntwo\n\nthree\u{1b}[31mred\u{9b}0m\u{7f}\0");
    }

    #[test]
    fn what_looks_like_an_escape_reads_back() {
        for text in [
            "\\",
            "\\\\",
            "\\n",
            "\\\n",
            "\\\\n",
            "\\x",
            "\\x1",
            "\\x1b",
            "\\xzz",
            "\\x\u{e9}",
            "\\x1\u{1f98a}",
            "C:\\new\\table\\x41",
            "ends in \\",
            " two  spaces ",
            "[cut at 64 KiB]",
        ] {
            round_trip(text);
        }
        // Every text of four characters over an alphabet that makes all kinds of collisions.
        let alphabet = ['\\', 'n', 'x', '1', 'b', '\n', '\u{1b}', '\u{e9}'];
        for number in 0..alphabet.len().pow(4) {
            let text: String = (0..4)
                .map(|place| alphabet[number / alphabet.len().pow(place) % 8])
                .collect();
            round_trip(&text);
        }
    }

    #[test]
    fn a_sequence_alcove_never_writes_stays_as_it_is() {
        for text in [
            "\\",
            "\\q",
            "\\x",
            "\\x1",
            "\\xg0",
            "\\x\u{e9}",
            "a\\x0",
            "\\\u{1f98a}",
        ] {
            assert_eq!(unescape(text), text);
        }
    }

    #[test]
    fn a_long_line_is_cut_between_characters_and_marked() {
        for unit in [
            "a",
            "\u{e9}",
            "\u{1f98a}",
            "\n",
            "\u{1b}",
            "a\u{1f98a}\u{1b}\\",
        ] {
            for start in ["", "x", "xy", "xyz"] {
                let text = start.to_owned() + &unit.repeat(70_000);
                let content = format(time(0), Level::Info, &text);
                assert!(content.len() <= LIMIT && content.len() > LIMIT - CUT.len() - 4);
                let line = LogLine::read(1, content, Timestamp::UNIX_EPOCH);
                let kept = line.text.strip_suffix(CUT).unwrap();
                assert!(
                    visible::visible(&text).starts_with(kept),
                    "{:?}",
                    &kept[kept.len() - 8..]
                );
            }
        }
    }

    #[test]
    fn a_line_of_exactly_the_limit_is_not_cut() {
        let head = format(time(0), Level::Warning, "").len();
        let text = "a".repeat(LIMIT - head);
        let line = LogLine::read(1, format(time(0), Level::Warning, &text), time(0));
        assert!(line.content.len() == LIMIT && line.text == text);
        assert!(format(time(0), Level::Warning, &(text + "a")).ends_with(CUT));
    }

    #[test]
    fn a_foreign_line_is_text_as_a_whole() {
        for content in [
            "",
            "hello",
            "2026-11-22T10:00:00.123Z",
            "2026-11-22T10:00:00.123Z LOUD \\n",
        ] {
            let line = LogLine::read(1, content.to_owned(), time(3));
            assert_eq!(
                (line.time, line.level, line.text.as_str()),
                (time(3), Level::Info, content)
            );
        }
    }

    #[test]
    fn a_torn_line_is_mended_when_its_text_had_begun() {
        let whole = format(time(0), Level::Error, "caf\u{e9}");
        let torn = &whole.as_bytes()[..whole.len() - 1];
        let mended = LogLine::read(1, mend(torn).unwrap(), Timestamp::UNIX_EPOCH);
        assert_eq!(
            (mended.level, mended.text),
            (Level::Error, format!("caf{TORN}"))
        );
        assert_eq!(mend(&whole.as_bytes()[..20]), None);
        assert_eq!(mend(&[0; 4096]), None);
        assert_eq!(mend(&[whole.as_bytes(), &[0; 9]].concat()), None);
        assert!(
            mend(&[whole.as_bytes(), &vec![b'a'; LIMIT]].concat())
                .unwrap()
                .len()
                <= LIMIT
        );
    }
}
