//! The passphrase of a repository.
//!
//! One type, so that the compiler guards it: it cannot be printed, serialized or copied, and it is wiped from
//! memory when it goes. Doors parse straight into it. How it reaches Borg is the business of `process`; where
//! one is kept between runs is the engine's.

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// Holds a passphrase and wipes it when dropped; has no `Debug`, `Clone` or `Serialize` on purpose.
///
/// ```compile_fail
/// println!("{:?}", alcove_borg::Passphrase::new("secret".into()));
/// ```
/// ```compile_fail
/// let _ = alcove_borg::Passphrase::new("secret".into()).clone();
/// ```
/// ```compile_fail
/// let _ = serde_json::to_string(&alcove_borg::Passphrase::new("secret".into()));
/// ```
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes the text over; no copy of it is made.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Shows the text, to the one place that stores it or writes it into Borg's pipe.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Tells whether there is no character in it. Borg takes an empty passphrase as one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether it can be entered on a terminal, where a line end ends it.
    pub fn is_one_line(&self) -> bool {
        !self.0.contains(['\n', '\r'])
    }
}

impl<'de> Deserialize<'de> for Passphrase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_parses_straight_into_it() {
        let parsed: Passphrase = serde_json::from_str(r#""p\u00e4ss""#).unwrap();
        assert_eq!(parsed.expose(), "päss");
        assert!(!parsed.is_empty());
    }

    #[test]
    fn a_wrong_type_is_refused_without_quoting_it() {
        let Err(error) = serde_json::from_str::<Passphrase>("[\"secret\"]") else {
            panic!("a list is no passphrase");
        };
        assert!(!error.to_string().contains("secret"));
    }
}
