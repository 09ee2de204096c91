//! A key that Borg exported, and trying it without touching the repository's own.
//!
//! An export that was never tried is a hope. Borg takes a key from two places: a file in its own folder, for
//! the keyfile modes, or the configuration of the repository. For the first the folder is another one; for the
//! second a stand-in takes the repository's place: a folder with a configuration of its own, and links to all
//! else. Leaves out running Borg over it.
//!
//! Source: Borg 1.4.5, `crypto/keymanager.py` and docs/internals/data-structures.rst, "Config file"; tried with
//! Borg 1.2.4 and 1.4.5.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use fs_err as fs;

/// How the first line of an exported key begins.
const HEADER: &str = "BORG_KEY ";

/// Is what `key export` wrote: a key that the passphrase unlocks.
#[derive(Clone, PartialEq, Eq)]
pub struct ExportedKey {
    repository_id: String,
    /// Base64, without line ends.
    body: String,
}

impl ExportedKey {
    /// Reads an exported key; nothing when the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim);
        let id = lines.next()?.strip_prefix(HEADER)?.trim();
        let is_id = id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let body: String = lines.collect();
        let is_base64 = !body.is_empty()
            && body
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
        (is_id && is_base64).then(|| Self {
            repository_id: id.to_ascii_lowercase(),
            body,
        })
    }

    /// Gives the id of the repository it belongs to.
    pub fn repository_id(&self) -> &str {
        &self.repository_id
    }

    /// Writes it where a Borg whose folders are below `base` looks for keys: [`crate::Environment::with_folders`].
    pub fn place(&self, base: &Path) -> io::Result<()> {
        let folder = base.join(".config/borg/keys");
        fs::create_dir_all(&folder)?;
        let text = format!("{HEADER}{}\n{}\n", self.repository_id, self.body);
        fs::write(folder.join("exported"), text)
    }

    /// Makes a folder that is this local repository with this key in its configuration. Only `list` may run there:
    /// all but the configuration and the locks are links to the repository.
    pub fn stand_in(&self, repository: &Path, at: &Path) -> io::Result<()> {
        fs::create_dir(at)?;
        for entry in fs::read_dir(repository)? {
            let (name, path) = entry.map(|entry| (entry.file_name(), entry.path()))?;
            let text = name.to_string_lossy();
            if text == "config" || text.starts_with("lock") {
                continue;
            }
            std::os::unix::fs::symlink(fs::canonicalize(path)?, at.join(name))?;
        }
        let config = fs::read_to_string(repository.join("config"))?;
        fs::write(at.join("config"), self.in_config(&config))
    }

    /// Puts the key in the place of the one in a configuration.
    fn in_config(&self, config: &str) -> String {
        let mut text = String::new();
        let mut in_key = false;
        for line in config.lines() {
            in_key = if line.starts_with([' ', '\t']) {
                in_key
            } else {
                line.split('=')
                    .next()
                    .is_some_and(|name| name.trim() == "key")
            };
            if !in_key {
                text.push_str(line);
                text.push('\n');
                if line.trim() == "[repository]" {
                    _ = writeln!(text, "key = {}", self.body);
                }
            }
        }
        text
    }
}

/// Gives the lines for a terminal that make a repository usable again on another computer: the key from its
/// paper form, a look at the archives, one archive back.
pub fn recovery_lines(repository: &str) -> [String; 3] {
    let quoted = |text: &str| crate::command::quote::shell(std::ffi::OsStr::new(text));
    let archive = format!("{repository}::ARCHIVE");
    [
        format!("borg key import --paper {}", quoted(repository)),
        format!("borg list {}", quoted(repository)),
        format!("borg extract {}", quoted(&archive)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "b9c261512c89a5072cb0c2e547edba807d44326dc516c1cbca85cc250af6f8da";

    fn key() -> ExportedKey {
        ExportedKey::parse(&format!("BORG_KEY {ID}\nhqlh\nbGdv=\n")).unwrap()
    }

    #[test]
    fn what_is_no_exported_key_is_not_taken_for_one() {
        assert_eq!(key().repository_id(), ID);
        for text in [
            String::new(),
            "BORG_KEY 12\nhqlh".into(),
            format!("BORG_KEY {ID}\n"),
            format!("BORG_KEY {ID}\n<html>"),
            format!("{ID}\nhqlh"),
        ] {
            assert!(ExportedKey::parse(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn only_the_key_of_a_configuration_is_another() {
        let config =
            format!("[repository]\nversion = 1\nid = {ID}\nkey = abc\n\tdef\n\tghi\nkeyword = 2\n");
        assert_eq!(
            key().in_config(&config),
            format!("[repository]\nkey = hqlhbGdv=\nversion = 1\nid = {ID}\nkeyword = 2\n")
        );
    }

    #[test]
    fn the_way_back_can_be_pasted() {
        let [import, list, extract] = recovery_lines("/my disk/b");
        assert_eq!(import, "borg key import --paper '/my disk/b'");
        assert_eq!(list, "borg list '/my disk/b'");
        assert_eq!(extract, "borg extract '/my disk/b::ARCHIVE'");
    }
}
