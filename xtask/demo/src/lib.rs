//! A made-up person's computer, for a first look at Alcove: files, repositories, weeks of jobs.
//!
//! Nothing in it is written by hand: the engine ran every job over a real Borg, with its clock set to
//! days of the past ([`clock`]) and Borg told to date its archives accordingly ([`borg`]). So each
//! record, log and archive is what Alcove would have made. Left out: who opens it, and when it goes
//! away; that is `cargo xtask run --demo`.

mod borg;
mod clock;
mod history;
mod home;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alcove_borg::Environment;
use alcove_engine::{Engine, World};
use alcove_store::{Folder, Store};
use anyhow::Result;
use jiff::Timestamp;

use crate::borg::DatedBorg;
use crate::clock::PastClock;
use crate::history::History;
use crate::home::Home;

/// The passphrase of the repositories. Alcove asks for that of one of them.
pub const PASSPHRASE: &str = "plum cake on thursday";

/// What of the session reaches the demo: where programs are, and the language.
const PASSED_ON: &[&str] = &["PATH", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME"];

/// Variables that keep a program inside the demo's folder, by name.
pub fn variables(folder: &Path) -> BTreeMap<&'static str, PathBuf> {
    let home = home(folder);
    BTreeMap::from([
        ("ALCOVE_DATA_DIR", data(folder).path().to_owned()),
        ("XDG_CACHE_HOME", home.join(".cache")),
        ("XDG_CONFIG_HOME", home.join(".config")),
        ("XDG_DATA_HOME", home.join(".local/share")),
        ("XDG_STATE_HOME", home.join(".local/state")),
        ("HOME", home),
    ])
}

fn home(folder: &Path) -> PathBuf {
    folder.join("home")
}

/// The data folder of Alcove in the demo.
pub fn data(folder: &Path) -> Folder {
    Folder::at(home(folder).join(".local/share/alcove"))
}

/// Makes the demo in a folder of its own, as it is at `now`: takes about a minute.
pub fn build(folder: &Path, now: Timestamp) -> Result<()> {
    let session: BTreeMap<OsString, OsString> = PASSED_ON
        .iter()
        .filter_map(|name| Some(((*name).into(), std::env::var_os(name)?)))
        .chain(
            variables(folder)
                .into_iter()
                .map(|(name, path)| (name.into(), path.into_os_string())),
        )
        .collect();
    let real = alcove_borg::find(None, &Environment::from_session(session.clone()))?;
    let borg = DatedBorg::new(&folder.join("bin"), &real)?;
    let clock = Arc::new(PastClock::new(now));
    let home = Home::new(home(folder))?;
    fs_err::create_dir_all(home.path().join(".config"))?;

    let mut world = World::of_session(session, home.path().to_owned());
    world.borg = Some(borg.path());
    world.clock = Arc::clone(&clock) as _;
    // The keyring is the person's own.
    world.keyring = || None;
    let engine = Engine::open(Store::open(data(folder))?, world)?;
    History {
        engine,
        clock,
        borg,
        home,
        drives: folder.join("drives"),
        now,
    }
    .play()
}
