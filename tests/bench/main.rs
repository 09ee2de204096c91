//! Measurements of what only the api itself shows, over a real Borg. `cargo xtask bench` runs this program, in the
//! release profile, with the name of one, for `progress` the folder its runs are kept in, and `--small` for a try; it
//! knows the goals' meaning. A line of JSON on stdout is a figure.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a measurement speaks there, and one that cannot be made has no other way to say so"
)]

mod cancel;
mod history;
mod progress;

use std::path::Path;

use serde_json::json;

/// Something measured, and its goal: at most so much, or so many times the floor where there is one.
struct Figure {
    bench: String,
    value: f64,
    unit: &'static str,
    floor: Option<f64>,
    goal: f64,
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let small = words.contains(&"--small");
    let figures = match words.first() {
        Some(&"cancel") => cancel::measure(small).await,
        Some(&"history") => history::measure(small).await,
        Some(&"progress") => progress::measure(small, Path::new(words[1])).await,
        other => panic!("{other:?} is not measured here"),
    };
    for figure in figures {
        let Figure {
            bench,
            value,
            unit,
            floor,
            goal,
        } = figure;
        println!(
            "{}",
            json!({"bench": bench, "figure": value, "unit": unit, "floor": floor, "goal": goal})
        );
    }
}
