//! One command for each operation, written by the one list of operations.
//!
//! An operation of `every_door` is a line here; those of `desktop` are in [`crate::desktop`].
//! Payloads may hold a passphrase, so no command writes one to the log.

#[allow(
    clippy::wildcard_imports,
    reason = "the list of operations names the types"
)]
use alcove_api::types::*;
use alcove_api::{Api, ApiError};
use tauri::ipc::Invoke;
use tauri::{State, Wry};

use crate::arguments::Arguments;

macro_rules! operations {
    (
        every_door { $($(#[doc = $doc:literal])* $name:ident($args:ident) -> $answer:ident,)+ }
        desktop { $($(#[doc = $own_doc:literal])* $own:ident($own_args:ident) -> $own_answer:ident,)+ }
    ) => {
        $(
            $(#[doc = $doc])*
            #[tauri::command(rename_all = "snake_case")]
            async fn $name(
                api: State<'_, Api>,
                arguments: Arguments<$args>,
            ) -> Result<$answer, ApiError> {
                api.$name(arguments.0).await
            }
        )+

        /// Returns what answers the window's calls.
        pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![
                $($name,)+
                $(crate::desktop::$own,)+
                crate::watch::watch_changes,
                crate::drops::watch_drops
            ]
        }

        #[cfg(test)]
        const NAMES: &[&str] =
            &["watch_changes", "watch_drops", $(stringify!($name),)+ $(stringify!($own),)+];
    };
}
include!("../../crates/api/src/operations.rs");

#[cfg(test)]
mod tests {
    use super::NAMES;
    use std::collections::BTreeSet;

    #[test]
    fn the_window_may_call_every_operation_and_nothing_else() {
        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../../capabilities/main.json")).unwrap();
        let granted: BTreeSet<String> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|permission| permission.as_str().unwrap().to_owned())
            .collect();
        let needed: BTreeSet<String> = NAMES
            .iter()
            .map(|name| format!("allow-{}", name.replace('_', "-")))
            .collect();
        assert_eq!(granted, needed);
    }
}
