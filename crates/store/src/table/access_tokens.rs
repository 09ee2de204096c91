//! The table of access tokens.

use rusqlite::{Row, params};

use super::column::Moment;
use crate::access_token::AccessToken;
use crate::error::StoreError;
use crate::store::Store;

impl Store {
    /// Adds a token and returns it with its id; the one given is ignored. It takes the place of the one
    /// that was there for the same purpose.
    pub fn insert_access_token(&self, token: AccessToken) -> Result<AccessToken, StoreError> {
        self.database().write(move |connection| {
            connection
                .prepare_cached("DELETE FROM access_tokens WHERE purpose = ?")?
                .execute([&token.purpose])?;
            connection
                .prepare_cached(
                    "INSERT INTO access_tokens (name, purpose, hash, created_at) VALUES (?, ?, ?, ?)",
                )?
                .execute(params![
                    token.name,
                    token.purpose,
                    token.hash,
                    Moment(token.created_at),
                ])?;
            Ok(AccessToken {
                id: connection.last_insert_rowid(),
                ..token
            })
        })
    }

    /// Returns every token, in the order they were made.
    pub fn access_tokens(&self) -> Result<Vec<AccessToken>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached("SELECT * FROM access_tokens ORDER BY id")?
                .query_map([], from_row)?
                .collect()
        })
    }

    /// Removes a token; whether there was one of this number.
    pub fn delete_access_token(&self, id: i64) -> Result<bool, StoreError> {
        self.database().write(move |connection| {
            let removed = connection
                .prepare_cached("DELETE FROM access_tokens WHERE id = ?")?
                .execute([id])?;
            Ok(removed > 0)
        })
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<AccessToken> {
    Ok(AccessToken {
        id: row.get("id")?,
        name: row.get("name")?,
        purpose: row.get("purpose")?,
        hash: row.get("hash")?,
        created_at: row.get::<_, Moment>("created_at")?.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Place, time};

    fn token(name: &str, purpose: Option<&str>, hash: u8) -> AccessToken {
        AccessToken {
            id: 0,
            name: name.to_owned(),
            purpose: purpose.map(str::to_owned),
            hash: [hash; 32],
            created_at: time(3),
        }
    }

    #[test]
    fn a_token_is_read_as_it_was_written_until_it_is_removed() {
        let place = Place::new();
        let store = place.open();
        let first = store.insert_access_token(token("phone", None, 1)).unwrap();
        let second = store.insert_access_token(token("phone", None, 2)).unwrap();
        assert_eq!(
            first,
            AccessToken {
                id: first.id,
                ..token("phone", None, 1)
            }
        );
        assert_eq!(
            store.access_tokens().unwrap(),
            [first.clone(), second.clone()]
        );
        assert!(store.delete_access_token(first.id).unwrap());
        assert!(!store.delete_access_token(first.id).unwrap());
        assert_eq!(store.access_tokens().unwrap(), [second]);
    }

    #[test]
    fn there_is_one_token_for_a_purpose_and_a_new_one_takes_its_place() {
        let place = Place::new();
        let store = place.open();
        let kept = store.insert_access_token(token("phone", None, 1)).unwrap();
        store
            .insert_access_token(token("s", Some("serve"), 2))
            .unwrap();
        let newest = store
            .insert_access_token(token("s", Some("serve"), 3))
            .unwrap();
        assert_eq!(store.access_tokens().unwrap(), [kept, newest]);
    }
}
