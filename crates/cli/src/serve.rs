//! `serve`: the HTTP door on a machine without a screen.
//!
//! The order matters to who waits for it: the data folder is owned, the address is taken, the token is
//! written, clients can connect, and only then does the one line on stdout say so.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use alcove_api::{Api, ApiError, session};
use alcove_http::{BindError, Door};
use tokio::runtime::Runtime;

use crate::token_file;

/// What the token of this program is for; a new one replaces it.
const PURPOSE: &str = "alcove-cli serve";

/// Where to answer, and where to put the token.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Address on this computer, such as 127.0.0.1:8751; port 0 takes any that is free.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// File for a fresh token, which only you can read; one that is there is replaced.
    #[arg(long, value_name = "FILE")]
    token_file: PathBuf,
}

/// Why nothing is served, in a sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    /// The data folder or the engine.
    #[error("{}", sentences(.0))]
    Api(#[from] ApiError),
    /// The address.
    #[error(transparent)]
    Address(#[from] BindError),
    /// The token file.
    #[error("The token could not be written to {}: {source}.", path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The system.
    #[error("Alcove could not start: {0}.")]
    System(#[from] io::Error),
}

fn sentences(error: &ApiError) -> String {
    let mut text = error.message.clone();
    for hint in &error.hints {
        text.push(' ');
        text.push_str(hint);
    }
    text
}

/// Serves until SIGTERM or SIGINT, then stops Borg and ends.
pub(crate) fn serve(arguments: Arguments) -> Result<(), Problem> {
    let (folder, mut world) = session(std::env::vars_os().collect(), std::env::home_dir())?;
    world.can_ask = false;
    let path = folder.path().to_path_buf();
    let api = Api::open(folder, world)?;
    log::info!(
        "Alcove {} is open over {}",
        env!("CARGO_PKG_VERSION"),
        path.display()
    );
    if let Some(recovery) = api.recovery() {
        writeln!(io::stderr(), "alcove-cli: {recovery}")?;
    }
    if api.plans_are_held()? {
        writeln!(
            io::stderr(),
            "alcove-cli: No backup prunes or frees space until you have looked at your plans, which came back with \
             restored records. When they are right: POST /api/operations/release_plans"
        )?;
    }
    Runtime::new()?.block_on(answer(&api, arguments))
}

async fn answer(api: &Api, arguments: Arguments) -> Result<(), Problem> {
    let Arguments {
        listen,
        token_file: path,
    } = arguments;
    // Before anyone can start a job that would have to be stopped.
    let ending = ending()?;
    let door = Door::bind(listen)?;
    let token = api.replace_access_token(PURPOSE).await?.token;
    token_file::write(&path, &token).map_err(|source| Problem::TokenFile { path, source })?;
    let door = door.open()?;
    let address = door.address();
    writeln!(io::stdout(), "listening on http://{address}")?;
    door.serve(api.clone(), ending).await;
    log::info!("ending");
    api.shutdown().await;
    Ok(())
}

/// Resolves when the system or the person asks this program to end.
#[cfg(unix)]
fn ending() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Resolves when the person asks this program to end.
#[cfg(not(unix))]
fn ending() -> io::Result<impl Future<Output = ()>> {
    Ok(async { _ = tokio::signal::ctrl_c().await })
}
