//! The table of settings: a text by a name. What the names are is the engine's, but for one that a rescue
//! of the database leaves.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::error::StoreError;
use crate::store::Store;

/// From when plans are that came back with older records.
const PLANS_HELD: &str = "plans_held";

/// Notes that plans are as they were at a time before now, and have to be looked at.
pub(crate) fn hold_plans(connection: &Connection, from: Timestamp) -> rusqlite::Result<()> {
    connection
        .execute(
            "INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)",
            [PLANS_HELD, &from.to_string()],
        )
        .map(|_| ())
}

impl Store {
    /// Whether plans came back with older records, and nobody has said yet that they are right.
    pub fn plans_are_held(&self) -> Result<bool, StoreError> {
        Ok(self.setting(PLANS_HELD)?.is_some())
    }

    /// Notes that a person has looked at the plans.
    pub fn release_plans(&self) -> Result<(), StoreError> {
        self.set_setting(PLANS_HELD, None)
    }

    /// Returns a setting, `None` when it was never set or was removed.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.database().read(|connection| {
            connection
                .prepare_cached("SELECT value FROM settings WHERE key = ?")?
                .query_one([key], |row| row.get(0))
                .optional()
        })
    }

    /// Sets a setting, or removes it with `None`.
    pub fn set_setting(&self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        let (key, value) = (key.to_owned(), value.map(str::to_owned));
        self.database().write(move |connection| {
            match value {
                Some(value) => connection
                    .prepare_cached("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)")?
                    .execute([key, value])?,
                None => connection
                    .prepare_cached("DELETE FROM settings WHERE key = ?")?
                    .execute([key])?,
            };
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Place;

    #[test]
    fn a_setting_is_set_changed_and_removed() {
        let place = Place::new();
        let store = place.open();
        assert_eq!(store.setting("theme").unwrap(), None);
        for value in ["dark", "light", ""] {
            store.set_setting("theme", Some(value)).unwrap();
            assert_eq!(store.setting("theme").unwrap().as_deref(), Some(value));
        }
        store.set_setting("theme", None).unwrap();
        store.set_setting("theme", None).unwrap();
        assert_eq!(store.setting("theme").unwrap(), None);
    }
}
