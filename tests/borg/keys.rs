//! Exported keys: written for their owner alone, and proved by opening the repository with them.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use alcove_api::types::{KeyForm, Nothing, SaveKey, VerifyKey};
use alcove_api::{ApiError, World};
use alcove_borg::Passphrase;
use alcove_testkit::Scratch;
use alcove_tests::{House, LoopbackServer, PASSPHRASE};

/// A house with a repository of this mode at a place, and the repository's number.
async fn with(house: House, encryption: &str, location: &str) -> (House, i64) {
    let source = house.scratch.tree("Documents", 5, 100, 1);
    let mut new = house.new_repository(&[&source]);
    new.encryption = Some(encryption.to_owned());
    location.clone_into(&mut new.path);
    if encryption == "none" {
        new.passphrase = None;
    }
    let created = house.api.create_repository(new).await.unwrap();
    (house, created.repository.id)
}

async fn local(encryption: &str) -> (House, i64) {
    let house = House::new();
    let location = house.repository();
    with(house, encryption, &location).await
}

async fn export(house: &House, repository: i64, form: KeyForm) -> PathBuf {
    let asked = SaveKey { repository, form };
    let name = house.api.key_file_name(asked).await.unwrap();
    let to = house.scratch.folder("safe place").join(name);
    house.api.export_key(asked, to.clone()).await.unwrap();
    to
}

async fn verify(house: &House, repository: i64, file: &Path) -> Result<(), ApiError> {
    let asked = VerifyKey {
        repository,
        passphrase: None,
    };
    house.api.verify_key(asked, file.to_owned()).await
}

/// Every file of the person's that Borg keeps a key in.
fn keys(house: &House) -> Vec<Vec<u8>> {
    let folder = house.scratch.home().join(".config/borg/keys");
    let files = std::fs::read_dir(folder).into_iter().flatten();
    let files = files.map(|entry| entry.unwrap().path());
    files
        .chain([Path::new(&house.repository()).join("config")])
        .filter_map(|file| std::fs::read(file).ok())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_key_is_its_owners_alone_and_opens_the_repository() {
    for encryption in ["repokey-blake2", "keyfile-blake2", "authenticated"] {
        let (house, id) = local(encryption).await;
        let never = house.api.list_repositories(Nothing {}).await.unwrap();
        assert_eq!(never.repositories[0].key_exported_at, None);
        let used = keys(&house);
        let file = export(&house, id, KeyForm::File).await;
        assert_eq!(file.file_name().unwrap(), "Backup SSD key.txt");
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let known = house.api.list_repositories(Nothing {}).await.unwrap();
        assert!(known.repositories[0].key_exported_at.is_some());
        verify(&house, id, &file).await.unwrap();
        assert_eq!(
            keys(&house),
            used,
            "the key in use is as it was: {encryption}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_the_exported_key_that_opens_and_not_the_one_in_use() {
    // The keys in use are destroyed: only the exported ones can open what is there.
    let (house, id) = local("repokey-blake2").await;
    let file = export(&house, id, KeyForm::File).await;
    let config = Path::new(&house.repository()).join("config");
    let text = std::fs::read_to_string(&config).unwrap();
    let without = text
        .lines()
        .filter(|line| !line.starts_with("key") && !line.starts_with('\t'))
        .fold(String::new(), |text, line| {
            text + line
                + "
"
        });
    std::fs::write(&config, &without).unwrap();
    verify(&house, id, &file).await.unwrap();
    assert_eq!(std::fs::read_to_string(&config).unwrap(), without);

    let (house, id) = local("keyfile").await;
    let file = export(&house, id, KeyForm::File).await;
    let folder = house.scratch.home().join(".config/borg/keys");
    std::fs::remove_dir_all(&folder).unwrap();
    verify(&house, id, &file).await.unwrap();
    assert!(!folder.exists(), "nothing is put in its place");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_does_not_open_the_repository_is_named() {
    let (house, id) = local("repokey-blake2").await;
    let file = export(&house, id, KeyForm::File).await;
    let text = std::fs::read_to_string(&file).unwrap();
    let refused = async |text: &str, says: &str| {
        let other = house.scratch.path().join("other key");
        std::fs::write(&other, text).unwrap();
        let refused = verify(&house, id, &other).await.unwrap_err();
        assert_eq!(refused.code.as_str(), "key_mismatch", "{refused}");
        assert!(refused.message.contains(says), "{refused}");
    };
    refused("a letter", "is no key that Borg exported").await;
    let (first, body) = text.split_once('\n').unwrap();
    let another = format!("BORG_KEY {}\n{body}", "ab".repeat(32));
    refused(&another, "the key of another repository").await;
    // One letter of the locked part is another.
    let at = body.len() / 2;
    let letter = if &body[at..=at] == "A" { "B" } else { "A" };
    let damaged = format!("{first}\n{}{letter}{}", &body[..at], &body[at + 1..]);
    refused(&damaged, "exported key").await;

    let asked = VerifyKey {
        repository: id,
        passphrase: Some(Passphrase::new("not it".to_owned())),
    };
    let wrong = house.api.verify_key(asked, file.clone()).await.unwrap_err();
    assert_eq!(wrong.code.as_str(), "key_mismatch");

    // The passphrase is changed: the old export stays locked by the old one.
    let changed = house.terminal().borg_with(
        &[("BORG_NEW_PASSPHRASE", "another one")],
        &["key", "change-passphrase", &house.repository()],
    );
    assert!(changed.status.success());
    verify(&house, id, &file).await.unwrap();
    let asked = VerifyKey {
        repository: id,
        passphrase: Some(Passphrase::new("another one".to_owned())),
    };
    let older = house.api.verify_key(asked, file).await.unwrap_err();
    assert!(
        older.message.contains("of the time of the export"),
        "{older}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_sheet_brings_a_lost_key_back() {
    let (house, id) = local("repokey-blake2").await;
    house.back_up_well().await;
    let sheet = export(&house, id, KeyForm::Sheet).await;
    let html = std::fs::read_to_string(&sheet).unwrap();
    assert!(html.contains(&house.repository()) && !html.contains(PASSPHRASE));
    let known = house.api.list_repositories(Nothing {}).await.unwrap();
    assert!(html.contains(known.repositories[0].borg_id.as_deref().unwrap()));

    // The key is lost, and a person types the lines of the sheet.
    let config = Path::new(&house.repository()).join("config");
    let text = std::fs::read_to_string(&config).unwrap();
    let lost = text
        .lines()
        .filter(|line| !line.starts_with("key") && !line.starts_with('\t'))
        .fold(String::new(), |text, line| {
            text + line
                + "
"
        });
    std::fs::write(&config, lost).unwrap();
    assert!(!house.borg(&["list", &house.repository()]).status.success());
    let (_, paper) = html.split_once("<pre>BORG PAPER KEY v1\n").unwrap();
    let (paper, _) = paper.split_once("</pre>").unwrap();
    // Without the numbers of the lines.
    let typed = paper.lines().map(|line| line.split_once(": ").unwrap().1);
    let typed = typed.collect::<Vec<_>>().join("\n");
    let file = house.scratch.path().join("typed");
    std::fs::write(&file, typed + "\n\n").unwrap();
    let imported = std::process::Command::new("sh")
        .arg("-c")
        .arg(format!(
            "borg key import --paper '{}' <'{}'",
            house.repository(),
            file.display()
        ))
        .env_clear()
        .envs(house.scratch.session())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&imported.stdout).into_owned();
    assert!(
        imported.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&imported.stderr)
    );
    assert_eq!(house.archives().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_on_a_server_is_exported_and_proved() {
    let mut server = None;
    let house = House::with(|scratch: &Scratch, world: &mut World| {
        let started = LoopbackServer::start(scratch);
        world.ssh_config = Some(started.ssh_config());
        server = Some(started);
    });
    let server = server.unwrap();
    let place = house.scratch.path().join("backups");
    let location = server.location(&place);
    let trusted = alcove_api::types::TrustHostKey {
        repository: location.clone(),
        fingerprint: server.fingerprint(),
    };
    house.api.trust_host_key(trusted).await.unwrap();
    let (house, id) = with(house, "repokey-blake2", &location).await;
    let file = export(&house, id, KeyForm::File).await;
    verify(&house, id, &file).await.unwrap();
    let changed = house.terminal().borg_with(
        &[
            ("BORG_NEW_PASSPHRASE", "another one"),
            ("BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes"),
        ],
        &["key", "change-passphrase", &place.display().to_string()],
    );
    assert!(
        changed.status.success(),
        "{}",
        String::from_utf8_lossy(&changed.stderr)
    );
    let older = verify(&house, id, &file).await.unwrap_err();
    assert_eq!(older.code.as_str(), "key_mismatch");
    assert!(older.message.contains("was changed since"), "{older}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_key_or_cannot_be_written_is_refused() {
    let (house, id) = local("none").await;
    let asked = |repository| SaveKey {
        repository,
        form: KeyForm::File,
    };
    let refused = house.api.key_file_name(asked(id)).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("repository"));
    let unknown = house.api.key_file_name(asked(99)).await.unwrap_err();
    assert_eq!(unknown.code.as_str(), "not_found");

    let (house, id) = local("repokey").await;
    let nowhere = house.scratch.path().join("no/such/folder/key");
    let refused = house.api.export_key(asked(id), nowhere).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "file_failed");
    let known = house.api.list_repositories(Nothing {}).await.unwrap();
    assert_eq!(known.repositories[0].key_exported_at, None);
    let absent = verify(&house, id, Path::new("/no/such/key"))
        .await
        .unwrap_err();
    assert_eq!(absent.code.as_str(), "file_failed");
    // After a restart Alcove has no passphrase.
    let file = export(&house, id, KeyForm::File).await;
    let house = house.restart().await;
    let locked = verify(&house, id, &file).await.unwrap_err();
    assert_eq!(locked.code.as_str(), "passphrase_needed");
}
