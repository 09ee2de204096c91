//! Looking around on a server: which Borg is there, what stands at a place, how much room there is, how fast it
//! takes what is sent.
//!
//! One script for a POSIX shell, begun by whatever shell the account has, answers all but the speed in one login.
//! The place is sent on stdin and so is never a part of a command. A server that runs only a command of its own
//! choice answers the script with something else, and that too is told.

use std::io::Write as _;
use std::time::{Duration, Instant};

use alcove_borg::Version;

use super::run::{Answer, RunError, Talk};
use super::{Server, Transcript};

/// What the script says first: whoever says it runs what it is told to.
const GREETING: &str = "alcove-is-here";
/// Names of Borg, the most likely first; the last ones where a login without a terminal does not look.
const BORGS: &str = "borg borg-1.4 borg14 borg-1.2 borg12 /usr/local/bin/borg /opt/bin/borg /opt/local/bin/borg \
                     /var/packages/borgbackup/target/bin/borg \"$HOME/.local/bin/borg\" \"$HOME/bin/borg\"";
/// How long the speed is measured.
const SEND_FOR: Duration = Duration::from_secs(3);
/// How much is sent at once, and at most in all.
const CHUNK: usize = 64 << 10;
const MOST: u64 = 512 << 20;

/// What stands at a place of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folder {
    /// Nothing.
    Missing,
    /// An empty folder.
    Empty,
    /// A folder with something in it.
    Full,
    /// No folder.
    File,
}

/// What was seen on a server.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// What ssh told of the login.
    pub(crate) transcript: Transcript,
    /// Whether the login ran out of time.
    pub(crate) timed_out: bool,
    /// Whether the account has a shell that runs what it is told to.
    pub(crate) shell: bool,
    /// What the account's own scripts print before anything else: Borg stumbles over it.
    pub(crate) noise: Option<String>,
    /// Whether the server starts `borg serve` whatever it is told.
    pub(crate) forced_serve: bool,
    /// The Borgs found, each with the name it answers to; those asked for first come first.
    pub(crate) borgs: Vec<(String, Version)>,
    /// What stands at the place.
    pub(crate) folder: Option<Folder>,
    /// Free bytes there.
    pub(crate) free: Option<u64>,
}

impl Server<'_> {
    /// Logs in and looks around. `remote_path` is the Borg that is looked for first.
    pub(crate) fn survey(
        &self,
        remote_path: Option<&str>,
        until: Instant,
    ) -> Result<Survey, RunError> {
        let options = ["-v", "-o", "StrictHostKeyChecking=yes"];
        let script = script(remote_path);
        let place = format!("{}\n", self.location.path);
        let answer = self.run(self.ssh(&options, Some(&script)), place.as_bytes(), until)?;
        let mut survey = read(&answer);
        survey.transcript = Transcript::read(&answer.stderr);
        survey.timed_out = answer.code.is_none();
        if survey.transcript.method.is_some() && !survey.shell {
            let name = remote_path.unwrap_or("borg");
            let version = format!("{name} --version");
            let answer = self.run(self.ssh(&[], Some(&version)), b"", until)?;
            let said = answer.stdout.trim_end().rsplit(' ').next();
            let said = said.and_then(|version| version.parse().ok());
            survey
                .borgs
                .extend(said.map(|version| (name.to_owned(), version)));
        }
        Ok(survey)
    }

    /// Sends what cannot be compressed for a few seconds, to a server with a shell. Returns bytes a second;
    /// `None` when it did not take it all in time.
    pub(crate) fn upload_speed(&self, until: Instant) -> Option<u64> {
        let receive = format!("sh -c 'echo {GREETING}; cat >/dev/null'");
        let mut talk = Talk::begin(self.world, self.ssh(&[], Some(&receive)), until).ok()?;
        while !talk.said().contains(&b'\n') {
            if !talk.listen() {
                return None;
            }
        }
        let mut stdin = talk.stdin.take()?;
        let mut chunk = vec![0; CHUNK];
        getrandom::fill(&mut chunk).ok()?;
        let began = Instant::now();
        let sender = std::thread::Builder::new()
            .name("speed".into())
            .spawn(move || {
                let mut sent = 0;
                // Ends with the pipe when the time is over: whoever reads it is stopped then.
                while began.elapsed() < SEND_FOR && sent < MOST && stdin.write_all(&chunk).is_ok() {
                    sent += CHUNK as u64;
                }
                sent
            })
            .ok()?;
        while talk.listen() {}
        let taken = talk.end().code == Some(0);
        let elapsed = began.elapsed().as_secs_f64();
        let sent = sender.join().ok()?;
        (taken && sent > 0).then(|| (sent as f64 / elapsed) as u64)
    }
}

fn script(remote_path: Option<&str>) -> String {
    // The name was checked: it has no character that a shell reads.
    let first = remote_path.unwrap_or_default();
    format!(
        "sh -c 'echo {GREETING}; IFS= read -r p; \
         case $p in \"~/\"*) p=$HOME/${{p#??}};; esac; \
         for b in {first} {BORGS}; do v=$(\"$b\" --version 2>/dev/null </dev/null) && echo \"borg $b $v\"; done; \
         if [ -d \"$p\" ]; then if [ -n \"$(ls -A \"$p\")\" ]; then echo folder full; else echo folder empty; fi; \
         elif [ -e \"$p\" ]; then echo folder file; else echo folder missing; fi; \
         while [ -n \"$p\" ] && ! [ -d \"$p\" ]; do case $p in */*) p=${{p%/*}};; *) p=.;; esac; done; \
         df -Pk \"${{p:-/}}\" 2>/dev/null | sed -n \"s/^/room /;\\$p\"'"
    )
}

fn read(answer: &Answer) -> Survey {
    let mut survey = Survey {
        // What Borg answers to words it does not know (`borg serve` reads the command that was asked for).
        forced_serve: answer
            .stderr
            .lines()
            .any(|line| line.starts_with("usage: borg")),
        ..Survey::default()
    };
    let mut lines = answer.stdout.lines();
    let before: Vec<&str> = lines
        .by_ref()
        .take_while(|line| *line != GREETING)
        .collect();
    survey.shell = answer.stdout.lines().any(|line| line == GREETING);
    if !survey.shell {
        return survey;
    }
    survey.noise = before.first().map(|line| (*line).to_owned());
    for (word, rest) in lines.filter_map(|line| line.split_once(' ')) {
        match word {
            "borg" => {
                // "NAME PROGRAM VERSION": Borg calls itself as it was called.
                let mut words = rest.rsplitn(3, ' ');
                let version = words.next().and_then(|word| word.parse().ok());
                let name = words.nth(1).map(str::to_owned);
                survey.borgs.extend(name.zip(version));
            }
            "folder" => {
                survey.folder = match rest {
                    "missing" => Some(Folder::Missing),
                    "empty" => Some(Folder::Empty),
                    "full" => Some(Folder::Full),
                    "file" => Some(Folder::File),
                    _ => None,
                };
            }
            "room" => survey.free = free(rest),
            _ => {}
        }
    }
    survey
}

/// Reads a line of `df -Pk` (POSIX): blocks of 1024 bytes, the free ones before the word that ends in `%`.
fn free(line: &str) -> Option<u64> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let percent = words.iter().position(|word| {
        word.strip_suffix('%')
            .is_some_and(|n| n.parse::<u8>().is_ok())
    })?;
    let blocks: u64 = words.get(percent.checked_sub(1)?)?.parse().ok()?;
    blocks.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(folder: &std::path::Path, place: &str) -> Survey {
        use std::process::{Command, Stdio};
        let mut shell = Command::new("sh")
            .args(["-c", &script(Some("borg-of-mine"))])
            .env("HOME", folder)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = shell.stdin.take().unwrap();
        writeln!(stdin, "{place}").unwrap();
        let output = shell.wait_with_output().unwrap();
        read(&Answer {
            code: Some(0),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::new(),
        })
    }

    #[test]
    fn the_script_tells_what_stands_at_a_place_and_how_much_room_there_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("it's $(here)/full")).unwrap();
        std::fs::create_dir(folder.path().join("empty")).unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        for (place, expected) in [
            ("it's $(here)", Folder::Full),
            ("~/empty", Folder::Empty),
            ("empty", Folder::Empty),
            ("file", Folder::File),
            ("none/at/all", Folder::Missing),
            ("/none/at/all", Folder::Missing),
        ] {
            let survey = ran(folder.path(), place);
            assert!(survey.shell && survey.noise.is_none());
            assert_eq!(survey.folder, Some(expected), "{place}");
            assert!(survey.free.is_some_and(|free| free > 0), "{place}");
        }
    }

    #[test]
    fn a_borg_at_a_usual_place_is_found_with_its_name() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        std::fs::write(bin.join("borg"), "#!/bin/sh\necho borg 1.4.1\n").unwrap();
        std::fs::set_permissions(bin.join("borg"), PermissionsExt::from_mode(0o755)).unwrap();
        let survey = ran(folder.path(), "x");
        let found = (
            bin.join("borg").display().to_string(),
            Version::new(1, 4, 1),
        );
        assert_eq!(survey.borgs.last(), Some(&found));
    }

    #[test]
    fn words_before_the_greeting_are_noise_and_no_greeting_is_no_shell() {
        let answer = |stdout: &str, stderr: &str| {
            read(&Answer {
                code: Some(0),
                stdout: stdout.into(),
                stderr: stderr.into(),
            })
        };
        let noisy = answer("Welcome!\nalcove-is-here\nfolder full\n", "");
        assert_eq!(noisy.noise.as_deref(), Some("Welcome!"));
        assert_eq!(noisy.folder, Some(Folder::Full));
        let forced = answer("", "debug1: x\nusage: borg [-V] [-h]\n");
        assert!(forced.forced_serve && !forced.shell);
        assert!(!answer("what?\n", "").forced_serve);
    }

    #[test]
    fn free_space_is_read_whatever_the_names_have_in_them() {
        let line = "/dev/my disk 1000 600 400 60% /mnt/50% off";
        assert_eq!(free(line), Some(400 * 1024));
        assert_eq!(free("nothing to read"), None);
    }
}
