//! What a person sends along with a question: it helps, and it tells nothing of the person.

use std::path::Path;

use alcove_api::types::{ChangePlan, ChangeRepository, Nothing, RemovePlan};
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

#[tokio::test(flavor = "multi_thread")]
async fn diagnostics_tell_no_name_of_what_was_renamed_or_removed_since() {
    let house = House::new();
    let source = house.scratch.tree("Letters to Bob", 3, 100, 1);
    std::fs::write(source.join("Our Affair"), "x").unwrap();
    let mut wanted = house.new_repository(&[&source, Path::new("/proc/self/mem")]);
    wanted.name = "Hidden disk".to_owned();
    wanted.plan_name = Some("Divorce to come".to_owned());
    wanted.exclude_patterns = Some(vec![
        "TaxFraud2024".to_owned(),
        "sh:/x/Tax Papers".to_owned(),
    ]);
    house.api.create_repository(wanted).await.unwrap();
    let listing: ChangePlan =
        serde_json::from_value(serde_json::json!({ "plan": 1, "log_files": true })).unwrap();
    house.api.change_plan(listing).await.unwrap();
    let job = house.back_up().await;
    assert_eq!(job.status, Status::CompletedWithWarnings);
    let log = house.log(job.id).await;
    let renamed = ChangeRepository {
        repository_id: 1,
        name: Some("Other".to_owned()),
        append_only: None,
        check: None,
        passcommand: None,
        keep_passphrase: None,
    };
    house.api.change_repository(renamed).await.unwrap();
    house.api.remove_plan(RemovePlan { plan: 1 }).await.unwrap();

    let diagnostics = house.api.get_diagnostics(Nothing {}).await.unwrap().text;
    for told in [
        "Job 1: {plan 1} to {repository of job 1}\n",
        " --exclude={pattern} --exclude={pattern} -- {place of repository 1}::{archive} {path} {path}\n",
        "INFO A {path}\n",
        "[Errno 5] Input/output error",
        "Archive {archives of plan 1}2",
    ] {
        assert!(diagnostics.contains(told), "{told} in {diagnostics}");
    }
    for kept in [
        "Letters", "Bob", "Affair", "Hidden", "Divorce", "Tax", "proc/",
    ] {
        assert!(log.contains(kept), "{kept} in {log}");
        assert!(!diagnostics.contains(kept), "{kept} in {diagnostics}");
    }
}
