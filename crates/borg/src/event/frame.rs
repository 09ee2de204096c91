//! One JSON object of Borg.
//!
//! All kinds in one flat shape: the keys come in any order, so a tagged enum would have to keep each object
//! before it could read it, and a file's status must cost less than Borg takes to send it.

use serde::Deserialize;
use serde_json::Number;

use super::{Event, Level, LogMessage, Question, QuestionStep};

#[derive(Deserialize)]
pub(super) struct Frame {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    finished: bool,
    message: Option<String>,
    msgid: Option<String>,
    levelname: Option<String>,
    name: Option<String>,
    path: Option<String>,
    status: Option<String>,
    operation: Option<Number>,
    current: Option<Number>,
    total: Option<Number>,
    original_size: Option<Number>,
    compressed_size: Option<Number>,
    deduplicated_size: Option<Number>,
    nfiles: Option<Number>,
}

impl Frame {
    /// Gives the event, or nothing for an object of another kind.
    pub(super) fn event(self) -> Option<Event> {
        let event = match self.kind.as_deref()? {
            "archive_progress" if self.finished => Event::ArchiveProgressFinished,
            "archive_progress" => Event::ArchiveProgress {
                original_size: count(self.original_size.as_ref()).unwrap_or_default(),
                compressed_size: count(self.compressed_size.as_ref()),
                deduplicated_size: count(self.deduplicated_size.as_ref()),
                nfiles: count(self.nfiles.as_ref()).unwrap_or_default(),
                path: self.path.unwrap_or_default(),
            },
            "file_status" => Event::FileStatus {
                status: self.status?.chars().next()?,
                path: self.path.unwrap_or_default(),
            },
            "log_message" => Event::Log(LogMessage {
                level: Level::parse(&self.levelname.unwrap_or_default()),
                name: self.name.unwrap_or_default(),
                message: self.message.unwrap_or_default(),
                msgid: self.msgid,
            }),
            "progress_message" => Event::ProgressMessage {
                operation: count(self.operation.as_ref()).unwrap_or_default(),
                msgid: self.msgid,
                message: self.message,
                finished: self.finished,
            },
            "progress_percent" => Event::ProgressPercent {
                operation: count(self.operation.as_ref()).unwrap_or_default(),
                msgid: self.msgid,
                message: self.message,
                current: count(self.current.as_ref()).unwrap_or_default(),
                total: count(self.total.as_ref()).unwrap_or_default(),
                finished: self.finished,
            },
            kind => Event::Question(Question {
                step: question_step(kind)?,
                msgid: self.msgid,
                message: self.message.unwrap_or_default(),
            }),
        };
        Some(event)
    }
}

fn question_step(kind: &str) -> Option<QuestionStep> {
    Some(match kind {
        "question_prompt" => QuestionStep::Prompt,
        "question_prompt_retry" => QuestionStep::PromptRetry,
        "question_env_answer" => QuestionStep::EnvironmentAnswer,
        "question_invalid_answer" => QuestionStep::InvalidAnswer,
        "question_accepted_true" => QuestionStep::AcceptedTrue,
        "question_accepted_false" => QuestionStep::AcceptedFalse,
        _ => return None,
    })
}

/// Reads a count that some version may send as a float, or negative after a correction.
fn count(number: Option<&Number>) -> Option<u64> {
    let number = number?;
    number
        .as_u64()
        .or_else(|| number.as_f64().map(|float| float as u64))
}
