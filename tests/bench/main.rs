//! Measurements of what only the api itself shows, over a real Borg. `cargo xtask bench` runs this program, in the
//! release profile, and knows the goals' meaning; a line of JSON on stdout is a figure.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement speaks there, and one that cannot be made has no other way to say so"
)]

mod cancel;

use serde_json::json;

/// Something measured, and its goal: at most so much.
struct Figure {
    bench: String,
    value: f64,
    unit: &'static str,
    goal: f64,
}

#[tokio::main]
async fn main() {
    for figure in cancel::measure().await {
        let Figure {
            bench,
            value,
            unit,
            goal,
        } = figure;
        println!(
            "{}",
            json!({"bench": bench, "figure": value, "unit": unit, "goal": goal})
        );
    }
}
