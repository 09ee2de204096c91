//! Gives every operation its own permission, from the one list of operations.
//!
//! Without this list every window could call every command; with it, `capabilities/main.json` says
//! what the window may call.

macro_rules! operations {
    ($($section:ident { $($(#[doc = $doc:literal])* $name:ident($args:ident) -> $answer:ident,)+ })+) => {
        const COMMANDS: &[&str] = &["watch_changes", "watch_drops", $($(stringify!($name),)+)+];
    };
}
include!("../crates/api/src/operations.rs");

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/build.rs");
    println!("cargo:rerun-if-changed=crates/api/src/operations.rs");
    // The default pattern also covers the permissions this script writes, which would make it run
    // again at the next build.
    let manifest = tauri_build::AppManifest::new()
        .commands(COMMANDS)
        .permissions_path_pattern("./permissions/*.toml");
    if let Err(error) =
        tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
    {
        println!("cargo:error={error:#}");
        std::process::exit(1);
    }
}
