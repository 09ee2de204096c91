//! The person's own programs around a backup.

use alcove_store as store;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A program of the person's own that runs with a backup.
#[derive(Debug, Clone, Serialize, Deserialize, TS, ToSchema)]
pub struct Hook {
    /// When it runs.
    pub when: HookWhen,
    /// What is run: a line for the shell, or a program and its arguments.
    pub command: HookCommand,
    /// Seconds after which it is stopped, 1 to 86,400.
    pub time_limit: u32,
}

/// When a hook runs.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HookWhen {
    /// Before Borg; when it fails, nothing is backed up.
    Before,
    /// After a backup without warnings.
    Success,
    /// After a backup with warnings.
    Warning,
    /// After a backup that failed.
    Failure,
    /// After each, whatever happened.
    Always,
}

/// What a hook runs.
#[derive(Debug, Clone, Serialize, Deserialize, TS, ToSchema)]
#[serde(untagged)]
pub enum HookCommand {
    /// A line for the shell.
    Shell(String),
    /// A program and its arguments, which nothing reads but the program.
    Arguments(Vec<String>),
}

impl From<store::Hook> for Hook {
    fn from(hook: store::Hook) -> Self {
        Self {
            when: match hook.when {
                store::HookWhen::Before => HookWhen::Before,
                store::HookWhen::Success => HookWhen::Success,
                store::HookWhen::Warning => HookWhen::Warning,
                store::HookWhen::Failure => HookWhen::Failure,
                store::HookWhen::Always => HookWhen::Always,
            },
            command: match hook.command {
                store::HookCommand::Shell(line) => HookCommand::Shell(line),
                store::HookCommand::Arguments(words) => HookCommand::Arguments(words),
            },
            time_limit: hook.time_limit,
        }
    }
}

impl From<Hook> for store::Hook {
    fn from(hook: Hook) -> Self {
        Self {
            when: match hook.when {
                HookWhen::Before => store::HookWhen::Before,
                HookWhen::Success => store::HookWhen::Success,
                HookWhen::Warning => store::HookWhen::Warning,
                HookWhen::Failure => store::HookWhen::Failure,
                HookWhen::Always => store::HookWhen::Always,
            },
            command: match hook.command {
                HookCommand::Shell(line) => store::HookCommand::Shell(line),
                HookCommand::Arguments(words) => store::HookCommand::Arguments(words),
            },
            time_limit: hook.time_limit,
        }
    }
}
