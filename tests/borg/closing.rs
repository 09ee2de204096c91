//! Alcove is closed while something that is no job holds a repository.

use std::path::Path;

use alcove_api::types::{ChangePassphrase, ListArchives, Nothing};
use alcove_borg::Passphrase;
use alcove_testkit::{FakeBorg, Installed, Script};
use alcove_tests::{House, try_for};

/// A house with a repository over a Borg that waits before such a command.
async fn waiting_before(command: &str) -> (House, Installed) {
    let wait = Script::new().wait_for_release("go on").become_the_real();
    let fake = FakeBorg::before_the_real().on(command, wait);
    let (house, borg) = House::before_the_real(&fake);
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    (house, borg)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_is_ended_before_alcove_is_closed() {
    let (house, borg) = waiting_before("list").await;
    let (api, repository) = (house.api.clone(), house.repository());
    let look = tokio::spawn(async move { api.list_archives(ListArchives { repository }).await });
    let asked = try_for(|| borg.calls("list").pop()?.pid()).await;
    let process = Path::new("/proc").join(asked.unwrap().to_string());
    house.api.shutdown().await;
    assert!(!process.exists(), "its Borg went on");
    let gave_way = look.await.unwrap().unwrap_err();
    assert_eq!(gave_way.code.as_str(), "in_use", "{gave_way}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_passphrase_is_waited_for_and_what_follows_from_it_is_recorded() {
    let (house, borg) = waiting_before("key").await;
    let known = house.api.list_repositories(Nothing {}).await.unwrap();
    let mut other = house.new_repository(&[]);
    other.path += "-other";
    let other = house.api.create_repository(other).await.unwrap();
    let change = ChangePassphrase {
        repository_id: known.repositories[0].id,
        passphrase: None,
        new_passphrase: Passphrase::new("another".to_owned()),
        remember_passphrase: None,
    };
    let api = house.api.clone();
    let change = tokio::spawn(async move { api.change_passphrase(change).await });
    let asked = try_for(|| borg.calls("key").pop()).await;
    asked.unwrap();
    let api = house.api.clone();
    let closed = tokio::spawn(async move { api.shutdown().await });
    // It is being closed once nobody may look at anything any more.
    let look = async || {
        let repository = other.repository.path.clone();
        house.api.list_archives(ListArchives { repository }).await
    };
    while look().await.is_ok() {}
    borg.release("go on");
    change.await.unwrap().unwrap();
    closed.await.unwrap();
}
