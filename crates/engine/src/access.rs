//! Who may use Alcove over HTTP: tokens, and whether the desktop opens that door.
//!
//! A token is shown once, when it is made, and kept nowhere: the store has its SHA-256. That needs no
//! salt and no slow hash, since a token is 256 random bits and not a word somebody chose. The hashes
//! are in memory too, so that a request costs no disk. What a request looks like is the door's.

use std::sync::{PoisonError, RwLock};

use alcove_store::{AccessToken, Store};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::engine::Engine;
use crate::error::{ErrorCode, Failure};
use crate::repositories::check_name;

/// The port of the desktop's HTTP door until the person chooses another.
const PORT: u16 = 8751;
/// Lower ports belong to the system.
const LEAST_PORT: u16 = 1024;
/// The settings of the desktop's HTTP door.
const ENABLED: &str = "http_enabled";
const PORT_CHOSEN: &str = "http_port";

/// A token that was just made. Has no `Debug`: the token is shown once, to whoever asked for it.
pub struct NewToken {
    /// Its record.
    pub record: AccessToken,
    /// The token: 64 hexadecimal digits.
    pub token: String,
}

/// Whether the desktop opens its HTTP door, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpSetting {
    /// Off until the person turns it on.
    pub enabled: bool,
    /// The port on the loopback address.
    pub port: u16,
}

/// The hashes of the tokens that are good now, with their numbers.
pub(crate) struct Tokens(RwLock<Vec<(i64, [u8; 32])>>);

impl Tokens {
    pub(crate) fn load(store: &Store) -> Result<Self, Failure> {
        Ok(Self(RwLock::new(hashes(store)?)))
    }

    fn reload(&self, store: &Store) -> Result<(), Failure> {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *known = hashes(store)?;
        Ok(())
    }

    /// Compares with every hash, each in constant time: how long it takes tells nothing.
    fn find(&self, hash: &[u8; 32]) -> Option<i64> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().fold(None, |found, (id, good)| {
            if bool::from(good.ct_eq(hash)) {
                Some(*id)
            } else {
                found
            }
        })
    }

    fn has(&self, id: i64) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().any(|(known, _)| *known == id)
    }
}

impl Engine {
    /// Lists the tokens, in the order they were made.
    pub fn access_tokens(&self) -> Result<Vec<AccessToken>, Failure> {
        Ok(self.store().access_tokens()?)
    }

    /// Makes a token for a person. `name` is what they call it.
    pub fn create_access_token(&self, name: &str) -> Result<NewToken, Failure> {
        self.make_token(check_name("name", name)?, None)
    }

    /// Makes the token of a program, which replaces the one it made before for the same purpose.
    pub fn replace_access_token(&self, purpose: &str) -> Result<NewToken, Failure> {
        self.make_token(purpose.to_owned(), Some(purpose.to_owned()))
    }

    fn make_token(&self, name: String, purpose: Option<String>) -> Result<NewToken, Failure> {
        let token = random_token()?;
        let record = self.store().insert_access_token(AccessToken {
            id: 0,
            name,
            purpose,
            hash: hash(&token),
            created_at: self.world().clock.now(),
        })?;
        self.inner().tokens.reload(self.store())?;
        Ok(NewToken { record, token })
    }

    /// Makes a token useless from now on.
    pub fn revoke_access_token(&self, id: i64) -> Result<(), Failure> {
        let removed = self.store().delete_access_token(id)?;
        self.inner().tokens.reload(self.store())?;
        if removed {
            Ok(())
        } else {
            Err(Failure::new(
                ErrorCode::NotFound,
                format!("There is no access token {id}."),
            ))
        }
    }

    /// The number of a token, if it is a good one. Asks no disk.
    pub fn verify_access_token(&self, token: &str) -> Option<i64> {
        self.inner().tokens.find(&hash(token))
    }

    /// Whether the token of this number is still good. Asks no disk.
    pub fn has_access_token(&self, id: i64) -> bool {
        self.inner().tokens.has(id)
    }

    /// Whether the desktop opens its HTTP door, and where.
    pub fn http_setting(&self) -> Result<HttpSetting, Failure> {
        let setting = |key| self.store().setting(key);
        Ok(HttpSetting {
            enabled: setting(ENABLED)?.as_deref() == Some("true"),
            port: setting(PORT_CHOSEN)?
                .and_then(|port| port.parse().ok())
                .unwrap_or(PORT),
        })
    }

    /// Keeps whether the desktop opens its HTTP door, and where.
    pub fn set_http_setting(&self, setting: HttpSetting) -> Result<(), Failure> {
        let HttpSetting { enabled, port } = setting;
        if port < LEAST_PORT {
            return Err(Failure::bad_argument(
                "port",
                format!("The port must be {LEAST_PORT} to 65535, not {port}."),
            ));
        }
        self.store()
            .set_setting(ENABLED, Some(if enabled { "true" } else { "false" }))?;
        self.store()
            .set_setting(PORT_CHOSEN, Some(&port.to_string()))?;
        Ok(())
    }
}

fn hashes(store: &Store) -> Result<Vec<(i64, [u8; 32])>, Failure> {
    let tokens = store.access_tokens()?;
    Ok(tokens
        .into_iter()
        .map(|token| (token.id, token.hash))
        .collect())
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// 256 random bits as hexadecimal digits.
fn random_token() -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    crate::chance::fill(&mut bytes)?;
    Ok(crate::words::hex(&bytes))
}

#[cfg(test)]
mod tests {
    use alcove_store::Folder;

    use super::*;
    use crate::World;

    fn engine(folder: &std::path::Path) -> Engine {
        let store = Store::open(Folder::at(folder)).unwrap();
        let mut world = World::of_session(std::collections::BTreeMap::new(), "/nowhere".into());
        world.keyring = || None;
        Engine::open(store, world).unwrap()
    }

    #[test]
    fn a_token_is_good_from_when_it_is_made_until_it_is_revoked() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder.path().join("data"));
        let made = engine.create_access_token(" my script ").unwrap();
        assert_eq!(made.record.name, "my script");
        assert_eq!(made.token.len(), 64);
        assert!(made.token.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let id = made.record.id;
        assert_eq!(engine.verify_access_token(&made.token), Some(id));
        for wrong in ["", "x", &made.token[1..], &made.token.to_uppercase()] {
            assert_eq!(engine.verify_access_token(wrong), None, "{wrong}");
        }
        engine.revoke_access_token(id).unwrap();
        assert_eq!(engine.verify_access_token(&made.token), None);
        assert!(!engine.has_access_token(id));
        let failure = engine.revoke_access_token(id).unwrap_err();
        assert_eq!(failure.code, ErrorCode::NotFound);
    }

    #[test]
    fn a_token_is_good_after_a_restart_and_stands_in_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let made = engine(&data).create_access_token("phone").unwrap();
        assert_eq!(
            engine(&data).verify_access_token(&made.token),
            Some(made.record.id)
        );
        for entry in std::fs::read_dir(&data).unwrap() {
            let Ok(bytes) = std::fs::read(entry.unwrap().path()) else {
                continue;
            };
            let found = bytes
                .windows(made.token.len())
                .any(|window| window == made.token.as_bytes());
            assert!(!found);
        }
    }

    #[test]
    fn a_program_has_one_token_for_a_purpose_and_people_keep_theirs() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder.path().join("data"));
        let person = engine.create_access_token("serve").unwrap();
        let first = engine.replace_access_token("serve").unwrap();
        let second = engine.replace_access_token("serve").unwrap();
        assert_eq!(engine.verify_access_token(&first.token), None);
        for good in [person, second] {
            assert_eq!(
                engine.verify_access_token(&good.token),
                Some(good.record.id)
            );
        }
    }

    #[test]
    fn the_desktops_door_is_closed_until_it_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let engine = engine(&folder.path().join("data"));
        assert!(!engine.http_setting().unwrap().enabled);
        let chosen = HttpSetting {
            enabled: true,
            port: 9000,
        };
        engine.set_http_setting(chosen).unwrap();
        let low = HttpSetting {
            enabled: true,
            port: 80,
        };
        let failure = engine.set_http_setting(low).unwrap_err();
        assert_eq!(failure.field.as_deref(), Some("port"));
        assert_eq!(engine.http_setting().unwrap(), chosen);
    }
}
