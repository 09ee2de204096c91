//! Records as an older Alcove left them.

use std::path::Path;

use rusqlite::Connection;

/// The steps that bring records from one format to the next, in order, as `store` has them.
const STEPS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../crates/store/src/migrations"
);

/// Rewrites closed records in the format that is so many steps older: what that format has no column for goes.
pub fn make_older(database: &Path, steps: usize) {
    let newer = database.with_extension("newer");
    std::fs::rename(database, &newer).expect("closed records can be moved");
    let connection = Connection::open(database).expect("records can be made");
    connection
        .pragma_update(None, "foreign_keys", false)
        .expect("rows may come in any order");
    let mut files: Vec<_> = std::fs::read_dir(STEPS)
        .expect("the steps can be listed")
        .map(|entry| entry.expect("the steps can be listed").path())
        .collect();
    files.sort();
    files.truncate(files.len() - steps);
    for file in &files {
        let step = std::fs::read_to_string(file).expect("a step can be read");
        connection.execute_batch(&step).expect("a step is SQL");
    }
    connection
        .execute("ATTACH ? AS newer", [newer.to_string_lossy()])
        .expect("records can be read");
    for table in texts(
        &connection,
        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    ) {
        let columns = format!(
            "SELECT '\"' || name || '\"' FROM pragma_table_info('{table}', 'main')
             WHERE name IN (SELECT name FROM pragma_table_info('{table}', 'newer'))"
        );
        let columns = texts(&connection, &columns).join(", ");
        let rows = format!(
            "INSERT OR REPLACE INTO main.\"{table}\" ({columns}) SELECT {columns} FROM newer.\"{table}\""
        );
        connection.execute(&rows, []).expect("rows can be copied");
    }
    let format = u32::try_from(files.len()).expect("there are few steps");
    connection
        .pragma_update(None, "user_version", format)
        .expect("a format can be noted");
    connection
        .execute("DETACH newer", [])
        .expect("records can be let go of");
    std::fs::remove_file(newer).expect("closed records can be removed");
}

fn texts(connection: &Connection, query: &str) -> Vec<String> {
    let mut query = connection.prepare(query).expect("a query is SQL");
    let rows = query.query_map([], |row| row.get(0));
    rows.and_then(Iterator::collect).expect("names can be read")
}
