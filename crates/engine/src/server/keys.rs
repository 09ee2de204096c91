//! The person's ssh keys: which there are, and a new one.
//!
//! Reads private keys only as far as their public part and whether a passphrase locks them. Making one is left to
//! ssh-keygen.
//!
//! Source: OpenSSH 9.2, `PROTOCOL.key`; older files in PEM, RFC 1421.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fs_err as fs;
use ssh_key::{HashAlg, PrivateKey, PublicKey};

use super::{Server, run};
use crate::engine::Engine;
use crate::error::{ErrorCode, Failure};
use crate::world::World;

/// A private key takes a few kilobytes at most.
const MOST_BYTES: u64 = 64 << 10;
/// Making a key takes a moment.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many names are tried for a new key.
const MOST_NAMES: u32 = 1000;

/// A private key in the person's `.ssh`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshKey {
    /// Its file.
    pub path: PathBuf,
    /// Its type, such as `ssh-ed25519`; `None` when it cannot be told without its passphrase.
    pub kind: Option<String>,
    /// What its maker noted in it.
    pub comment: String,
    /// `SHA256:` and the hash of its public part.
    pub fingerprint: Option<String>,
    /// Whether a passphrase locks it: ssh can use it only from an agent then.
    pub locked: bool,
    /// Its public part, one line, for a server's list of allowed keys.
    pub public: Option<String>,
}

impl Server<'_> {
    /// Reads a file that may be a private key; nothing when it is none.
    pub(crate) fn private_key(path: &Path) -> Option<SshKey> {
        read(path)
    }
}

impl Engine {
    /// Lists the private keys in the person's `.ssh`, by name.
    pub fn ssh_keys(&self) -> Vec<SshKey> {
        let folder = self.world().home.join(".ssh");
        let Ok(entries) = fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut keys: Vec<SshKey> = entries
            .filter_map(|entry| read(&entry.ok()?.path()))
            .collect();
        keys.sort_by(|one, other| one.path.cmp(&other.path));
        keys
    }

    /// Makes an Ed25519 key without a passphrase in the person's `.ssh`, under a name that is free.
    pub fn make_ssh_key(&self, comment: &str) -> Result<SshKey, Failure> {
        if comment.contains(char::is_control) {
            return Err(Failure::bad_argument(
                "comment",
                "The comment has a line break or another control character in it.",
            ));
        }
        make(self.world(), comment)
    }
}

fn make(world: &World, comment: &str) -> Result<SshKey, Failure> {
    let failed = |why: String| {
        Failure::new(
            ErrorCode::FileFailed,
            format!("The key could not be made: {why}."),
        )
        .retryable()
    };
    let folder = world.home.join(".ssh");
    make_private(&folder).map_err(|error| failed(error.to_string()))?;
    // ssh-keygen asks before it overwrites, and nobody is there to say yes. Made under a name of its own and then
    // linked, a key also never takes a name that another program took meanwhile.
    let fresh = tempfile::tempdir_in(&folder).map_err(|error| failed(error.to_string()))?;
    let made = fresh.path().join("key");
    let words = ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f"];
    let program = run::Program {
        name: "ssh-keygen",
        words: words
            .iter()
            .map(Into::into)
            .chain([made.clone().into_os_string()])
            .collect(),
    };
    let answer = run::run(world, program, b"", Instant::now() + PATIENCE)?;
    if answer.code != Some(0) {
        return Err(failed(answer.stderr.trim().to_owned()));
    }
    for number in 1..MOST_NAMES {
        let name = match number {
            1 => "id_ed25519_alcove".to_owned(),
            more => format!("id_ed25519_alcove_{more}"),
        };
        let path = folder.join(&name);
        let public = folder.join(format!("{name}.pub"));
        if public.symlink_metadata().is_ok() {
            continue;
        }
        match fs::hard_link(&made, &path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(failed(error.to_string())),
        }
        fs::rename(made.with_extension("pub"), public)
            .map_err(|error| failed(error.to_string()))?;
        return read(&path).ok_or_else(|| failed("it cannot be read again".to_owned()));
    }
    Err(failed("every name is taken".to_owned()))
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

/// Reads a file that may be a private key; nothing when it is none.
fn read(path: &Path) -> Option<SshKey> {
    let about = fs::metadata(path).ok()?;
    if !about.is_file() || about.len() > MOST_BYTES {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    let first = text.lines().next()?;
    if !(first.starts_with("-----BEGIN ") && first.ends_with("PRIVATE KEY-----")) {
        return None;
    }
    let private = PrivateKey::from_openssh(&text).ok();
    let beside = PathBuf::from(format!("{}.pub", path.display()));
    let public = fs::read_to_string(beside)
        .ok()
        .and_then(|line| PublicKey::from_openssh(line.trim()).ok())
        .or_else(|| Some(private.as_ref()?.public_key().clone()));
    let locked = match &private {
        Some(private) => private.is_encrypted(),
        None => text.lines().take(5).any(|line| line.contains("ENCRYPTED")),
    };
    Some(SshKey {
        path: path.to_owned(),
        kind: public.as_ref().map(|key| key.algorithm().to_string()),
        comment: public
            .as_ref()
            .map_or_else(String::new, |key| key.comment().to_owned()),
        fingerprint: public
            .as_ref()
            .map(|key| key.fingerprint(HashAlg::Sha256).to_string()),
        locked,
        public: public.and_then(|key| key.to_openssh().ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alcove_testkit::Scratch;

    fn world(scratch: &Scratch) -> World {
        World::of_session(scratch.session().into_iter().collect(), scratch.home())
    }

    fn keygen(words: &[&str]) -> String {
        let output = std::process::Command::new("ssh-keygen")
            .args(words)
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn a_new_key_never_takes_the_place_of_another() {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = Scratch::new();
        let world = world(&scratch);
        let first = make(&world, "ada@desk").unwrap();
        let kept = std::fs::read(&first.path).unwrap();
        std::fs::write(world.home.join(".ssh/id_ed25519_alcove_2.pub"), "another").unwrap();
        let second = make(&world, "ada@desk").unwrap();
        assert_eq!(second.path, world.home.join(".ssh/id_ed25519_alcove_3"));
        assert_eq!(std::fs::read(&first.path).unwrap(), kept);
        let mode = second.path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(
            (second.comment.as_str(), second.locked),
            ("ada@desk", false)
        );
        let shown = keygen(&["-lf", second.path.to_str().unwrap()]);
        assert!(
            shown.contains(second.fingerprint.as_deref().unwrap()),
            "{shown}"
        );
        let names = std::fs::read_dir(world.home.join(".ssh")).unwrap().count();
        assert_eq!(names, 5, "nothing is left behind");
    }

    #[test]
    fn keys_of_every_kind_are_told_apart_from_other_files() {
        let scratch = Scratch::new();
        let folder = scratch.folder("home/.ssh");
        let file = |name: &str| folder.join(name).display().to_string();
        keygen(&[
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-C",
            "plain",
            "-f",
            &file("a"),
        ]);
        keygen(&[
            "-q",
            "-t",
            "ed25519",
            "-N",
            "secret",
            "-C",
            "locked",
            "-f",
            &file("b"),
        ]);
        keygen(&[
            "-q",
            "-t",
            "rsa",
            "-m",
            "PEM",
            "-N",
            "secret",
            "-C",
            "old",
            "-f",
            &file("c"),
        ]);
        std::fs::remove_file(folder.join("a.pub")).unwrap();
        std::fs::write(folder.join("config"), "Host nas\n").unwrap();
        let found: Vec<_> = ["a", "a.pub", "b", "b.pub", "c", "config"]
            .iter()
            .filter_map(|name| read(&folder.join(name)))
            .map(|key| (key.comment, key.kind.unwrap(), key.locked))
            .collect();
        let row = |comment: &str, kind: &str, locked| (comment.to_owned(), kind.to_owned(), locked);
        assert_eq!(
            found,
            [
                row("plain", "ssh-ed25519", false),
                row("locked", "ssh-ed25519", true),
                row("old", "ssh-rsa", true)
            ]
        );
    }
}
