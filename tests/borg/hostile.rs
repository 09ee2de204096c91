//! What a hostile file, a hostile Borg or a hostile server can say: every job is decided, and what it said is seen.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use alcove_api::types::Job;
use alcove_store::Status;
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, archive};
use serde_json::json;

/// Runs a backup of a Borg whose `create` says this, then prints these statistics.
async fn over(said: Script) -> (House, Job) {
    let fake = FakeBorg::new("1.4.1").on("create", said);
    let (house, _fake) = House::over_fake(fake).await;
    let job = house.back_up().await;
    (house, job)
}

fn line(event: &serde_json::Value) -> String {
    format!("{event}\n")
}

/// What a log must not have in it, wherever it is read.
fn steers(text: &str) -> bool {
    text.lines().any(|line| line.contains(alcove_store::steers))
}

#[tokio::test(flavor = "multi_thread")]
async fn files_with_hostile_names_are_backed_up_and_named_so_that_each_is_seen() {
    let house = House::new();
    let source = house.scratch.folder("Documents");
    let names: [&[u8]; 6] = [
        b"<img src=x onerror=alert(1)>",
        b"red \x1b[31m and \x1b]0;title\x07",
        "evil\u{202e}fdp.exe".as_bytes(),
        b"not \xff\xfe text",
        b"two\nlines",
        b"--rsh=true",
    ];
    for name in names {
        std::fs::write(source.join(OsStr::from_bytes(name)), name).unwrap();
    }
    let plan = house.create(&[&source]).await.plan.unwrap();
    let change = json!({"plan": plan, "log_files": true});
    house
        .api
        .change_plan(serde_json::from_value(change).unwrap())
        .await
        .unwrap();
    let job = house.back_up_well().await;
    assert_eq!(job.progress_details.nfiles, 6);
    let log = house.log(job.id).await;
    assert!(!steers(&log), "{log:?}");
    for seen in [
        "/<img src=x onerror=alert(1)>",
        "/red \\x1b[31m and \\x1b]0;title\\x07",
        "/evil\\u202efdp.exe",
        "/not ?? text",
        "/two\\nlines",
        "/--rsh=true",
    ] {
        assert!(log.contains(seen), "{seen} is not in\n{log}");
    }
    for line in house.lines(job.id).await {
        assert!(!steers(&line.text), "{:?}", line.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_line_of_ten_megabytes_is_cut_and_the_backup_goes_on() {
    let message = "x".repeat(10_000_000);
    let long = line(
        &json!({"type": "log_message", "levelname": "INFO", "name": "borg", "message": message}),
    );
    let (house, job) = over(Script::new().stderr(long).and(archive())).await;
    assert_eq!(job.status, Status::Completed);
    let lines = house.lines(job.id).await;
    let longest = lines.iter().map(|line| line.content.len()).max().unwrap();
    assert!((60_000..=64 * 1024).contains(&longest), "{longest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_without_an_end_leaves_a_decided_job() {
    let endless = vec![b'x'; 64 << 20];
    let (house, job) = over(Script::new().stderr(endless).and(archive())).await;
    assert_eq!(job.status, Status::Completed);
    let size = house.log(job.id).await.len();
    assert!(size < 128 * 1024, "{size}");
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_are_none_leave_counts_and_percent_as_they_should_be() {
    let numbers = [
        r#"{"type": "archive_progress", "original_size": -5, "nfiles": -1.5, "path": "a"}"#,
        r#"{"type": "archive_progress", "original_size": NaN, "nfiles": Infinity, "path": "a"}"#,
        r#"{"type": "archive_progress", "original_size": 1e400, "nfiles": 1e308, "path": "a"}"#,
        r#"{"type": "archive_progress", "original_size": 99999999999999999999999999, "nfiles": 1, "path": "a"}"#,
        r#"{"type": "progress_percent", "current": -1, "total": 0, "operation": -9, "msgid": "cache.sync"}"#,
    ];
    let (_house, job) = over(
        Script::new()
            .stderr(numbers.join("\n") + "\n")
            .and(archive()),
    )
    .await;
    assert_eq!((job.status, job.progress), (Status::Completed, 100));
    assert_eq!(job.progress_details.nfiles, 9);

    let (_house, job) = over(Script::new().stderr(numbers.join("\n") + "\n").exit(2)).await;
    assert_eq!(job.status, Status::Failed);
    assert!((0.0..100.0).contains(&job.progress_details.progress_percent));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_is_kept_as_text_and_the_job_is_decided() {
    let deep = format!("{{\"type\": {}\n", "[".repeat(100_000));
    let glued = "Enter passphrase for key /r: {\"type\": \"log_message\", \"levelname\": \"INFO\", \"message\": \"glued\"}\n";
    let bytes: &[u8] = b"nul \0 and \xff\xfe\n{\"\xff\": 1}\n\x1b[2J\n\xe2\x80\xae";
    let said = Script::new()
        .stderr(deep)
        .stderr(glued)
        .stderr(bytes)
        .and(archive());
    let (house, job) = over(said).await;
    assert_eq!(job.status, Status::Completed);
    let log = house.log(job.id).await;
    assert!(!steers(&log), "{log:?}");
    for seen in [
        "glued",
        "Enter passphrase for key",
        "nul \\x00 and \u{fffd}\u{fffd}",
        "\\x1b[2J",
        "\\u202e",
    ] {
        assert!(log.contains(seen), "{seen}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_million_questions_are_a_decided_job_and_none_is_answered() {
    let question = line(&json!({
        "type": "question_prompt", "msgid": "BORG_RELOCATED_REPO_ACCESS_IS_OK", "message": "Really?",
    }));
    let (house, job) = over(Script::new().stderr(question.repeat(1_000_000)).exit(2)).await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.waiting_for, None);
    drop(house);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_borg_that_finishes_again_and_again_does_not_fill_the_record() {
    let progress = line(
        &json!({"type": "archive_progress", "original_size": 1, "nfiles": 1, "path": "a", "finished": false}),
    );
    let finished = line(&json!({"type": "archive_progress", "finished": true}));
    let (_house, job) = over(
        Script::new()
            .stderr((progress + &finished).repeat(10_000))
            .and(archive()),
    )
    .await;
    assert_eq!(job.status, Status::Completed);
    assert!(job.phases.len() < 10, "{}", job.phases.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_a_server_in_a_sentence_are_seen_and_not_obeyed() {
    let said = json!({
        "type": "log_message", "levelname": "ERROR", "name": "borg.archiver",
        "message": "\u{1b}[2Jno such \u{202e}thing",
    });
    let (_house, job) = over(Script::new().stderr(line(&said)).exit(2)).await;
    let sentence = job.error_message.unwrap();
    assert!(!steers(&sentence), "{sentence:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn someone_who_listens_and_never_answers_does_not_stop_a_job() {
    let flood = Script::new().flood(20_000).and(archive());
    let (house, _fake) = House::over_fake(FakeBorg::new("1.4.1").on("create", flood)).await;
    let _deaf = house.api.watch();
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Completed);
}
