//! The table of sizes.

use rusqlite::{Row, params};

use super::column::{Count, Moment};
use crate::error::StoreError;
use crate::size::Size;
use crate::store::Store;

impl Store {
    /// Adds what Borg said of a repository; one of the same moment is replaced.
    pub fn insert_size(&self, size: Size) -> Result<(), StoreError> {
        self.database().write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO sizes (repository, at, source, original, compressed, deduplicated)
                     VALUES (?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    size.repository,
                    Moment(size.at),
                    size.source,
                    Count(size.original),
                    Count(size.compressed),
                    Count(size.deduplicated),
                ])
                .map(|_| ())
        })
    }

    /// Returns the sizes of a repository, the oldest first, at most the newest so many.
    pub fn sizes_of(&self, repository: i64, limit: u32) -> Result<Vec<Size>, StoreError> {
        self.database().read(|connection| {
            let mut newest = connection
                .prepare_cached(
                    "SELECT * FROM sizes WHERE repository = ? ORDER BY at DESC LIMIT ?",
                )?
                .query_map(params![repository, limit], from_row)?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            newest.reverse();
            Ok(newest)
        })
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Size> {
    Ok(Size {
        repository: row.get("repository")?,
        at: row.get::<_, Moment>("at")?.0,
        source: row.get("source")?,
        original: row.get::<_, Count>("original")?.0,
        compressed: row.get::<_, Count>("compressed")?.0,
        deduplicated: row.get::<_, Count>("deduplicated")?.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Place, repository, time};
    use crate::words::SizeSource;

    #[test]
    fn the_newest_sizes_of_one_repository_are_read_oldest_first() {
        let place = Place::new();
        let store = place.open();
        let [one, two] =
            ["/one", "/two"].map(|at| store.insert_repository(repository(at)).unwrap().id);
        let size = |repository, second| Size {
            repository,
            at: time(second),
            source: SizeSource::Backup,
            original: 300 + second.unsigned_abs(),
            compressed: 200,
            deduplicated: 100,
        };
        for (repository, second) in [(one, 2), (one, 1), (two, 5), (one, 3)] {
            store.insert_size(size(repository, second)).unwrap();
        }
        assert_eq!(
            store.sizes_of(one, 2).unwrap(),
            [size(one, 2), size(one, 3)]
        );
        let asked = Size {
            source: SizeSource::Asked,
            ..size(two, 5)
        };
        store.insert_size(asked).unwrap();
        assert_eq!(store.sizes_of(two, 9).unwrap(), [asked]);
    }
}
