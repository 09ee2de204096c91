//! What a command receives: the whole payload of a call, as one type of the api.
//!
//! Tauri's own way takes each argument by name and answers a mistake with a sentence of its own.
//! Here the payload is the arguments type, so the window sends exactly the JSON that HTTP would, and
//! a mistake becomes an [`ApiError`] that names the field. Values are never repeated in it: one of
//! them may be a passphrase.

use alcove_api::{ApiError, arguments};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tauri::Runtime;
use tauri::ipc::{CommandArg, CommandItem, InvokeBody, InvokeError};

/// The arguments of one call.
pub(crate) struct Arguments<T>(pub(crate) T);

impl<'de, T: DeserializeOwned, R: Runtime> CommandArg<'de, R> for Arguments<T> {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        match command.message.payload() {
            InvokeBody::Json(payload) => parse(payload).map(Self).map_err(InvokeError::from),
            InvokeBody::Raw(_) => Err(not_an_object().into()),
        }
    }
}

/// Reads a payload as `T`.
fn parse<T: DeserializeOwned>(payload: &Value) -> Result<T, ApiError> {
    if !payload.is_object() {
        return Err(not_an_object());
    }
    arguments::read(payload)
}

fn not_an_object() -> ApiError {
    ApiError::bad_argument("arguments", "The arguments are not a JSON object.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use alcove_api::types::{CreateRepository, StartBackup};
    use serde_json::json;

    fn refusal<T: DeserializeOwned>(payload: &Value) -> (String, String) {
        let Err(error) = parse::<T>(payload) else {
            panic!("{payload} was taken")
        };
        let json = serde_json::to_value(&error).unwrap();
        assert_eq!(json["code"], "bad_argument");
        (error.field.unwrap(), error.message)
    }

    #[test]
    fn the_whole_payload_is_the_arguments() {
        let start: StartBackup = parse(&json!({"repository": "/r", "plan": 3})).unwrap();
        assert_eq!((start.repository.as_str(), start.plan), ("/r", Some(3)));
    }

    #[test]
    fn what_may_be_left_out_may_be_left_out() {
        let start: StartBackup = parse(&json!({"repository": "/r"})).unwrap();
        assert_eq!(start.plan, None);
    }

    #[test]
    fn a_missing_argument_is_named() {
        let (field, message) = refusal::<StartBackup>(&json!({}));
        assert_eq!(field, "repository");
        assert_eq!(message, "`repository` is missing.");
    }

    #[test]
    fn an_argument_of_the_wrong_type_is_named() {
        let (field, _) = refusal::<StartBackup>(&json!({"repository": "/r", "plan": "three"}));
        assert_eq!(field, "plan");
    }

    #[test]
    fn an_element_of_a_list_is_named_by_its_place() {
        let payload = json!({"name": "n", "path": "/r", "source_directories": ["/a", 1]});
        assert_eq!(
            refusal::<CreateRepository>(&payload).0,
            "source_directories[1]"
        );
    }

    #[test]
    fn a_refusal_never_repeats_a_value() {
        let payload = json!({"name": "n", "path": "/r", "passphrase": ["swordfish"]});
        let (field, message) = refusal::<CreateRepository>(&payload);
        assert_eq!(field, "passphrase");
        assert!(!message.contains("swordfish"), "{message}");
    }

    #[test]
    fn anything_but_an_object_is_refused() {
        assert_eq!(refusal::<StartBackup>(&json!(["/r"])).0, "arguments");
    }
}
