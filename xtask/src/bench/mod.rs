//! Measurements of what has a goal: a module for each bench.
//!
//! Speed is measured here and never asserted in a test. The last run is kept in `bench/results`, a file for each
//! bench, so that a change of a figure is a change of a line; `bench/README.md` says how each is measured.

mod desktop;
mod figure;
mod flood;
mod house;
mod http;
mod logs;
mod overhead;
mod peers;
mod process;
mod program;
mod progress;

use std::fs;

use anyhow::{Result, bail};

use crate::{setup, shell};
use figure::{Figure, Goal};

/// How much of a bench is run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    /// What the goals are for.
    Whole,
    /// Enough to see that it works: once, on little.
    Small,
}

impl Size {
    fn of<T>(self, whole: T, small: T) -> T {
        match self {
            Self::Whole => whole,
            Self::Small => small,
        }
    }
}

/// How a run is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    Table,
    Json,
}

/// Something that is measured by itself.
struct Bench {
    /// What it is asked for by, and its file is called.
    name: &'static str,
    measure: fn(Size) -> Result<Vec<Figure>>,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "overhead",
        measure: overhead::measure,
    },
    Bench {
        name: "progress",
        measure: progress::measure,
    },
    Bench {
        name: "logs",
        measure: logs::measure,
    },
    Bench {
        name: "history",
        measure: |size| program::measure(&["history"], size),
    },
    Bench {
        name: "http",
        measure: http::measure,
    },
    Bench {
        name: "flood",
        measure: flood::measure,
    },
    Bench {
        name: "cancel",
        measure: |size| program::measure(&["cancel"], size),
    },
    Bench {
        name: "start",
        measure: desktop::start::measure,
    },
    Bench {
        name: "background",
        measure: desktop::background::measure,
    },
    Bench {
        name: "window",
        measure: desktop::window::measure,
    },
    Bench {
        name: "idle",
        measure: desktop::idle::measure,
    },
    Bench {
        name: "live",
        measure: desktop::live::measure,
    },
    Bench {
        name: "open",
        measure: desktop::open::measure,
    },
];

/// Not Alcove's own, so that it is measured when it is asked for.
const PEERS: &Bench = &Bench {
    name: "peers",
    measure: peers::measure,
};

/// What is asked for on the command line.
struct Asked {
    show: Show,
    size: Size,
    benches: Vec<&'static Bench>,
}

impl Asked {
    fn parse(words: &[&str]) -> Result<Self> {
        let mut asked = Self {
            show: Show::Table,
            size: Size::Whole,
            benches: Vec::new(),
        };
        for word in words {
            match *word {
                "--json" => asked.show = Show::Json,
                "--small" => asked.size = Size::Small,
                "--peers" => asked.benches.push(PEERS),
                name => match BENCHES.iter().find(|bench| bench.name == name) {
                    Some(bench) => asked.benches.push(bench),
                    None => {
                        let known: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
                        bail!("there is no bench {name}; there are {}", known.join(", "))
                    }
                },
            }
        }
        if asked.benches.is_empty() {
            asked.benches.extend(BENCHES);
        }
        Ok(asked)
    }
}

/// Runs the benches that are named, or every one, shows their figures and keeps those of a whole run. A goal that is
/// not met is shown, and is no failure: how calm the computer was is for a person to judge. A bench that cannot be
/// run does not keep the next from running.
pub(crate) fn bench(words: &[&str]) -> Result<()> {
    let Asked {
        show,
        size,
        benches,
    } = Asked::parse(words)?;
    let has_peers = benches.iter().any(|bench| bench.name == PEERS.name);
    setup::setup(if has_peers {
        setup::For::Peers
    } else {
        setup::For::Tests
    })?;
    let results = shell::root().join("bench/results");
    fs::create_dir_all(&results)?;
    let (mut rows, mut failed) = (Vec::new(), Vec::new());
    for Bench { name, measure } in benches {
        let figures = match measure(size) {
            Ok(figures) => figures,
            Err(error) => {
                eprintln!("\n{name} cannot be measured: {error:#}");
                failed.push(*name);
                continue;
            }
        };
        let lines: String = figures.iter().map(|figure| figure.json() + "\n").collect();
        if show == Show::Json {
            print!("{lines}");
        }
        if size == Size::Whole {
            fs::write(results.join(format!("{name}.jsonl")), lines)?;
        }
        rows.extend(figures);
    }
    if show == Show::Table {
        println!("\n{}", figure::table(&rows));
    }
    if !failed.is_empty() {
        bail!("not measured: {}", failed.join(", "));
    }
    Ok(())
}

/// The value in the middle; of an even count, the upper of the two.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benches_are_asked_for_by_name_and_all_of_them_without_one() {
        let names = |words: &[&str]| -> Vec<&str> {
            let asked = Asked::parse(words).unwrap();
            asked.benches.iter().map(|bench| bench.name).collect()
        };
        assert_eq!(names(&["flood", "--small"]), ["flood"]);
        assert_eq!(names(&["--json"]).len(), BENCHES.len());
        assert_eq!(names(&["--peers"]), ["peers"]);
        assert!(Asked::parse(&["fast"]).is_err());
    }

    #[test]
    fn the_median_does_not_follow_the_odd_one_out() {
        assert_eq!(median(vec![3.0, 100.0, 2.0]), 3.0);
    }
}
