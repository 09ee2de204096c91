//! The person's own programs around a backup: when they run, what they are told, and that none of them holds it up.

use std::fs;
use std::path::{Path, PathBuf};

use alcove_api::ErrorCode;
use alcove_api::types::{ChangePlan, Job};
use alcove_store::{Phase, Status};
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, archive, try_for};
use serde_json::{Value, json};

async fn with(hooks: Value) -> House {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    set(&house, hooks).await;
    house
}

async fn set(house: &House, hooks: Value) {
    let change: ChangePlan = serde_json::from_value(json!({ "plan": 1, "hooks": hooks })).unwrap();
    house.api.change_plan(change).await.unwrap();
}

/// A script that notes in a file of the home, by its line's end, that it ran.
fn notes(when: &str, what: &str) -> Value {
    json!({ "when": when, "command": format!("echo {what} >> ran"), "time_limit": 60 })
}

fn ran(house: &House) -> String {
    let text = fs::read_to_string(house.scratch.home().join("ran")).unwrap_or_default();
    text.lines().collect::<Vec<_>>().join(" ")
}

fn phases(job: &Job) -> Vec<Phase> {
    job.phases.iter().map(|began| began.phase).collect()
}

/// What failed, and how the job says it.
fn blamed(job: &Job) -> (Option<&str>, String) {
    let said = job.error_message.clone().unwrap_or_default();
    (job.error_code.as_deref(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_run_around_the_backup_and_what_they_say_is_in_its_log() {
    let house = with(json!([
        { "when": "before", "command": "echo made; echo complained >&2; env | sort > told", "time_limit": 60 },
        { "when": "always", "command": "cp told told-before; env | sort > told; pwd", "time_limit": 60 },
        notes("success", "success"),
        notes("warning", "warning"),
        notes("failure", "failure"),
    ]))
    .await;
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Completed);
    assert_eq!(job.error_code, None);
    let of_hooks = [Phase::HookBefore, Phase::HookAfter];
    let seen = phases(&job);
    assert!(
        of_hooks.iter().all(|phase| seen.contains(phase)),
        "{seen:?}"
    );
    assert_eq!(ran(&house), "success");
    let log = house.log(job.id).await;
    let place = |said: &str| log.find(said).unwrap_or_else(|| panic!("{said}: {log}"));
    let home = house.scratch.home().display().to_string();
    for said in ["INFO | made", "INFO | complained"] {
        assert!(place(said) < place("Creating archive at"), "{log}");
    }
    assert!(
        place("is complete") < place(&format!("INFO | {home}")),
        "{log}"
    );
    assert!(log.contains("The script has ended well after"), "{log}");

    let told = |file: &str| fs::read_to_string(house.scratch.home().join(file)).unwrap();
    let repository = house.repository();
    let archive = job.archive_name.unwrap();
    for line in [
        "ALCOVE_WHEN=before".to_owned(),
        format!("ALCOVE_JOB={}", job.id),
        "ALCOVE_PLAN=Home".to_owned(),
        format!("ALCOVE_REPOSITORY={repository}"),
        "ALCOVE_TRIGGER=manual".to_owned(),
        "ALCOVE_STATUS=running".to_owned(),
        format!("HOME={home}"),
    ] {
        assert!(
            told("told-before").lines().any(|told| told == line),
            "{line}: {}",
            told("told-before")
        );
    }
    for line in [
        "ALCOVE_WHEN=always".to_owned(),
        "ALCOVE_STATUS=completed".to_owned(),
        format!("ALCOVE_ARCHIVE={archive}"),
    ] {
        assert!(
            told("told").lines().any(|told| told == line),
            "{line}: {}",
            told("told")
        );
    }
    assert!(!told("told").contains("PASSPHRASE") && !told("told").contains("quiet linen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_may_make_what_is_backed_up() {
    let house = with(json!([])).await;
    let source = house.scratch.home().join("Documents");
    let dump = source.join("dump");
    let line = format!("mkdir {0} && echo rows > {0}/dump", source.display());
    fs::remove_dir_all(&source).unwrap();
    set(
        &house,
        json!([{ "when": "before", "command": ["sh", "-c", line], "time_limit": 60 }]),
    )
    .await;
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(job.id).await);
    assert_eq!(job.progress_details.nfiles, 1);
    assert!(dump.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_before_the_backup_that_fails_is_why_nothing_is_backed_up() {
    let house = with(json!([
        { "when": "before", "command": "echo no database >&2; exit 3", "time_limit": 60 },
        notes("before", "second"),
        notes("success", "success"),
        notes("failure", "$ALCOVE_STATUS,$ALCOVE_ERROR"),
        notes("always", "always"),
    ]))
    .await;
    let job = house.back_up().await;
    let (code, said) = blamed(&job);
    assert_eq!((job.status, code), (Status::Failed, Some("hook_failed")));
    assert!(
        said.starts_with("The script before the backup of Home ended with exit status: 3."),
        "{said}"
    );
    assert!(said.contains("Nothing was backed up."), "{said}");
    assert_eq!(ran(&house), "failed,hook_failed always");
    assert!(house.log(job.id).await.contains("no database"));
    assert_eq!(house.archives(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_after_the_backup_that_fails_changes_nothing_of_its_outcome() {
    let house = with(json!([
        { "when": "success", "command": ["/no/such/program"], "time_limit": 60 },
        notes("always", "always"),
    ]))
    .await;
    let job = house.back_up().await;
    let (code, said) = blamed(&job);
    assert_eq!((job.status, code), (Status::Completed, Some("hook_failed")));
    assert!(
        said.contains("after the backup of Home could not be started"),
        "{said}"
    );
    assert_eq!(ran(&house), "always");
    assert_eq!(house.archives().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_warning_and_after_a_failure_of_borg_their_own_scripts_run() {
    let house = with(json!([
        notes("success", "success"),
        notes("warning", "warning"),
        notes("failure", "$ALCOVE_ERROR"),
        notes("always", "always"),
    ]))
    .await;
    let fake = FakeBorg::new("1.4.1")
        .on("create", archive().exit(1))
        .on("create", Script::new().exit(2));
    let house = house.take_fake(fake).await;
    assert_eq!(house.back_up().await.status, Status::CompletedWithWarnings);
    assert_eq!(house.back_up().await.status, Status::Failed);
    assert_eq!(ran(&house), "warning always borg_failed always");
}

/// The numbers of the processes a script noted in a file of the home.
async fn processes(house: &House, file: &str) -> Vec<PathBuf> {
    let file = house.scratch.home().join(file);
    let noted = || {
        fs::read_to_string(&file)
            .ok()
            .filter(|text| text.lines().count() == 2)
    };
    let noted = try_for(noted).await.unwrap();
    noted
        .lines()
        .map(|process| Path::new("/proc").join(process))
        .collect()
}

async fn are_gone(processes: &[PathBuf]) {
    let gone = || {
        processes
            .iter()
            .all(|process| !process.exists())
            .then_some(())
    };
    try_for(gone).await.unwrap();
}

/// A script with a child that would run for an hour, and says which two processes they are.
const HOUR: &str = "echo $$ > both; sleep 3600 & echo $! >> both; wait";

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_stops_a_script_with_its_children_and_what_always_runs_does() {
    let house = with(json!([
        { "when": "before", "command": HOUR, "time_limit": 3600 },
        notes("failure", "failure"),
        notes("always", "$ALCOVE_STATUS"),
    ]))
    .await;
    let id = house.start().await;
    let both = processes(&house, "both").await;
    assert_eq!(house.job(id).await.phase, Phase::HookBefore);
    house.cancel(id).await.unwrap();
    let job = house.ended(id).await;
    assert_eq!((job.status, job.error_code), (Status::Cancelled, None));
    are_gone(&both).await;
    assert_eq!(ran(&house), "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_does_not_end_is_stopped_at_its_time_limit_though_it_will_not_hear() {
    let house = with(json!([
        { "when": "before", "command": format!("trap '' TERM; {HOUR}"), "time_limit": 5 },
    ]))
    .await;
    let job = house.back_up().await;
    let (code, said) = blamed(&job);
    assert_eq!((job.status, code), (Status::Failed, Some("hook_failed")));
    assert!(
        said.contains("had not ended after 5 s and was stopped"),
        "{said}"
    );
    are_gone(&processes(&house, "both").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_much_or_leaves_something_behind_holds_nothing_up() {
    let house = with(json!([
        { "when": "before", "command": "for n in 1 2 3; do head -c 100000 /dev/zero | tr '\\0' x; echo; done; echo end >&2", "time_limit": 600 },
        { "when": "always", "command": "sleep 600 & echo left $!", "time_limit": 600 },
    ]))
    .await;
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Completed);
    let log = house.log(job.id).await;
    let said = log
        .lines()
        .filter(|line| line.contains("INFO | xxxx"))
        .count();
    assert_eq!(said, 3);
    assert!(log.contains("INFO | end"), "what it said at last is there");
    let left = log
        .lines()
        .find_map(|line| line.split("INFO | left ").nth(1))
        .unwrap();
    let left = rustix::process::Pid::from_raw(left.trim().parse().unwrap()).unwrap();
    rustix::process::kill_process(left, rustix::process::Signal::KILL).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_shell_reads_a_list_of_arguments() {
    let house = with(json!([
        { "when": "before", "command": ["echo", "$HOME", "a  b", "; exit 1"], "time_limit": 60 },
    ]))
    .await;
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Completed);
    let log = house.log(job.id).await;
    assert!(log.contains("INFO | $HOME a  b ; exit 1"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_alcove_is_closed_a_script_is_stopped_and_what_always_runs_does() {
    let house = with(json!([
        { "when": "before", "command": HOUR, "time_limit": 3600 },
        notes("failure", "failure"),
        notes("always", "always"),
    ]))
    .await;
    let id = house.start().await;
    let both = processes(&house, "both").await;
    let house = house.restart().await;
    let job = house.job(id).await;
    let code = job.error_code.as_deref();
    assert_eq!((job.status, code), (Status::Failed, Some("interrupted")));
    are_gone(&both).await;
    assert_eq!(ran(&house), "always");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_backup_whose_scripts_alcove_left_still_says_why_it_failed() {
    let house = with(json!([
        { "when": "before", "command": "exit 3", "time_limit": 60 },
    ]))
    .await;
    let id = house.back_up().await.id;
    // As a kill leaves the record while what follows a failure runs.
    let (house, ()) = house
        .edit(|store| {
            let job = store.job(id).unwrap().unwrap();
            let left = alcove_store::Job {
                phase: Phase::HookAfter,
                active: true,
                ended_at: None,
                ..job
            };
            store.save_job(&left).unwrap();
        })
        .await;
    let job = house.job(id).await;
    assert_eq!((job.phase, job.active), (Phase::Ended, false));
    let (code, said) = blamed(&job);
    assert_eq!((job.status, code), (Status::Failed, Some("hook_failed")));
    assert!(!said.contains("safe"), "{said}");
    let log = house.log(id).await;
    assert!(
        log.contains("while the scripts after this backup ran"),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn diagnostics_have_nothing_of_a_script() {
    let house = with(json!([
        { "when": "before", "command": "echo said-by-it; : --password=hidden; exit 3", "time_limit": 60 },
    ]))
    .await;
    house.back_up().await;
    let text = house
        .api
        .get_diagnostics(alcove_api::types::Nothing {})
        .await
        .unwrap()
        .text;
    assert!(text.contains("The script ended with"), "{text}");
    for hidden in ["said-by-it", "hidden"] {
        assert!(!text.contains(hidden), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_ends_with_a_question_has_its_scripts_and_so_has_the_next() {
    let house = with(json!([
        notes("before", "before"),
        notes("always", "$ALCOVE_STATUS")
    ]))
    .await;
    let house = house.restart().await;
    let id = house.start().await;
    house.wait(id, |job| job.waiting_for.is_some()).await;
    // It waits before its first turn: nothing ran yet.
    assert_eq!(ran(&house), "");
    let wrong = crate::passphrase::unlock(&house, "not it");
    house.api.unlock_repository(wrong).await.unwrap_err();
    let right = crate::passphrase::unlock(&house, alcove_tests::PASSPHRASE);
    house.api.unlock_repository(right).await.unwrap();
    assert_eq!(house.ended(id).await.status, Status::Completed);
    assert_eq!(ran(&house), "before completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_cannot_be_run_is_refused_when_it_is_saved() {
    let house = with(json!([notes("before", "kept")])).await;
    for hooks in [
        json!([{ "when": "before", "command": " ", "time_limit": 60 }]),
        json!([{ "when": "before", "command": [], "time_limit": 60 }]),
        json!([{ "when": "always", "command": "true", "time_limit": 0 }]),
    ] {
        let change: ChangePlan =
            serde_json::from_value(json!({ "plan": 1, "hooks": hooks })).unwrap();
        let refused = house.api.change_plan(change).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::BadArgument);
        assert_eq!(refused.field.as_deref(), Some("hooks"));
    }
    house.back_up().await;
    assert_eq!(ran(&house), "kept");
}
