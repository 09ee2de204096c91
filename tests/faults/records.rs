//! Alcove's own records damaged, and its keyring locked.

use alcove_api::types::{ReleasePlans, UnlockRepository};
use alcove_api::{ApiError, World};
use alcove_borg::Passphrase;
use alcove_store::Maintenance;
use alcove_tests::{PASSPHRASE, lock_its_keyring, use_its_keyring};

use crate::fault::{Fault, Seen, Session};
use crate::round::{Round, Stage, words};

/// The rows.
pub(crate) const FAULTS: &[Fault] = &[
    Fault::new(
        "database corrupted",
        "The damaged file is set aside, the newest whole copy takes its place, and the window says so",
        &["completed"],
        |round| Box::pin(corrupted(round)),
    )
    .asking("yes", HELD),
    Fault::new(
        "keyring locked",
        "The job waits until the keyring is unlocked, or the passphrase is entered",
        &["pending, keyring_locked, then completed"],
        |round| Box::pin(locked(round)),
    )
    .within(Session::Desktop)
    .asking("yes", "the passphrase is asked for once"),
];

/// What a person decides when older records took the place of damaged ones.
pub(crate) const HELD: &str = "prune waits until somebody says that the plans are right";

async fn corrupted(round: Round) -> Seen {
    let stage = Stage::pruning(round).await;
    let id = stage.newest().await.id;
    let database = stage.house.data().join("alcove.sqlite3");
    let stage = stage
        .rebuilt(async |house| {
            let damage = |_: &_| {
                let mut bytes = std::fs::read(&database).expect("the records can be read");
                let place = round.between(0, bytes.len() as u64 - 4_096) as usize;
                bytes[place..place + 4_096].fill(0x5a);
                std::fs::write(&database, bytes).expect("the records can be damaged");
            };
            house.away(damage).await.0
        })
        .await;
    assert!(stage.house.api.recovery().is_some(), "it is told");
    let archives = stage.archives();
    let seen = stage.seen(id).await;
    let seen = stage.and_next(seen).await;
    assert_prune_was_held(&stage, &archives).await;
    seen
}

/// The last backup pruned none of the archives there were before it, and said why; once a person has said that the
/// plans are right, the next one prunes.
pub(crate) async fn assert_prune_was_held(stage: &Stage, before: &[String]) {
    let log = stage.house.log(stage.newest().await.id).await;
    assert!(log.contains("Plans are from restored records"), "{log}");
    let held = stage.archives();
    assert!(before.iter().all(|name| held.contains(name)), "{held:?}");
    let release = ReleasePlans { plan: None };
    let released = stage.house.api.release_plans(release).await;
    released.expect("plans can be released");
    let id = stage.start().await;
    let job = stage.house.ended(id).await;
    assert_eq!(words(&job), "completed", "{:?}", job.error_message);
    assert_eq!(job.maintenance_status, Some(Maintenance::Completed));
    let left = stage.archives();
    assert!(!held.iter().any(|name| left.contains(name)), "{left:?}");
}

async fn locked(_: Round) -> Seen {
    let stage = Stage::with(|_, world| use_its_keyring(world)).await;
    let kept = unlock(&stage, Some(true)).await;
    kept.expect("the keyring keeps the passphrase");
    let stage = stage
        .rebuilt(async |house| {
            lock_its_keyring();
            let systems = |_: &_, world: &mut World| use_its_keyring(world);
            house.restart_with(systems).await
        })
        .await;
    let id = stage.start().await;
    let waiting = stage.house.wait(id, |job| job.waiting_for.is_some()).await;
    let entered = unlock(&stage, None).await;
    entered.expect("the passphrase is taken");
    let job = stage.house.ended(id).await;
    assert!(job.status.is_safe(), "{:?}", job.error_message);
    let mut seen = stage.seen(id).await;
    seen.job = format!("{}, then {}", words(&waiting), seen.job);
    stage.and_next(seen).await
}

/// Enters the passphrase.
async fn unlock(stage: &Stage, remember_passphrase: Option<bool>) -> Result<(), ApiError> {
    let unlock = UnlockRepository {
        repository: stage.location.clone(),
        passphrase: Passphrase::new(PASSPHRASE.to_owned()),
        remember_passphrase,
    };
    let opened = stage.house.api.unlock_repository(unlock).await;
    opened.map(|_| ())
}
