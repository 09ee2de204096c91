//! Prints the TypeScript bindings, for `cargo xtask bindings`.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(alcove_api::bindings::typescript().as_bytes())
}
