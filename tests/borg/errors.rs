//! What goes wrong, each with its own code, sentence and record.

use std::path::{Path, PathBuf};
use std::time::Duration;

use alcove_api::types::{CreateRepository, Job, JobId, ListBackupJobs, Nothing, StartBackup};
use alcove_store::Status;
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, REPOSITORY_ID, SmallDisk, archive, repository_list};
use serde_json::json;

async fn assert_failed(house: &House, code: &str, says: &str) -> Job {
    let job = house.back_up().await;
    let log = house.log(job.id).await;
    assert_eq!(job.status, Status::Failed, "{log}");
    assert_eq!(job.error_code.as_deref(), Some(code), "{log}");
    let message = job.error_message.clone().unwrap();
    assert!(message.contains(says), "{message}");
    assert!(log.contains(says), "the log says it too: {log}");
    assert!(job.ended_at.is_some() && job.completed_at.is_some());
    job
}

async fn ready() -> (House, PathBuf) {
    let house = House::new();
    let source = house.scratch.tree("Documents", 20, 1_000, 1);
    house.create(&[&source]).await;
    (house, source)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_source_is_found_before_borg_starts() {
    let (house, source) = ready().await;
    std::fs::remove_dir_all(&source).unwrap();
    let job = assert_failed(&house, "source_missing", &source.display().to_string()).await;
    assert_eq!(job.command, None);
    assert_eq!(house.archives(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_gone_is_named() {
    let (house, _) = ready().await;
    std::fs::remove_dir_all(house.repository()).unwrap();
    assert_failed(
        &house,
        "repository_missing",
        "no repository at the place of Backup SSD",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_goes_away_while_borg_writes_to_it_is_named() {
    let (house, _) = ready().await;
    let traceback = "Local Exception\nKeyError: ('vm@1', 4928, 0)\n";
    let fails = Script::new()
        .wait_for_release("create")
        .stderr(traceback)
        .exit(2);
    let fake = FakeBorg::new("1.4.1").on("create", fails);
    let program = fake.install(&house.scratch.folder("fake"));
    let borg = program.path().to_path_buf();
    let house = house
        .restart_unlocked(|_, world| world.borg = Some(borg.clone()))
        .await;
    let id = house.start().await;
    house.wait(id, |job| job.command.is_some()).await;
    std::fs::rename(
        house.repository(),
        house.scratch.path().join("another drive"),
    )
    .unwrap();
    program.release("create");
    let job = house.ended(id).await;
    assert_eq!(job.error_code.as_deref(), Some("repository_missing"));
    assert!(house.log(id).await.contains("KeyError"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_repository_is_named() {
    let (house, _) = ready().await;
    std::fs::remove_dir_all(house.repository()).unwrap();
    std::fs::create_dir(house.repository()).unwrap();
    assert_failed(&house, "not_a_repository", "not a Borg repository").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_repository_at_the_same_place_is_refused_with_both_ids() {
    let (house, _) = ready().await;
    let id = |house: &House| alcove_borg::repository_id_at(Path::new(&house.repository())).unwrap();
    let known = id(&house);
    std::fs::remove_dir_all(house.repository()).unwrap();
    let made = house.borg(&["init", "-e", "repokey-blake2", &house.repository()]);
    assert!(made.status.success());
    let there = id(&house);
    let job = assert_failed(&house, "repository_replaced", &known).await;
    assert!(job.error_message.unwrap().contains(&there));
    assert_eq!(house.archives(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_repository_is_named_with_its_lock() {
    let (house, _) = ready().await;
    // Another Borg that holds the lock for longer than the job waits.
    let at_once = |_: &alcove_testkit::Scratch, world: &mut alcove_api::World| {
        world.lock_wait = Some(std::time::Duration::ZERO);
    };
    let house = house.restart_unlocked(at_once).await;
    let holder = house.terminal().hold(&house.repository()).await;
    let job = assert_failed(&house, "repository_locked", "Backup SSD is locked").await;
    let why = job.error_message.unwrap();
    let held = format!("Held by process {} on ", holder.id());
    assert!(
        why.contains("lock.exclusive") && why.contains(&held),
        "{why}"
    );
    holder.let_go();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_named_and_older_archives_stay() {
    let house = House::new();
    let disk = SmallDisk::mount(house.scratch.folder("disk"), "24m");
    let source = house.scratch.tree("Pictures", 400, 100_000, 2);
    let path = disk.path().join("repository").display().to_string();
    let new = CreateRepository {
        path: path.clone(),
        ..house.new_repository(&[&source])
    };
    house.api.create_repository(new).await.unwrap();
    let id = house
        .api
        .start_backup(StartBackup {
            repository: path,
            ..StartBackup::default()
        })
        .await
        .unwrap()
        .job_id;
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Failed, "{}", house.log(id).await);
    assert_eq!(
        job.error_code.as_deref(),
        Some("disk_full"),
        "{}",
        house.log(id).await
    );
    assert!(job.progress < 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_borg_that_is_killed_is_a_failure_even_without_a_word() {
    let (house, _) = ready().await;
    let house = house
        .take_fake(FakeBorg::new("1.2.4").on("create", Script::new().kill_itself("KILL")))
        .await;
    assert_failed(&house, "borg_killed", "killed from outside").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_borg_that_ends_well_without_an_archive_is_a_failure() {
    let (house, _) = ready().await;
    let house = house
        .take_fake(FakeBorg::new("1.4.1").on("create", Script::new().exit(0)))
        .await;
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.borg_exit_code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_borg_that_is_too_old_or_of_the_next_kind_is_named() {
    let (house, _) = ready().await;
    let house = house.take_fake(FakeBorg::new("1.1.18")).await;
    assert_failed(&house, "borg_unsupported", "1.1.18").await;
    let house = house.take_fake(FakeBorg::new("2.0.0b22")).await;
    assert_failed(&house, "borg_unsupported", "2.0.0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absent_borg_is_named_with_the_way_to_install_it() {
    let (house, _) = ready().await;
    let house = house
        .restart_unlocked(|_, world| world.borg = Some("/nonexistent/borg".into()))
        .await;
    assert_failed(&house, "borg_missing", "/nonexistent/borg").await;
    let system = house.api.get_system(Nothing {}).await.unwrap();
    assert!(system.borg.version.is_none() && system.borg.problem.is_some());
    assert!(system.borg.install_command.unwrap().contains("install"));
}

#[tokio::test(flavor = "multi_thread")]
async fn garbage_from_borg_breaks_nothing_and_stands_in_the_log() {
    let (house, _) = ready().await;
    let garbage = Script::new()
        .stderr(b"\xff\xfe plain text\n{\"type\": \"archive_progress\", \"nfiles\": \"many\"}\n")
        .stderr(b"{\"type\": \"of_the_future\", \"x\": 1}\nEnter passphrase: {\"type\": \"log_message\", ")
        .stderr(b"\"levelname\": \"ERROR\", \"name\": \"borg\", \"message\": \"glued\", \"msgid\": \"PassphraseWrong\"}")
        .exit(2);
    let house = house
        .take_fake(FakeBorg::new("1.2.4").on("create", garbage))
        .await;
    let id = house.start().await;
    let job = house.wait(id, |job| job.waiting_for.is_some()).await;
    assert_eq!(job.error_code.as_deref(), Some("passphrase_wrong"));
    let log = house.log(job.id).await;
    for word in ["plain text", "of_the_future", "glued"] {
        assert!(log.contains(word), "{word}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_where_something_stands_is_refused_and_changes_nothing() {
    let (house, source) = ready().await;
    let again = house
        .api
        .create_repository(house.new_repository(&[&source]))
        .await
        .unwrap_err();
    assert_eq!(again.code.as_str(), "repository_exists");
    let taken = house.scratch.folder("taken");
    std::fs::write(taken.join("precious"), "x").unwrap();
    let there = CreateRepository {
        path: taken.display().to_string(),
        ..house.new_repository(&[&source])
    };
    let refused = house.api.create_repository(there).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "destination_not_empty", "{refused}");
    assert_eq!(std::fs::read_dir(&taken).unwrap().count(), 1);
    assert_eq!(
        house
            .api
            .list_repositories(Nothing {})
            .await
            .unwrap()
            .repositories
            .len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_arguments_are_refused_with_the_name_of_the_field() {
    let (house, source) = ready().await;
    let start = |repository: String| {
        house.api.start_backup(StartBackup {
            repository,
            ..StartBackup::default()
        })
    };
    for bad in [String::new(), "x".repeat(10_000), "/a\nb".to_owned()] {
        let refused = start(bad).await.unwrap_err();
        assert_eq!(
            (refused.code.as_str(), refused.field.as_deref()),
            ("bad_argument", Some("repository"))
        );
    }
    let unknown_plan = StartBackup {
        repository: house.repository(),
        plan: Some(99),
        retry_of: None,
    };
    let refused = house.api.start_backup(unknown_plan).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("plan"));
    for limit in [0, -1, 1001, 1_000_000_000_000_000_000] {
        let list = ListBackupJobs {
            limit: Some(limit),
            ..ListBackupJobs::default()
        };
        assert_eq!(
            house
                .api
                .list_backup_jobs(list)
                .await
                .unwrap_err()
                .field
                .as_deref(),
            Some("limit")
        );
    }
    let unknown = house
        .api
        .get_backup_status(JobId { job_id: 99 })
        .await
        .unwrap_err();
    assert_eq!(unknown.code.as_str(), "not_found");
    let field = |new: CreateRepository| async {
        house
            .api
            .create_repository(new)
            .await
            .map(|_| ())
            .unwrap_err()
            .field
            .unwrap_or_default()
    };
    let new = || CreateRepository {
        path: house.scratch.path().join("new").display().to_string(),
        ..house.new_repository(&[&source])
    };
    assert_eq!(
        field(CreateRepository {
            path: "relative".into(),
            ..new()
        })
        .await,
        "path"
    );
    assert_eq!(
        field(CreateRepository {
            name: "  ".into(),
            ..new()
        })
        .await,
        "name"
    );
    assert_eq!(
        field(CreateRepository {
            passphrase: None,
            ..new()
        })
        .await,
        "passphrase"
    );
    assert_eq!(
        field(CreateRepository {
            encryption: Some("rot13".into()),
            ..new()
        })
        .await,
        "encryption"
    );
    let relative = Some(vec!["Documents".to_owned()]);
    assert_eq!(
        field(CreateRepository {
            source_directories: relative,
            ..new()
        })
        .await,
        "source_directories"
    );
    assert!(!house.scratch.path().join("new").exists());
}

/// Plays a `create` whose connection breaks, after a checkpoint where `kept`.
fn broken(kept: bool) -> Script {
    let script = Script::new().stderr(
        b"{\"type\": \"archive_progress\", \"original_size\": 500, \"compressed_size\": 5, \
        \"deduplicated_size\": 5, \"nfiles\": 7, \"path\": \"a\", \"finished\": false}\n",
    );
    let saved = b"{\"operation\": 4, \"msgid\": \"cache.commit\", \"type\": \"progress_message\", \
        \"finished\": true}\n";
    let script = if kept { script.stderr(saved) } else { script };
    script
        .stderr(
            b"{\"type\": \"log_message\", \"levelname\": \"ERROR\", \"name\": \"borg.archiver\", \
            \"message\": \"Connection closed by remote host\", \"msgid\": \"ConnectionClosed\"}\n",
        )
        .exit(80)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_is_tried_again_inside_the_job() {
    let (house, _) = ready().await;
    let fake = FakeBorg::new("1.4.1").on("create", broken(false));
    let house = house.take_fake(fake).await;
    let job = assert_failed(&house, "connection_lost", "connection to Backup SSD broke").await;
    assert_eq!(job.attempt, 5);
    let log = house.log(job.id).await;
    assert!(
        log.contains("Attempt 2 begins") && log.contains("Attempt 5 begins"),
        "{log}"
    );

    let fake = FakeBorg::new("1.4.1")
        .on("create", broken(false))
        .on("create", archive());
    let house = house.take_fake(fake).await;
    let job = house.back_up().await;
    assert_eq!(
        (job.status, job.attempt),
        (Status::Completed, 2),
        "{}",
        house.log(job.id).await
    );
    assert_eq!(job.progress_details.nfiles, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_again_and_again_is_tried_for_as_long_as_something_is_kept() {
    let (house, _) = ready().await;
    let attempts = [false, false, false, false, true].repeat(2);
    let fake = attempts
        .into_iter()
        .map(broken)
        .chain([archive()])
        .fold(FakeBorg::new("1.4.1"), |fake, script| {
            fake.on("create", script)
        });
    let house = house.take_fake(fake).await;
    let job = house.back_up().await;
    let log = house.log(job.id).await;
    assert_eq!((job.status, job.attempt), (Status::Completed, 11), "{log}");
    assert_eq!(job.kept_size.0, 10);
    assert!(
        log.contains("Attempt 6 begins in 0 s. 5 B are kept."),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_the_next_attempt_is_told_and_a_cancel_does_not_wait_for_it() {
    let fake = FakeBorg::new("1.4.1").on("create", broken(true));
    let (house, _) = House::over_fake(fake).await;
    let hour = std::time::Duration::from_hours(1);
    let house = house
        .restart_unlocked(|_, world| world.reconnect_wait = hour)
        .await;
    let id = house.start().await;
    let job = house.wait(id, |job| job.attempt == 2).await;
    assert_eq!(job.kept_size.0, 5);
    assert_eq!((job.status, job.active), (Status::Running, true));
    let next: jiff::Timestamp = job.next_try_at.unwrap().parse().unwrap();
    let now = jiff::Timestamp::now();
    assert!(now < next && next.duration_since(now) <= jiff::SignedDuration::from_mins(15));
    house.cancel(id).await.unwrap();
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Cancelled);
    assert_eq!(job.next_try_at, None);
}

/// Plays what a real Borg once said when it failed, with its exit code.
fn recorded(sample: &str) -> Script {
    let read = |kind: &str| {
        let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/borg/tests/samples");
        std::fs::read(format!("{samples}/{sample}.{kind}")).unwrap()
    };
    let code = String::from_utf8(read("rc")).unwrap();
    Script::new()
        .stderr(read("stderr"))
        .exit(code.trim().parse().unwrap())
}

/// What a real Borg said, the code of it, and words of its sentence.
const FAILURES: &[(&str, &str, &str)] = &[
    (
        "err-repo-missing",
        "repository_missing",
        "no repository at the place of Backup SSD",
    ),
    (
        "err-repo-not-a-repo",
        "not_a_repository",
        "not a Borg repository",
    ),
    ("err-borg2-repo", "not_a_repository", "made by Borg 2"),
    (
        "err-wrong-passphrase",
        "passphrase_wrong",
        "does not open Backup SSD",
    ),
    (
        "err-no-passphrase-stdin-null",
        "passphrase_needed",
        "needs its passphrase",
    ),
    (
        "err-keyfile-missing",
        "key_missing",
        "The key of Backup SSD is not on this computer",
    ),
    (
        "err-repokey-missing",
        "key_missing",
        "The key of Backup SSD is not on this computer",
    ),
    (
        "err-repo-permission-denied",
        "repository_not_writable",
        "may not write to Backup SSD",
    ),
    (
        "err-cache-dir-unwritable",
        "file_failed",
        "its own folders on this computer",
    ),
    ("err-ssh-refused", "connection_failed", "Connection refused"),
    (
        "err-ssh-auth-fail",
        "connection_failed",
        "Permission denied",
    ),
    ("err-ssh-noise-banner", "connection_failed", "MOTD-NOISE"),
    (
        "err-ssh-path-not-allowed",
        "path_not_allowed",
        "does not allow",
    ),
    ("err-disk-full-create", "disk_full", "is full"),
    (
        "err-quota-exceeded",
        "quota_exceeded",
        "quota of Backup SSD is used up",
    ),
    (
        "err-insufficient-free-space",
        "disk_full",
        "a reserve of free space",
    ),
    (
        "err-archive-exists",
        "archive_exists",
        "an archive of this name",
    ),
    (
        "err-relocated-env-no",
        "repository_relocated",
        "from another location",
    ),
    (
        "err-unknown-unencrypted-env-no",
        "repository_unconfirmed",
        "not encrypted",
    ),
    (
        "err-replay-old-repo",
        "repository_replaced",
        "not the repository Alcove knows",
    ),
    (
        "err-corrupt-extract",
        "repository_damaged",
        "Backup SSD is damaged",
    ),
];

/// What only one of the two versions was recorded with.
const FAILURES_OF_ONE: &[(&str, &str, &str)] = &[
    (
        "1.2.4/err-corrupt-chunks-cache",
        "cache_damaged",
        "cache of Backup SSD",
    ),
    (
        "1.2.4/err-locked-create-wait1",
        "repository_locked",
        "lock.exclusive",
    ),
    (
        "1.2.4/err-ssh-unknown-hostkey",
        "connection_failed",
        "cannot be reached",
    ),
    ("1.2.4/err-bad-compression", "borg_rejected", "compression"),
    ("1.2.4/err-bad-pattern", "borg_rejected", "re.error"),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_a_real_borg_once_said_has_its_code_its_sentence_and_its_record() {
    let both = FAILURES.iter().flat_map(|(sample, code, says)| {
        [format!("1.2.4/{sample}"), format!("1.4.5/{sample}.modern")]
            .map(|sample| (sample, *code, *says))
    });
    let one = FAILURES_OF_ONE
        .iter()
        .map(|(sample, code, says)| ((*sample).to_owned(), *code, *says));
    let rows: Vec<_> = both.chain(one).collect();
    let fake = rows
        .iter()
        .fold(FakeBorg::new("1.4.1"), |fake, (sample, ..)| {
            fake.on("create", recorded(sample))
        });
    let (house, _) = House::over_fake(fake).await;
    let house = house
        .restart_unlocked(|_, world| {
            world.can_ask = false;
            world.lock_wait = Some(std::time::Duration::ZERO);
        })
        .await;
    for (sample, code, says) in rows {
        let job = assert_failed(&house, code, says).await;
        assert_eq!(job.attempt, 1, "{sample}");
        assert!(job.progress < 100, "{sample}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_breaks_off_is_named_after_the_last_attempt() {
    for sample in [
        "1.2.4/err-ssh-killed-serve",
        "1.4.5/err-ssh-killed-ssh.modern",
    ] {
        let fake = FakeBorg::new("1.4.1").on("create", recorded(sample));
        let (house, fake) = House::over_fake(fake).await;
        let job = assert_failed(&house, "connection_lost", "connection to Backup SSD broke").await;
        assert_eq!(
            (job.attempt, fake.calls("create").len()),
            (5, 5),
            "{sample}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fails_is_named_and_not_the_signal_that_ended_borg_for_it() {
    // Each file of a backup, as Borg 1.2 says it of a repository that cannot be written to.
    let mut said = String::new();
    for file in 0..10 {
        let line = json!({
            "type": "log_message", "time": 1.0, "levelname": "WARNING", "name": "borg.archiver",
            "message": format!("home/{file}.jpg: read: [Errno 5] Input/output error"),
        });
        said.extend([line.to_string().as_str(), "\n"]);
    }
    let goes_on = Script::new().stderr(said).sleep(Duration::from_mins(5));
    let (house, _) = House::over_fake(FakeBorg::new("1.2.4").on("create", goes_on)).await;
    assert_failed(&house, "disk_failing", "A disk does not read or write").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_repository_that_borg_refuses_is_refused_by_its_code_and_leaves_no_record() {
    let rows = [
        ("1.2.4/init-exists", "repository_exists"),
        ("1.2.4/err-init-nonempty-dir", "destination_not_empty"),
        (
            "1.4.5/err-init-nonempty-dir.modern",
            "destination_not_empty",
        ),
        ("1.2.4/err-repo-init-parent-missing", "parent_missing"),
        (
            "1.4.5/err-repo-init-parent-missing.modern",
            "parent_missing",
        ),
    ];
    let fake = rows
        .iter()
        .fold(FakeBorg::new("1.4.1"), |fake, (sample, _)| {
            fake.on("init", recorded(sample))
        });
    let (house, _) = House::over_fake_alone(fake);
    for (sample, code) in rows {
        let source = house.scratch.home();
        let new = house.new_repository(&[&source]);
        let refused = house.api.create_repository(new).await.unwrap_err();
        assert_eq!(refused.code.as_str(), code, "{sample}");
        assert!(!refused.hints.is_empty(), "{sample}");
    }
    let known = house.api.list_repositories(Nothing {}).await.unwrap();
    assert!(known.repositories.is_empty());
}

/// A house over a fake borg with a repository on a server, and its program.
async fn on_a_server(fake: FakeBorg) -> (House, alcove_testkit::Installed, String) {
    let (house, fake) = House::over_fake_alone(fake);
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let location = "ssh://ada@nas/./backup".to_owned();
    let new = CreateRepository {
        path: location.clone(),
        ..house.new_repository(&[&source])
    };
    house.api.create_repository(new).await.unwrap();
    (house, fake, location)
}

async fn back_up_to(house: &House, location: &str) -> Job {
    let args = StartBackup {
        repository: location.to_owned(),
        ..StartBackup::default()
    };
    let id = house.api.start_backup(args).await.unwrap().job_id;
    house.ended(id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_repository_on_a_server_is_refused_with_both_ids_before_anything_is_written() {
    let there = REPOSITORY_ID.replace('b', "c");
    let fake = FakeBorg::new("1.4.1")
        .on("list", repository_list(REPOSITORY_ID))
        .on("list", repository_list(REPOSITORY_ID))
        .on("list", repository_list(&there))
        .on("create", archive());
    let (house, fake, location) = on_a_server(fake).await;
    let well = back_up_to(&house, &location).await;
    assert_eq!(
        well.status,
        Status::Completed,
        "{}",
        house.log(well.id).await
    );
    let job = back_up_to(&house, &location).await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.error_code.as_deref(), Some("repository_replaced"));
    let message = job.error_message.unwrap();
    assert!(
        message.contains(REPOSITORY_ID) && message.contains(&there),
        "{message}"
    );
    assert_eq!(fake.calls("create").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_on_a_server_that_does_not_say_its_id_is_not_written_to() {
    let fake = FakeBorg::new("1.4.1")
        .on("list", repository_list(REPOSITORY_ID))
        .on("list", recorded("1.4.5/err-ssh-refused.modern"))
        .on("list", Script::new().exit(0))
        .on("create", archive());
    let (house, fake, location) = on_a_server(fake).await;
    for code in ["connection_failed", "borg_failed"] {
        let job = back_up_to(&house, &location).await;
        assert_eq!(job.status, Status::Failed);
        assert_eq!(job.error_code.as_deref(), Some(code));
        assert_eq!(job.borg_exit_code, None, "of create alone");
    }
    assert!(fake.calls("create").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_on_a_server_is_asked_for_its_id_once_and_stopped_like_any_borg() {
    let fake = FakeBorg::new("1.4.1")
        .on("list", repository_list(REPOSITORY_ID))
        .on("list", Script::new().wait_for_signal().exit(143));
    let (house, fake, location) = on_a_server(fake).await;
    let args = StartBackup {
        repository: location,
        ..StartBackup::default()
    };
    let id = house.api.start_backup(args).await.unwrap().job_id;
    let asked = || {
        fake.calls("list")
            .get(1)?
            .is_ready_for_signals()
            .then_some(())
    };
    alcove_tests::try_for(asked).await.unwrap();
    assert!(house.cancel(id).await.unwrap());
    assert_eq!(house.ended(id).await.status, Status::Cancelled);
    assert!(fake.calls("create").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_without_a_plan_leaves_a_failed_job_with_a_log() {
    let (house, _) = House::over_fake_alone(FakeBorg::new("1.4.1"));
    let new = CreateRepository {
        source_directories: None,
        ..house.new_repository(&[])
    };
    assert_eq!(house.api.create_repository(new).await.unwrap().plan, None);
    assert_failed(&house, "no_plan", "Backup SSD has no plan").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_borg_that_cannot_be_started_is_named() {
    let (house, _) = House::over_fake(FakeBorg::new("1.4.1")).await;
    let misread = "/a::b";
    let (house, ()) = house
        .edit(|store| {
            let (repository, plan) = (store.repositories().unwrap(), store.plans().unwrap());
            let repository = alcove_store::Repository {
                location: misread.to_owned(),
                borg_id: None,
                ..repository[0].clone()
            };
            let plan = alcove_store::Plan {
                tag: "p9r8u7n6".to_owned(),
                ..plan[0].clone()
            };
            store.insert_repository_with_plan(repository, plan).unwrap();
        })
        .await;
    let job = back_up_to(&house, misread).await;
    assert_eq!(job.error_code.as_deref(), Some("borg_not_started"));
    assert!(job.error_message.unwrap().contains(misread));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_no_keyring_takes_still_opens_the_repository() {
    let (house, _) = House::over_fake(FakeBorg::new("1.4.1")).await;
    let unlock = alcove_api::types::UnlockRepository {
        repository: house.repository(),
        passphrase: alcove_borg::Passphrase::new(alcove_tests::PASSPHRASE.to_owned()),
        remember_passphrase: Some(true),
    };
    let refused = house.api.unlock_repository(unlock).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "keyring_failed");
    assert!(
        refused
            .hints
            .iter()
            .any(|hint| hint.contains("after a restart"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_another_alcove_holds_are_named_with_their_folder() {
    let house = House::new();
    let folder = alcove_store::Folder::at(house.data());
    let world = alcove_api::World::of_session(
        house.scratch.session().into_iter().collect(),
        house.scratch.home(),
    );
    let refused = alcove_api::Api::open(folder, world).err().unwrap();
    assert_eq!(refused.code.as_str(), "store_failed");
    assert!(refused.retryable);
    assert!(
        refused
            .message
            .contains(&house.data().display().to_string()),
        "{refused}"
    );
}
