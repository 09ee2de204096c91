//! A terminal that is nobody's, for the one thing Borg asks for on a terminal only: a new passphrase.
//!
//! A pseudo-terminal becomes the controlling terminal of Borg's session; what Borg asks there is answered on a
//! thread of its own. It is raw and without echo: nothing that is written to it comes back, and no character of a
//! passphrase means anything to it. Leaves out which question has which answer: `dialogue`.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::thread;

use rustix::fs::{Mode, OFlags};
use rustix::io::FdFlags;
use rustix::pty::OpenptFlags;
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::dialogue::Dialogue;

/// Is Borg's side of a terminal whose other side answers. Dropping the last copy of it ends the answering.
pub(crate) struct Terminal(OwnedFd);

impl Terminal {
    /// Makes a terminal and begins to answer on it.
    pub(super) fn answering(mut dialogue: Dialogue) -> io::Result<Self> {
        let ours = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
        rustix::io::fcntl_setfd(&ours, FdFlags::CLOEXEC)?;
        rustix::pty::grantpt(&ours)?;
        rustix::pty::unlockpt(&ours)?;
        let name = rustix::pty::ptsname(&ours, Vec::new())?;
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let borgs = rustix::fs::open(name, flags, Mode::empty())?;
        let mut manners = tcgetattr(&borgs)?;
        manners.make_raw();
        tcsetattr(&borgs, OptionalActions::Now, &manners)?;
        let mut ours = File::from(ours);
        thread::Builder::new()
            .name("borg terminal".into())
            .spawn(move || {
                if let Err(error) = converse(&mut ours, &mut dialogue) {
                    log::debug!("Borg's terminal was left: {error}");
                }
            })?;
        Ok(Self(borgs))
    }

    /// Gives another hold on Borg's side.
    pub(super) fn try_clone(&self) -> io::Result<OwnedFd> {
        self.0.try_clone()
    }
}

/// Answers until nobody holds the other side any more; Linux says that with an error.
fn converse(ours: &mut File, dialogue: &mut Dialogue) -> io::Result<()> {
    let mut piece = [0; 512];
    loop {
        let length = ours.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        if let Some(answer) = dialogue.hear(&piece[..length]) {
            ours.write_all(answer.expose().as_bytes())?;
            ours.write_all(b"\n")?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::sync::Arc;

    use rustix::termios::LocalModes;

    use super::super::dialogue::Answers;
    use super::*;
    use crate::passphrase::Passphrase;

    #[test]
    fn an_answer_arrives_as_it_is_and_nothing_is_echoed() {
        // What a terminal with manners takes for: stop, end, erase, kill, quote, suspend.
        let strange = "p\u{e4}ss \u{3}\u{4}\u{7f}\u{15}\u{16}\u{1a} 'word'".to_owned();
        let passphrase = Arc::new(Passphrase::new(strange.clone()));
        let answers = Answers {
            current: Arc::clone(&passphrase),
            new: passphrase,
        };
        let terminal = Terminal::answering(Dialogue::new(answers)).unwrap();
        let mut side = File::from(terminal.try_clone().unwrap());
        let modes = tcgetattr(&side).unwrap().local_modes;
        assert!(!modes.contains(LocalModes::ECHO));
        let mut lines = BufReader::new(side.try_clone().unwrap());
        for question in ["Enter new passphrase: ", "\nEnter same passphrase again: "] {
            side.write_all(question.as_bytes()).unwrap();
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            assert_eq!(line, format!("{strange}\n"));
        }
    }
}
