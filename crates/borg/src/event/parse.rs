//! From a line of stderr to events.
//!
//! Apart from reading lines because the two go wrong in different ways: here a line is text in part or in
//! whole, is glued to the prompt before it, or names a file in bytes that are no text. Nothing is ever lost:
//! what is not understood comes out as [`Event::Text`].

use std::borrow::Cow;

use super::Event;
use super::frame::Frame;

/// How often one line is searched for an object; a bound on what hostile text can cost.
const MAX_ATTEMPTS: usize = 16;

/// Reads one line without its line end and hands its events to `sink`, in order.
///
/// A line is an object; or text with an object glued to its end, as after Borg's prompt for a passphrase; or
/// text. A blank line gives nothing.
pub fn parse_line(line: &str, sink: &mut impl FnMut(Event)) {
    let line = mend_surrogates(line);
    let mut rest: &str = &line;
    let mut search = 0;
    for _ in 0..MAX_ATTEMPTS {
        let Some(start) = rest
            .get(search..)
            .and_then(|tail| tail.find("{\""))
            .map(|at| search + at)
        else {
            break;
        };
        let (text, object) = rest.split_at(start);
        match first_event(object) {
            Some((event, length)) => {
                emit_text(text, sink);
                sink(event);
                (rest, search) = (object.get(length..).unwrap_or_default(), 0);
            }
            None => search = start + 1,
        }
    }
    emit_text(rest, sink);
}

/// Reads the object a text begins with; gives its event and its length in bytes.
fn first_event(text: &str) -> Option<(Event, usize)> {
    let mut objects = serde_json::Deserializer::from_str(text).into_iter::<Frame>();
    let event = objects.next()?.ok()?.event()?;
    Some((event, objects.byte_offset()))
}

fn emit_text(text: &str, sink: &mut impl FnMut(Event)) {
    if !text.trim().is_empty() {
        sink(Event::Text(text.to_owned()));
    }
}

/// Replaces the escapes `\udc80` to `\udcff` by U+FFFD.
///
/// Python writes a byte of a file name that is not UTF-8 so, and Borg lets it through into log messages
/// (measured with Borg 1.2.4); by itself it is no character, and no JSON reader takes it. The only other place
/// for such an escape is the second half of a pair, where the first half stands right before it.
fn mend_surrogates(line: &str) -> Cow<'_, str> {
    if !line.contains("\\udc") {
        return Cow::Borrowed(line);
    }
    let mut whole = String::with_capacity(line.len());
    let mut rest = line;
    let mut after_first_half = false;
    while let Some(at) = rest.find('\\') {
        let (plain, escape) = rest.split_at(at);
        whole.push_str(plain);
        let length = if escape.starts_with("\\u") { 6 } else { 2 };
        let Some((escape, tail)) = escape.split_at_checked(length) else {
            whole.push_str(escape);
            return Cow::Owned(whole);
        };
        let second_half = escape.starts_with("\\udc");
        let is_lone = second_half && !(after_first_half && plain.is_empty());
        whole.push_str(if is_lone { "\\ufffd" } else { escape });
        after_first_half = ["\\ud8", "\\ud9", "\\uda", "\\udb"]
            .iter()
            .any(|half| escape.starts_with(half));
        rest = tail;
    }
    whole.push_str(rest);
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Level, LogMessage, QuestionStep};
    use crate::samples;

    fn events(line: &str) -> Vec<Event> {
        let mut events = Vec::new();
        parse_line(line, &mut |event| events.push(event));
        events
    }

    fn log(event: &Event) -> &LogMessage {
        match event {
            Event::Log(message) => message,
            other => panic!("{other:?} is no line of the log"),
        }
    }

    #[test]
    fn progress_of_a_create_is_read_with_its_numbers() {
        let line = r#"{"original_size": 10578203, "compressed_size": 10319752, "deduplicated_size": 7, "nfiles": 600, "path": "src/big0.bin", "time": 1795345416.84, "type": "archive_progress", "finished": false}"#;
        assert_eq!(
            events(line),
            [Event::ArchiveProgress {
                original_size: 10_578_203,
                compressed_size: Some(10_319_752),
                deduplicated_size: Some(7),
                nfiles: 600,
                path: "src/big0.bin".into(),
            }]
        );
        let last = r#"{"time": 1795345416.88, "type": "archive_progress", "finished": true}"#;
        assert_eq!(events(last), [Event::ArchiveProgressFinished]);
    }

    #[test]
    fn progress_of_borg_2_has_no_compressed_size() {
        let line = r#"{"original_size": 1, "nfiles": 2, "hashing_time": 0.0, "files_stats": {}, "path": "src", "type": "archive_progress", "finished": false}"#;
        let [
            Event::ArchiveProgress {
                compressed_size: None,
                deduplicated_size: None,
                nfiles: 2,
                ..
            },
        ] = events(line)[..]
        else {
            panic!("{:?}", events(line));
        };
    }

    #[test]
    fn a_file_name_may_hold_a_line_end_and_quotes() {
        let line = r#"{"type": "file_status", "status": "A", "path": "src/\u00fcn\u00ef \"quote\"\nline"}"#;
        assert_eq!(
            events(line),
            [Event::FileStatus {
                status: 'A',
                path: "src/ünï \"quote\"\nline".into()
            }]
        );
    }

    #[test]
    fn a_file_name_that_is_not_utf8_does_not_lose_the_message() {
        let line = r#"{"type": "log_message", "message": "/missing\udcff: [Errno 2] No such file: 'missing\\udcff' \ud83d\ude00\udcfe", "levelname": "WARNING", "name": "borg.archiver"}"#;
        let got = events(line);
        assert_eq!(
            log(&got[0]).message,
            "/missing\u{fffd}: [Errno 2] No such file: 'missing\\udcff' \u{1f600}\u{fffd}"
        );
    }

    #[test]
    fn an_object_glued_to_a_prompt_is_found() {
        let got = samples::events("1.2.4/err-no-passphrase-stdin-null.stderr");
        assert_eq!(got.len(), 4, "{got:?}");
        assert_eq!(
            got[1],
            Event::Text("Warning: Password input may be echoed.".into())
        );
        assert!(
            matches!(&got[2], Event::Text(text) if text.starts_with("Enter passphrase for key"))
        );
        assert_eq!(log(&got[3]).msgid.as_deref(), Some("NoPassphraseFailure"));
    }

    #[test]
    fn two_objects_on_one_line_are_two_events() {
        let one = r#"{"type": "file_status", "status": "d", "path": "a"}"#;
        let got = events(&format!("{one}{one} and {{\"more\": 1}}"));
        assert_eq!(got.len(), 3);
        assert_eq!(got[2], Event::Text(" and {\"more\": 1}".into()));
    }

    #[test]
    fn what_is_not_understood_stays_as_it_came() {
        for line in [
            "Traceback (most recent call last):",
            r#"{"type": "weather", "sky": "blue"}"#,
            r#"{"type": "log_message", "message": 5}"#,
            r#"{"type": "file_status"}"#,
            r#"{"type": "log_message", "message": "cut of"#,
            "{\"{\"{\"",
            "null",
        ] {
            assert_eq!(events(line), [Event::Text(line.into())]);
        }
        assert_eq!(events("  "), []);
    }

    #[test]
    fn a_question_and_its_answers_are_told_apart() {
        let steps: Vec<QuestionStep> = samples::events("1.2.4/err-relocated-env-no.stderr")
            .into_iter()
            .filter_map(|event| {
                if let Event::Question(question) = event {
                    Some(question.step)
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(
            steps,
            [
                QuestionStep::Prompt,
                QuestionStep::EnvironmentAnswer,
                QuestionStep::AcceptedFalse
            ]
        );
    }

    #[test]
    fn warnings_of_1_4_have_a_name_and_those_of_1_2_have_none() {
        let named = |sample: &str| -> Vec<Option<String>> {
            let warnings = samples::events(sample)
                .into_iter()
                .filter_map(|event| match event {
                    Event::Log(message) if message.level == Level::Warning => Some(message.msgid),
                    _ => None,
                });
            warnings.collect()
        };
        assert_eq!(named("1.2.4/err-warn-permission.stderr"), [None, None]);
        let name = Some("BackupPermissionError".to_owned());
        assert_eq!(
            named("1.4.5/err-warn-permission.modern.stderr"),
            [name.clone(), name]
        );
    }

    #[test]
    fn no_line_of_a_whole_recorded_run_is_left_as_text() {
        for sample in [
            "1.2.4/create-progress-stats-json-list.stderr",
            "1.2.4/prune-list-stats-progress.stderr",
            "1.2.4/compact-progress.stderr",
            "1.4.5/create-cancelled-sigint.stderr",
            "1.4.5/err-corrupt-chunks-cache.modern.stderr",
        ] {
            let texts = samples::events(sample)
                .into_iter()
                .filter(|event| matches!(event, Event::Text(_)));
            assert_eq!(texts.count(), 0, "{sample}");
        }
    }
}
