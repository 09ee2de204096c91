//! Characters that are to be seen and not obeyed.
//!
//! A file may be named with an escape of a terminal in it, or with a mark that turns the direction of text and so
//! shows a name that is not its own. What Alcove writes down of such a name, in a log or in a record, has the
//! escape in place of the character, whichever door shows it. Markup needs no such care: no door reads any.

use std::borrow::Cow;
use std::fmt::Write;

/// Tells whether a character steers what shows it: a control character (U+0000 to U+001F, U+007F to U+009F), one
/// that turns the direction of text (Unicode 16, `Bidi_Control`), or a separator of lines (U+2028, U+2029).
pub fn steers(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// Writes what steers as its escape, such as `\x1b` and `\u202e`; newlines and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |character| steers(character) && !matches!(character, '\n' | '\t');
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut seen = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_hidden(character) {
            escape(&mut seen, character);
        } else {
            seen.push(character);
        }
    }
    Cow::Owned(seen)
}

/// Adds the escape of a character that steers; `\n`, `\r` and `\t` as in C.
pub(crate) fn escape(line: &mut String, character: char) {
    let code = u32::from(character);
    match character {
        '\n' => line.push_str("\\n"),
        '\r' => line.push_str("\\r"),
        '\t' => line.push_str("\\t"),
        // Writing to a string does not fail.
        _ if code <= 0xff => _ = write!(line, "\\x{code:02x}"),
        _ => _ = write!(line, "\\u{code:04x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_seen_and_all_else_stays_as_it_is() {
        assert_eq!(
            visible("evil\u{202e}fdp.exe\u{1b}[31m\r\0\u{9b}\u{2028}"),
            "evil\\u202efdp.exe\\x1b[31m\\r\\x00\\x9b\\u2028"
        );
        for plain in ["a\tb\nc", "שלום <b> \\u202e", "zwölf 😀\u{fffd}"] {
            assert!(matches!(visible(plain), Cow::Borrowed(same) if same == plain));
        }
    }
}
