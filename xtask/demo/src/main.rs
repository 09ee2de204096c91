//! Makes the demo in the folder it is given, and writes the variables of its session, one a line.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool talks to a terminal"
)]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("alcove-demo <an empty folder>");
        return ExitCode::from(2);
    };
    let folder = Path::new(&folder);
    if let Err(error) = alcove_demo::build(folder, jiff::Timestamp::now()) {
        eprintln!("the demo cannot be made: {error:#}");
        return ExitCode::FAILURE;
    }
    for (name, path) in alcove_demo::variables(folder) {
        println!("{name}={}", path.display());
    }
    eprintln!(
        "The passphrase of the demo's Office shelf: {}",
        alcove_demo::PASSPHRASE
    );
    ExitCode::SUCCESS
}
