//! A passphrase: asked for when it is missing, kept nowhere it could be read.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use alcove_api::World;
use alcove_api::types::{Nothing, UnlockRepository};
use alcove_borg::Passphrase;
use alcove_store::{Status, WaitingFor};
use alcove_tests::{House, PASSPHRASE};
use keyring_core::CredentialStore;

fn unlock(house: &House, passphrase: &str) -> UnlockRepository {
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
                    .windows(PASSPHRASE.len())
                    .any(|window| window == PASSPHRASE.as_bytes()),
                "{}",
                path.display()
            );
        }
    }
}

/// One keyring for all tests of this process.
#[expect(clippy::unnecessary_wraps, reason = "the shape the engine asks for")]
fn shared_keyring() -> Option<Arc<CredentialStore>> {
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

/// Set in the second life of the test below, on a bus of its own.
const INSIDE: &str = "ALCOVE_TEST_INSIDE_A_DESKTOP";

#[tokio::test(flavor = "multi_thread")]
async fn the_keyring_of_a_desktop_remembers_a_passphrase() {
    if std::env::var_os(INSIDE).is_none() {
        let scratch = alcove_testkit::Scratch::new();
        let desktop = std::process::Command::new("dbus-run-session")
            .args(["--", "sh", "-c"])
            .arg(
                "printf secret | gnome-keyring-daemon --unlock --components=secrets --daemonize && \
                 exec \"$0\" --exact passphrase::the_keyring_of_a_desktop_remembers_a_passphrase",
            )
            .arg(std::env::current_exe().unwrap())
            .envs(scratch.session())
            .env("XDG_DATA_HOME", scratch.folder("share"))
            .env(INSIDE, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&desktop.stdout);
        let complained = String::from_utf8_lossy(&desktop.stderr);
        assert!(said.contains("1 passed"), "{said}\n{complained}");
        return;
    }
    // The world of a session opens the system's own keyring.
    let keyring = World::of_session(BTreeMap::new(), PathBuf::new()).keyring;
    let house = House::with(|_, world| world.keyring = keyring);
    let source = house.scratch.tree("Documents", 10, 100, 4);
    let mut new = house.new_repository(&[&source]);
    new.remember_passphrase = Some(true);
    assert!(
        house
            .api
            .create_repository(new)
            .await
            .unwrap()
            .passphrase_remembered
    );
    let house = house.restart_with(|_, world| world.keyring = keyring).await;
    assert_eq!(house.back_up().await.status, Status::Completed);
    assert!(
        house
            .api
            .get_system(Nothing {})
            .await
            .unwrap()
            .keyring
            .is_some()
    );
}
