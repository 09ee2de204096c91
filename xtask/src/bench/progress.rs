//! How true percent and time left are, and the plots of it. Measured beside the api, in `tests/bench`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use plotters::prelude::*;
use serde_json::Value;

use super::{Figure, Size, program};
use crate::shell;

const WIDTH: u32 = 860;
const HEIGHT: u32 = 300;
const TRUTH: RGBColor = RGBColor(150, 150, 150);
const SHOWN: RGBColor = RGBColor(0, 112, 192);
const BYTES: RGBColor = RGBColor(214, 110, 30);

/// One run: what was shown at which second.
struct Run {
    load: String,
    took: f64,
    read: f64,
    looks: Vec<Look>,
}

/// Seconds since the start, percent shown, percent by bytes, seconds left and how far off they may be.
struct Look {
    at: f64,
    percent: f64,
    bytes: f64,
    left: Option<(f64, f64)>,
}

pub(super) fn measure(size: Size) -> Result<Vec<Figure>> {
    let runs = shell::target().join("bench/progress");
    if runs.exists() {
        fs::remove_dir_all(&runs)?;
    }
    let folder = runs.to_str().context("the target folder is text")?;
    let figures = program::measure(&["progress", folder], size)?;
    if size == Size::Whole {
        let plots = shell::root().join("docs/images/progress");
        fs::create_dir_all(&plots)?;
        for entry in fs::read_dir(&runs)? {
            let path = entry?.path();
            let run = read(&path).with_context(|| path.display().to_string())?;
            let name = path.file_stem().context("a run has a name")?;
            plot(&run, &plots.join(name).with_extension("svg"))?;
        }
    }
    Ok(figures)
}

fn read(path: &Path) -> Result<Run> {
    let said: Value = serde_json::from_slice(&fs::read(path)?)?;
    let number = |value: &Value| value.as_f64().context("a number is missing");
    let all = number(&said["bytes"])?.max(1.0);
    let looks = said["looks"].as_array().context("a run has looks")?;
    Ok(Run {
        load: said["load"]
            .as_str()
            .context("a run has a name")?
            .to_owned(),
        took: number(&said["took"])?,
        read: number(&said["read"])?,
        looks: looks
            .iter()
            .map(|look| {
                let left = number(&look["left"])?;
                Ok(Look {
                    at: number(&look["at"])?,
                    percent: number(&look["percent"])?,
                    bytes: number(&look["bytes"])? / all * 100.0,
                    left: (left > 0.0).then_some((left, number(&look["margin"])?)),
                })
            })
            .collect::<Result<_>>()?,
    })
}

/// Draws percent and time left beside the truth.
fn plot(run: &Run, path: &Path) -> Result<()> {
    let drawing = |error: &dyn std::fmt::Display| anyhow!("{}: {error}", path.display());
    let area = SVGBackend::new(path, (WIDTH, HEIGHT)).into_drawing_area();
    area.fill(&WHITE).map_err(|error| drawing(&error))?;
    let (left, right) = area.split_horizontally(WIDTH / 2);
    let percent = [
        (
            "Truth",
            TRUTH,
            line(run, |look| Some(look.at / run.read * 100.0)),
        ),
        (
            "Share of the bytes",
            BYTES,
            line(run, |look| Some(look.bytes)),
        ),
        ("Alcove", SHOWN, line(run, |look| Some(look.percent))),
    ];
    let time = [
        ("Truth", TRUTH, line(run, |look| Some(run.took - look.at))),
        (
            "Least",
            BYTES,
            line(run, |look| {
                look.left.map(|(left, margin)| (left - margin).max(0.0))
            }),
        ),
        (
            "Most",
            BYTES,
            line(run, |look| look.left.map(|(left, margin)| left + margin)),
        ),
        (
            "Alcove",
            SHOWN,
            line(run, |look| look.left.map(|(left, _)| left)),
        ),
    ];
    for (panel, caption, unit, top, lines) in [
        (
            left,
            format!("{}: percent", run.load),
            "%",
            100.0,
            &percent[..],
        ),
        (
            right,
            "time left".to_owned(),
            "seconds left",
            run.took * 1.3,
            &time[..],
        ),
    ] {
        let mut chart = ChartBuilder::on(&panel)
            .caption(caption, ("sans-serif", 16))
            .margin(8)
            .x_label_area_size(30)
            .y_label_area_size(40)
            .build_cartesian_2d(0.0..run.took, 0.0..top)
            .map_err(|error| drawing(&error))?;
        chart
            .configure_mesh()
            .disable_mesh()
            .x_desc("seconds")
            .y_desc(unit)
            .draw()
            .map_err(|error| drawing(&error))?;
        for (name, colour, points) in lines {
            let colour = *colour;
            chart
                .draw_series(LineSeries::new(points.clone(), colour.stroke_width(2)))
                .map_err(|error| drawing(&error))?
                .label(*name)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2))
                });
        }
        chart
            .configure_series_labels()
            .border_style(TRUTH)
            .background_style(WHITE)
            .draw()
            .map_err(|error| drawing(&error))?;
    }
    area.present().map_err(|error| drawing(&error))
}

fn line(run: &Run, shown: impl Fn(&Look) -> Option<f64>) -> Vec<(f64, f64)> {
    let points = run.looks.iter();
    points
        .filter_map(|look| Some((look.at, shown(look)?)))
        .collect()
}
