//! The count of what a backup will read, before two judges: a backup of the same, and a dry run of it.
//!
//! Borg 1.4 says how many files and bytes it read; of 1.2 the bytes come from the list of its archive. The cases are
//! the same at every run.

mod case;
mod judge;

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use alcove_borg::{PatternOption, Selection};
use alcove_engine::folders::{Step, Walk, measure};
use alcove_tests::{SmallDisk, is_another_user};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use case::{Case, any_case};
use judge::{Count, Judge, printed};

/// So many are tried in every run of the tests, and so many in the long one.
const FEW: u32 = 40;
const ALL: u32 = 200;

/// The case of this number: always the same.
fn case(number: u32) -> Case {
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    any_case().new_tree(&mut runner).unwrap().current()
}

fn counted(judge: &Judge, selection: &Selection) -> Count {
    let found = measure(selection.clone(), &judge.apart(), &|_| true).unwrap();
    assert!(found.complete);
    (found.files, found.bytes)
}

/// Compares with a backup.
fn agrees(judge: &Judge, selection: &Selection, name: &str) {
    let (counted, backed_up) = (counted(judge, selection), judge.backed_up(selection, name));
    assert_eq!(counted, backed_up, "{name}: {selection:#?}");
}

/// Compares the first so many cases with backups of them, by two Borgs at a time.
fn agrees_on(cases: u32) {
    std::thread::scope(|threads| {
        for first in 0..2 {
            threads.spawn(move || {
                let judge = Judge::new();
                for number in (first..cases).step_by(2) {
                    let root = judge.scratch.path().join(format!("trees/{number}"));
                    let notes = judge.scratch.path().join(format!("notes/{number}"));
                    let selection = case(number).grow(&root, &notes);
                    agrees(&judge, &selection, &format!("case-{number}"));
                }
            });
        }
    });
}

/// The folders of a tree, as a dry run prints them.
fn folders_below(folder: &Path) -> HashSet<String> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .flat_map(|entry| {
            let mut folders = folders_below(&entry.path());
            folders.insert(printed(&entry.path()));
            folders
        })
        .collect()
}

/// Compares paths with what a dry run of Borg takes, in so many cases. A case that fails is made as small as it can.
fn takes_the_same(cases: u32) {
    let judge = Judge::new();
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..Config::default()
    };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let outcome = TestRunner::new_with_rng(config, random).run(&any_case(), |case| {
        let folder = tempfile::tempdir_in(judge.scratch.path()).unwrap();
        let selection = case.grow(&folder.path().join("tree"), &folder.path().join("notes"));
        let mut walked: Vec<String> = Walk::new(selection.clone(), &judge.apart())
            .unwrap()
            .filter_map(|step| match step.unwrap() {
                Step::Taken(path, _) => Some(printed(&path)),
                Step::LeftOut => None,
            })
            .collect();
        walked.sort();
        let mut taken = judge.would_take(&selection);
        if selection.keep_exclude_tags {
            // A dry run does not name a folder that is kept for what it holds.
            let folders = folders_below(folder.path());
            walked.retain(|path| !folders.contains(path));
            taken.retain(|path| !folders.contains(path));
        }
        assert_eq!(walked, taken, "{selection:#?}");
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}

#[test]
fn a_count_is_that_of_a_backup() {
    agrees_on(FEW);
}

#[test]
#[ignore = "makes 200 backups"]
fn two_hundred_counts_are_those_of_backups() {
    agrees_on(ALL);
}

#[test]
fn a_walk_takes_what_a_dry_run_takes() {
    takes_the_same(FEW);
}

#[test]
#[ignore = "makes 200 dry runs"]
fn two_hundred_walks_take_what_dry_runs_take() {
    takes_the_same(ALL);
}

#[test]
fn the_repository_and_the_caches_are_not_counted_in_the_folder_they_are_in() {
    let judge = Judge::new();
    let home = judge.scratch.home();
    judge.scratch.tree("Documents", 5, 1000, 3);
    let selection = Selection {
        sources: vec![home],
        ..Selection::default()
    };
    // The first backup makes what is to be left out of the second.
    judge.backed_up(&selection, "first");
    agrees(&judge, &selection, "second");
}

#[test]
fn another_file_system_is_not_entered_where_the_backup_stays_on_its_own() {
    let judge = Judge::new();
    let root = judge.scratch.tree("Documents", 5, 1000, 3);
    let disk = SmallDisk::mount(judge.scratch.folder("home/Documents/disk"), "1m");
    fs::write(disk.path().join("far"), "away").unwrap();
    for (one_file_system, files) in [(false, 6), (true, 5)] {
        let selection = Selection {
            sources: vec![root.clone()],
            one_file_system,
            ..Selection::default()
        };
        assert_eq!(counted(&judge, &selection).0, files);
        agrees(&judge, &selection, &format!("one-{one_file_system}"));
    }
    let itself = Selection {
        sources: vec![disk.path().to_owned()],
        one_file_system: true,
        ..Selection::default()
    };
    agrees(&judge, &itself, "itself");
}

#[test]
fn what_may_not_be_read_is_not_counted() {
    if !is_another_user("estimate::what_may_not_be_read_is_not_counted") {
        return;
    }
    let judge = Judge::new();
    let root = judge.scratch.tree("Documents", 30, 1000, 3);
    for closed in ["folder0001", "folder0002/file000025.bin"] {
        fs::set_permissions(root.join(closed), fs::Permissions::from_mode(0o000)).unwrap();
    }
    // It can be listed, and nothing in it be looked at.
    fs::set_permissions(root.join("folder0000"), fs::Permissions::from_mode(0o400)).unwrap();
    let selection = Selection {
        sources: vec![root.clone()],
        ..Selection::default()
    };
    assert_eq!(counted(&judge, &selection), (9, 9000));
    agrees(&judge, &selection, "closed");
    for closed in ["folder0000", "folder0001"] {
        fs::set_permissions(root.join(closed), fs::Permissions::from_mode(0o700)).unwrap();
    }
}

#[test]
fn a_root_that_is_done_is_not_entered_again_and_one_that_is_not_is() {
    let judge = Judge::new();
    let root = judge.scratch.tree("Documents", 30, 1000, 3);
    let below = root.join("folder0001");
    for (name, sources, files) in [
        ("twice", vec![root.clone(), root.clone()], 30),
        ("inner-first", vec![below.clone(), root.clone()], 30),
        ("outer-first", vec![root.clone(), below], 40),
        ("missing", vec![root.join("nothing"), root], 30),
    ] {
        let selection = Selection {
            sources,
            ..Selection::default()
        };
        assert_eq!(counted(&judge, &selection).0, files, "{name}");
        agrees(&judge, &selection, name);
    }
}

#[test]
fn what_has_no_translation_is_left_uncounted_and_borg_takes_it() {
    let judge = Judge::new();
    let root = judge.scratch.tree("Documents", 5, 1000, 3);
    let selection = Selection {
        sources: vec![root],
        patterns: vec![PatternOption::Exclude("re:(?x) file 000003".to_owned())],
        ..Selection::default()
    };
    assert!(Walk::new(selection.clone(), &[]).is_err());
    assert_eq!(judge.backed_up(&selection, "verbose").0, 4);
}
