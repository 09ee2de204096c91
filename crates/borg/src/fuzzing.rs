//! What must hold of whatever a program named `borg` says: the bodies of fuzz targets.
//!
//! Each function takes any bytes and panics when a promise is broken. Here and not in `fuzz/`, so that the long
//! run of a fuzzer and the short one of every test run try one and the same thing.

#![expect(
    clippy::missing_panics_doc,
    reason = "to panic is what a target is for"
)]

use crate::event::{
    Event, LineReader, MAX_LINE_BYTES, is_checkpoint_start, is_progress_text, is_warning,
    parse_line, prune_line,
};
use crate::pattern::lines::{self, Line};
use crate::pattern::{Effect, Rule, Style, normal};
use crate::{
    ArchiveList, CreateReport, Diagnosis, Exit, Fate, NewestArchive, Patterns, Problem,
    RecordedCreate, RepositorySizes, Verdict, judge,
};

/// Stands for a place where the pipe cuts.
const CUT: u8 = 0x1f;
/// Stands for more bytes than a chunk of the pipe has.
const MANY: u8 = 0x1e;
/// What [`MANY`] stands for: four of them are longer than a line may be.
const SO_MANY: usize = 300_000;
/// How often [`MANY`] counts in one input.
const MOST: usize = 4;
/// The most a line grows by the mark of a cut.
const MARK_BYTES: usize = 64;

/// The line reader: wherever the pipe cuts, the lines are the same; none has a line end or is longer than it may be.
///
/// In the input `0x1f` is a cut, and `0x1e` stands for 300,000 bytes.
pub fn lines(input: &[u8]) {
    let stream = stream(input);
    let chunks: Vec<&[u8]> = stream.split(|byte| *byte == CUT).collect();
    let whole = chunks.concat();
    let read = read_lines(&chunks);
    assert_eq!(read, read_lines(&[&whole]), "the cuts changed the lines");
    let ends = whole.split(|byte| *byte == b'\n').count();
    assert!(read.len() == ends || read.len() + 1 == ends);
    for (text, cut) in &read {
        assert!(!text.contains('\n'));
        assert!(
            *cut || text.len() <= 3 * MAX_LINE_BYTES,
            "U+FFFD has three bytes"
        );
        assert!(text.len() <= 3 * MAX_LINE_BYTES + MARK_BYTES);
    }
}

/// The events: of every line something comes out unless it is blank, and nothing of its plain text is lost.
///
/// The input is what a Borg writes to its pipe.
pub fn events(input: &[u8]) {
    for (line, _) in read_lines(&[input]) {
        let mut heard = Vec::new();
        parse_line(&line, &mut |event| heard.push(event));
        assert_eq!(heard.is_empty(), line.trim().is_empty());
        if !line.contains("{\"") && !heard.is_empty() {
            assert_eq!(heard.len(), 1);
        }
        for event in &heard {
            understand(event);
            if let Event::Text(text) = event {
                assert!(!text.trim().is_empty());
                assert!(
                    line.contains("\\udc") || line.contains(text.as_str()),
                    "a text nobody wrote"
                );
            }
        }
    }
}

/// The judgement of an end: an archive counts as safe exactly when Borg's statistics are whole, and why a Borg
/// failed is said in bounded words.
///
/// The input is a byte each for the exit code, the signal and the wish to stop; then stderr up to a `0x1f`, then
/// stdout.
pub fn exits(input: &[u8]) {
    let Some((&[code, signal, wish], said)) = input.split_first_chunk() else {
        return;
    };
    let middle = said
        .iter()
        .position(|byte| *byte == CUT)
        .unwrap_or(said.len());
    let (stderr, stdout) = said.split_at(middle);
    let stdout = stdout.strip_prefix(&[CUT]).unwrap_or(stdout);
    let exit = Exit {
        code: (signal == 0).then_some(i32::from(code)),
        signal: (signal != 0).then_some(i32::from(signal)),
        stdout: stdout.to_vec(),
    };
    let mut diagnosis = Diagnosis::default();
    let mut warnings = 0;
    for (line, _) in read_lines(&[stderr]) {
        parse_line(&line, &mut |event| {
            diagnosis.observe(&event);
            warnings += u64::from(matches!(&event, Event::Log(message) if is_warning(message)));
        });
    }
    let report = CreateReport::parse(stdout);
    let cancelled = wish % 2 == 1;
    let verdict = judge(&exit, report.as_ref(), warnings, cancelled);
    let safe = matches!(verdict, Verdict::Completed | Verdict::CompletedWithWarnings);
    assert_eq!(safe, report.is_some());
    assert!(verdict != Verdict::Completed || (exit.code == Some(0) && warnings == 0));
    assert_eq!(verdict == Verdict::Cancelled, cancelled && report.is_none());
    if let Problem::Unknown { text, .. } = diagnosis.problem(&exit) {
        assert!(
            text.chars().count() <= 8 * 501,
            "bounded words: {}",
            text.len()
        );
    }
    read_answers(stdout);
}

/// Whatever is printed where an answer is expected is read or refused.
fn read_answers(stdout: &[u8]) {
    let _ = ArchiveList::parse(stdout);
    let _ = RepositorySizes::parse(stdout);
    let _ = NewestArchive::parse(stdout);
    if let Ok(text) = std::str::from_utf8(stdout) {
        let words: Vec<String> = text.lines().map(str::to_owned).collect();
        let _ = RecordedCreate::read(&words);
    }
}

/// The patterns: whatever is written as one is tried or refused, and an exact path decides before all others.
///
/// The input is lines of a file of patterns up to a `0x1f`, then a path.
pub fn patterns(input: &[u8]) {
    let middle = input.iter().position(|byte| *byte == CUT);
    let (lines, path) = input.split_at(middle.unwrap_or(input.len()));
    let path = path.strip_prefix(&[CUT]).unwrap_or(path);
    let Ok(text) = std::str::from_utf8(lines) else {
        return;
    };
    let rules: Vec<Rule> = lines::of_file(text)
        .filter_map(|line| match Line::read(line, Style::Shell) {
            Ok(Line::Rule(rule)) => Some(rule),
            _ => None,
        })
        .collect();
    let Ok(patterns) = Patterns::new(&rules) else {
        return;
    };
    let _ = patterns.fate(path);
    let Ok(path) = std::str::from_utf8(path) else {
        return;
    };
    if normal(path) == path {
        let mut more = rules;
        more.push(Rule {
            effect: Effect::ExcludeNoRecurse,
            style: Style::Full,
            pattern: path.to_owned(),
        });
        let more = Patterns::new(&more).map(|patterns| patterns.fate(path.as_bytes()));
        assert_eq!(more, Ok(Ok(Fate::LeftOutWhole)));
    }
}

/// Asks of an event what the engine asks of it.
fn understand(event: &Event) {
    let _ = (event.activity(), event.is_dispensable());
    if let Event::Log(message) = event {
        let _ = (is_progress_text(message), is_warning(message));
        assert!(!(is_checkpoint_start(message) && event.saves_progress()));
        if let Some(line) = prune_line(message) {
            assert!(message.message.contains(&line.archive));
        }
    }
}

/// Puts in what the marks of an input stand for.
fn stream(input: &[u8]) -> Vec<u8> {
    let mut stream = Vec::with_capacity(input.len());
    let mut left = MOST;
    for byte in input {
        if *byte != MANY {
            stream.push(*byte);
        } else if left > 0 {
            left -= 1;
            stream.resize(stream.len() + SO_MANY, b'x');
        }
    }
    stream
}

/// The lines of a stream that comes in these chunks, and whether each was cut.
fn read_lines(chunks: &[&[u8]]) -> Vec<(String, bool)> {
    let mut lines = Vec::new();
    let mut sink = |line: crate::Line<'_>| lines.push((line.text.into_owned(), line.cut));
    let mut reader = LineReader::default();
    for chunk in chunks {
        reader.feed(chunk, &mut sink);
    }
    reader.finish(&mut sink);
    lines
}

#[cfg(test)]
mod tests {
    use alcove_testkit::Corpus;

    #[test]
    fn lines_are_the_same_wherever_the_pipe_cuts() {
        Corpus::of("lines").try_on(super::lines);
    }

    #[test]
    fn of_every_line_come_events_and_none_is_made_up() {
        Corpus::of("events").try_on(super::events);
    }

    #[test]
    fn every_pattern_is_tried_or_refused() {
        Corpus::of("patterns").try_on(super::patterns);
    }

    #[test]
    fn every_end_is_judged_by_its_statistics_alone() {
        Corpus::of("exits").try_on(super::exits);
    }
}
