//! The fault table: everything that can go wrong is made to go wrong, over a real Borg, and what comes of it is
//! compared with what must.
//!
//! Each round of a row is a process of its own (this program again), so that all it says can be read, every process it
//! starts can be looked at while it runs, and one that hangs is ended. A row is a [`fault::Fault`]; there is a file
//! for each family of them. Run by `cargo xtask faults`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test has no other way to fail, and a table is shown"
)]

mod borg;
mod checkpoints;
mod clocks;
mod fault;
mod killed;
mod lock;
mod locks;
mod places;
mod records;
mod remains;
mod round;
mod run;
mod secrets;
mod servers;
mod sources;
mod table;
mod watched;

use std::path::Path;
use std::process::ExitCode;

use fault::Fault;
use run::Wish;

/// The page the table is written to.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/faults.md");
/// Begins and ends the part of the page that is written by a run.
const MARKS: [&str; 2] = ["<!-- written by a run -->\n\n", "\n<!-- until here -->"];

/// Every row, in the order of the table.
fn faults() -> impl Iterator<Item = &'static Fault> {
    [
        killed::FAULTS,
        killed::AT_POINTS.as_slice(),
        borg::FAULTS,
        places::FAULTS,
        sources::FAULTS,
        servers::FAULTS,
        locks::FAULTS,
        clocks::FAULTS,
        records::FAULTS,
    ]
    .into_iter()
    .flatten()
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(alcove_tests::live_if_second());
    if let Some(round) = run::inside() {
        runtime.block_on(run::live(round));
        return ExitCode::SUCCESS;
    }
    let wish = match Wish::read(std::env::args().skip(1)) {
        Ok(wish) => wish,
        Err(why) => {
            println!("{why}");
            return ExitCode::from(2);
        }
    };
    let unknown = wish.unknown();
    if !unknown.is_empty() {
        println!("There is no row {}. The rows are:", unknown.join(", "));
        faults().for_each(|fault| println!("  {}", fault.name));
        return ExitCode::FAILURE;
    }
    let rows = run::all(&wish);
    println!("\n{}", table::plain(&rows));
    let ran = || rows.iter().filter(|row| row.has_run());
    let failed = ran().filter(|row| !row.is_good()).count();
    if wish.markdown {
        if failed == 0 && ran().count() == faults().count() {
            write_page(&table::markdown(&rows));
        } else {
            println!("The page stays as it is: not every row ran and is good.");
        }
    }
    println!("{} passed, {failed} failed", ran().count() - failed);
    if failed > 0 || ran().count() == 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Puts the table between the marks of its page.
fn write_page(table: &str) {
    let page = std::fs::read_to_string(Path::new(PAGE)).expect("the page of faults can be read");
    let (before, rest) = page
        .split_once(MARKS[0])
        .expect("the page has its first mark");
    let (_, after) = rest
        .split_once(MARKS[1])
        .expect("the page has its second mark");
    let page = [before, MARKS[0], table, MARKS[1], after].concat();
    std::fs::write(PAGE, page).expect("the page of faults can be written");
}
