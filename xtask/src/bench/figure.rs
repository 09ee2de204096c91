//! One measured figure, as a line of JSON and as a row of a table.

use serde_json::{Value, json};

/// What a figure is to reach.
#[derive(Clone, Copy)]
pub(super) enum Goal {
    /// At most so much.
    Most(f64),
    /// At most so many times the floor.
    Times(f64),
    /// At most so much more than the floor.
    More(f64),
}

/// Something measured.
pub(super) struct Figure {
    /// What was measured.
    pub(super) bench: String,
    pub(super) figure: f64,
    pub(super) unit: String,
    /// What the figure is compared with, in the same unit, measured in the same run.
    pub(super) floor: Option<f64>,
    /// `None`: it is shown for comparison alone.
    pub(super) goal: Option<Goal>,
}

impl Figure {
    fn ratio(&self) -> Option<f64> {
        self.floor.map(|floor| self.figure / floor)
    }

    /// Whether it reaches its goal; one that is compared with a floor needs that floor.
    fn is_met(&self) -> Option<bool> {
        let floor = self.floor.unwrap_or(f64::NAN);
        self.goal.map(|goal| match goal {
            Goal::Most(most) => self.figure <= most,
            Goal::Times(times) => self.figure / floor <= times,
            Goal::More(more) => self.figure - floor <= more,
        })
    }

    /// One line of JSON.
    pub(super) fn json(&self) -> String {
        let goal = self.goal.map(|goal| match goal {
            Goal::Most(value) | Goal::Times(value) => json!(value),
            Goal::More(more) => json!(format!("+{more}")),
        });
        json!({
            "bench": self.bench,
            "figure": rounded(self.figure),
            "unit": self.unit,
            "floor": self.floor.map(rounded),
            "ratio": self.ratio().map(rounded),
            "goal": goal,
            "met": self.is_met(),
        })
        .to_string()
    }

    /// Reads such a line; the goal is of the ratio where there is a floor.
    pub(super) fn read(line: &str) -> Option<Self> {
        let said: Value = serde_json::from_str(line).ok()?;
        let floor = said["floor"].as_f64();
        let goal = if floor.is_some() {
            Goal::Times
        } else {
            Goal::Most
        };
        Some(Self {
            bench: said["bench"].as_str()?.to_owned(),
            figure: said["figure"].as_f64()?,
            unit: said["unit"].as_str()?.to_owned(),
            floor,
            goal: said["goal"].as_f64().map(goal),
        })
    }

    /// One row of a table.
    fn row(&self) -> String {
        let shown =
            |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.3}"));
        let goal = match self.goal {
            Some(Goal::Most(value)) => value.to_string(),
            Some(Goal::Times(value)) => format!("x {value}"),
            Some(Goal::More(value)) => format!("+{value}"),
            None => String::new(),
        };
        let met = match self.is_met() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        format!(
            "{:<58} {:>12.3} {:<14} {:>12} {:>8} {goal:>8} {met:>4}",
            self.bench,
            self.figure,
            self.unit,
            shown(self.floor),
            shown(self.ratio()),
        )
    }
}

/// The rows under their heads.
pub(super) fn table(figures: &[Figure]) -> String {
    let head = format!(
        "{:<58} {:>12} {:<14} {:>12} {:>8} {:>8} {:>4}",
        "", "figure", "unit", "floor", "ratio", "goal", "met"
    );
    let rows = figures.iter().map(Figure::row);
    std::iter::once(head)
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\n")
}

/// To three places, which is more than a measurement knows.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(floor: Option<f64>, goal: Goal) -> Figure {
        Figure {
            bench: "a run".to_owned(),
            figure: 10.25,
            unit: "s".to_owned(),
            floor,
            goal: Some(goal),
        }
    }

    fn is_met(floor: Option<f64>, goal: Goal) -> bool {
        figure(floor, goal).is_met().unwrap()
    }

    #[test]
    fn a_goal_is_of_the_figure_or_of_what_it_is_of_its_floor() {
        assert!(is_met(None, Goal::Most(10.25)) && !is_met(None, Goal::Most(10.0)));
        assert!(is_met(Some(10.0), Goal::Times(1.03)) && !is_met(Some(9.0), Goal::Times(1.03)));
        assert!(is_met(Some(10.0), Goal::More(0.3)) && !is_met(Some(9.0), Goal::More(0.3)));
    }

    #[test]
    fn without_the_floor_it_needs_a_goal_is_not_met() {
        assert!(!is_met(None, Goal::Times(9.0)) && !is_met(None, Goal::More(99.0)));
    }

    #[test]
    fn a_line_has_every_key_and_is_read_again() {
        let line = r#"{"bench":"a run","figure":10.25,"floor":10.0,"goal":1.03,"met":true,"ratio":1.025,"unit":"s"}"#;
        assert_eq!(figure(Some(10.0), Goal::Times(1.03)).json(), line);
        assert_eq!(Figure::read(line).unwrap().json(), line);
    }

    #[test]
    fn what_has_no_goal_neither_meets_nor_misses_it() {
        let bare = Figure {
            goal: None,
            ..figure(None, Goal::Most(1.0))
        };
        assert!(bare.json().contains(r#""goal":null,"met":null"#));
    }
}
