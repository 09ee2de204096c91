//! What every door offers: the operations of the backup API page and those Alcove adds, their types,
//! their errors.
//!
//! A door parses its input into these types, calls [`Api`], and shows the answer; it adds no
//! behaviour. The list in `operations.rs` is the only one: permissions, handlers and bindings are
//! made from it or checked against it. Nothing here knows a window or HTTP, and nothing but
//! `bindings` knows TypeScript.

mod api;
pub mod arguments;
pub mod bindings;
mod error;
pub mod schema;
mod session;
pub mod types;
mod watch;

pub use alcove_engine::{
    Clock, ErrorCode, HttpSetting, KeyringEntry, Notice, NoticeKind, PauseLength, SystemClock,
    World,
};
pub use alcove_store::{JobKind, LogText, Status, WaitingFor};
pub use api::Api;
pub use error::ApiError;
pub use session::session;
pub use watch::Watch;
