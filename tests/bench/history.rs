//! How long the history takes to answer when it is long: its newest page, a filtered one, one job.
//!
//! The floor are the same rows with the same columns by plain SQL from the same file.

use std::time::Instant;

use alcove_api::types::{JobId, ListBackupJobs};
use alcove_store::Status;
use alcove_tests::House;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params};

use crate::Figure;

const JOBS: i64 = 20_000;
const ROUNDS: usize = 5;
/// So many answers in a row are one figure: a single one is too short to time.
const ANSWERS: u32 = 50;
/// One job in so many failed.
const FAILED: i64 = 10;

pub(crate) async fn measure(small: bool) -> Vec<Figure> {
    let jobs = if small { JOBS / 100 } else { JOBS };
    let house = House::new();
    let tree = house.scratch.tree("Documents", 10, 1_000, 1);
    house.create(&[&tree]).await;
    house.back_up_well().await;
    let (house, ()) = house
        .away(|scratch| multiply(&open(scratch.path()), jobs))
        .await;
    let plain = open(house.scratch.path());
    let middle = jobs / 2;
    vec![
        compare(
            "the newest 200",
            async || list(&house, ListBackupJobs::default()).await,
            || rows(&plain, "SELECT * FROM jobs ORDER BY id DESC LIMIT 200"),
        )
        .await,
        compare(
            "the newest 200 that failed",
            async || {
                let status = Some(Status::Failed);
                let failed = ListBackupJobs {
                    status,
                    ..ListBackupJobs::default()
                };
                list(&house, failed).await
            },
            || {
                let sql = "SELECT * FROM jobs WHERE status = 'failed' ORDER BY id DESC LIMIT 200";
                rows(&plain, sql)
            },
        )
        .await,
        compare(
            "one job",
            async || {
                let one = JobId { job_id: middle };
                let found = house.api.get_backup_status(one).await;
                usize::from(found.expect("it is known").job.id == middle)
            },
            || rows(&plain, &format!("SELECT * FROM jobs WHERE id = {middle}")),
        )
        .await,
    ]
}

/// Opens the records of a house without its store.
fn open(house: &std::path::Path) -> Connection {
    let file = house.join("data/alcove.sqlite3");
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(file, flags).expect("the records can be opened")
}

/// Makes a history of so many jobs out of the one that is there.
fn multiply(records: &Connection, jobs: i64) {
    let names: String = records
        .query_one(
            "SELECT group_concat(name, ', ') FROM pragma_table_info('jobs')
             WHERE name NOT IN ('id', 'status', 'error_message')",
            [],
            |row| row.get(0),
        )
        .expect("the table has columns");
    let sql = format!(
        "WITH RECURSIVE numbers (number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM numbers WHERE number < ?1)
         INSERT INTO jobs (status, error_message, {names})
         SELECT iif(number % ?2 = 0, 'failed', status), iif(number % ?2 = 0, 'The disk is full.', error_message), {names}
         FROM numbers, jobs WHERE jobs.id = 1"
    );
    let made = records.execute(&sql, params![jobs, FAILED]);
    made.expect("jobs can be added");
}

async fn list(house: &House, args: ListBackupJobs) -> usize {
    let answer = house.api.list_backup_jobs(args).await;
    answer.expect("jobs are listed").jobs.len()
}

/// Reads every value of every row, and counts the rows.
fn rows(records: &Connection, sql: &str) -> usize {
    let mut query = records.prepare_cached(sql).expect("a query");
    let columns = query.column_count();
    let rows: Vec<Vec<Value>> = query
        .query_map([], |row| (0..columns).map(|at| row.get(at)).collect())
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("values");
    rows.len()
}

/// Times answers and plain rows in turns, after one of each that is not counted.
async fn compare(what: &str, answer: impl AsyncFn() -> usize, plain: impl Fn() -> usize) -> Figure {
    assert_eq!(answer().await, plain(), "{what}: not the same rows");
    let (mut through, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        for _ in 0..ANSWERS {
            answer().await;
        }
        through.push(milliseconds(began));
        let began = Instant::now();
        for _ in 0..ANSWERS {
            plain();
        }
        floor.push(milliseconds(began));
    }
    Figure {
        bench: format!("history: {what}"),
        value: median(through),
        unit: "ms",
        floor: Some(median(floor)),
        goal: 2.0,
    }
}

/// Since then, for one of the answers.
fn milliseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e3 / f64::from(ANSWERS)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
