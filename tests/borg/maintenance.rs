//! Prune and compact after a backup: only the plan's own archives, and never at the backup's cost.

use alcove_store::{Folder, Keep, Maintenance, Phase, Plan, Status, Store};
use alcove_tests::{House, try_for};

/// Changes the plans of a house while nobody uses its data folder.
async fn with_plans(house: House, change: impl FnOnce(&Store, Plan)) -> House {
    let folder = Folder::at(house.data());
    house.api.shutdown().await;
    let House { scratch, api } = house;
    drop(api);
    let store = try_for(|| Store::open(folder.clone()).ok()).await.unwrap();
    let plan = store.plans().unwrap().remove(0);
    change(&store, plan);
    drop(store);
    let house = House::over(scratch).await;
    let unlock = alcove_api::types::UnlockRepository {
        repository: house.repository(),
        passphrase: alcove_borg::Passphrase::new(alcove_tests::PASSPHRASE.to_owned()),
        remember_passphrase: None,
    };
    house.api.unlock_repository(unlock).await.unwrap();
    house
}

/// Adds a default plan that keeps one archive a day, then compacts.
fn pruning_plan(store: &Store, plan: Plan, name: &str) {
    let sources = plan.sources.clone();
    let pruning = Plan {
        name: name.to_owned(),
        tag: "p9r8u7n6".to_owned(),
        sources,
        keep: Keep {
            daily: 1,
            ..Keep::default()
        },
        compact: true,
        is_default: true,
        ..plan
    };
    store.insert_plan(pruning).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn prune_keeps_to_the_plan_and_leaves_every_other_archive() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 20, 1_000, 1);
    house.create(&[&source]).await;
    house.back_up_well().await;
    let house = with_plans(house, |store, plan| {
        pruning_plan(store, plan, "Home [*] {now}?");
    })
    .await;
    // Names that a loose pattern would take for the plan's.
    let repository = house.repository();
    for foreign in [
        "p9r8u7n6",
        "Home-p9r8u7n6-2020-01-01T00:00:00",
        "home-photos-2020-01-01",
    ] {
        let archive = format!("{repository}::{foreign}");
        let made = house.borg(&["create", &archive, &source.display().to_string()]);
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
    }
    let before = house.archives();
    let first = house.back_up_well().await;
    assert_eq!(first.maintenance_status, Some(Maintenance::Completed));
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let second = house.back_up_well().await;
    assert_eq!(
        second.maintenance_status,
        Some(Maintenance::Completed),
        "{}",
        house.log(second.id).await
    );
    assert_eq!(second.error_message, None);
    let mut expected = before;
    expected.push(second.archive_name.unwrap());
    let mut after = house.archives();
    expected.sort();
    after.sort();
    assert_eq!(
        after, expected,
        "the plan's older archive went, and nothing else"
    );
    assert!(house.log(second.id).await.contains("Pruning archive"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_prune_ends_maintenance_and_leaves_the_backup_completed() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 20, 1_000, 2);
    house.create(&[&source]).await;
    let house = with_plans(house, |store, plan| pruning_plan(store, plan, "Home")).await;
    // Borg is taken away as soon as the archive is complete.
    let gone = house.scratch.path().join("gone");
    let id = house.start().await;
    house
        .wait(id, |job| {
            job.phase == Phase::BackingUp || job.status.is_terminal()
        })
        .await;
    std::fs::rename(house.repository(), &gone).unwrap();
    let job = house.ended(id).await;
    if job.status == Status::Completed {
        assert_eq!(job.maintenance_status, Some(Maintenance::PruneFailed));
        assert_eq!(job.progress, 100);
        assert!(job.error_message.is_some());
    } else {
        assert_eq!(job.status, Status::Failed);
        assert_eq!(job.maintenance_status, None);
    }
}
