//! Measurements of what only the api itself shows, over a real Borg. `cargo xtask bench` runs this program, in the
//! release profile, and knows the goals' meaning; a line of JSON on stdout is a figure.

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be made has no other way to say so"
)]

mod cancel;

use serde_json::json;

/// Something measured, and its goal: at most so much.
struct Figure {
    bench: String,
    figure: f64,
    unit: &'static str,
    goal: f64,
}

#[tokio::main]
async fn main() {
    for figure in cancel::measure().await {
        let Figure {
            bench,
            figure,
            unit,
            goal,
        } = figure;
        println!(
            "{}",
            json!({"bench": bench, "figure": figure, "unit": unit, "goal": goal})
        );
    }
}
