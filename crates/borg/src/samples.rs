//! Recorded output of real Borg programs, for tests.

use crate::event::{Event, LineReader, parse_line};

/// Reads `tests/samples/<version>/<run>.<stream>`.
pub(crate) fn bytes(name: &str) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples/").to_owned() + name;
    fs_err::read(path).unwrap()
}

/// Reads a recorded stderr as events.
pub(crate) fn events(name: &str) -> Vec<Event> {
    let mut events = Vec::new();
    let mut reader = LineReader::default();
    let mut sink =
        |line: crate::event::Line<'_>| parse_line(&line.text, &mut |event| events.push(event));
    reader.feed(&bytes(name), &mut sink);
    reader.finish(&mut sink);
    events
}
