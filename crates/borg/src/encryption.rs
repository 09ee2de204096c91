//! How a repository is encrypted.
//!
//! Borg's own names, in one place, for the command line of `init` and for what `list --json` answers. Leaves
//! out which one to recommend: that is for the door to say.

use std::fmt;

/// Is an encryption mode of Borg 1.x (Borg 1.4.5 docs, `borg init`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// Neither encrypted nor authenticated; needs no passphrase.
    None,
    /// Key in the repository, `BLAKE2b`: the quickest on most machines.
    RepokeyBlake2,
    /// Key in the repository, SHA-256.
    Repokey,
    /// Key in the user's home, `BLAKE2b`: a lost home means a lost repository.
    KeyfileBlake2,
    /// Key in the user's home, SHA-256.
    Keyfile,
    /// Not encrypted, but changes are noticed, SHA-256.
    Authenticated,
    /// Not encrypted, but changes are noticed, `BLAKE2b`.
    AuthenticatedBlake2,
}

/// Is where Borg keeps the key of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyPlace {
    /// In the configuration of the repository.
    Repository,
    /// In a file in the user's home.
    Home,
}

impl Encryption {
    /// Lists every mode.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::RepokeyBlake2,
        Self::Repokey,
        Self::KeyfileBlake2,
        Self::Keyfile,
        Self::Authenticated,
        Self::AuthenticatedBlake2,
    ];

    /// Reads Borg's name of a mode, such as `repokey-blake2`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }

    /// Gives Borg's name of the mode.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::RepokeyBlake2 => "repokey-blake2",
            Self::Repokey => "repokey",
            Self::KeyfileBlake2 => "keyfile-blake2",
            Self::Keyfile => "keyfile",
            Self::Authenticated => "authenticated",
            Self::AuthenticatedBlake2 => "authenticated-blake2",
        }
    }

    /// Tells where Borg keeps the key; nothing where there is none.
    pub fn key_place(self) -> Option<KeyPlace> {
        match self {
            Self::None => None,
            Self::Keyfile | Self::KeyfileBlake2 => Some(KeyPlace::Home),
            Self::Repokey
            | Self::RepokeyBlake2
            | Self::Authenticated
            | Self::AuthenticatedBlake2 => Some(KeyPlace::Repository),
        }
    }

    /// Tells whether Borg asks for a passphrase: in every mode but `none`.
    pub fn needs_passphrase(self) -> bool {
        self != Self::None
    }
}

impl fmt::Display for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_as_its_mode() {
        for mode in Encryption::ALL {
            assert_eq!(Encryption::parse(mode.as_str()), Some(mode));
        }
        assert_eq!(Encryption::parse("aes256-ocb"), None);
    }
}
