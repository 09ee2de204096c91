//! A keyring that is there, that is locked, that asks: tests/borg/passphrase.rs has the passphrases.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use alcove_api::World;
use alcove_api::types::{Nothing, ResumeBackup};
use alcove_engine::Engine;
use alcove_store::{Folder, Status, Store, Trigger, WaitingFor};
use alcove_testkit::Scratch;
use alcove_tests::{
    House, PASSPHRASE, answer_the_keyring, ask_for_keyring_that_asks, entry_of_keyring_that_asks,
    keyring_that_asks, lock_its_keyring, on_a_desktop, try_for, use_its_keyring,
};

use crate::passphrase::unlock;

/// Set in the second life of a test, on a bus of its own.
const INSIDE: &str = "ALCOVE_TEST_INSIDE_A_DESKTOP";

/// Whether this is already the life inside a desktop, with a keyring whose password is `secret`; else the test of
/// this name lives it now, and its outcome is this one's.
fn is_inside_a_desktop(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let scratch = Scratch::new();
    let desktop = on_a_desktop(&scratch.folder("desktop"))
        .args(["--exact", test])
        .envs(scratch.session())
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&desktop.stdout);
    let complained = String::from_utf8_lossy(&desktop.stderr);
    assert!(said.contains("1 passed"), "{said}\n{complained}");
    false
}

fn of_the_desktop(_: &Scratch, world: &mut World) {
    use_its_keyring(world);
}

async fn with_a_remembered_passphrase() -> House {
    let house = House::with(of_the_desktop);
    let source = house.scratch.tree("Documents", 10, 100, 4);
    let mut new = house.new_repository(&[&source]);
    new.remember_passphrase = Some(true);
    let created = house.api.create_repository(new).await.unwrap();
    assert!(created.passphrase_remembered);
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyring_of_a_desktop_remembers_a_passphrase() {
    if !is_inside_a_desktop("keyring::the_keyring_of_a_desktop_remembers_a_passphrase") {
        return;
    }
    let house = with_a_remembered_passphrase().await;
    let house = house.restart_with(of_the_desktop).await;
    assert_eq!(house.back_up().await.status, Status::Completed);
    let system = house.api.get_system(Nothing {}).await.unwrap();
    assert!(system.keyring.is_some());
}

/// As a login does it, without a question: by gnome-keyring's own interface for that.
fn unlock_keyring() {
    let bus = zbus::blocking::Connection::session().unwrap();
    let service = |interface: &'static str| {
        let name = "org.freedesktop.secrets";
        zbus::blocking::Proxy::new(&bus, name, "/org/freedesktop/secrets", interface).unwrap()
    };
    let (_, session): (zbus::zvariant::OwnedValue, zbus::zvariant::OwnedObjectPath) =
        service("org.freedesktop.Secret.Service")
            .call("OpenSession", &("plain", zbus::zvariant::Value::from("")))
            .unwrap();
    let keyring =
        zbus::zvariant::ObjectPath::try_from("/org/freedesktop/secrets/aliases/default").unwrap();
    let password = (session, Vec::<u8>::new(), b"secret".to_vec(), "text/plain");
    let unlocked: zbus::Result<()> =
        service("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface")
            .call("UnlockWithMasterPassword", &(keyring, password));
    unlocked.unwrap();
}

/// Writes down every question the keyring is told to ask, until it is dropped.
struct Questions {
    monitor: Child,
    heard: PathBuf,
}

impl Questions {
    async fn listen(at: &Path) -> Self {
        let heard = at.join("questions");
        let file = std::fs::File::create(&heard).unwrap();
        let monitor = Command::new("dbus-monitor")
            .args(["--session", "interface='org.freedesktop.Secret.Prompt'"])
            .stdout(Stdio::from(file))
            .spawn()
            .unwrap();
        let questions = Self { monitor, heard };
        // It says first that it listens.
        try_for(|| (!questions.text().is_empty()).then_some(()))
            .await
            .unwrap();
        questions
    }

    fn text(&self) -> String {
        std::fs::read_to_string(&self.heard).unwrap()
    }

    fn asked(&self) -> bool {
        self.text().contains("member=Prompt")
    }
}

impl Drop for Questions {
    fn drop(&mut self) {
        let _ = self.monitor.kill();
        let _ = self.monitor.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_waits_quietly_for_a_locked_keyring_and_a_person_is_asked() {
    let name = "keyring::a_schedule_waits_quietly_for_a_locked_keyring_and_a_person_is_asked";
    if !is_inside_a_desktop(name) {
        return;
    }
    let house = with_a_remembered_passphrase().await;
    let questions = Questions::listen(house.scratch.path()).await;
    lock_its_keyring();
    let repository = house.repository();
    let data = house.data();
    let (house, ()) = house
        .away(|scratch| {
            let session = scratch.session().into_iter().collect();
            let mut world = World::of_session(session, scratch.home());
            world.keyring_wait = Duration::from_millis(50);
            let store = Store::open(Folder::at(data)).unwrap();
            let engine = Engine::open(store, world).unwrap();
            let start = || engine.start_backup(&repository, None, Trigger::Schedule, None);
            let wait = |id: i64, ready: &dyn Fn(&alcove_store::Job) -> bool| {
                for _ in 0..6_000 {
                    let job = engine.job(id).unwrap().job;
                    if ready(&job) {
                        return job;
                    }
                    std::thread::sleep(Duration::from_millis(20));
                }
                panic!("{:?}", engine.job(id));
            };
            let id = start().unwrap();
            let job = wait(id, &|job| job.waiting_for.is_some());
            assert_eq!(job.waiting_for, Some(WaitingFor::Keyring));
            assert_eq!(job.error_code.as_deref(), Some("keyring_locked"));
            // It was looked at more than once by now.
            std::thread::sleep(Duration::from_millis(500));
            assert!(!questions.asked(), "{}", questions.text());
            assert_eq!(engine.job(id).unwrap().job.status, Status::Pending);
            unlock_keyring();
            let job = wait(id, &|job| job.ended_at.is_some());
            assert_eq!(job.status, Status::Completed, "{job:?}");
            assert!(!questions.asked());
            engine.shut_down(Duration::from_secs(20));
            engine.store().close();
        })
        .await;
    lock_its_keyring();
    let house = house.restart_with(of_the_desktop).await;
    let id = house.start().await;
    try_for(|| questions.asked().then_some(())).await.unwrap();
    let job = house.wait(id, |job| job.waiting_for.is_some()).await;
    assert_eq!(job.waiting_for, Some(WaitingFor::Keyring));
    // Nobody answers the question; a cancel does not wait for it, and neither does a passphrase.
    house.cancel(id).await.unwrap();
    assert_eq!(house.ended(id).await.status, Status::Cancelled);
    let id = house.start().await;
    house.wait(id, |job| job.waiting_for.is_some()).await;
    let right = unlock(&house, PASSPHRASE);
    house.api.unlock_repository(right).await.unwrap();
    assert_eq!(house.ended(id).await.status, Status::Completed);
}

/// A keyring that asks, until it is answered.
fn asks(_: &Scratch, world: &mut World) {
    world.keyring = keyring_that_asks;
    world.keyring_entry = entry_of_keyring_that_asks;
    world.unlock_keyring = ask_for_keyring_that_asks;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_waits_for_the_keyring_holds_up_nobody_and_says_why() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    let other = house.scratch.path().join("other").display().to_string();
    let new = alcove_api::types::CreateRepository {
        path: other.clone(),
        encryption: Some("none".to_owned()),
        passphrase: None,
        ..house.new_repository(&[&source])
    };
    house.api.create_repository(new).await.unwrap();
    let house = house.restart_with(asks).await;
    let measured = house
        .api
        .measure_repository(alcove_api::types::RepositoryId { repository_id: 1 });
    assert_eq!(measured.await.unwrap_err().code.as_str(), "keyring_locked");
    let lanes = alcove_api::types::ChangeSettings {
        lanes: Some(1),
        ..Default::default()
    };
    house.api.change_settings(lanes).await.unwrap();
    let id = house.start().await;
    let job = house.wait(id, |job| job.waiting_for.is_some()).await;
    let why = job.error_message.unwrap();
    assert!(
        why.contains("Backup SSD") && why.contains("is locked"),
        "{why}"
    );
    let started = alcove_api::types::StartBackup {
        repository: other,
        ..Default::default()
    };
    let beside = house.api.start_backup(started).await.unwrap().job_id;
    assert_eq!(house.ended(beside).await.status, Status::Completed);
    // Asked once more, it still asks the same.
    let resume = ResumeBackup {
        job_id: id,
        confirm: None,
    };
    house.api.resume_backup(resume).await.unwrap();
    assert_eq!(house.job(id).await.waiting_for, Some(WaitingFor::Keyring));
    answer_the_keyring();
    assert_eq!(house.ended(id).await.status, Status::Completed);
}
