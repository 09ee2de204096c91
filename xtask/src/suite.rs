//! What a test run said, counted from its own words.

/// Tests that passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The rows of one suite: a name, and its counts.
#[derive(Debug, Default)]
pub(crate) struct Rows(pub(crate) Vec<(String, Counts)>);

impl Rows {
    /// The sum of all rows.
    pub(crate) fn total(&self) -> Counts {
        let mut total = Counts::default();
        for (_, counts) in &self.0 {
            total += *counts;
        }
        total
    }

    fn row(&mut self, name: &str) -> &mut Counts {
        let place = self
            .0
            .iter()
            .position(|(known, _)| known == name)
            .unwrap_or_else(|| {
                self.0.push((name.to_owned(), Counts::default()));
                self.0.len() - 1
            });
        &mut self.0[place].1
    }
}

/// Reads `cargo test`: a row for each test binary.
#[derive(Default)]
pub(crate) struct Cargo {
    pub(crate) rows: Rows,
    binary: String,
}

impl Cargo {
    /// Takes one line of output.
    pub(crate) fn line(&mut self, line: &str) {
        let line = line.trim();
        if let Some(running) = line.strip_prefix("Running ") {
            // Running unittests src/lib.rs (target/debug/deps/alcove_store-0a1b2c3d4e5f6789)
            let file = running.rsplit(['/', '\\', '(']).next().unwrap_or_default();
            let name = file
                .trim_end_matches(')')
                .rsplit_once('-')
                .map_or(file, |(name, _)| name);
            self.binary = name.replace('_', "-");
        } else if let Some(documented) = line.strip_prefix("Doc-tests ") {
            self.binary = format!("{} (documentation)", documented.replace('_', "-"));
        } else if let Some(result) = line.strip_prefix("test result: ") {
            // ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
            let counts = Counts {
                passed: before(result, " passed"),
                failed: before(result, " failed"),
            };
            if counts != Counts::default() {
                *self.rows.row(&self.binary) += counts;
            }
        }
    }
}

/// Reads a line of Vitest's summary: `Tests  1 failed | 11 passed (12)`.
pub(crate) fn vitest(line: &str) -> Option<Counts> {
    let result = line.trim().strip_prefix("Tests ")?;
    Some(Counts {
        passed: before(result, " passed"),
        failed: before(result, " failed"),
    })
}

/// Reads a line of the summary of Node's test runner: `ℹ pass 3`, `ℹ fail 0`, `ℹ cancelled 0`.
pub(crate) fn node(line: &str) -> Option<Counts> {
    let mut words = line.trim().strip_prefix('ℹ')?.split_whitespace();
    let (word, count) = (words.next()?, words.next()?.parse().ok()?);
    match word {
        "pass" => Some(Counts {
            passed: count,
            failed: 0,
        }),
        "fail" | "cancelled" => Some(Counts {
            passed: 0,
            failed: count,
        }),
        _ => None,
    }
}

/// Reads what schemathesis says of a phase: `✅ 12 passed  ❌ 1 failed  🚫 1 error`, by operation.
pub(crate) fn schemathesis(line: &str) -> Option<Counts> {
    let line = line.trim();
    if !line.starts_with(['✅', '❌', '🚫']) {
        return None;
    }
    Some(Counts {
        passed: before(line, " passed"),
        failed: before(line, " failed") + before(line, " error"),
    })
}

/// Reads the line a run of our own closes with: `12 passed, 0 failed`.
pub(crate) fn closing(line: &str) -> Option<Counts> {
    let (passed, failed) = line.strip_suffix(" failed")?.split_once(" passed, ")?;
    Some(Counts {
        passed: passed.parse().ok()?,
        failed: failed.parse().ok()?,
    })
}

/// The number right before a word; 0 when the word is not there.
fn before(text: &str, word: &str) -> u64 {
    text.split_once(word)
        .and_then(|(before, _)| before.rsplit([' ', '|']).next())
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn counts(passed: u64, failed: u64) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn cargo_is_counted_for_each_binary() {
        let mut cargo = Cargo::default();
        for line in [
            "     Running unittests src/lib.rs (target/debug/deps/alcove_store-0a1b)",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; finished in 0.01s",
            "     Running tests/crash.rs (target/debug/deps/crash-ff00)",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured",
            "   Doc-tests alcove_borg",
            "test result: ok. 3 passed; 0 failed",
            "   Doc-tests alcove_store",
            "test result: ok. 0 passed; 0 failed",
        ] {
            cargo.line(line);
        }
        let rows = [
            ("alcove-store".to_owned(), counts(12, 0)),
            ("crash".to_owned(), counts(2, 1)),
            ("alcove-borg (documentation)".to_owned(), counts(3, 0)),
        ];
        assert_eq!(cargo.rows.0, rows);
        assert_eq!(cargo.rows.total(), counts(17, 1));
    }

    #[test]
    fn vitest_is_counted_with_and_without_failures() {
        assert_eq!(vitest("      Tests  12 passed (12)"), Some(counts(12, 0)));
        assert_eq!(
            vitest("      Tests  1 failed | 11 passed (12)"),
            Some(counts(11, 1))
        );
        assert_eq!(vitest(" Test Files  3 passed (3)"), None);
    }

    #[test]
    fn schemathesis_is_counted_by_phase_and_what_it_could_not_try_has_failed() {
        let count = schemathesis;
        assert_eq!(
            count("     ✅ 12 passed  ⏭  1 skipped"),
            Some(counts(12, 0))
        );
        assert_eq!(
            count("     ✅ 9 passed  ❌ 2 failed  🚫 1 error"),
            Some(counts(9, 3))
        );
        assert_eq!(count(" ❌  Coverage (in 0.05s)"), Some(counts(0, 0)));
        assert_eq!(count("  13 generated, 3 found 4 unique failures"), None);
    }

    #[test]
    fn a_closing_line_is_counted_and_no_other() {
        assert_eq!(closing("12 passed, 1 failed"), Some(counts(12, 1)));
        assert_eq!(closing("test result: ok. 12 passed; 0 failed"), None);
    }

    #[test]
    fn node_is_counted_and_a_cancelled_test_has_failed() {
        assert_eq!(node("ℹ pass 3"), Some(counts(3, 0)));
        assert_eq!(node("ℹ fail 1"), Some(counts(0, 1)));
        assert_eq!(node("ℹ cancelled 2"), Some(counts(0, 2)));
        assert_eq!(node("ℹ tests 4"), None);
        assert_eq!(node("✔ pass 3"), None);
    }
}
