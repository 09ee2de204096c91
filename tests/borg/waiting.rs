//! A job that cannot go on before somebody answers, or before another program lets go of its repository.

use std::path::Path;

use alcove_api::types::{JobId, ResumeBackup, StartBackup, TrustHostKey};
use alcove_store::{Phase, Status, WaitingFor};
use alcove_tests::{House, LoopbackServer};

async fn start_at(house: &House, location: &str) -> i64 {
    let start = StartBackup {
        repository: location.to_owned(),
        ..StartBackup::default()
    };
    house.api.start_backup(start).await.unwrap().job_id
}

async fn resume(
    house: &House,
    job_id: i64,
    confirm: Option<bool>,
) -> Result<(), alcove_api::ApiError> {
    let resumed = house.api.resume_backup(ResumeBackup { job_id, confirm });
    resumed.await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_waits_for_a_lock_says_so_and_goes_on_when_it_is_free() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 20, 1_000, 1);
    house.create(&[&source]).await;
    let holder = house.terminal().hold(&house.repository()).await;
    let id = house.start().await;
    let job = house.wait(id, |job| job.waiting_for.is_some()).await;
    assert_eq!(
        (job.waiting_for, job.status, job.phase, job.active),
        (
            Some(WaitingFor::Lock),
            Status::Pending,
            Phase::Waiting,
            false
        )
    );
    assert_eq!(job.error_code.as_deref(), Some("repository_locked"));
    let why = job.error_message.unwrap();
    assert!(
        why.contains("Backup SSD is locked") && why.contains("lock.exclusive"),
        "{why}"
    );
    let held = format!("Held by process {} on ", holder.id());
    assert!(why.contains(&held) && why.contains(", since "), "{why}");
    assert!(
        job.has_logs
            && house
                .log(id)
                .await
                .contains("Waiting. Backup SSD is locked")
    );
    resume(&house, id, None).await.unwrap();
    holder.let_go();
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(id).await);
    assert_eq!(
        (job.waiting_for, job.error_code, job.error_message),
        (None, None, None)
    );
    assert_eq!(house.archives().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_waits_for_a_lock_is_cancelled_and_leaves_the_lock_to_its_owner() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    let holder = house.terminal().hold(&house.repository()).await;
    let id = house.start().await;
    house.wait(id, |job| job.waiting_for.is_some()).await;
    house.cancel(id).await.unwrap();
    let job = house.ended(id).await;
    assert_eq!((job.status, job.error_code), (Status::Cancelled, None));
    assert!(
        Path::new(&house.repository())
            .join("lock.exclusive")
            .exists()
    );
    holder.let_go();
}

/// An unencrypted repository this computer's Borg has never seen: Borg asks before it writes there.
async fn unseen() -> House {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let mut new = house.new_repository(&[&source]);
    new.encryption = Some("none".to_owned());
    new.passphrase = None;
    house.api.create_repository(new).await.unwrap();
    forget(&house);
    house
}

/// Takes away what Borg knows of every repository.
fn forget(house: &House) {
    for folder in [".config/borg", ".cache/borg"] {
        std::fs::remove_dir_all(house.scratch.home().join(folder)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_of_borg_is_answered_by_a_person_and_the_same_job_goes_on() {
    let house = unseen().await;
    let id = house.start().await;
    let job = house.wait(id, |job| job.waiting_for.is_some()).await;
    assert_eq!(
        (job.waiting_for, job.status),
        (Some(WaitingFor::Question), Status::Pending)
    );
    assert_eq!(job.error_code.as_deref(), Some("repository_unconfirmed"));

    let refused = resume(&house, id, None).await.unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.field.as_deref()),
        ("bad_argument", Some("confirm"))
    );
    resume(&house, id, Some(true)).await.unwrap();
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(id).await);
    assert_eq!(job.error_message, None);
    // Borg has seen it now; it asks once.
    house.back_up_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_was_moved_is_asked_about_once() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    house.back_up_well().await;
    let moved = house.scratch.path().join("moved");
    std::fs::rename(house.repository(), &moved).unwrap();
    let at = moved.display().to_string();
    // A person in a terminal uses it at its new place, and then puts it back.
    let listed = house.terminal().borg_with(
        &[("BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes")],
        &["list", &at],
    );
    assert!(listed.status.success());
    std::fs::rename(&moved, house.repository()).unwrap();

    let id = house.start().await;
    let job = house.wait(id, |job| job.waiting_for.is_some()).await;
    assert_eq!(job.waiting_for, Some(WaitingFor::Question));
    assert_eq!(job.error_code.as_deref(), Some("repository_relocated"));
    resume(&house, id, Some(true)).await.unwrap();
    assert_eq!(house.ended(id).await.status, Status::Completed);
    house.back_up_well().await;
}

/// A house with an encrypted repository on a server, whose key this computer then forgets.
async fn on_a_server(can_ask: bool) -> (House, LoopbackServer, String) {
    let mut server = None;
    let house = House::with(|scratch, world| {
        let started = LoopbackServer::start(scratch);
        world.ssh_config = Some(started.ssh_config());
        world.can_ask = can_ask;
        server = Some(started);
    });
    let server = server.unwrap();
    let location = server.location(&house.scratch.path().join("backups/new"));
    approve(&house, &server, &location).await;
    let source = house.scratch.tree("Documents", 20, 1_000, 1);
    let new = alcove_api::types::CreateRepository {
        path: location.clone(),
        ..house.new_repository(&[&source])
    };
    house.api.create_repository(new).await.unwrap();
    std::fs::write(server.file("known_hosts"), "").unwrap();
    (house, server, location)
}

async fn approve(house: &House, server: &LoopbackServer, location: &str) {
    let approved = TrustHostKey {
        repository: location.to_owned(),
        fingerprint: server.fingerprint(),
    };
    assert!(house.api.trust_host_key(approved).await.unwrap().written);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_waits_for_an_unknown_host_key_and_goes_on_when_it_is_approved() {
    let (house, server, location) = on_a_server(true).await;
    let id = start_at(&house, &location).await;
    let job = house.wait(id, |job| job.waiting_for.is_some()).await;
    assert_eq!(
        (job.waiting_for, job.status),
        (Some(WaitingFor::HostKey), Status::Pending)
    );
    assert_eq!(job.error_code.as_deref(), Some("host_key_unknown"));
    assert!(job.error_message.unwrap().contains(&server.fingerprint()));
    approve(&house, &server, &location).await;
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(id).await);
    assert_eq!(job.error_message, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_host_key_fails_a_job_where_nobody_can_be_asked() {
    let (house, server, location) = on_a_server(false).await;
    let id = start_at(&house, &location).await;
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.error_code.as_deref(), Some("host_key_unknown"));
    assert_eq!(server.known_hosts(), "", "nothing without approval");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_locked_and_in_no_agent_is_named_by_the_job() {
    let mut server = None;
    let house = House::with(|scratch, world| {
        let started = LoopbackServer::start(scratch);
        world.ssh_config = Some(started.ssh_config());
        world
            .environment
            .remove(std::ffi::OsStr::new("SSH_AUTH_SOCK"));
        server = Some(started);
    });
    let server = server.unwrap();
    let location = server.location(&house.scratch.path().join("backups/new"));
    approve(&house, &server, &location).await;
    let key = server.make_key("mine", "");
    server.allow("mine", None);
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let new = alcove_api::types::CreateRepository {
        path: location.clone(),
        ssh_key: Some(key.display().to_string()),
        ..house.new_repository(&[&source])
    };
    house.api.create_repository(new).await.unwrap();
    for other in ["key", "key.pub"] {
        std::fs::remove_file(server.file(other)).unwrap();
    }
    let locked = std::process::Command::new("ssh-keygen")
        .args(["-q", "-p", "-P", "", "-N", "a secret", "-f"])
        .arg(&key)
        .status();
    assert!(locked.unwrap().success());
    let id = start_at(&house, &location).await;
    let job = house.ended(id).await;
    assert_eq!(job.error_code.as_deref(), Some("connection_failed"));
    let why = job.error_message.unwrap();
    assert!(why.contains("is locked by a passphrase"), "{why}");
    assert!(
        why.contains("no ssh agent") && why.contains("ssh-add"),
        "{why}"
    );
    assert!(why.contains(&key.display().to_string()), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_host_key_fails_a_job_with_both_fingerprints() {
    let (house, mut server, location) = on_a_server(true).await;
    approve(&house, &server, &location).await;
    let known = server.fingerprint();
    server.change_host_key();
    let id = start_at(&house, &location).await;
    let job = house.ended(id).await;
    assert_eq!(job.error_code.as_deref(), Some("host_key_changed"));
    let why = job.error_message.unwrap();
    assert!(
        why.contains(&known) && why.contains(&server.fingerprint()),
        "{why}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_waits_for_an_answer_holds_up_nobody_and_can_be_cancelled() {
    let house = unseen().await;
    let asked = house.start().await;
    house.wait(asked, |job| job.waiting_for.is_some()).await;
    let next = house.start().await;
    house.wait(next, |job| job.waiting_for.is_some()).await;
    for id in [asked, next] {
        house.cancel(id).await.unwrap();
        let job = house.ended(id).await;
        assert_eq!((job.status, job.error_code), (Status::Cancelled, None));
    }
    assert!(house.running_borgs().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_that_cannot_ask_fails_a_job_with_what_it_would_have_waited_for() {
    let house = House::with(|_, world| world.can_ask = false);
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    let house = house.restart_with(|_, world| world.can_ask = false).await;
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.error_code.as_deref(), Some("passphrase_needed"));
    assert!(
        job.error_message
            .unwrap()
            .contains("Backup SSD needs its passphrase")
    );
    assert!(house.log(job.id).await.contains("needs its passphrase"));

    let house = unseen()
        .await
        .restart_with(|_, world| world.can_ask = false)
        .await;
    let job = house.back_up().await;
    assert_eq!(job.error_code.as_deref(), Some("repository_unconfirmed"));
    assert_eq!((job.status, job.waiting_for), (Status::Failed, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_job_that_has_not_ended_can_go_on() {
    let house = unseen().await;
    let unknown = resume(&house, 99, None).await.unwrap_err();
    assert_eq!(unknown.code.as_str(), "not_found");
    let id = house.start().await;
    house.wait(id, |job| job.waiting_for.is_some()).await;
    house.api.cancel_backup(JobId { job_id: id }).await.unwrap();
    house.ended(id).await;
    let ended = resume(&house, id, Some(true)).await.unwrap_err();
    assert_eq!(ended.code.as_str(), "already_ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_phases_of_a_job_are_recorded_with_their_times() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let mut new = house.new_repository(&[&source]);
    new.keep = Some(alcove_api::types::Keep {
        daily: 1,
        ..alcove_api::types::Keep::default()
    });
    house.api.create_repository(new).await.unwrap();
    let job = house.back_up_well().await;
    let phases: Vec<Phase> = job.phases.iter().map(|began| began.phase).collect();
    assert_eq!(phases.first(), Some(&Phase::Preparing));
    assert_eq!(
        phases[phases.len() - 3..],
        [Phase::Pruning, Phase::Compacting, Phase::Ended]
    );
    assert!(phases.contains(&Phase::BackingUp));
    assert!(job.phases.is_sorted_by_key(|began| began.at.clone()));
    let kept: Vec<String> = job.phases.into_iter().map(|began| began.at).collect();
    let house = house.restart().await;
    let read: Vec<String> = house
        .job(job.id)
        .await
        .phases
        .into_iter()
        .map(|began| began.at)
        .collect();
    assert_eq!(read, kept);
}
