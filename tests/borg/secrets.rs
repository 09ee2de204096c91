//! A passphrase is nowhere: what a whole run leaves, shows and says, to its crash.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use alcove_api::types::{
    ChangePassphrase, ListArchives, ListJobs, Nothing, PassphraseChanged, RepositoryId,
    UnlockRepository,
};
use alcove_borg::Passphrase;
use alcove_store::Status;
use alcove_tests::House;
use serde::Serialize;
use tokio::task::JoinHandle;

/// Known to this test alone, so that whoever has it has it from here.
const SECRET: &str = "violet anvil 7319 thimble";
/// What it is changed to.
const NEXT: &str = "copper lantern 5521 gravel";
/// One that opens nothing.
const WRONG: &str = "marble otter 8842 pewter";

/// Set in the second life of the test, whose every word is heard.
const INSIDE: &str = "ALCOVE_TEST_TELLS_ALL";
/// The last word of the second life, with which it crashes.
const LAST_WORD: &str = "the run is over, and this is its crash";

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_run_and_its_crash_tell_nobody_the_passphrase() {
    if std::env::var_os(INSIDE).is_some() {
        run().await;
        panic!("{LAST_WORD}");
    }
    let life = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("secrets::a_whole_run_and_its_crash_tell_nobody_the_passphrase")
        .env(INSIDE, "1")
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&life.stdout),
        String::from_utf8_lossy(&life.stderr)
    );
    assert!(
        said.contains(LAST_WORD) && said.contains("stack backtrace"),
        "{said}"
    );
    assert!(
        said.contains("starting ") && said.contains("event: "),
        "{said}"
    );
    has_none(&said, "what the run said");
}

fn has_none(text: &str, what: &str) {
    for secret in [SECRET, NEXT, WRONG] {
        assert!(!text.contains(secret), "{what} has a passphrase");
    }
}

/// Writes everything that any room logs to stderr.
struct Everything;

impl log::Log for Everything {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(std::io::stderr(), "{}: {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

/// Says an answer as a door would.
fn say(what: &str, answer: &impl Serialize) {
    let answer = serde_json::to_string(answer).unwrap();
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{what}: {answer}").unwrap();
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned())
}

async fn run() {
    log::set_logger(&Everything).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let house = House::new();
    no_core_dump("self");
    let hears = listen(&house);
    let source = house.scratch.tree("Pictures", 3_000, 30_000, 2);
    let new = alcove_api::types::CreateRepository {
        passphrase: Some(passphrase(SECRET)),
        ..house.new_repository(&[&source])
    };
    say("created", &house.api.create_repository(new).await.unwrap());
    back_up(&house, true).await;
    say("changed", &change(&house, SECRET, NEXT).await.unwrap());
    say("refused", &change(&house, WRONG, SECRET).await.unwrap_err());
    hears.abort();
    let house = house.restart().await;
    let hears = listen(&house);
    let id = house.start().await;
    house.wait(id, |job| job.waiting_for.is_some()).await;
    say("refused", &unlock(&house, WRONG).await.unwrap_err());
    say("unlocked", &unlock(&house, NEXT).await.unwrap());
    assert_eq!(house.ended(id).await.status, Status::Completed);
    back_up(&house, false).await;
    ask_everything(&house).await;
    hears.abort();
    house.api.shutdown().await;
    in_no_file(house.scratch.path());
}

/// Says every event, as a door hears them.
fn listen(house: &House) -> JoinHandle<()> {
    let mut watch = house.api.watch();
    tokio::spawn(async move {
        loop {
            say("event", &watch.next().await);
        }
    })
}

async fn back_up(house: &House, with_much_to_do: bool) {
    let id = house.start().await;
    if with_much_to_do {
        house.wait(id, |job| job.progress_details.nfiles > 0).await;
    }
    let borgs = in_no_process();
    assert!(borgs > 0 || !with_much_to_do, "Borg was running");
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Completed);
    say("job", &job);
    say("log", &house.log(id).await);
}

async fn unlock(house: &House, text: &str) -> Result<Nothing, alcove_api::ApiError> {
    let given = UnlockRepository {
        repository: house.repository(),
        passphrase: passphrase(text),
        remember_passphrase: Some(false),
    };
    house.api.unlock_repository(given).await
}

async fn change(
    house: &House,
    current: &str,
    new: &str,
) -> Result<PassphraseChanged, alcove_api::ApiError> {
    let change = ChangePassphrase {
        repository_id: 1,
        passphrase: Some(passphrase(current)),
        new_passphrase: passphrase(new),
        remember_passphrase: None,
    };
    house.api.change_passphrase(change).await
}

async fn ask_everything(house: &House) {
    let api = &house.api;
    let id = RepositoryId { repository_id: 1 };
    say("measured", &api.measure_repository(id).await.unwrap());
    say("repository", &api.get_repository(id).await.unwrap());
    say(
        "repositories",
        &api.list_repositories(Nothing {}).await.unwrap(),
    );
    let repository = house.repository();
    say(
        "archives",
        &api.list_archives(ListArchives { repository })
            .await
            .unwrap(),
    );
    say("jobs", &api.list_jobs(ListJobs::default()).await.unwrap());
    say("plans", &api.list_plans(Nothing {}).await.unwrap());
    say("settings", &api.get_settings(Nothing {}).await.unwrap());
    say("system", &api.get_system(Nothing {}).await.unwrap());
    say(
        "diagnostics",
        &api.get_diagnostics(Nothing {}).await.unwrap(),
    );
}

/// Looks at the words and the variables of every process there is, and at the limits of our Borgs, which are counted.
fn in_no_process() -> usize {
    let mut borgs = 0;
    for process in std::fs::read_dir("/proc").unwrap() {
        let process = process.unwrap().path();
        let read = |name: &str| {
            let bytes = std::fs::read(process.join(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let words = read("cmdline");
        for text in [&words, &read("environ")] {
            has_none(text, &process.display().to_string());
        }
        if words.contains("--log-json")
            && read("status").contains(&format!("PPid:\t{}\n", std::process::id()))
        {
            borgs += 1;
            no_core_dump(process.file_name().unwrap().to_str().unwrap());
        }
    }
    borgs
}

/// A limit of one byte keeps a crash from a file and from a program alike.
fn no_core_dump(process: &str) {
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).unwrap_or_default();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let words = core.map(|line| line.split_whitespace().skip(4).take(2).collect::<Vec<_>>());
    assert!(words.is_none_or(|words| words == ["1", "1"]), "{core:?}");
}

/// Looks into every file of the run: records, logs, copies, and what Borg keeps.
fn in_no_file(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            in_no_file(&path);
        } else if let Ok(bytes) = std::fs::read(&path) {
            has_none(
                &String::from_utf8_lossy(&bytes),
                &path.display().to_string(),
            );
        }
    }
}
