//! What a log does on a disk that is full: a tmpfs of half a mebibyte. Mounting needs root; without it
//! these tests say so and pass.

#![cfg(target_os = "linux")]

use crate::testing::{Place, SmallDisk, time};
use crate::{Level, LogPage, LogWriter, Store, StoreError};

/// A store whose logs are on a small disk. The disk is first, so that it goes last.
fn on_a_small_disk(place: &Place) -> Option<(SmallDisk, Store)> {
    let disk = SmallDisk::mount(&place.folder().logs())?;
    Some((disk, place.open()))
}

fn page(store: &Store, offset: u64, limit: usize) -> LogPage {
    store
        .log_reader(1)
        .unwrap()
        .unwrap()
        .page(offset, limit)
        .unwrap()
}

fn texts(store: &Store) -> Vec<String> {
    let page = page(store, 0, 10_000);
    assert!(
        (1..)
            .zip(&page.lines)
            .all(|(number, line)| line.number == number)
    );
    assert_eq!(page.total_lines, page.lines.len() as u64);
    page.lines.into_iter().map(|line| line.text).collect()
}

fn lines_on_disk(place: &Place) -> Vec<String> {
    let text = std::fs::read_to_string(place.folder().log(1)).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines().map(str::to_owned).collect()
}

/// Writes lines that say their number, until the disk refuses one.
fn write_until_refused(log: &mut LogWriter) -> u64 {
    loop {
        let number = log.lines() + 1;
        assert_eq!(
            log.write(time(0), Level::Info, &format!("line {number}")),
            number
        );
        if log.incomplete() {
            return number;
        }
    }
}

#[test]
fn lines_of_a_full_disk_wait_are_readable_and_are_written_later_in_order() {
    let place = Place::new();
    let Some((disk, store)) = on_a_small_disk(&place) else {
        return;
    };
    let mut log = store.log_writer(1).unwrap();
    log.write(time(0), Level::Info, "line 1");
    disk.fill();
    let refused = write_until_refused(&mut log);
    for number in refused + 1..=refused + 50 {
        assert_eq!(
            log.write(time(0), Level::Info, &format!("line {number}")),
            number
        );
    }
    let expected: Vec<_> = (1..=refused + 50)
        .map(|number| format!("line {number}"))
        .collect();
    assert_eq!(texts(&store), expected);
    assert_eq!(lines_on_disk(&place).len() as u64, refused - 1);

    // A page across the seam, and one beyond it.
    let seam = page(&store, refused - 3, 5);
    let numbers: Vec<_> = seam.lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, (refused - 2..=refused + 2).collect::<Vec<_>>());
    assert!(seam.has_more);
    let beyond = page(&store, refused + 48, 5);
    assert_eq!(beyond.lines[0].text, format!("line {}", refused + 49));
    assert_eq!((beyond.lines.len(), beyond.has_more), (2, false));

    // The disk is left alone for a second, then the ring goes first.
    disk.free();
    let next = format!("line {}", refused + 51);
    log.write(time(0), Level::Info, &next);
    assert!(log.incomplete());
    let last = format!("line {}", refused + 52);
    assert_eq!(log.write(time(2), Level::Info, &last), refused + 52);
    assert!(!log.incomplete());
    let expected = [expected, vec![next, last]].concat();
    assert_eq!(texts(&store), expected);
    assert_eq!(lines_on_disk(&place).len(), expected.len());
}

#[test]
fn a_ring_that_overflows_marks_the_place_and_says_how_many_were_lost() {
    let place = Place::new();
    let Some((disk, store)) = on_a_small_disk(&place) else {
        return;
    };
    let mut log = store.log_writer(1).unwrap();
    log.write(time(0), Level::Info, "before");
    disk.fill();
    let refused = write_until_refused(&mut log);
    // The ring holds 800 lines that are no warnings: 799 more, then the mark.
    for number in 1..800 {
        assert_eq!(log.write(time(0), Level::Info, "kept"), refused + number);
    }
    for _ in 0..5 {
        assert_eq!(log.write(time(0), Level::Info, "lost"), refused + 800);
    }
    assert_eq!(
        log.write(time(0), Level::Error, "the reason"),
        refused + 801
    );
    let shown = texts(&store);
    assert!(shown[refused as usize + 799].contains("From here on lines were lost"));
    assert!(
        shown[refused as usize + 799].contains("No space left"),
        "{:?}",
        shown.last()
    );
    assert_eq!(shown.last().unwrap(), "the reason");

    disk.free();
    log.sync();
    let written = texts(&store);
    assert_eq!(written[..shown.len()], shown);
    assert_eq!(
        written[shown.len()..],
        ["The log can be written again. 5 lines were lost before this one."]
    );
    assert_eq!(lines_on_disk(&place).len(), written.len());
    assert!(log.incomplete(), "lines are missing for good");
    assert_eq!(
        log.write(time(9), Level::Info, "after"),
        written.len() as u64 + 1
    );
}

#[test]
fn a_log_that_cannot_even_be_made_waits_too() {
    let place = Place::new();
    let store = place.open();
    std::fs::remove_dir(place.folder().logs()).unwrap();
    std::fs::write(place.folder().logs(), "in the way").unwrap();
    let mut log = store.log_writer(1).unwrap();
    assert_eq!(log.write(time(0), Level::Info, "first"), 1);
    assert!(log.incomplete());
    assert_eq!(texts(&store), ["first"]);
    std::fs::remove_file(place.folder().logs()).unwrap();
    assert_eq!(log.write(time(5), Level::Info, "second"), 2);
    assert!(!log.incomplete());
    assert_eq!(lines_on_disk(&place).len(), 2);
}

#[test]
fn lines_that_wait_outlive_their_writer_and_are_written_when_the_store_closes() {
    let place = Place::new();
    let Some((disk, store)) = on_a_small_disk(&place) else {
        return;
    };
    let mut log = store.log_writer(1).unwrap();
    log.write(time(0), Level::Info, "line 1");
    disk.fill();
    let refused = write_until_refused(&mut log);
    drop(log);
    assert_eq!(texts(&store).len() as u64, refused);
    let copy = place.beside("copy");
    store.copy_log(1, &copy).unwrap();
    assert_eq!(
        std::fs::read_to_string(copy).unwrap().lines().count() as u64,
        refused
    );
    store.write_late_lines();
    assert_eq!(lines_on_disk(&place).len() as u64, refused - 1);
    disk.free();
    // Somebody may still have the store in hand when the program ends.
    store.close();
    assert_eq!(lines_on_disk(&place).len() as u64, refused);
}

#[test]
fn the_index_is_right_after_the_disk_was_full() {
    let place = Place::new();
    let Some((disk, store)) = on_a_small_disk(&place) else {
        return;
    };
    let mut log = store.log_writer(1).unwrap();
    // Without any filler: log and index compete for the last page.
    write_until_refused(&mut log);
    let total = log.lines();
    drop((log, store));
    let store = place.open();
    for offset in (0..total - 1).step_by(500) {
        assert_eq!(
            page(&store, offset, 1).lines[0].text,
            format!("line {}", offset + 1)
        );
    }
    drop((store, disk));
}

#[test]
fn a_copy_to_a_full_disk_fails_and_leaves_nothing() {
    let place = Place::new();
    let store = place.open();
    let mut log = store.log_writer(1).unwrap();
    for _ in 0..100 {
        log.write(time(0), Level::Info, &"x".repeat(10_000));
    }
    let Some(disk) = SmallDisk::mount(&place.beside("usb")) else {
        return;
    };
    let to = disk.at.join("log.txt");
    std::fs::write(&to, "before").unwrap();
    let error = store.copy_log(1, &to).unwrap_err();
    assert!(matches!(error, StoreError::Copy { job: 1, .. }));
    let text = error.to_string();
    assert!(
        text.contains(to.to_str().unwrap()) && text.contains("free some space"),
        "{text}"
    );
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "before");
    assert_eq!(std::fs::read_dir(&disk.at).unwrap().count(), 1);
}
