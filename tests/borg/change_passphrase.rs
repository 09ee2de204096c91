//! Another passphrase for a repository: nothing is locked out, nothing is left open, and neither can be read anywhere.

use std::path::Path;

use alcove_api::ApiError;
use alcove_api::types::{
    ChangePassphrase, KeyForm, Nothing, PassphraseChanged, Repository, SaveKey, StartBackup,
    TrustHostKey,
};
use alcove_borg::Passphrase;
use alcove_store::{Status, WaitingFor};
use alcove_testkit::{FakeBorg, Installed, Script};
use alcove_tests::{House, LoopbackServer, PASSPHRASE, try_for};

use crate::passphrase::{in_no_file, shared_keyring, unlock};

const NEW: &str = "n\u{fc}w 'harbour' $loud \"linen\"";
/// Of the test that looks for it in every process: other tests have theirs in terminals.
const NOWHERE: &str = "n\u{fc}w 'jetty' $loud \"hemp\"";

fn to(repository: i64, new: &str) -> ChangePassphrase {
    ChangePassphrase {
        repository_id: repository,
        passphrase: None,
        new_passphrase: Passphrase::new(new.to_owned()),
        remember_passphrase: None,
    }
}

async fn change(house: &House, repository: i64) -> Result<PassphraseChanged, ApiError> {
    house.api.change_passphrase(to(repository, NEW)).await
}

async fn repository(house: &House) -> Repository {
    let mut known = house.api.list_repositories(Nothing {}).await.unwrap();
    known.repositories.remove(0)
}

/// Whether a passphrase opens a local repository, in a terminal.
fn opens(house: &House, repository: &Path, passphrase: &str) -> bool {
    let repository = repository.display().to_string();
    let variables = [
        ("BORG_PASSPHRASE", passphrase),
        ("BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes"),
    ];
    let terminal = house.terminal();
    let listed = terminal.borg_with(&variables, &["list", &repository]);
    listed.status.success()
}

/// A fake whose Borg waits before it changes a passphrase.
fn slow() -> FakeBorg {
    let wait = Script::new().wait_for_release("change").become_the_real();
    FakeBorg::before_the_real().on("key", wait)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_passphrase_opens_the_repository_and_the_old_one_does_not() {
    for encryption in ["repokey-blake2", "keyfile", "authenticated"] {
        let house = House::new();
        let source = house.scratch.tree("Documents", 3, 100, 1);
        let mut new = house.new_repository(&[&source]);
        new.encryption = Some(encryption.to_owned());
        let id = house
            .api
            .create_repository(new)
            .await
            .unwrap()
            .repository
            .id;
        let key = SaveKey {
            repository: id,
            form: KeyForm::File,
        };
        let file = house.scratch.path().join("key");
        house.api.export_key(key, file.clone()).await.unwrap();
        assert!(repository(&house).await.key_exported_at.is_some());

        let changed = change(&house, id).await.unwrap();
        assert!(changed.export_outdated, "{encryption}");
        assert!(!changed.passphrase_remembered && !changed.source_outdated);
        assert_eq!(repository(&house).await.key_exported_at, None);
        let place = house.repository();
        assert!(opens(&house, Path::new(&place), NEW), "{encryption}");
        assert!(
            !opens(&house, Path::new(&place), PASSPHRASE),
            "{encryption}"
        );
        house.back_up_well().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_it_is_the_new_passphrase_that_is_asked_for() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let id = house.create(&[&source]).await.repository.id;
    change(&house, id).await.unwrap();
    let house = house.restart().await;
    let job = house.start().await;
    let waits = house.wait(job, |job| job.waiting_for.is_some()).await;
    assert_eq!(waits.waiting_for, Some(WaitingFor::Passphrase));
    let old = unlock(&house, PASSPHRASE);
    let wrong = house.api.unlock_repository(old).await.unwrap_err();
    assert_eq!(wrong.code.as_str(), "passphrase_wrong");
    let new = unlock(&house, NEW);
    house.api.unlock_repository(new).await.unwrap();
    assert_eq!(house.ended(job).await.status, Status::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_server_it_is_changed_too() {
    let mut server = None;
    let house = House::with(|scratch, world| {
        let started = LoopbackServer::start(scratch);
        world.ssh_config = Some(started.ssh_config());
        server = Some(started);
    });
    let server = server.unwrap();
    let place = house.scratch.path().join("backups");
    let location = server.location(&place);
    let trusted = TrustHostKey {
        repository: location.clone(),
        fingerprint: server.fingerprint(),
    };
    house.api.trust_host_key(trusted).await.unwrap();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let mut new = house.new_repository(&[&source]);
    new.path.clone_from(&location);
    let id = house
        .api
        .create_repository(new)
        .await
        .unwrap()
        .repository
        .id;
    change(&house, id).await.unwrap();
    let asked = StartBackup {
        repository: location,
        ..StartBackup::default()
    };
    let job = house.api.start_backup(asked).await.unwrap().job_id;
    let job = house.ended(job).await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(job.id).await);
    assert!(opens(&house, &place, NEW));
    assert!(!opens(&house, &place, PASSPHRASE));
}

/// Looks at the command line and the environment of every process; returns how many were Borg's of this house.
fn in_no_process(house: &House) -> usize {
    let mut borgs = 0;
    for process in std::fs::read_dir("/proc").unwrap().flatten() {
        let read = |name| std::fs::read(process.path().join(name)).unwrap_or_default();
        let words = String::from_utf8_lossy(&read("cmdline")).into_owned();
        let environment = String::from_utf8_lossy(&read("environ")).into_owned();
        for text in [&words, &environment] {
            assert!(!text.contains(NOWHERE), "{words}");
        }
        // The old one stands in terminals of other tests.
        if words.contains(&house.repository()) {
            assert!(!words.contains(PASSPHRASE), "{words}");
            assert!(!environment.contains(PASSPHRASE), "{words}");
            borgs += 1;
        }
    }
    borgs
}

/// A house whose repository is being given another passphrase, until the fake Borg is released.
async fn changing(
    new: &'static str,
) -> (
    House,
    Installed,
    tokio::task::JoinHandle<Result<PassphraseChanged, ApiError>>,
) {
    let (house, fake) = House::before_the_real(&slow());
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let id = house.create(&[&source]).await.repository.id;
    let api = house.api.clone();
    let changing = tokio::spawn(async move { api.change_passphrase(to(id, new)).await });
    (house, fake, changing)
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_passphrase_is_in_a_process_or_a_file() {
    let (house, fake, changing) = changing(NOWHERE).await;
    let call = try_for(|| fake.calls("key").pop()).await.unwrap();
    let begun = try_for(|| (!call.environment().is_empty() && call.pid().is_some()).then_some(()));
    begun.await.unwrap();
    assert!(in_no_process(&house) > 0, "Borg was running");
    fake.release("change");
    while !changing.is_finished() {
        in_no_process(&house);
    }
    changing.await.unwrap().unwrap();
    for passphrase in [PASSPHRASE, NOWHERE] {
        in_no_file(&house, passphrase);
        for said in call.arguments().iter().chain(call.environment().values()) {
            assert!(!said.contains(passphrase), "{said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_asked_for_meanwhile_waits_and_has_the_new_passphrase() {
    let (house, fake, changing) = changing(NEW).await;
    try_for(|| fake.calls("key").pop()).await.unwrap();
    let job = house.start().await;
    let waiting = house.job(job).await;
    assert_eq!((waiting.active, waiting.queue_position), (false, Some(1)));
    let twice = change(&house, 1).await.unwrap_err();
    assert_eq!((twice.code.as_str(), twice.retryable), ("in_use", true));
    fake.release("change");
    changing.await.unwrap().unwrap();
    let job = house.ended(job).await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(job.id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_is_not_changed_while_a_job_runs() {
    let wait = Script::new().wait_for_release("create").become_the_real();
    let (house, fake) = House::before_the_real(&FakeBorg::before_the_real().on("create", wait));
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let id = house.create(&[&source]).await.repository.id;
    let job = house.start().await;
    house.wait(job, |job| job.active).await;
    let refused = change(&house, id).await.unwrap_err();
    assert_eq!((refused.code.as_str(), refused.retryable), ("in_use", true));
    fake.release("create");
    assert_eq!(house.ended(job).await.status, Status::Completed);
    change(&house, id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_changes_nothing() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let id = house.create(&[&source]).await.repository.id;
    let refused = async |change: ChangePassphrase| {
        let refused = house.api.change_passphrase(change).await.unwrap_err();
        (refused.code.as_str(), refused.field)
    };
    let wrong = ChangePassphrase {
        passphrase: Some(Passphrase::new("not it".to_owned())),
        ..to(id, NEW)
    };
    assert_eq!(refused(wrong).await, ("passphrase_wrong", None));
    for new in ["", "two\nlines"] {
        let field = Some("new_passphrase".to_owned());
        assert_eq!(refused(to(id, new)).await, ("bad_argument", field));
    }
    assert_eq!(refused(to(99, NEW)).await, ("not_found", None));
    assert!(opens(&house, Path::new(&house.repository()), PASSPHRASE));
    house.back_up_well().await;

    let house = House::new();
    let mut plain = house.new_repository(&[]);
    (plain.encryption, plain.passphrase) = (Some("none".to_owned()), None);
    let id = house
        .api
        .create_repository(plain)
        .await
        .unwrap()
        .repository
        .id;
    let refused = change(&house, id).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("repository"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_opens_the_repository_decides_and_not_what_borg_said() {
    let house = |ends: i32| {
        let fake = FakeBorg::before_the_real().on("key", Script::new().exit(ends));
        House::before_the_real(&fake).0
    };
    // Borg said that it was changed, and it was not.
    let said = house(0);
    let source = said.scratch.tree("Documents", 3, 100, 1);
    let id = said.create(&[&source]).await.repository.id;
    let failed = change(&said, id).await.unwrap_err();
    assert_eq!(failed.code.as_str(), "passphrase_wrong");
    assert!(failed.hints.iter().any(|hint| hint.contains("try both")));
    said.back_up_well().await;

    // Borg did not say that it was changed, and it was.
    let silent = house(2);
    let source = silent.scratch.tree("Documents", 3, 100, 1);
    let id = silent.create(&[&source]).await.repository.id;
    assert_eq!(
        change(&silent, id).await.unwrap_err().code.as_str(),
        "borg_failed"
    );
    let arguments = ["key", "change-passphrase", &silent.repository()];
    let changed = silent
        .terminal()
        .borg_with(&[("BORG_NEW_PASSPHRASE", NEW)], &arguments);
    assert!(changed.status.success());
    change(&silent, id).await.unwrap();
    silent.back_up_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_had_the_old_passphrase_gets_the_new_one() {
    let house = House::with(|_, world| world.keyring = shared_keyring);
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let mut new = house.new_repository(&[&source]);
    new.remember_passphrase = Some(true);
    let id = house
        .api
        .create_repository(new)
        .await
        .unwrap()
        .repository
        .id;
    let changed = change(&house, id).await.unwrap();
    assert!(changed.passphrase_remembered);
    let house = house
        .restart_with(|_, world| world.keyring = shared_keyring)
        .await;
    house.back_up_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passcommand_that_gives_the_old_passphrase_is_named() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let mut new = house.new_repository(&[&source]);
    new.passphrase = None;
    new.passcommand = Some(format!("echo '{PASSPHRASE}'"));
    let id = house
        .api
        .create_repository(new)
        .await
        .unwrap()
        .repository
        .id;
    assert!(change(&house, id).await.unwrap().source_outdated);
    house.back_up_well().await;
}
