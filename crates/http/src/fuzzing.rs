//! What must hold of whatever a door is given as arguments: the body of a fuzz target.
//!
//! In this room since all ways of arguments are at hand here: the body of a request, its query, and the JSON value
//! that a window sends. The long run of a fuzzer (`fuzz/`) and the short one of every test run try one and the
//! same thing.

use std::collections::BTreeMap;

#[allow(
    clippy::wildcard_imports,
    reason = "the list of operations names the types"
)]
use alcove_api::types::*;
use alcove_api::{ApiError, ErrorCode, arguments};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::arguments::object;
use crate::text;

macro_rules! operations {
    (
        every_door { $($(#[doc = $doc:literal])* $name:ident($args:ident) -> $answer:ident,)+ }
        desktop { $($(#[doc = $desktop_doc:literal])* $desktop:ident($desktop_args:ident) -> $desktop_answer:ident,)+ }
    ) => {
        /// Every operation's name with the ways of its arguments.
        const OPERATIONS: &[(&str, fn(&[u8]))] = &[
            $((stringify!($name), read::<$args>),)+
            $((stringify!($desktop), read::<$desktop_args>),)+
        ];
    };
}
include!("../../api/src/operations.rs");

/// The arguments of every operation, by every way: they are taken, or refused as `bad_argument` with a field and
/// without a word of what was sent; what HTTP takes, the window's way takes.
///
/// The input is the name of an operation, a line end, and what is sent. Without a known name it is sent to all.
pub fn arguments(input: &[u8]) {
    let line = input
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or_default();
    let (name, sent) = input.split_at(line);
    let sent = sent.strip_prefix(b"\n").unwrap_or(sent);
    let known = OPERATIONS
        .iter()
        .find(|(known, _)| known.as_bytes() == name);
    match known {
        Some((_, read)) => read(sent),
        None => OPERATIONS.iter().for_each(|(_, read)| read(input)),
    }
}

fn read<T: DeserializeOwned>(sent: &[u8]) {
    let body = object::<T>(sent);
    let value = serde_json::from_slice::<Value>(sent);
    if let Ok(value) = &value {
        let window = arguments::read::<T, _>(value);
        assert!(
            window.is_ok() || body.is_err(),
            "HTTP takes what the window's way refuses"
        );
        refused_well(window.err());
    }
    let is_text = std::str::from_utf8(sent).is_ok();
    assert!(is_text || body.is_err(), "what is no text was taken");
    refused_well(body.err());
    let pairs: BTreeMap<String, String> = form_urlencoded::parse(sent).into_owned().collect();
    refused_well(arguments::read::<T, _>(text::source(pairs)).err());
}

/// How every refusal is made; a value of the sender's has no place in the sentence, only names of fields have.
fn refused_well(refusal: Option<ApiError>) {
    let Some(refusal) = refusal else { return };
    assert_eq!(refusal.code, ErrorCode::BadArgument);
    let field = refusal.field.unwrap_or_default();
    assert!(!field.is_empty(), "a refusal names its field");
    let sentences = [
        format!("`{field}` is missing."),
        format!("`{field}` has a value of the wrong type."),
        "The body is not a JSON object.".to_owned(),
        "The body is not valid UTF-8.".to_owned(),
    ];
    let known = sentences.contains(&refusal.message)
        || refusal
            .message
            .starts_with("The body is not valid JSON (line ")
        || refusal
            .message
            .ends_with(&format!("` is missing in `{field}`."));
    assert!(known, "{:?}", refusal.message);
}

#[cfg(test)]
mod tests {
    use alcove_testkit::Corpus;

    #[test]
    fn arguments_are_taken_or_refused_by_the_name_of_a_field() {
        Corpus::of("arguments").try_on(super::arguments);
    }
}
