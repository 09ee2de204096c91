//! Locks that are left behind, and looks that give way: whose a lock is, and what becomes of it.

use std::path::{Path, PathBuf};

use alcove_api::types::{BreakLock, Job, ListArchives, LockState, RepositoryId, StartBackup};
use alcove_borg::{RepositoryLock, repository_locks_at};
use alcove_store::{Status, WaitingFor};
use alcove_tests::{House, LoopbackServer, try_for};

fn lock(house: &House) -> Option<RepositoryLock> {
    lock_in(Path::new(&house.repository()))
}

fn lock_in(folder: &Path) -> Option<RepositoryLock> {
    repository_locks_at(folder).into_iter().next()
}

/// Starts a backup and kills its Borg in the middle, so that its locks stay behind.
async fn break_off(house: &House) -> RepositoryLock {
    let id = house.start().await;
    house.wait(id, |job| job.progress_details.nfiles > 0).await;
    let left = lock(house).unwrap();
    kill(left.process);
    assert_eq!(
        house.ended(id).await.error_code.as_deref(),
        Some("borg_killed")
    );
    assert_eq!(lock(house), Some(left.clone()));
    left
}

fn kill(process: u32) {
    let process = rustix::process::Pid::from_raw(process.cast_signed()).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::KILL).unwrap();
}

async fn with_much_to_do() -> (House, i64) {
    let house = House::new();
    let source = house.scratch.tree("Pictures", 3_000, 30_000, 2);
    let created = house.create(&[&source]).await;
    (house, created.repository.id)
}

fn went_on(job: &Job, log: &str) {
    assert_eq!(job.status, Status::Completed, "{log}");
    assert!(log.contains("Killed stale lock"), "{log}");
    assert!(!log.contains("Waiting."), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_our_killed_borg_left_is_removed_by_the_next_though_the_computer_has_another_name() {
    let (house, _) = with_much_to_do().await;
    let left = break_off(&house).await;
    assert!(left.id.contains("@alcove-"), "{left:?}");
    // What Borg itself calls this computer is something else, and so is every other name and network card.
    let asked = house.borg(&["list", "--lock-wait=0", &house.repository()]);
    assert!(!asked.status.success(), "another id does not remove it");
    let renamed = |_: &_, world: &mut alcove_api::World| world.host = "renamed".to_owned();
    let house = house.restart_unlocked(renamed).await;
    let job = house.back_up().await;
    went_on(&job, &house.log(job.id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_from_among_other_process_numbers_is_never_taken_for_a_dead_one() {
    let (house, id) = with_much_to_do().await;
    let contained = |_: &_, world: &mut alcove_api::World| world.processes = "container".to_owned();
    let house = house.restart_unlocked(contained).await;
    // From outside of its container a live process looks as this one does: nothing has its number.
    let left = break_off(&house).await;
    let at_once = |_: &_, world: &mut alcove_api::World| {
        world.lock_wait = Some(std::time::Duration::ZERO);
    };
    let house = house.restart_unlocked(at_once).await;
    let job = house.back_up().await;
    assert_eq!(job.error_code.as_deref(), Some("repository_locked"));
    assert_eq!(lock(&house), Some(left));
    let id = RepositoryId { repository_id: id };
    let health = house.api.get_repository(id).await.unwrap();
    assert_eq!(health.lock.state, LockState::Elsewhere);
    let unsaid = BreakLock {
        repository_id: id.repository_id,
        confirm: None,
    };
    let refused = house.api.break_repository_lock(unsaid).await.unwrap_err();
    assert_eq!(refused.code.as_str(), "confirmation_needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn locks_that_a_borg_of_the_terminal_left_are_removed_by_the_next_backup() {
    let (house, _) = with_much_to_do().await;
    let borg_id = alcove_borg::repository_id_at(Path::new(&house.repository())).unwrap();
    let cache = house.scratch.home().join(".cache/borg").join(borg_id);
    let archive = format!("{}::by-hand", house.repository());
    let source = house.scratch.home().join("Pictures").display().to_string();
    let mut borg = house.terminal().start(&["create", &archive, &source]);
    let both = || Some((lock(&house)?, lock_in(&cache)?));
    let (of_repository, of_cache) = try_for(both).await.unwrap();
    borg.kill().unwrap();
    borg.wait().unwrap();
    assert_eq!(of_repository.process, of_cache.process);
    let job = house.back_up().await;
    went_on(&job, &house.log(job.id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_goes_on_when_the_holder_it_waits_for_dies() {
    let (house, _) = with_much_to_do().await;
    let holder = house.terminal().hold(&house.repository()).await;
    let id = house.start().await;
    let waits = || (house.running_borgs().len() >= 2).then_some(());
    try_for(waits).await.unwrap();
    holder.kill();
    assert_eq!(house.ended(id).await.status, Status::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_on_a_server_is_named_by_its_path_and_by_nobody() {
    let mut server = None;
    let house = House::with(|scratch, world| {
        let started = LoopbackServer::start(scratch);
        world.ssh_config = Some(started.ssh_config());
        world.lock_wait = Some(std::time::Duration::ZERO);
        server = Some(started);
    });
    let server = server.unwrap();
    let there: PathBuf = house.scratch.path().join("backups/new");
    let location = server.location(&there);
    let approved = alcove_api::types::TrustHostKey {
        repository: location.clone(),
        fingerprint: server.fingerprint(),
    };
    house.api.trust_host_key(approved).await.unwrap();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let new = alcove_api::types::CreateRepository {
        path: location.clone(),
        ..house.new_repository(&[&source])
    };
    house.api.create_repository(new).await.unwrap();
    let holder = house.terminal().hold(&there.display().to_string()).await;
    let start = StartBackup {
        repository: location,
        ..StartBackup::default()
    };
    let id = house.api.start_backup(start).await.unwrap().job_id;
    let job = house.ended(id).await;
    assert_eq!(job.error_code.as_deref(), Some("repository_locked"));
    let why = job.error_message.unwrap();
    let path = there.join("lock").display().to_string();
    assert!(why.contains("over ssh Borg does not say by which"), "{why}");
    assert!(why.contains(&path), "{why}");
    holder.let_go();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_gives_way_to_a_backup_and_says_so() {
    let (house, id) = with_much_to_do().await;
    // While another program holds the lock, Borg looks for seconds.
    let holder = house.terminal().hold(&house.repository()).await;
    let api = house.api.clone();
    let id = RepositoryId { repository_id: id };
    let measure = tokio::spawn(async move { api.measure_repository(id).await });
    let api = house.api.clone();
    let repository = house.repository();
    let list = tokio::spawn(async move { api.list_archives(ListArchives { repository }).await });
    let looks = || (house.running_borgs().len() >= 3).then_some(());
    try_for(looks).await.unwrap();
    let job = house.start().await;
    for refused in [
        measure.await.unwrap().map(|_| ()).unwrap_err(),
        list.await.unwrap().map(|_| ()).unwrap_err(),
    ] {
        assert_eq!(refused.code.as_str(), "in_use", "{refused}");
        assert!(refused.message.contains("Backup SSD began"), "{refused}");
        assert!(refused.retryable);
    }
    house
        .wait(job, |job| job.waiting_for == Some(WaitingFor::Lock))
        .await;
    holder.let_go();
    assert_eq!(house.ended(job).await.status, Status::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_living_reader_behind_a_dead_one_is_who_holds_the_repository() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    let repository_id = house.create(&[&source]).await.repository.id;
    let state = async || {
        let repository = house.api.get_repository(RepositoryId { repository_id });
        repository.await.unwrap().lock.state
    };
    // What a Borg of the terminal calls this computer.
    let holder = house.terminal().hold(&house.repository()).await;
    let id = lock(&house).unwrap().id;
    holder.let_go();
    let mut dead = std::process::Command::new("true").spawn().unwrap();
    dead.wait().unwrap();
    let readers = [dead.id(), std::process::id()].map(|process| (id.clone(), process, 0));
    let roster = Path::new(&house.repository()).join("lock.roster");
    let write = |readers: &[(String, u32, u64)]| {
        let text = serde_json::json!({ "shared": readers }).to_string();
        std::fs::write(&roster, text).unwrap();
    };
    write(&readers);
    assert_eq!(state().await, LockState::Held);
    write(&readers[..1]);
    assert_eq!(state().await, LockState::LeftBehind);
    // Another computer of the same name, whose processes nobody here can see.
    let namesake = format!("{}@1", id.rsplit_once('@').unwrap().0);
    write(&[(namesake, dead.id(), 0)]);
    assert_eq!(state().await, LockState::Elsewhere);
}
