//! `alcove-cli serve` as whoever starts it meets it: its line, its token, its end.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test has no other way to fail")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A home, a data folder, and what is needed to serve from them.
struct Place {
    folder: TempDir,
}

/// A door that is open.
struct Served {
    child: Child,
    address: String,
    rest: BufReader<std::process::ChildStdout>,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn token_file(&self) -> PathBuf {
        self.folder.path().join("token")
    }

    fn token(&self) -> String {
        std::fs::read_to_string(self.token_file()).unwrap()
    }

    fn command(&self, listen: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_alcove-cli"));
        command
            .args(["serve", "--listen", listen, "--token-file"])
            .arg(self.token_file())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.folder.path())
            .env("ALCOVE_DATA_DIR", self.folder.path().join("data"));
        command
    }

    fn serve(&self) -> Served {
        let mut child = self
            .command("127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut rest = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        rest.read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on http://").unwrap();
        Served {
            child,
            address: address.trim_end().to_owned(),
            rest,
        }
    }

    /// Runs it where it cannot serve, and returns what it said.
    fn refused(&self, listen: &str) -> Output {
        let output = self.command(listen).output().unwrap();
        assert!(output.stdout.is_empty());
        output
    }
}

impl Served {
    /// The code of the answer to a request with this token.
    fn ask(&self, token: &str) -> u16 {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "GET /api/backup/jobs HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Asks it to end, and returns how it did and what else it wrote to stdout.
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &pid]).status();
        assert!(sent.unwrap().success());
        let mut rest = String::new();
        self.rest.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn said(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    text.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn it_says_one_line_when_it_is_ready_and_ends_well_when_it_is_asked_to() {
    let place = Place::new();
    for signal in ["TERM", "INT"] {
        let served = place.serve();
        assert_eq!(served.ask(&place.token()), 200);
        assert_eq!(served.ask("wrong"), 401);
        assert_eq!(served.end(signal), (Some(0), String::new()));
    }
}

#[test]
fn its_token_is_private_and_good_until_the_next_one_is_written() {
    let place = Place::new();
    std::fs::write(place.token_file(), "what was there before").unwrap();
    let served = place.serve();
    let first = place.token();
    let mode = place.token_file().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    assert_eq!(served.ask(&first), 200);
    served.end("TERM");
    let served = place.serve();
    assert_ne!(place.token(), first);
    assert_eq!(served.ask(&first), 401);
    assert_eq!(served.ask(&place.token()), 200);
}

#[test]
fn a_data_folder_that_another_alcove_owns_is_named_and_its_token_stays() {
    let place = Place::new();
    let served = place.serve();
    let token = place.token();
    let refused = place.refused("127.0.0.1:0");
    assert_eq!(refused.status.code(), Some(1));
    let text = said(&refused);
    assert!(text.contains("Another Alcove"), "{text}");
    assert!(text.contains(&served.child.id().to_string()), "{text}");
    assert_eq!(place.token(), token);
    assert_eq!(served.ask(&token), 200);
}

#[test]
fn an_address_others_can_reach_is_refused_before_a_token_is_made() {
    let place = Place::new();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let refused = place.refused(address);
        assert_eq!(refused.status.code(), Some(1));
        let text = said(&refused);
        assert!(text.contains("127.0.0.1 and ::1 only"), "{text}");
    }
    assert!(!place.token_file().exists());
}

#[test]
fn a_port_that_is_taken_is_a_sentence() {
    let place = Place::new();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let refused = place.refused(&address.to_string());
    assert_eq!(refused.status.code(), Some(1));
    let text = said(&refused);
    let expected = format!("Port {} is used by another program", address.port());
    assert!(text.contains(&expected), "{text}");
    assert!(!place.token_file().exists());
}

#[test]
fn a_token_file_that_cannot_be_written_is_a_sentence_and_nothing_is_served() {
    let place = Place::new();
    std::fs::create_dir(place.token_file()).unwrap();
    let refused = place.refused("127.0.0.1:0");
    assert_eq!(refused.status.code(), Some(1));
    let text = said(&refused);
    assert!(text.contains("The token could not be written"), "{text}");
}

#[test]
fn a_command_line_that_is_not_understood_ends_with_2() {
    let place = Place::new();
    for listen in ["nonsense", "127.0.0.1", "127.0.0.1:99999"] {
        assert_eq!(place.refused(listen).status.code(), Some(2), "{listen}");
    }
}

#[test]
fn damaged_records_are_told_of_with_where_they_are_now() {
    let place = Place::new();
    let data = place.folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o700)).unwrap();
    std::fs::write(data.join("alcove.sqlite3"), "this was a database").unwrap();
    // Something else in the way, so that nothing is served.
    std::fs::create_dir(place.token_file()).unwrap();
    let text = String::from_utf8(place.refused("127.0.0.1:0").stderr).unwrap();
    assert!(
        text.contains("alcove-cli: Alcove's records were damaged."),
        "{text}"
    );
    let aside = data.join("alcove.sqlite3.broken-").display().to_string();
    assert!(text.contains(&aside), "{text}");
}

#[test]
fn plans_of_restored_records_are_told_of_at_each_start_with_the_way_to_release_them() {
    let place = Place::new();
    assert_eq!(place.serve().end("TERM").0, Some(0));
    std::fs::remove_file(place.token_file()).unwrap();
    let database = place.folder.path().join("data/alcove.sqlite3");
    std::fs::write(database, "no database").unwrap();
    // Something else in the way, so that nothing is served.
    std::fs::create_dir(place.token_file()).unwrap();
    for restored in [true, false] {
        let text = String::from_utf8(place.refused("127.0.0.1:0").stderr).unwrap();
        assert_eq!(text.contains("records were damaged"), restored, "{text}");
        assert!(
            text.contains("POST /api/operations/release_plans"),
            "{text}"
        );
    }
}

#[test]
fn a_data_folder_that_cannot_be_used_is_a_sentence() {
    let place = Place::new();
    std::fs::write(place.folder.path().join("data"), "a letter").unwrap();
    let refused = place.refused("127.0.0.1:0");
    assert_eq!(refused.status.code(), Some(1));
    let text = said(&refused);
    assert!(text.contains("data is not a folder"), "{text}");
}
