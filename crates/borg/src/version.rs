//! The version of a Borg program.
//!
//! Apart because three nouns need it: finding Borg compares it, the settings page shows it, and an answer to a
//! bug report quotes it. Leaves out pre-release tags (`rc1`, `b22`): Alcove decides by major, minor and patch.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Is the version of a Borg program, ordered as releases are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version {
    /// The 1 of 1.2.4: repositories of different majors are not compatible.
    pub major: u32,
    /// The 2 of 1.2.4.
    pub minor: u32,
    /// The 4 of 1.2.4.
    pub patch: u32,
}

/// Says that a text is not what `borg --version` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a version of Borg")]
pub struct NotAVersion;

impl Version {
    /// Makes a version from its three numbers.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Reads `borg 1.2.4`, `1.4.1rc1`, `2.0.0b22` or `1.2.8.dev1+gabc`; what follows the third number is ignored.
impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let text = text.trim();
        let numbers = text.strip_prefix("borg ").unwrap_or(text).trim_start();
        let mut parts = numbers.splitn(3, '.');
        let mut whole = || {
            parts
                .next()
                .and_then(|part| part.parse().ok())
                .ok_or(NotAVersion)
        };
        let (major, minor) = (whole()?, whole()?);
        let last = parts.next().ok_or(NotAVersion)?;
        let digits = last.bytes().take_while(u8::is_ascii_digit).count();
        let patch = last
            .get(..digits)
            .and_then(|digits| digits.parse().ok())
            .ok_or(NotAVersion)?;
        Ok(Self {
            major,
            minor,
            patch,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_borg_prints_is_read_with_its_pre_release_left_out() {
        for (text, version) in [
            ("borg 1.2.4\n", Version::new(1, 2, 4)),
            ("1.4.1rc1", Version::new(1, 4, 1)),
            ("borg 2.0.0b22", Version::new(2, 0, 0)),
            ("borg 1.2.10.dev3+g1234567", Version::new(1, 2, 10)),
        ] {
            assert_eq!(text.parse(), Ok(version), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_versions() {
        for text in [
            "",
            "borg",
            "borg 1",
            "borg 1.2",
            "borg 1.2.x",
            "GNU bash 5.2",
            "The Borg 1.2.4",
        ] {
            assert_eq!(text.parse::<Version>(), Err(NotAVersion), "{text}");
        }
    }

    #[test]
    fn versions_are_ordered_by_number_and_shown_with_dots() {
        assert!(Version::new(1, 2, 10) > Version::new(1, 2, 9));
        assert_eq!(Version::new(1, 2, 10).to_string(), "1.2.10");
    }
}
