//! What goes wrong, each with its own code, sentence and record.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use alcove_api::types::{CreateRepository, Job, JobId, ListBackupJobs, Nothing, StartBackup};
use alcove_store::Status;
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::House;

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
    let repository = house.repository();
    let mut holder = Command::new("borg")
        .args(["with-lock", &repository, "sleep", "600"])
        .env_clear()
        .envs(house.scratch.session())
        .env("BORG_PASSPHRASE", alcove_tests::PASSPHRASE)
        .process_group(0)
        .spawn()
        .unwrap();
    let lock = Path::new(&repository).join("lock.exclusive");
    alcove_tests::try_for(|| lock.exists().then_some(()))
        .await
        .unwrap();
    let job = assert_failed(&house, "repository_locked", "Backup SSD is locked").await;
    assert!(job.error_message.unwrap().contains("lock.exclusive"));
    let group = rustix::process::Pid::from_child(&holder);
    rustix::process::kill_process_group(group, rustix::process::Signal::KILL).unwrap();
    holder.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_named_and_older_archives_stay() {
    let house = House::new();
    let disk = SmallDisk::mount(&house.scratch.folder("disk"), "24m");
    let source = house.scratch.tree("Pictures", 400, 100_000, 2);
    let path = disk.0.join("repository").display().to_string();
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
    let house = with_fake(
        house,
        FakeBorg::new("1.2.4").on("create", Script::new().kill_itself("KILL")),
    )
    .await;
    assert_failed(&house, "borg_killed", "killed from outside").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_borg_that_ends_well_without_an_archive_is_a_failure() {
    let (house, _) = ready().await;
    let house = with_fake(
        house,
        FakeBorg::new("1.4.1").on("create", Script::new().exit(0)),
    )
    .await;
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.borg_exit_code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_borg_that_is_too_old_or_of_the_next_kind_is_named() {
    let (house, _) = ready().await;
    let house = with_fake(house, FakeBorg::new("1.1.18")).await;
    assert_failed(&house, "borg_unsupported", "1.1.18").await;
    let house = with_fake(house, FakeBorg::new("2.0.0b22")).await;
    assert_failed(&house, "borg_unsupported", "2.0.0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absent_borg_is_named_with_the_way_to_install_it() {
    let (house, _) = ready().await;
    let house = restart_unlocked(house, |_, world| {
        world.borg = Some("/nonexistent/borg".into());
    })
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
    let house = with_fake(house, FakeBorg::new("1.2.4").on("create", garbage)).await;
    let job = house.back_up().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_is_tried_again_inside_the_job() {
    let (house, _) = ready().await;
    let broken = || {
        Script::new()
            .stderr(
                b"{\"type\": \"archive_progress\", \"original_size\": 500, \"compressed_size\": 5, \
                \"deduplicated_size\": 5, \"nfiles\": 7, \"path\": \"a\", \"finished\": false}\n",
            )
            .stderr(
                b"{\"type\": \"log_message\", \"levelname\": \"ERROR\", \"name\": \"borg.archiver\", \
                \"message\": \"Connection closed by remote host\", \"msgid\": \"ConnectionClosed\"}\n",
            )
            .exit(80)
    };
    let fake = FakeBorg::new("1.4.1")
        .on("create", broken())
        .on("create", broken())
        .on("create", broken());
    let house = with_fake(house, fake).await;
    let job = assert_failed(&house, "connection_lost", "connection to Backup SSD broke").await;
    assert_eq!(job.attempt, 3);
    let log = house.log(job.id).await;
    assert!(
        log.contains("Attempt 2 begins") && log.contains("Attempt 3 begins"),
        "{log}"
    );

    let well = Script::new().stdout(
        br#"{"archive": {"name": "x", "id": "1", "duration": 1.0, "stats": {"original_size": 900,
        "compressed_size": 9, "deduplicated_size": 9, "nfiles": 9}}, "repository": {"id": "2"}}"#,
    );
    let house = with_fake(
        house,
        FakeBorg::new("1.4.1")
            .on("create", broken())
            .on("create", well),
    )
    .await;
    let job = house.back_up().await;
    assert_eq!(
        (job.status, job.attempt),
        (Status::Completed, 2),
        "{}",
        house.log(job.id).await
    );
    assert_eq!(job.progress_details.nfiles, 9);
}

/// Opens a house again over a fake borg, and hands it the passphrase without asking any Borg.
async fn with_fake(house: House, fake: FakeBorg) -> House {
    let folder = house.scratch.folder(&format!("fake-{}", rand_name()));
    let installed = fake.install(&folder);
    let path = installed.path().to_path_buf();
    restart_unlocked(house, move |_, world| world.borg = Some(path.clone())).await
}

/// A name no other fake of this process has.
fn rand_name() -> u64 {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// Opens a house again with its passphrase in a keyring of the test's.
async fn restart_unlocked(
    house: House,
    change: impl Fn(&alcove_testkit::Scratch, &mut alcove_api::World),
) -> House {
    house
        .restart_with(|scratch, world| {
            world.keyring = keyring_that_knows;
            change(scratch, world);
        })
        .await
}

/// A keyring in which every entry is the tests' passphrase.
#[expect(clippy::unnecessary_wraps, reason = "the shape the engine asks for")]
fn keyring_that_knows() -> Option<std::sync::Arc<keyring_core::CredentialStore>> {
    Some(std::sync::Arc::new(Knowing))
}

#[derive(Debug)]
struct Knowing;

impl keyring_core::api::CredentialStoreApi for Knowing {
    fn vendor(&self) -> String {
        "a keyring for tests".to_owned()
    }

    fn id(&self) -> String {
        "tests".to_owned()
    }

    fn build(
        &self,
        service: &str,
        user: &str,
        _: Option<&std::collections::HashMap<&str, &str>>,
    ) -> keyring_core::Result<keyring_core::Entry> {
        let mock = keyring_core::mock::Store::new()?;
        let entry = mock.build(service, user, None)?;
        entry.set_password(alcove_tests::PASSPHRASE)?;
        Ok(entry)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// A file system of a few megabytes, unmounted when the test ends. Needs root.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, size: &str) -> Self {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(at)
            .status()
            .unwrap();
        assert!(
            mounted.success(),
            "a small disk is mounted, which needs root"
        );
        Self(at.to_owned())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        for _ in 0..50 {
            if Command::new("umount")
                .arg(&self.0)
                .status()
                .is_ok_and(|status| status.success())
            {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}
