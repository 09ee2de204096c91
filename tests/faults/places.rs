//! Disks that are full, drives that go away, repositories that are damaged or gone.

use std::path::Path;

use alcove_api::types::{ChangeRepository, RepositoryId, StartMaintenance};
use alcove_store::JobKind;
use alcove_tests::{House, PoweredDisk, SmallDisk};

use crate::checkpoints;
use crate::fault::{Fault, Seen, Session};
use crate::round::{Round, Stage, assert_used_again};

/// The rows.
pub(crate) const FAULTS: &[Fault] = &[
    Fault::new(
        "repository disk full",
        "Borg keeps what it sent up to the last checkpoint, which is used again; older archives stay",
        &["failed, disk_full"],
        |round| Box::pin(repository_full(round)),
    )
    .within(Session::Root),
    Fault::new(
        "storage quota used up",
        "Borg keeps what it sent up to the last checkpoint, which is used again; older archives stay",
        &["failed, quota_exceeded"],
        |round| Box::pin(quota(round)),
    ),
    Fault::new(
        "append-only repository",
        "Nothing is deleted from here, and the log says so",
        &["completed"],
        |round| Box::pin(append_only(round)),
    ),
    Fault::new(
        "data folder full",
        "The log waits in memory, the record is saved when there is room",
        &["completed"],
        |round| Box::pin(data_full(round)),
    )
    .within(Session::Root),
    Fault::new(
        "repository deleted mid-run",
        "There is nothing to back up to",
        &["failed, repository_missing"],
        |round| Box::pin(deleted(round)),
    )
    .asking(
        "failed, repository_missing",
        "where is it now, or a new one?",
    ),
    Fault::new(
        "drive unmounted mid-run",
        "What was sent up to the last checkpoint is used when the drive is back",
        &["failed, repository_missing"],
        |round| Box::pin(unmounted(round)),
    )
    .within(Session::Root)
    .killing(),
    Fault::new(
        "segment corrupted",
        "The check finds it; Borg's create does not look, so the next backup is made all the same",
        &["failed, repository_damaged, check_failed"],
        |round| Box::pin(corrupted(round)),
    ),
];

async fn repository_full(round: Round) -> Seen {
    let house = House::with(checkpoints::often);
    let disk = SmallDisk::mount(house.scratch.folder("disk"), "10m");
    let repository = disk.path().join("repository");
    let location = repository.display().to_string();
    let stage = Stage::at(house, repository, location).await;
    let held = stage.hold_after_checkpoint(round).await;
    held.go_on();
    let seen = stage.outcome(held.id).await;
    // Borg keeps a segment's worth free, 500 MB, where there is something to compact.
    disk.resize("1g");
    let seen = stage.and_next(seen).await;
    assert_used_again(&stage.newest().await);
    stage.assert_first_archive();
    seen
}

async fn quota(round: Round) -> Seen {
    let stage = Stage::with(checkpoints::often).await;
    stage.configure("storage_quota", "10M");
    let held = stage.hold_after_checkpoint(round).await;
    held.go_on();
    let seen = stage.outcome(held.id).await;
    stage.configure("storage_quota", "1G");
    let seen = stage.and_next(seen).await;
    assert_used_again(&stage.newest().await);
    stage.assert_first_archive();
    seen
}

async fn append_only(round: Round) -> Seen {
    let stage = Stage::pruning(round).await;
    stage.configure("append_only", "1");
    let change = ChangeRepository {
        repository_id: 1,
        name: None,
        append_only: Some(true),
        check: None,
        passcommand: None,
        keep_passphrase: None,
    };
    let changed = stage.house.api.change_repository(change).await;
    changed.expect("the repository is known");
    let id = stage.start().await;
    let seen = stage.outcome(id).await;
    assert!(seen.log.contains("is append-only"), "{}", seen.log);
    let seen = stage.and_next(seen).await;
    stage.assert_first_archive();
    seen
}

async fn data_full(round: Round) -> Seen {
    let mut disk = None;
    let house = House::with(|scratch, _| {
        disk = Some(SmallDisk::mount(scratch.folder("data"), "2m"));
    });
    let disk = disk.expect("a house is opened at once");
    let stage = Stage::in_house(house).await;
    let held = stage.hold(round).await;
    disk.fill();
    held.go_on();
    stage.house.ended(held.id).await;
    // All of it was shown while there was no room.
    stage.watched.shown(held.id).await;
    disk.free();
    let stage = stage
        .rebuilt(async |house| house.restart_unlocked(|_, _| {}).await)
        .await;
    let seen = stage.seen(held.id).await;
    stage.and_next(seen).await
}

async fn deleted(round: Round) -> Seen {
    let stage = Stage::new().await;
    let held = stage.hold(round).await;
    std::fs::remove_dir_all(&stage.repository).expect("a repository can be deleted");
    held.go_on();
    let seen = stage.outcome(held.id).await;
    stage.and_next(seen).await
}

async fn unmounted(round: Round) -> Seen {
    let house = House::with(checkpoints::often);
    let disk = PoweredDisk::mount_of(house.scratch.folder("disk"), 1 << 30);
    let repository = disk.path().join("repository");
    let location = repository.display().to_string();
    let stage = Stage::at(house, repository, location).await;
    let held = stage.hold_after_checkpoint(round).await;
    disk.pull();
    held.go_on();
    let seen = stage.outcome(held.id).await;
    disk.plug();
    let seen = stage.and_next(seen).await;
    assert_used_again(&stage.newest().await);
    stage.assert_first_archive();
    seen
}

async fn corrupted(round: Round) -> Seen {
    let stage = Stage::new().await;
    stage.grow(round);
    let id = stage.start().await;
    stage.house.ended(id).await;
    turn_a_byte(&stage.repository, round);
    let check = StartMaintenance {
        repository_id: 1,
        kind: JobKind::Check,
        plan: None,
        retry_of: None,
    };
    let started = stage.house.api.start_maintenance(check).await;
    let id = started.expect("a check can be asked for").job_id;
    stage.watch(id);
    let seen = stage.outcome(id).await;
    let seen = stage.and_next(seen).await;
    let health = RepositoryId { repository_id: 1 };
    let health = stage.house.api.get_repository(health).await;
    let check = health.expect("the repository is known").last_check;
    assert_eq!(
        check.and_then(|check| check.good),
        Some(false),
        "it stays known as damaged"
    );
    seen
}

/// Turns one byte somewhere in the largest segment.
fn turn_a_byte(repository: &Path, round: Round) {
    let segments = std::fs::read_dir(repository.join("data/0")).expect("it has segments");
    let size = |path: &std::path::PathBuf| path.metadata().map_or(0, |meta| meta.len());
    let paths = segments.flatten().map(|entry| entry.path());
    let segment = paths.max_by_key(size).expect("it has a segment");
    let mut bytes = std::fs::read(&segment).expect("a segment can be read");
    let length = bytes.len() as u64;
    let place = round.between(length / 4, length / 2) as usize;
    bytes[place] ^= 0xff;
    std::fs::write(&segment, bytes).expect("a segment can be written");
}
