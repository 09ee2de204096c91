//! What happens in Alcove: repositories are created, plans start jobs, lanes run them one at a time,
//! Borg's words become a record and a log.
//!
//! The engine knows nothing of windows, and of Borg only what `alcove-borg` says. It is synchronous:
//! a call that runs Borg blocks its thread, and doors that must not block call from a thread of
//! their own. Time, chance, the home folder and the environment come in through [`World`].

mod access;
mod adopt;
mod ask;
mod chance;
mod changes;
mod conditions;
mod connection;
mod core_dump;
mod diagnostics;
mod drives;
mod due;
mod engine;
mod error;
pub mod folders;
mod health;
mod host_id;
mod install;
mod installed;
mod interruption;
mod job;
mod keyring;
mod keys;
mod lanes;
mod listing;
mod lock;
mod notice;
mod pause;
mod place;
mod plans;
mod preview;
mod protection;
mod reach;
mod record;
mod repositories;
pub mod retention;
mod scheduler;
mod secrets;
mod server;
mod settings;
mod start;
mod turns;
mod unplug;
mod wakefulness;
mod whole_file;
mod within;
pub mod words;
mod world;

pub use access::{HttpSetting, NewToken};
pub use adopt::{Adoption, Existing, Inspection, Proposal};
/// Borg's questions a person may answer with yes.
pub use alcove_borg::Confirmation;
pub use changes::Change;
pub use conditions::{Unmet, Waiting};
pub use connection::{
    ConnectionReport, ConnectionTest, Found, ShownKey, Step, StepKind, StepState,
};
pub use engine::Engine;
pub use error::{ErrorCode, Failure};
pub use health::Health;
pub use install::install_command;
pub use job::cancel::CancelStage;
pub use job::collapse::held;
#[cfg(any(test, feature = "fuzzing"))]
pub use job::fuzzing;
pub use keyring::{KeyringEntry, system_keyring, system_keyring_entry, unlock_system_keyring};
pub use keys::{KeyForm, PassphraseChanged};
pub use lock::Lock;
pub use notice::{Notice, NoticeKind, QuietHours};
pub use pause::PauseLength;
pub use plans::{LEFT_OUT, NewPlan, NewSchedule, PlanChange};
pub use preview::{Fate, Foreseen, PrunePreview, TestRun};
pub use record::JobView;
pub use repositories::{Created, NewCheckRhythm, NewRepository, RepositoryChange};
pub use server::SshKey;
pub use settings::{Settings, Theme};
pub use turns::Cancelled;
pub use world::{Clock, OpenKeyring, SystemClock, World};
