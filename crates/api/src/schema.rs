//! How words and figures stand in an OpenAPI document, for a door that serves one.
//!
//! The types of the operations describe themselves (`ToSchema`); here are the closed sets of words,
//! which belong to the engine and the store and know no document.

use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! words {
    ($($name:ident = $set:path,)+) => {$(
        #[doc = concat!("Stands for [`", stringify!($set), "`] in a schema.")]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<Schema> {
                let words = <$set>::ALL.iter().map(|word| word.as_str());
                ObjectBuilder::new()
                    .schema_type(SchemaType::new(Type::String))
                    .enum_values(Some(words))
                    .into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

words! {
    JobKind = alcove_store::JobKind,
    Status = alcove_store::Status,
    Phase = alcove_store::Phase,
    Maintenance = alcove_store::Maintenance,
    Trigger = alcove_store::Trigger,
    WaitingFor = alcove_store::WaitingFor,
    KeepPassphrase = alcove_store::KeepPassphrase,
    Level = alcove_store::Level,
    ErrorCode = alcove_engine::ErrorCode,
}

/// Stands for [`alcove_engine::Theme`] in a schema.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Theme {
    /// As the desktop is.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Stands for [`alcove_engine::PauseLength`] in a schema.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum PauseLength {
    /// An hour from now.
    Hour,
    /// Until six in the morning.
    UntilTomorrow,
}

/// A key whose value is always null.
pub(crate) fn null() -> Schema {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::Null))
        .into()
}
