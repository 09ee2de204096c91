//! What this account may not read or write. Each test lives as another user than root.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use alcove_api::{Api, World};
use alcove_store::{Folder, Status};
use alcove_testkit::Scratch;
use alcove_tests::{House, is_another_user};

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_this_account_may_not_read_is_a_warning_that_names_it() {
    if !is_another_user("permissions::a_file_this_account_may_not_read_is_a_warning_that_names_it")
    {
        return;
    }
    let house = House::new();
    let source = house.scratch.tree("Documents", 20, 1_000, 1);
    house.create(&[&source]).await;
    let closed = source.join("folder0001/file000011.bin");
    mode(&closed, 0o000);
    let folder = source.join("folder0000");
    mode(&folder, 0o000);
    let job = house.back_up().await;
    let log = house.log(job.id).await;
    mode(&folder, 0o755);
    assert_eq!(job.status, Status::CompletedWithWarnings, "{log}");
    assert!(
        log.contains("file000011.bin") && log.contains("Permission denied"),
        "{log}"
    );
    assert!(log.contains("folder0000"), "{log}");
    assert_eq!(job.progress_details.nfiles, 9, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_this_account_may_not_write_to_is_named() {
    if !is_another_user("permissions::a_repository_this_account_may_not_write_to_is_named") {
        return;
    }
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    mode(Path::new(&house.repository()), 0o555);
    let job = house.back_up().await;
    mode(Path::new(&house.repository()), 0o755);
    let log = house.log(job.id).await;
    assert_eq!(job.status, Status::Failed, "{log}");
    assert_eq!(
        job.error_code.as_deref(),
        Some("repository_not_writable"),
        "{log}"
    );
    assert!(
        job.error_message
            .unwrap()
            .contains("may not write to Backup SSD")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_this_account_may_not_see_is_named_before_borg_starts() {
    if !is_another_user(
        "permissions::a_source_this_account_may_not_see_is_named_before_borg_starts",
    ) {
        return;
    }
    let house = House::new();
    let source = house.scratch.tree("Documents/Letters", 3, 100, 1);
    house.create(&[&source]).await;
    let above = source.parent().unwrap();
    mode(above, 0o000);
    let job = house.back_up().await;
    mode(above, 0o755);
    assert_eq!(job.error_code.as_deref(), Some("source_missing"));
    assert!(job.error_message.unwrap().contains("Permission denied"));
    assert_eq!(job.command, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_user_can_read_alcoves_records_and_logs() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    house.back_up_well().await;
    mode(house.scratch.path(), 0o755);
    let read = |path: &Path| {
        std::process::Command::new("setpriv")
            .args([
                "--reuid",
                "65534",
                "--regid",
                "65534",
                "--clear-groups",
                "cat",
            ])
            .arg(path)
            .output()
            .unwrap()
    };
    let theirs = house.scratch.path().join("theirs");
    std::fs::write(&theirs, "open").unwrap();
    assert_eq!(
        read(&theirs).stdout,
        b"open",
        "another user reads what is open"
    );
    for name in ["alcove.sqlite3", "logs"] {
        let read = read(&house.data().join(name));
        let said = String::from_utf8_lossy(&read.stderr);
        assert!(said.contains("Permission denied"), "{name}: {said}");
    }
}

#[test]
fn a_data_folder_this_account_may_not_use_is_a_sentence() {
    if !is_another_user("permissions::a_data_folder_this_account_may_not_use_is_a_sentence") {
        return;
    }
    let scratch = Scratch::new();
    let refused = |data: &Path| {
        let world = World::of_session(scratch.session().into_iter().collect(), scratch.home());
        let refused = Api::open(Folder::at(data), world).err();
        let error = refused.expect("the folder cannot be used");
        assert_eq!(error.code.as_str(), "store_failed");
        error.message
    };
    // Root's own, which everybody may enter.
    let text = refused(Path::new("/usr/share"));
    assert!(text.contains("belongs to another user"), "{text}");
    // A new one in a folder this account may not write to, and one it may not even enter.
    let closed = scratch.folder("closed");
    for closed_to in [0o500, 0o000] {
        mode(&closed, closed_to);
        let text = refused(&closed.join("alcove"));
        assert!(text.contains("Permission denied"), "{text}");
        assert!(text.contains("Check that the folder is yours"), "{text}");
    }
    mode(&closed, 0o700);
    assert_eq!(std::fs::read_dir(&closed).unwrap().count(), 0);
}
