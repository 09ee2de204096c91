//! The project's own commands: `cargo xtask <command>`.
//!
//! What a newcomer, a reviewer and the continuous build type is the same, and is Rust, so that it runs
//! wherever the project builds. Of the project's rooms it uses the testkit alone, so it compiles in seconds.

mod bench;
mod bindings;
mod bundle;
mod demo;
mod faults;
mod fuzz;
mod licences;
mod lint;
mod node;
mod package;
mod python;
mod run;
mod schemathesis;
mod screen;
mod second_borg;
mod session;
mod setup;
mod shell;
mod suite;
mod test;
mod walls;

use std::process::ExitCode;

use run::Lasts;

const USAGE: &str = "\
cargo xtask <command>

  run              builds Alcove and opens its window; without a display, writes a screenshot
  run --demo       the same over a made-up person's files, repositories and jobs, removed when the window
                   is closed; with --keep they stay
  test [--all]     runs every test and counts them; --all adds the long ones
  lint             formatting, clippy, the UI's checks, licenses, and the rules of the house
  bundle           builds the deb and the rpm and checks them; writes where they are
  setup            installs what building and testing need
  bench [...]      measures what has a goal, and writes bench/results: the benches that are named, else all;
                   --json, --small (once, on little: to see that it works; nothing is kept), --peers (Vorta
                   beside Alcove)
  faults [...]     makes everything go wrong that can, and prints what came of it: --rounds N,
                   --only NAME, --seed SEED, --markdown (writes docs/faults.md)
  fuzz             tries the fuzz targets until 20 minutes give nothing new; needs a nightly Rust
  bindings         writes ui/src/platform/bindings.ts from the api's types
  licences         writes the list of what is shipped, which Settings shows, from the lock files";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["run"] => run::run(None),
        ["run", "--demo"] => run::run(Some(Lasts::WhileOpen)),
        ["run", "--demo", "--keep"] => run::run(Some(Lasts::ForGood)),
        ["test"] => test::test(false),
        ["test", "--all"] => test::test(true),
        ["bundle"] => bundle::bundle().map(|_| ()),
        ["lint"] => lint::lint(),
        ["setup"] => setup::setup(setup::For::Tests),
        ["bench", ref words @ ..] => bench::bench(words),
        ["faults", ref words @ ..] => faults::faults(words),
        ["fuzz"] => fuzz::fuzz(),
        ["bindings"] => bindings::write(),
        ["licences"] => licences::write(),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
