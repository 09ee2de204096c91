//! The TypeScript the window is checked against, made from the list of operations and their types.
//!
//! `cargo xtask bindings` writes the file; `cargo xtask lint` fails while the committed one differs.

use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

use crate::error::ApiError;
#[allow(
    clippy::wildcard_imports,
    reason = "the list of operations names the types"
)]
use crate::types::*;
use alcove_engine::ErrorCode;
use alcove_store::{
    JobKind, KeepPassphrase, Level, Maintenance, Phase, Status, Trigger, WaitingFor,
};

/// Collects the declarations of a type and of all it is made of, each once, by name: the order in which ts-rs visits
/// what a type is made of is another one in each build.
struct Declarations<'a> {
    config: &'a Config,
    by_name: BTreeMap<String, String>,
}

impl Declarations<'_> {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        T::visit_dependencies(self);
        T::visit_generics(self);
        self.declare::<T>();
    }

    fn declare<T: TS + 'static + ?Sized>(&mut self) {
        // Only types of this crate have an output path; numbers, lists and options have none.
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(self.config);
        let docs = T::docs().unwrap_or_default();
        let declaration = format!("{docs}export {}\n\n", T::decl(self.config));
        self.by_name.insert(name, declaration);
    }
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_some() && self.by_name.contains_key(&T::ident(self.config)) {
            return;
        }
        self.add::<T>();
    }
}

/// Writes a closed set of words as a union.
fn union(name: &str, words: impl Iterator<Item = &'static str>) -> String {
    let words: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
    format!("export type {name} = {};\n\n", words.join(" | "))
}

macro_rules! operations {
    ($($section:ident { $($(#[doc = $doc:literal])* $name:ident($args:ident) -> $answer:ident,)+ })+) => {
        /// Declares what the operations need, and returns their list.
        fn declare_operations(declarations: &mut Declarations<'_>) -> String {
            $($(declarations.add::<$args>(); declarations.add::<$answer>();)+)+
            let mut list = String::from(
                "/** Every operation: its arguments and its answer. */\nexport interface Operations {\n",
            );
            $($(
                $(list.push_str(concat!("  /**", $doc, " */\n"));)*
                list.push_str(concat!(
                    "  ", stringify!($name), ": { args: ", stringify!($args),
                    "; answer: ", stringify!($answer), " };\n",
                ));
            )+)+
            list.push_str("}\n");
            list
        }
    };
}
include!("operations.rs");

/// Returns the whole of `ui/src/platform/bindings.ts`.
pub fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut text = String::from(
        "// Made from crates/api by `cargo xtask bindings`. Do not edit: `cargo xtask lint` compares the two.\n\n",
    );
    text.push_str(&union(
        "JobKind",
        JobKind::ALL.iter().map(|word| word.as_str()),
    ));
    text.push_str(&union(
        "Status",
        Status::ALL.iter().map(|word| word.as_str()),
    ));
    text.push_str(&union("Phase", Phase::ALL.iter().map(|word| word.as_str())));
    text.push_str(&union(
        "Maintenance",
        Maintenance::ALL.iter().map(|word| word.as_str()),
    ));
    text.push_str(&union(
        "Trigger",
        Trigger::ALL.iter().map(|word| word.as_str()),
    ));
    text.push_str(&union(
        "WaitingFor",
        WaitingFor::ALL.iter().map(|word| word.as_str()),
    ));
    text.push_str(&union(
        "KeepPassphrase",
        KeepPassphrase::ALL.iter().map(|word| word.as_str()),
    ));
    text.push_str(&union("Level", Level::ALL.iter().map(|word| word.as_str())));
    text.push_str(&union(
        "ErrorCode",
        ErrorCode::ALL.iter().map(|word| word.as_str()),
    ));
    let mut declarations = Declarations {
        config: &config,
        by_name: BTreeMap::new(),
    };
    declarations.add::<Change>();
    declarations.add::<ApiError>();
    let operations = declare_operations(&mut declarations);
    text.extend(declarations.by_name.into_values());
    text + &operations
}
