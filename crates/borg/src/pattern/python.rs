//! Python's regular expressions (`re` of 3.11) in the words of the crate that is used here.
//!
//! Everything is spelled out anew, so that nothing passes that means another thing in the two languages. What has no
//! translation is an error: verbose expressions, conditions, characters by name, other flags than `i`, `s` and `u`.
//! Left aside are the few letters whose case the two fold in different ways.

use super::{PatternError, push_code, push_literal};

/// What Python takes for a part of a word: a letter or a number by Unicode, or an underscore.
const WORD: &str = r"\p{L}\p{N}_";
const AT_A_WORDS_EDGE: &str =
    r"(?:(?<=[\p{L}\p{N}_])(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}_])(?=[\p{L}\p{N}_]))";
const AT_NO_WORDS_EDGE: &str =
    r"(?:(?<=[\p{L}\p{N}_])(?=[\p{L}\p{N}_])|(?<![\p{L}\p{N}_])(?![\p{L}\p{N}_]))";
/// What Python takes for a blank: four separators of ASCII too.
const BLANK: &str = r"\s\x{1C}-\x{1F}";

pub(super) fn translate(pattern: &str) -> Result<String, PatternError> {
    let mut translation = Translation {
        pattern: pattern.chars().collect(),
        at: 0,
        expression: String::new(),
    };
    translation
        .run()
        .map_err(|why| PatternError::NotCountable {
            pattern: format!("re:{pattern}"),
            why: why.to_owned(),
        })?;
    Ok(translation.expression)
}

type Step<T = ()> = Result<T, &'static str>;

/// A member of a set.
enum Member {
    One(char),
    Class(String),
}

struct Translation {
    pattern: Vec<char>,
    at: usize,
    expression: String,
}

impl Translation {
    fn run(&mut self) -> Step {
        while let Some(next) = self.take() {
            match next {
                '\\' => self.escape()?,
                '[' => self.set()?,
                '(' if self.peek() == Some('?') => self.extension()?,
                '{' => self.repetition(),
                '^' => self.expression.push_str(r"\A"),
                // The end, or before the last line break.
                '$' => self.expression.push_str(r"(?=\n?\z)"),
                '.' | '(' | ')' | '|' | '*' | '+' | '?' => self.expression.push(next),
                literal => push_literal(&mut self.expression, literal),
            }
        }
        Ok(())
    }

    fn peek(&self) -> Option<char> {
        self.pattern.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    fn take_if(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn take_while(&mut self, most: usize, wanted: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while taken.len() < most && self.peek().is_some_and(&wanted) {
            taken.extend(self.take());
        }
        taken
    }

    /// After a backslash, outside a set.
    fn escape(&mut self) -> Step {
        match self.peek() {
            Some('A') => self.expression.push_str(r"\A"),
            Some('Z') => self.expression.push_str(r"\z"),
            Some('b') => self.expression.push_str(AT_A_WORDS_EDGE),
            Some('B') => self.expression.push_str(AT_NO_WORDS_EDGE),
            Some('1'..='9') => return self.back_reference(),
            _ => {
                match self.member()? {
                    Member::One(literal) => push_literal(&mut self.expression, literal),
                    Member::Class(class) => self.expression.extend(["[", &class, "]"]),
                }
                return Ok(());
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Three octal digits are a character, and one or two digits a group.
    fn back_reference(&mut self) -> Step {
        let octal = self.pattern[self.at..]
            .iter()
            .take(3)
            .filter(|c| ('0'..='7').contains(*c))
            .count();
        if octal == 3 {
            let literal = self.number(3, 8)?;
            push_literal(&mut self.expression, literal);
        } else {
            let group = self.take_while(2, |c| c.is_ascii_digit());
            self.expression.extend([r"(?:\", &group, ")"]);
        }
        Ok(())
    }

    /// After a backslash, what may stand in a set too.
    fn member(&mut self) -> Step<Member> {
        let one = match self.take().ok_or("it ends with a backslash")? {
            'd' => return Ok(Member::Class(r"\d".to_owned())),
            'D' => return Ok(Member::Class(r"\D".to_owned())),
            's' => return Ok(Member::Class(BLANK.to_owned())),
            'S' => return Ok(Member::Class(format!("[^{BLANK}]"))),
            'w' => return Ok(Member::Class(WORD.to_owned())),
            'W' => return Ok(Member::Class(format!("[^{WORD}]"))),
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'x' => self.code(2)?,
            'u' => self.code(4)?,
            'U' => self.code(8)?,
            '0'..='7' => {
                self.at -= 1;
                self.number(3, 8)?
            }
            other if other.is_ascii_alphanumeric() => return Err("it has an unknown escape"),
            other => other,
        };
        Ok(Member::One(one))
    }

    /// A character by exactly so many hexadecimal digits.
    fn code(&mut self, digits: usize) -> Step<char> {
        let from = self.at;
        let found = self.number(digits, 16)?;
        if self.at - from == digits {
            Ok(found)
        } else {
            Err("it has an escape that is too short")
        }
    }

    fn number(&mut self, most: usize, radix: u32) -> Step<char> {
        let digits = self.take_while(most, |c| c.is_digit(radix));
        u32::from_str_radix(&digits, radix)
            .ok()
            .and_then(char::from_u32)
            .ok_or("it has an escape that is no character")
    }

    /// After `[`. A `]` that stands first is a member.
    fn set(&mut self) -> Step {
        self.expression.push('[');
        if self.take_if('^') {
            self.expression.push('^');
        }
        let mut first = true;
        loop {
            let low = match self.take().ok_or("a set does not end")? {
                ']' if !first => break,
                '\\' => self.member()?,
                literal => Member::One(literal),
            };
            first = false;
            let is_range = self.peek() == Some('-')
                && self.pattern.get(self.at + 1).is_some_and(|c| *c != ']');
            match low {
                Member::One(low) if is_range => {
                    self.at += 1;
                    let high = match self.take().ok_or("a set does not end")? {
                        '\\' => self.member()?,
                        literal => Member::One(literal),
                    };
                    match high {
                        Member::One(high) if low <= high => {
                            push_code(&mut self.expression, low);
                            self.expression.push('-');
                            push_code(&mut self.expression, high);
                        }
                        _ => return Err("a set has a range that is none"),
                    }
                }
                Member::Class(_) if is_range => return Err("a set has a range that is none"),
                Member::One(one) => push_code(&mut self.expression, one),
                Member::Class(class) => self.expression.push_str(&class),
            }
        }
        self.expression.push(']');
        Ok(())
    }

    /// After `{`, which is itself where no repetition follows.
    fn repetition(&mut self) {
        let from = self.at;
        let least = self.take_while(usize::MAX, |c| c.is_ascii_digit());
        let most = if self.take_if(',') {
            self.take_while(usize::MAX, |c| c.is_ascii_digit())
        } else {
            least.clone()
        };
        if self.pattern.get(from) != Some(&'}') && self.take_if('}') {
            let least = if least.is_empty() { "0" } else { &least };
            self.expression.extend(["{", least, ",", &most, "}"]);
        } else {
            self.at = from;
            push_literal(&mut self.expression, '{');
        }
    }

    /// After `(`, before `?`.
    fn extension(&mut self) -> Step {
        let at_start = self.at == 1;
        let rest: String = self.pattern[self.at + 1..].iter().collect();
        for same in [":", "=", "!", "<=", "<!", ">"] {
            if rest.starts_with(same) {
                self.at += 1 + same.len();
                self.expression.extend(["(?", same]);
                return Ok(());
            }
        }
        if rest.starts_with('#') {
            let length = rest.chars().position(|c| c == ')');
            self.at += 2 + length.ok_or("a comment does not end")?;
            return Ok(());
        }
        if rest.starts_with("P<") || rest.starts_with("P=") {
            let is_reference = rest.starts_with("P=");
            self.at += 3;
            let name = self.take_while(usize::MAX, |c| c.is_ascii_alphanumeric() || c == '_');
            if !self.take_if(if is_reference { ')' } else { '>' }) {
                return Err("the name of a group does not end");
            }
            let (open, close) = if is_reference {
                ("(?P=", ")")
            } else {
                ("(?P<", ">")
            };
            self.expression.extend([open, &name, close]);
            return Ok(());
        }
        self.flags(at_start)
    }

    /// `(?i)` at the very start, or `(?i-s:` anywhere.
    fn flags(&mut self, at_start: bool) -> Step {
        self.at += 1;
        let flags = self.take_while(usize::MAX, |c| c.is_ascii_alphabetic() || c == '-');
        let end = self.take();
        let known = !flags.is_empty() && flags.chars().all(|c| "isu-".contains(c));
        let flags = flags.replace('u', "");
        match end {
            Some(')') if known && at_start && !flags.contains('-') => {
                if !flags.is_empty() {
                    self.expression.extend(["(?", &flags, ")"]);
                }
                Ok(())
            }
            Some(':') if known => {
                self.expression.extend(["(?", &flags, ":"]);
                Ok(())
            }
            _ => Err("it has an extension that has no translation"),
        }
    }
}
