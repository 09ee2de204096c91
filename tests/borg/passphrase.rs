//! A passphrase: asked for when it is missing, kept nowhere it could be read.

use std::path::PathBuf;
use std::sync::Arc;

use alcove_api::World;
use alcove_api::types::{ChangeRepository, UnlockRepository};
use alcove_borg::Passphrase;
use alcove_store::{KeepPassphrase, Status, WaitingFor};
use alcove_testkit::Scratch;
use alcove_tests::{House, PASSPHRASE, keyring_that_is_wrong};
use keyring_core::CredentialStore;

pub(crate) fn unlock(house: &House, passphrase: &str) -> UnlockRepository {
    UnlockRepository {
        repository: house.repository(),
        passphrase: Passphrase::new(passphrase.to_owned()),
        remember_passphrase: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_a_job_waits_for_the_passphrase_and_then_goes_on() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 10, 100, 1);
    house.create(&[&source]).await;
    let house = house.restart().await;
    let id = house.start().await;
    let job = house.wait(id, |job| job.waiting_for.is_some()).await;
    assert_eq!(job.waiting_for, Some(WaitingFor::Passphrase));
    assert_eq!(
        (job.status, job.active, job.queue_position),
        (Status::Pending, false, None)
    );

    let wrong = house
        .api
        .unlock_repository(unlock(&house, "not it"))
        .await
        .unwrap_err();
    assert_eq!(wrong.code.as_str(), "passphrase_wrong");
    assert!(wrong.message.contains("Backup SSD"), "{wrong}");
    assert_eq!(
        house.job(id).await.waiting_for,
        Some(WaitingFor::Passphrase)
    );

    house
        .api
        .unlock_repository(unlock(&house, PASSPHRASE))
        .await
        .unwrap();
    assert_eq!(house.ended(id).await.status, Status::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_waits_for_its_passphrase_can_be_cancelled() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 10, 100, 1);
    house.create(&[&source]).await;
    let house = house.restart().await;
    let id = house.start().await;
    house.wait(id, |job| job.waiting_for.is_some()).await;
    house
        .api
        .cancel_backup(alcove_api::types::JobId { job_id: id })
        .await
        .unwrap();
    assert_eq!(house.ended(id).await.status, Status::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_is_in_no_file_of_alcove_and_in_no_process() {
    let house = House::new();
    let source = house.scratch.tree("Pictures", 3_000, 30_000, 2);
    house.create(&[&source]).await;
    let id = house.start().await;
    house.wait(id, |job| job.progress_details.nfiles > 0).await;
    let mut looked_at = 0;
    for process in std::fs::read_dir("/proc").unwrap() {
        let process = process.unwrap().path();
        let read = |name: &str| std::fs::read(process.join(name)).unwrap_or_default();
        let words = read("cmdline");
        if !String::from_utf8_lossy(&words).contains(&house.repository()) {
            continue;
        }
        looked_at += 1;
        for bytes in [words, read("environ")] {
            assert!(
                !String::from_utf8_lossy(&bytes).contains(PASSPHRASE),
                "{}",
                process.display()
            );
        }
    }
    assert!(looked_at > 0, "Borg was running");
    house.ended(id).await;
    in_no_file(&house, PASSPHRASE);
}

/// Looks into every file of Alcove's.
pub(crate) fn in_no_file(house: &House, passphrase: &str) {
    let mut folders = vec![house.data()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            assert!(
                !bytes
                    .windows(passphrase.len())
                    .any(|window| window == passphrase.as_bytes()),
                "{}",
                path.display()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_passphrase_is_asked_for_again_and_the_same_job_goes_on() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    let house = house
        .restart_with(|_, world| world.keyring = keyring_that_is_wrong)
        .await;
    let id = house.start().await;
    let job = house.wait(id, |job| job.waiting_for.is_some()).await;
    assert_eq!(
        (job.waiting_for, job.status, job.error_code.as_deref()),
        (
            Some(WaitingFor::Passphrase),
            Status::Pending,
            Some("passphrase_wrong")
        )
    );
    house
        .api
        .unlock_repository(unlock(&house, PASSPHRASE))
        .await
        .unwrap();
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(id).await);
    assert_eq!((job.error_code, job.waiting_for), (None, None));
}

/// One keyring for all tests of this process.
#[expect(clippy::unnecessary_wraps, reason = "the shape the engine asks for")]
pub(crate) fn shared_keyring() -> Option<Arc<CredentialStore>> {
    static KEYRING: std::sync::OnceLock<Arc<CredentialStore>> = std::sync::OnceLock::new();
    Some(Arc::clone(
        KEYRING.get_or_init(|| keyring_core::mock::Store::new().unwrap()),
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_passphrase_is_not_asked_for_again() {
    let house = House::with(|_, world| world.keyring = shared_keyring);
    let source = house.scratch.tree("Documents", 10, 100, 3);
    let mut new = house.new_repository(&[&source]);
    new.remember_passphrase = Some(true);
    let created = house.api.create_repository(new).await.unwrap();
    assert!(created.passphrase_remembered);
    let house = house
        .restart_with(|_, world| world.keyring = shared_keyring)
        .await;
    assert_eq!(house.back_up().await.status, Status::Completed);
}

async fn keep(house: &House, keep_passphrase: KeepPassphrase) -> KeepPassphrase {
    let change = ChangeRepository {
        repository_id: 1,
        name: None,
        append_only: None,
        check: None,
        passcommand: None,
        keep_passphrase: Some(keep_passphrase),
    };
    let changed = house.api.change_repository(change).await.unwrap();
    changed.keep_passphrase
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_that_is_never_kept_is_asked_for_by_each_job_and_forgotten_with_it() {
    let house = House::with(|_, world| world.keyring = shared_keyring);
    let source = house.scratch.tree("Documents", 10, 100, 5);
    let mut new = house.new_repository(&[&source]);
    new.remember_passphrase = Some(true);
    house.api.create_repository(new).await.unwrap();
    assert_eq!(
        keep(&house, KeepPassphrase::Never).await,
        KeepPassphrase::Never
    );
    for _ in 0..2 {
        let id = house.start().await;
        let job = house.wait(id, |job| job.waiting_for.is_some()).await;
        assert_eq!(job.waiting_for, Some(WaitingFor::Passphrase));
        let given = UnlockRepository {
            remember_passphrase: Some(true),
            ..unlock(&house, PASSPHRASE)
        };
        house.api.unlock_repository(given).await.unwrap();
        assert_eq!(house.ended(id).await.status, Status::Completed);
    }
    // Nobody wished for a job: there is nothing it could be kept for.
    let given = unlock(&house, PASSPHRASE);
    house.api.unlock_repository(given).await.unwrap();
    let house = house
        .restart_with(|_, world| world.keyring = shared_keyring)
        .await;
    let id = house.start().await;
    house.wait(id, |job| job.waiting_for.is_some()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_long_a_passphrase_is_kept_is_changed_at_once() {
    let with_keyring = |_: &Scratch, world: &mut World| world.keyring = shared_keyring;
    let house = House::with(with_keyring);
    let source = house.scratch.tree("Documents", 10, 100, 6);
    let created = house.create(&[&source]).await;
    assert_eq!(created.repository.keep_passphrase, KeepPassphrase::Session);
    // What is in memory goes into the keyring.
    keep(&house, KeepPassphrase::Keyring).await;
    let house = house.restart_with(with_keyring).await;
    house.back_up_well().await;
    // And out of it.
    keep(&house, KeepPassphrase::Session).await;
    house.back_up_well().await;
    let house = house.restart_with(with_keyring).await;
    let id = house.start().await;
    house.wait(id, |job| job.waiting_for.is_some()).await;
    let given = UnlockRepository {
        remember_passphrase: Some(true),
        ..unlock(&house, PASSPHRASE)
    };
    house.api.unlock_repository(given).await.unwrap();
    house.ended(id).await;
    let known = house.api.repository(1).await.unwrap();
    assert_eq!(known.keep_passphrase, KeepPassphrase::Keyring);
}

/// A house without anybody to ask, whose repository has its passphrase from a command.
async fn with_a_passcommand(scratch_file: &str) -> (House, PathBuf) {
    let house = House::with(|_, world| world.can_ask = false);
    let file = house.scratch.path().join(scratch_file);
    std::fs::write(&file, format!("{PASSPHRASE}\n")).unwrap();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let mut new = house.new_repository(&[&source]);
    new.passphrase = None;
    new.passcommand = Some(format!("cat '{}'", file.display()));
    house.api.create_repository(new).await.unwrap();
    (house, file)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passcommand_opens_a_repository_for_each_job_anew_and_nobody_is_asked() {
    let (house, file) = with_a_passcommand("a file with spaces").await;
    house.back_up_well().await;
    let house = house.restart_with(|_, world| world.can_ask = false).await;
    house.back_up_well().await;
    std::fs::write(&file, "not it\n").unwrap();
    let job = house.back_up().await;
    assert_eq!(job.error_code.as_deref(), Some("passphrase_wrong"));
    std::fs::write(&file, PASSPHRASE).unwrap();
    house.back_up_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passcommand_that_fails_is_quoted_in_the_log_of_the_job() {
    let (house, file) = with_a_passcommand("pass").await;
    std::fs::remove_file(&file).unwrap();
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.error_code.as_deref(), Some("passphrase_needed"));
    let log = house.log(job.id).await;
    assert!(log.contains("No such file or directory"), "{log}");
    assert!(log.contains("Backup SSD"), "{log}");

    let house = house.restart().await;
    let id = house.start().await;
    house.wait(id, |job| job.waiting_for.is_some()).await;
    let log = house.log(id).await;
    assert!(log.contains("No such file or directory"), "{log}");
    let right = unlock(&house, PASSPHRASE);
    house.api.unlock_repository(right).await.unwrap();
    assert_eq!(house.ended(id).await.status, Status::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passcommand_that_does_not_open_a_new_repository_is_refused_by_name() {
    let house = House::new();
    let refused = async |passcommand: &str, passphrase: Option<&str>| {
        let mut new = house.new_repository(&[]);
        new.passphrase = passphrase.map(|text| Passphrase::new(text.to_owned()));
        new.passcommand = Some(passcommand.to_owned());
        house.api.create_repository(new).await.unwrap_err()
    };
    for (passcommand, passphrase) in [("false", None), ("echo 'x", None), ("echo x", Some("x"))] {
        let error = refused(passcommand, passphrase).await;
        assert_eq!(error.field.as_deref(), Some("passcommand"), "{error}");
    }
    assert!(!PathBuf::from(house.repository()).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_ends_a_passcommand_that_waits_for_ever() {
    let (house, file) = with_a_passcommand("pass").await;
    std::fs::remove_file(&file).unwrap();
    // A reader of a pipe without a writer waits.
    let made = std::process::Command::new("mkfifo").arg(&file).status();
    assert!(made.unwrap().success());
    let id = house.start().await;
    let asks = || {
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let lines = processes.filter_map(|one| std::fs::read(one.path().join("cmdline")).ok());
        let (cat, name) = (b"cat\0".as_slice(), file.display().to_string());
        lines
            .filter(|line| line.starts_with(cat))
            .any(|line| String::from_utf8_lossy(&line).contains(&name))
            .then_some(())
    };
    alcove_tests::try_for(asks).await.unwrap();
    house.cancel(id).await.unwrap();
    assert_eq!(house.ended(id).await.status, Status::Cancelled);
    alcove_tests::try_for(|| asks().is_none().then_some(()))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_of_systemd_opens_a_repository_and_nobody_is_asked() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let created = house.create(&[&source]).await;
    let id = created.repository.borg_id.unwrap();
    let by_id = house.scratch.folder("by id");
    let by_name = house.scratch.folder("by name");
    std::fs::write(by_id.join(format!("alcove-{id}")), PASSPHRASE).unwrap();
    std::fs::write(by_name.join("alcove-Backup SSD"), PASSPHRASE).unwrap();
    let service = |folder: PathBuf| {
        move |_: &Scratch, world: &mut World| {
            world.can_ask = false;
            let name = "CREDENTIALS_DIRECTORY".into();
            world.environment.insert(name, folder.clone().into());
        }
    };
    let house = house.restart_with(service(by_id)).await;
    house.back_up_well().await;
    let house = house.restart_with(service(by_name)).await;
    house.back_up_well().await;
    let house = house.restart_with(|_, world| world.can_ask = false).await;
    let job = house.back_up().await;
    assert_eq!(job.error_code.as_deref(), Some("passphrase_needed"));
}
