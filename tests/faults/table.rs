//! What came of every row, as a table: for a terminal, and for `docs/faults.md`.

use std::collections::BTreeSet;

use crate::fault::{Fault, Seen};

/// The columns.
const COLUMNS: [&str; 8] = [
    "fault",
    "rounds",
    "the job",
    "log kept",
    "lock left",
    "next backup works by itself",
    "secrets clean",
    "",
];

/// What came of the rounds of one fault.
pub(crate) struct Row {
    fault: &'static Fault,
    rounds: Vec<Seen>,
    /// What was wrong in each round that was not as it must be.
    wrong: Vec<String>,
    /// Why it was not run.
    left_out: Option<&'static str>,
}

impl Row {
    pub(crate) const fn of(fault: &'static Fault) -> Self {
        Self {
            fault,
            rounds: Vec::new(),
            wrong: Vec::new(),
            left_out: None,
        }
    }

    pub(crate) fn left_out(fault: &'static Fault, why: &'static str) -> Self {
        Self {
            left_out: Some(why),
            ..Self::of(fault)
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.fault.name
    }

    /// Takes what a round saw. Gives what is wrong with it, and its log.
    pub(crate) fn take(&mut self, seen: Seen) -> (Vec<String>, String) {
        let (wrong, log) = (self.fault.wrong(&seen), seen.log.clone());
        self.wrong.extend(wrong.clone());
        self.rounds.push(seen);
        (wrong, log)
    }

    /// Takes a round that did not come to its end. Gives what is wrong with that.
    pub(crate) fn broke_down(&mut self) -> String {
        let wrong = "it broke down".to_owned();
        self.wrong.push(wrong.clone());
        wrong
    }

    pub(crate) fn is_good(&self) -> bool {
        self.wrong.is_empty()
    }

    pub(crate) const fn has_run(&self) -> bool {
        self.left_out.is_none()
    }

    fn cells(&self) -> [String; 8] {
        if let Some(why) = self.left_out {
            let blank = String::new;
            let why = format!("left out: {why}");
            return [
                self.name().to_owned(),
                blank(),
                why,
                blank(),
                blank(),
                blank(),
                blank(),
                blank(),
            ];
        }
        let all = |part: fn(&Seen) -> String| {
            let words: BTreeSet<String> = self.rounds.iter().map(part).collect();
            words.into_iter().collect::<Vec<_>>().join("; ")
        };
        let yes = |yes| if yes { "yes" } else { "NO" }.to_owned();
        [
            self.name().to_owned(),
            self.rounds.len().to_string(),
            all(|seen| seen.job.clone()),
            yes(self.rounds.iter().all(|seen| seen.log_kept)),
            all(|seen| seen.lock.clone()),
            match self.fault.decision {
                Some(decision) => format!("{}: {decision}", all(|seen| seen.next.clone())),
                None => all(|seen| seen.next.clone()),
            },
            yes(self.rounds.iter().all(|seen| seen.secrets.is_empty())),
            if self.is_good() { "good" } else { "BAD" }.to_owned(),
        ]
    }
}

/// The table for a terminal.
pub(crate) fn plain(rows: &[Row]) -> String {
    let lines: Vec<[String; 8]> = std::iter::once(COLUMNS.map(str::to_owned))
        .chain(rows.iter().map(Row::cells))
        .collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<usize> = (0..COLUMNS.len())
        .map(|column| width(column).unwrap_or(0))
        .collect();
    let line = |cells: &[String; 8]| {
        let cells = cells.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    lines.iter().map(line).collect()
}

/// The table for a page, with why each row ends as it does.
pub(crate) fn markdown(rows: &[Row]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut columns = COLUMNS.map(str::to_owned);
    "why".clone_into(&mut columns[7]);
    let mut text = line(&columns) + &line(&COLUMNS.map(|_| "---".to_owned()));
    for row in rows.iter().filter(|row| row.has_run()) {
        let mut cells = row.cells();
        row.fault.why.clone_into(&mut cells[7]);
        text += &line(&cells);
    }
    text
}
