//! Prune and compact after a backup: only the plan's own archives, and never at the backup's cost.

use alcove_api::types::{Nothing, ReleasePlans};
use alcove_store::{Keep, Maintenance, Plan, Status, Store};
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, archive};
use jiff::civil::date;
use jiff::tz::TimeZone;

/// Changes the first plan of a house.
async fn with_plans(house: House, change: impl FnOnce(&Store, Plan)) -> House {
    let (house, ()) = house
        .edit(|store| change(store, store.plans().unwrap().remove(0)))
        .await;
    house
}

/// Adds a default plan that keeps one archive a day, then compacts.
fn pruning_plan(store: &Store, plan: Plan, name: &str) {
    let sources = plan.sources.clone();
    let pruning = Plan {
        name: name.to_owned(),
        series: name.to_owned(),
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
async fn a_failed_prune_ends_maintenance_and_is_not_hidden_by_compact() {
    let fake = FakeBorg::new("1.2.4")
        .on("create", archive())
        .on("prune", Script::new().exit(2));
    let (house, fake) = House::over_fake(fake).await;
    let job = house.back_up_well().await;
    assert_eq!(job.maintenance_status, Some(Maintenance::PruneFailed));
    assert_eq!((job.progress, job.borg_exit_code), (100, Some(0)));
    assert_eq!(job.error_code.as_deref(), Some("borg_failed"));
    assert!(job.error_message.is_some());
    assert_eq!(fake.calls("prune").len(), 1);
    assert!(fake.calls("compact").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_of_restored_records_neither_prune_nor_compact_until_a_person_says_they_are_right() {
    let fake = FakeBorg::new("1.2.4").on("create", archive());
    let (house, fake) = House::over_fake(fake).await;
    let database = house.data().join("alcove.sqlite3");
    let (house, ()) = house
        .away(|_| std::fs::write(database, "no database").unwrap())
        .await;
    // What was damaged is told of once, what is held until it is released.
    let house = house.restart_unlocked(|_, _| {}).await;
    assert!(house.api.get_system(Nothing {}).await.unwrap().plans_held);
    let job = house.back_up_well().await;
    assert_eq!(job.maintenance_status, None);
    assert!(
        house
            .log(job.id)
            .await
            .contains("Plans are from restored records")
    );
    assert!(fake.calls("prune").is_empty() && fake.calls("compact").is_empty());

    house
        .api
        .release_plans(ReleasePlans::default())
        .await
        .unwrap();
    assert!(!house.api.get_system(Nothing {}).await.unwrap().plans_held);
    let job = house.back_up_well().await;
    assert_eq!(job.maintenance_status, Some(Maintenance::Completed));
    assert!(!fake.calls("prune").is_empty() && !fake.calls("compact").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_compact_is_named_after_a_good_prune() {
    let fake = FakeBorg::new("1.2.4")
        .on("create", archive())
        .on("compact", Script::new().exit(2));
    let (house, _) = House::over_fake(fake).await;
    let job = house.back_up_well().await;
    assert_eq!(job.maintenance_status, Some(Maintenance::CompactFailed));
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_is_running_until_its_last_step_is_done_and_only_then_completed() {
    let fake = FakeBorg::new("1.2.4")
        .on("create", archive())
        .on("prune", Script::new().wait_for_release("prune"))
        .on("compact", Script::new().wait_for_release("compact"));
    let (house, fake) = House::over_fake(fake).await;
    let id = house.start().await;
    let pruning = house.wait(id, |job| job.maintenance_status.is_some()).await;
    assert_eq!(pruning.maintenance_status, Some(Maintenance::RunningPrune));
    assert!(pruning.completed_at.is_some() && pruning.ended_at.is_none() && pruning.active);
    fake.release("prune");
    let compacting = house
        .wait(id, |job| {
            job.maintenance_status == Some(Maintenance::RunningCompact)
        })
        .await;
    assert_eq!(compacting.status, Status::Completed);
    fake.release("compact");
    let job = house.ended(id).await;
    assert_eq!(job.maintenance_status, Some(Maintenance::Completed));
    assert!(job.ended_at >= job.completed_at && !job.active);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_not_safe_has_no_maintenance() {
    let fake = FakeBorg::new("1.2.4").on("create", Script::new().exit(2));
    let (house, fake) = House::over_fake(fake).await;
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.maintenance_status, None);
    assert!(fake.calls("prune").is_empty() && fake.calls("compact").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn prune_stops_before_an_archive_that_is_not_the_plans() {
    let foreign = concat!(
        r#"{"type": "log_message", "levelname": "INFO", "name": "borg.output.list", "message": "#,
        r#""Would prune:     holiday-photos   Sun, 2026-11-22 11:03:39 [fceb0d2c]"}"#,
        "\n"
    );
    let fake = FakeBorg::new("1.2.4")
        .on("create", archive())
        .on("prune", Script::new().stderr(foreign));
    let (house, fake) = House::over_fake(fake).await;
    let job = house.back_up_well().await;
    assert_eq!(job.maintenance_status, Some(Maintenance::PruneFailed));
    assert_eq!(job.error_code.as_deref(), Some("prune_refused"));
    assert!(job.error_message.unwrap().contains("holiday-photos"));
    let calls = fake.calls("prune");
    assert_eq!(calls.len(), 1, "it only asked");
    assert!(calls[0].arguments().contains(&"--dry-run".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn prune_stops_before_an_archive_that_the_rules_keep() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    let first = house.back_up_well().await.archive_name.unwrap();
    let house = with_plans(house, |store, plan| {
        let keep = Keep {
            last: 9,
            ..Keep::default()
        };
        store.save_plan(&Plan { keep, ..plan }).unwrap();
    })
    .await;
    // As a Borg that counts otherwise.
    let line = format!(
        r#"{{"type": "log_message", "levelname": "INFO", "name": "borg.output.list", "message": "Would prune:     {first}   Sun, 2026-11-22 11:03:39 [fceb0d2c]"}}"#
    );
    let fake = FakeBorg::before_the_real().on("prune", Script::new().stderr(line + "\n"));
    let house = house.take_fake(fake).await;
    let job = house.back_up_well().await;
    assert_eq!(job.maintenance_status, Some(Maintenance::PruneFailed));
    assert_eq!(job.error_code.as_deref(), Some("prune_refused"));
    let why = job.error_message.unwrap();
    assert!(
        why.contains(&first) && why.contains("keeps by its rules"),
        "{why}"
    );
    assert!(house.log(job.id).await.contains("Nothing was deleted."));
}

/// Adds a plan that keeps one archive a day and returns its number.
fn daily(store: &Store, like: &Plan, name: &str, tag: &str) -> i64 {
    let keep = Keep {
        daily: 1,
        ..Keep::default()
    };
    let plan = Plan {
        name: name.to_owned(),
        series: name.to_owned(),
        tag: tag.to_owned(),
        keep,
        ..like.clone()
    };
    store.insert_plan(plan).unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_and_hosts_in_one_repository_prune_their_own_archives_alone() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 3);
    house.create(&[&source]).await;
    // The same tags on both hosts, as after a data folder was copied: the worst case.
    let (mut house, plans) = house
        .edit(|store| {
            let like = store.plans().unwrap().remove(0);
            [
                ("home", "aaaaaaaa"),
                ("home-photos", "bbbbbbbb"),
                ("home*[ab]?{now}", "cccccccc"),
            ]
            .map(|(name, tag)| daily(store, &like, name, tag))
        })
        .await;
    let mut newest = Vec::new();
    for round in 0..2 {
        for host in ["desk", "desk-home"] {
            house = house
                .restart_unlocked(|_, world| world.host = host.to_owned())
                .await;
            for plan in plans {
                let args = alcove_api::types::StartBackup {
                    repository: house.repository(),
                    plan: Some(plan),
                    retry_of: None,
                };
                let id = house.api.start_backup(args).await.unwrap().job_id;
                let job = house.ended(id).await;
                let log = house.log(id).await;
                assert_eq!(job.status, Status::Completed, "{log}");
                assert_eq!(job.error_message, None, "{log}");
                let archive = job.archive_name.unwrap();
                assert!(archive.starts_with(&format!("{host}-home")), "{archive}");
                if round == 1 {
                    newest.push(archive);
                }
            }
        }
    }
    newest.sort();
    let mut left = house.archives();
    left.sort();
    assert_eq!(left, newest, "of each plan on each host, the newest");
}

/// Backs up with two archives a day in the past, and returns which of those are kept by "three a day".
async fn kept_of_two_a_day(zone: &str) -> Vec<String> {
    let time_zone = TimeZone::get(zone).unwrap();
    let house = House::with(|_, world| {
        world.environment.insert("TZ".into(), zone.into());
        world.zone = time_zone.clone();
    });
    let source = house.scratch.tree("Documents", 3, 100, 4);
    let keep = alcove_api::types::Keep {
        daily: 3,
        ..alcove_api::types::Keep::default()
    };
    let new = alcove_api::types::CreateRepository {
        keep: Some(keep),
        compact: Some(false),
        ..house.new_repository(&[&source])
    };
    house.api.create_repository(new).await.unwrap();
    let first = house.back_up_well().await.archive_name.unwrap();
    let prefix = first
        .strip_suffix(&first[first.len() - "2026-11-22T10:00:00.000".len()..])
        .unwrap();
    for day in [6, 7, 8] {
        for (hour, minute) in [(0, 30), (21, 0)] {
            let local = date(2020, 1, day).at(hour, minute, 0, 0);
            let utc = local.to_zoned(time_zone.clone()).unwrap().timestamp();
            let timestamp = utc.strftime("--timestamp=%Y-%m-%dT%H:%M:%S").to_string();
            let archive = format!("{}::{prefix}{local}", house.repository());
            // `env`, since Borg 1.4 reads the time in the zone it runs in and 1.2 in UTC.
            let made = house.terminal().borg_with(
                &[("TZ", "UTC")],
                &[
                    "create",
                    &timestamp,
                    &archive,
                    &source.display().to_string(),
                ],
            );
            let said = String::from_utf8_lossy(&made.stderr);
            assert!(made.status.success(), "{said}");
        }
    }
    let deleted = house.borg(&["delete", &format!("{}::{first}", house.repository())]);
    assert!(deleted.status.success());
    let job = house.back_up_well().await;
    assert_eq!(
        job.maintenance_status,
        Some(Maintenance::Completed),
        "{}",
        house.log(job.id).await
    );
    let now = job.archive_name.unwrap();
    let mut kept = house.archives();
    kept.retain(|name| *name != now);
    kept.sort();
    kept.into_iter()
        .map(|name| name.strip_prefix(prefix).unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn prune_counts_days_as_the_person_lives_them() {
    // In UTC, the later archive of a day and the earlier of the next would share a day in each of these zones.
    for zone in ["America/Los_Angeles", "Europe/Berlin", "Pacific/Auckland"] {
        assert_eq!(
            kept_of_two_a_day(zone).await,
            ["2020-01-07T21:00:00", "2020-01-08T21:00:00"],
            "{zone}"
        );
    }
}
