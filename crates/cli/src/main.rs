//! The program for terminals and for machines without a screen.
//!
//! It opens the same engine over the same data folder as the desktop, and shows it through another
//! door. Answers go to stdout, everything else to stderr. Exit codes: 0 done, 1 it could not be done, 2
//! the command line was not understood.

mod serve;
mod token_file;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Backups with Borg, without a window.
#[derive(Parser)]
#[command(name = "alcove-cli", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers over HTTP on this computer, until it is told to end.
    Serve(serve::Arguments),
}

fn main() -> ExitCode {
    let Arguments { command } = Arguments::parse();
    start_log();
    let ended = match command {
        Command::Serve(arguments) => serve::serve(arguments),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // A terminal that is gone hears nothing.
            _ = writeln!(std::io::stderr(), "alcove-cli: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// Writes what the rooms log to stderr, from the level in `ALCOVE_LOG` on, else from `info`.
fn start_log() {
    use log::LevelFilter;
    let level = std::env::var("ALCOVE_LOG")
        .ok()
        .and_then(|word| word.parse().ok())
        .unwrap_or(LevelFilter::Info);
    env_logger::Builder::new()
        .filter_level(level.min(LevelFilter::Warn))
        .filter_module("alcove", level)
        .format(|line, record| {
            let text = record.args().to_string().replace('\n', "\\n");
            let (level, target) = (record.level(), record.target());
            writeln!(
                line,
                "{:.3} {level} {target}: {text}",
                jiff::Timestamp::now()
            )
        })
        .init();
}
