//! Reading what a door was given as the arguments of an operation.
//!
//! Every door answers a mistake alike: with the name of the argument. Values are never repeated in
//! it: one of them may be a passphrase.

use serde::{Deserialize, Deserializer};

use crate::error::ApiError;

/// Reads one object as `T`. An error is `bad_argument` with the argument's path, such as
/// `source_directories[1]`.
pub fn read<'de, T, D>(object: D) -> Result<T, ApiError>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    serde_path_to_error::deserialize(object).map_err(|error| {
        let path = error.path().to_string();
        // A missing argument is reported at the object it is missing from.
        let message = error.inner().to_string();
        match message
            .strip_prefix("missing field `")
            .and_then(|rest| rest.split('`').next())
        {
            Some(field) if path == "." => {
                ApiError::bad_argument(field, format!("`{field}` is missing."))
            }
            Some(field) => {
                ApiError::bad_argument(&path, format!("`{field}` is missing in `{path}`."))
            }
            None => {
                ApiError::bad_argument(&path, format!("`{path}` has a value of the wrong type."))
            }
        }
    })
}
