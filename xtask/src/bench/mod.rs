//! Measurements of what has a goal: a module for each bench.
//!
//! Speed is measured here and never asserted in a test. The last run is kept in `bench/results`, a file for each
//! bench, so that a change of a figure is a change of a line.

mod cancel;
mod flood;
mod http;

use std::fs;

use anyhow::Result;
use serde_json::json;

use crate::{setup, shell};

/// How a run is shown.
#[derive(Clone, Copy)]
pub(crate) enum Show {
    Table,
    Json,
}

/// Something measured, and its goal: at most so much.
struct Figure {
    /// What was measured.
    bench: String,
    figure: f64,
    unit: String,
    /// What the figure is compared with, in the same unit.
    floor: Option<f64>,
    /// Of the ratio of figure and floor where there is a floor, else of the figure.
    goal: f64,
}

impl Figure {
    fn ratio(&self) -> Option<f64> {
        self.floor.map(|floor| self.figure / floor)
    }

    fn is_met(&self) -> bool {
        self.ratio().unwrap_or(self.figure) <= self.goal
    }

    /// One line of JSON.
    fn json(&self) -> String {
        json!({
            "bench": self.bench,
            "figure": rounded(self.figure),
            "unit": self.unit,
            "floor": self.floor.map(rounded),
            "ratio": self.ratio().map(rounded),
            "goal": self.goal,
            "met": self.is_met(),
        })
        .to_string()
    }

    /// One row of a table.
    fn row(&self) -> String {
        let shown =
            |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.3}"));
        format!(
            "{:<44} {:>10.3} {:<14} {:>10} {:>8} {:>8} {:>5}",
            self.bench,
            self.figure,
            self.unit,
            shown(self.floor),
            shown(self.ratio()),
            self.goal,
            if self.is_met() { "yes" } else { "no" }
        )
    }
}

/// Runs every bench, shows its figures and keeps them. A goal that is not met is shown, and is no failure: how
/// calm the computer was is for a person to judge.
pub(crate) fn bench(show: Show) -> Result<()> {
    setup::setup(setup::For::Faults)?;
    let figures = [
        ("http", http::measure()?),
        ("flood", flood::measure()?),
        ("cancel", cancel::measure()?),
    ];
    if matches!(show, Show::Table) {
        println!(
            "\n{:<44} {:>10} {:<14} {:>10} {:>8} {:>8} {:>5}",
            "", "figure", "unit", "floor", "ratio", "goal", "met"
        );
    }
    let results = shell::root().join("bench/results");
    fs::create_dir_all(&results)?;
    for (name, figures) in figures {
        let lines: String = figures.iter().map(|figure| figure.json() + "\n").collect();
        match show {
            Show::Table => figures
                .iter()
                .for_each(|figure| println!("{}", figure.row())),
            Show::Json => print!("{lines}"),
        }
        fs::write(results.join(format!("{name}.jsonl")), lines)?;
    }
    Ok(())
}

/// To three places, which is more than a measurement knows.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// The value in the middle; of an even count, the upper of the two.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(floor: Option<f64>) -> Figure {
        Figure {
            bench: "a run".to_owned(),
            figure: 10.25,
            unit: "s".to_owned(),
            floor,
            goal: 1.03,
        }
    }

    #[test]
    fn a_goal_is_of_the_ratio_where_there_is_a_floor() {
        assert!(figure(Some(10.0)).is_met());
        assert!(!figure(Some(9.0)).is_met());
        assert!(!figure(None).is_met());
    }

    #[test]
    fn a_line_has_every_key() {
        let line = r#"{"bench":"a run","figure":10.25,"floor":10.0,"goal":1.03,"met":true,"ratio":1.025,"unit":"s"}"#;
        assert_eq!(figure(Some(10.0)).json(), line);
    }

    #[test]
    fn the_median_does_not_follow_the_odd_one_out() {
        assert_eq!(median(vec![3.0, 100.0, 2.0]), 3.0);
    }
}
