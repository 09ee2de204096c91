//! Measurements of what only the api itself shows, over a real Borg. `cargo xtask bench` runs this program, in the
//! release profile, and knows the goals' meaning; a line of JSON on stdout is a figure.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement speaks there, and one that cannot be made has no other way to say so"
)]

mod cancel;
mod progress;

use serde_json::json;

/// Something measured, and its goal: at most so much.
struct Figure {
    bench: String,
    value: f64,
    unit: &'static str,
    floor: Option<f64>,
    goal: f64,
}

#[tokio::main]
async fn main() {
    let figures = match std::env::args().nth(1).as_deref() {
        Some("progress") => progress::measure(&progress::keep()).await,
        _ => cancel::measure().await,
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
