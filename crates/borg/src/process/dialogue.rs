//! What Borg asks when a repository gets another passphrase, and what it is told.
//!
//! Apart from the terminal it happens on, because it is about Borg's words alone: nothing here reads or waits.
//!
//! ```text
//! Enter passphrase for key /repo:    the one in use; three times at most. Not asked when that is empty
//! Enter new passphrase:
//! Enter same passphrase again:
//! ```
//!
//! Both come this way. `BORG_PASSPHRASE_FD` is no help: Borg takes what it reads there for the new passphrase
//! too, and reading it a second time it ends with "Bad file descriptor".
//!
//! Source: `crypto/key.py` of Borg 1.2.4 and 1.4.5 (`Passphrase.new`, `KeyfileKeyBase.detect`); tried with both.

use std::sync::Arc;

use crate::passphrase::Passphrase;

const CURRENT: &str = "Enter passphrase for key ";
const NEW: [&str; 2] = ["Enter new passphrase: ", "Enter same passphrase again: "];
/// A question is at most as long as a path, and a little more.
const LONGEST: usize = 8 << 10;

/// What Borg is told when it asks for a passphrase on its terminal. Has no `Debug`, as a passphrase has none.
pub struct Answers {
    /// The passphrase in use.
    pub current: Arc<Passphrase>,
    /// The one to use from now on.
    pub new: Arc<Passphrase>,
}

/// Follows what Borg writes on its terminal.
pub(super) struct Dialogue {
    answers: Answers,
    /// What came since the last answer.
    heard: Vec<u8>,
}

impl Dialogue {
    pub(super) fn new(answers: Answers) -> Self {
        Self {
            answers,
            heard: Vec::new(),
        }
    }

    /// Takes what Borg wrote, in pieces of any size, and gives the answer once a question is complete.
    ///
    /// A question that is asked again is answered again: Borg itself gives up after a few times.
    pub(super) fn hear(&mut self, piece: &[u8]) -> Option<&Passphrase> {
        self.heard.extend_from_slice(piece);
        if self.heard.len() > LONGEST {
            self.heard.clear();
        }
        let heard = self.heard.trim_ascii_start();
        let asks_new = NEW.iter().any(|prompt| heard.ends_with(prompt.as_bytes()));
        let asks_current = heard.starts_with(CURRENT.as_bytes()) && heard.ends_with(b": ");
        if !asks_new && !asks_current {
            return None;
        }
        self.heard.clear();
        Some(if asks_current {
            &self.answers.current
        } else {
            &self.answers.new
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialogue() -> Dialogue {
        let passphrase = |text: &str| Arc::new(Passphrase::new(text.to_owned()));
        Dialogue::new(Answers {
            current: passphrase("old"),
            new: passphrase("new"),
        })
    }

    fn told(pieces: &[&str]) -> Vec<String> {
        let mut dialogue = dialogue();
        let told = pieces.iter().filter_map(|piece| {
            let answer = dialogue.hear(piece.as_bytes())?;
            Some(answer.expose().to_owned())
        });
        told.collect()
    }

    #[test]
    fn each_question_has_its_answer() {
        let asked = [
            "Enter passphrase for key /r: ",
            "\r\n",
            "Enter new passphrase: ",
            "\nEnter same passphrase again: ",
            "\n",
        ];
        assert_eq!(told(&asked), ["old", "new", "new"]);
    }

    #[test]
    fn a_question_in_pieces_is_answered_when_it_is_complete() {
        let asked = [
            "Enter pass",
            "phrase for key /r",
            ": ",
            "\nEnter new passphrase:",
            " ",
        ];
        assert_eq!(told(&asked), ["old", "new"]);
    }

    #[test]
    fn a_question_that_is_asked_again_is_answered_again() {
        let asked = ["Enter passphrase for key /r: "; 3];
        assert_eq!(told(&asked), ["old", "old", "old"]);
    }

    #[test]
    fn the_new_passphrase_is_never_told_to_who_asks_for_the_one_in_use() {
        let asked = ["Enter passphrase for key /Enter new passphrase: "];
        assert_eq!(told(&asked), ["old"]);
    }

    #[test]
    fn what_is_no_question_is_not_answered() {
        assert!(told(&["Password: ", "\nada@nas's password: ", "[yN]: "]).is_empty());
        let mut dialogue = dialogue();
        for _ in 0..10 {
            assert!(dialogue.hear(&[b'x'; 4096]).is_none());
        }
        assert!(dialogue.heard.len() <= LONGEST);
    }
}
