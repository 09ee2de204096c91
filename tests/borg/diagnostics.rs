//! What a person sends along with a question: it helps, and it tells nothing of the person.

use alcove_api::types::Nothing;
use alcove_store::Status;
use alcove_tests::{House, PASSPHRASE};

#[tokio::test(flavor = "multi_thread")]
async fn diagnostics_say_what_went_wrong_without_names_paths_hosts_or_secrets() {
    let house = House::new();
    let source = house.scratch.tree("Tax returns", 3, 100, 1);
    house.create(&[&source]).await;
    house.back_up_well().await;
    std::fs::remove_dir_all(&source).unwrap();
    assert_eq!(house.back_up().await.status, Status::Failed);
    let diagnostics = house.api.get_diagnostics(Nothing {}).await.unwrap().text;
    for told in [
        "\nAlcove ",
        "\nBorg 1.",
        "{folder 1 of plan 1} cannot be backed up: it is not there",
        "code source_missing",
        "repokey-blake2",
        "plan 1: to repository 1, 1 folders",
        "[Log of job 2]",
    ] {
        assert!(diagnostics.contains(told), "{told} in {diagnostics}");
    }
    let host = rustix::system::uname();
    let host = host.nodename().to_str().unwrap();
    let scratch = house.scratch.path().display().to_string();
    for kept in [
        "Tax returns",
        "Backup SSD",
        "Home",
        &scratch,
        host,
        PASSPHRASE,
    ] {
        assert!(!diagnostics.contains(kept), "{kept} in {diagnostics}");
    }
    let file = house.scratch.path().join("out.txt");
    let saved = house
        .api
        .export_diagnostics(Some(format!("own log of {host}\n")), file.clone());
    saved.await.unwrap();
    let saved = std::fs::read_to_string(file).unwrap();
    assert!(
        saved.ends_with("[Alcove's own log]\nown log of {host}\n"),
        "{saved}"
    );
}
