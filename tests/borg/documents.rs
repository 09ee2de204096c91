//! What the documents promise of tests and codes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use alcove_api::ErrorCode;
use alcove_tests::FAIL_POINTS;

const ERRORS: &str = include_str!("../../docs/errors.md");
const COVERAGE: &str = include_str!("../../docs/api-coverage.md");
const FAULTS: &str = include_str!("../../docs/faults.md");
const SECURITY: &str = include_str!("../../SECURITY.md");

/// Every test by its name, with the files it stands in.
type Tests = BTreeMap<String, Vec<PathBuf>>;

/// The tests in the Rust sources below a folder: functions with the attribute of one.
fn functions(folder: &Path, found: &mut Tests) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let mut is_test = false;
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let line = line.trim_start();
                is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
                let Some((_, rest)) = line.split_once("fn ") else {
                    continue;
                };
                if let Some((name, _)) = rest.split_once('(')
                    && std::mem::take(&mut is_test)
                {
                    found.entry(name.to_owned()).or_default().push(path.clone());
                }
            }
        }
    }
}

/// The tests in the scripts below a folder: what `test`, `step` and `it` are called with.
fn sentences(folder: &Path, found: &mut Tests) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            sentences(&path, found);
        } else if [".test.ts", ".test.tsx", ".test.js"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            let text = std::fs::read_to_string(&path).unwrap();
            let names = text.lines().filter_map(|line| {
                let line = line.trim_start();
                let rest = line
                    .strip_prefix("it(\"")
                    .or_else(|| line.strip_prefix("test(\""))
                    .or_else(|| line.strip_prefix("step(\""))?;
                Some(rest.split_once('"')?.0.to_owned())
            });
            for name in names {
                found.entry(name).or_default().push(path.clone());
            }
        }
    }
}

/// The rows of the fault table: what a `Fault` is made with, by a function or another.
fn rows(folder: &Path, found: &mut Tests) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let made = text.split("Fault::new(").skip(1);
        for rest in made.chain(text.split(" killed(").skip(1)) {
            if let Some(name) = rest.trim_start().strip_prefix('"') {
                let name = name.split_once('"').unwrap().0.to_owned();
                found.entry(name).or_default().push(path.clone());
            }
        }
    }
}

/// Whether the folders and the file on the way to a test have these names among them, in this order.
fn is_in(path: &Path, places: &str) -> bool {
    let way = path.with_extension("");
    let mut way = way.iter();
    places
        .split("::")
        .all(|place| way.any(|name| name == place))
}

/// Whether there is a test of this name where its document says.
fn exists(named: &str, found: &Tests) -> bool {
    let (places, name) = named.rsplit_once("::").unwrap();
    found
        .get(name)
        .is_some_and(|files| files.iter().any(|file| is_in(file, places)))
}

/// What stands between backticks and names a test: its path has `::` in it, and a name after that.
fn tests_named(text: &str) -> impl Iterator<Item = &str> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.contains("::") && !word.ends_with(':'))
}

#[test]
fn every_test_a_document_names_exists_where_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Tests::new();
    for folder in ["crates", "src-tauri", "tests/borg", "tests/http"] {
        functions(&root.join(folder), &mut found);
    }
    for folder in ["ui/src", "tests/window/specs"] {
        sentences(&root.join(folder), &mut found);
    }
    rows(&root.join("tests/faults"), &mut found);
    let named = [ERRORS, COVERAGE, SECURITY]
        .into_iter()
        .flat_map(tests_named);
    let missing: Vec<&str> = named.filter(|test| !exists(test, &found)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn every_fault_has_a_row_in_its_document_and_every_row_a_fault() {
    let mut made = Tests::new();
    rows(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("faults"),
        &mut made,
    );
    let shown = FAULTS.lines().filter_map(|line| line.strip_prefix("| "));
    let mut shown: Vec<&str> = shown.map(|row| row.split(" | ").next().unwrap()).collect();
    shown.retain(|name| !["fault", "---"].contains(name));
    shown.sort_unstable();
    let made = made.keys().map(String::as_str);
    let made: BTreeSet<&str> = made.chain(FAIL_POINTS.iter().map(|at| at.fault)).collect();
    assert_eq!(shown, Vec::from_iter(made));
}

#[test]
fn every_threat_has_a_test_or_says_that_it_has_none() {
    let rows = SECURITY
        .lines()
        .filter(|line| line.starts_with("| ") && !line.ends_with("| Test |"));
    let bare: Vec<&str> = rows
        .filter(|row| tests_named(row).next().is_none() && !row.ends_with("| not tested |"))
        .collect();
    assert_eq!(bare, Vec::<&str>::new());
}

#[test]
fn every_error_code_has_a_row_that_names_a_test() {
    for code in ErrorCode::ALL {
        let quoted = format!("`{}`", code.as_str());
        let row = ERRORS
            .lines()
            .find(|line| line.starts_with("| `") && line.contains(&quoted));
        let row = row.unwrap_or_else(|| panic!("{quoted} has no row in docs/errors.md"));
        assert!(tests_named(row).next().is_some(), "{row}");
    }
}
