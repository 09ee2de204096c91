//! Plans that are made, changed and removed, and what is set for all of Alcove.

use std::path::Path;

use alcove_api::types::{
    ChangePlan, ChangeSettings, CreatePlan, Keep, Nothing, Plan, RemovePlan, StartBackup,
};
use alcove_store::{Maintenance, Status};
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, archive};

async fn plans(house: &House) -> Vec<Plan> {
    house.api.list_plans(Nothing {}).await.unwrap().plans
}

fn photos(source: &Path) -> CreatePlan {
    CreatePlan {
        repository: 1,
        name: "Photos".to_owned(),
        source_directories: vec![source.display().to_string()],
        exclude_patterns: None,
        compression: None,
        log_files: None,
        keep: None,
        compact: None,
        check: None,
        is_default: None,
        schedule: None,
        hooks: None,
        conditions: None,
        ping_url: None,
    }
}

fn no_change(plan: i64) -> ChangePlan {
    serde_json::from_value(serde_json::json!({ "plan": plan })).unwrap()
}

async fn ready() -> House {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 1);
    house.create(&[&source]).await;
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_plan_backs_up_its_own_folders() {
    let house = ready().await;
    let source = house.scratch.tree("Pictures", 5, 100, 2);
    let plan = house.api.create_plan(photos(&source)).await.unwrap().plan;
    let made = plans(&house).await.pop().unwrap();
    assert_eq!(
        (made.id, made.is_default, made.enabled),
        (plan, false, true)
    );
    assert!(made.excludes.contains(&"sh:**/.cache".to_owned()));
    let start = StartBackup {
        repository: house.repository(),
        plan: Some(plan),
        retry_of: None,
    };
    let id = house.api.start_backup(start).await.unwrap().job_id;
    let job = house.ended(id).await;
    assert_eq!(
        (job.status, job.progress_details.nfiles),
        (Status::Completed, 5)
    );
    assert!(job.archive_name.unwrap().starts_with(&made.archive_prefix));
}

#[tokio::test(flavor = "multi_thread")]
async fn borg_is_to_remember_files_for_longer_where_two_plans_share_a_repository() {
    let fake = FakeBorg::new("1.4.1").on("create", archive());
    let (house, fake) = House::over_fake(fake).await;
    let bound = || {
        let call = fake.calls("create").pop().unwrap();
        call.environment().remove("BORG_FILES_CACHE_TTL")
    };
    house.back_up_well().await;
    assert_eq!(bound(), None);
    let source = house.scratch.tree("Pictures", 1, 100, 2);
    let second = house.api.create_plan(photos(&source)).await.unwrap().plan;
    house.back_up_well().await;
    assert_eq!(bound().as_deref(), Some("188"));
    let remove = RemovePlan { plan: second };
    house.api.remove_plan(remove).await.unwrap();
    house.back_up_well().await;
    assert_eq!(bound(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_plan_keeps_its_series_and_prunes_it() {
    let house = ready().await;
    let first = house.back_up_well().await.archive_name.unwrap();
    let change = ChangePlan {
        name: Some("Everything [*]".to_owned()),
        keep: Some(Keep {
            daily: 1,
            ..Keep::default()
        }),
        ..no_change(1)
    };
    house.api.change_plan(change).await.unwrap();
    let job = house.back_up_well().await;
    assert_eq!(job.plan_name.as_deref(), Some("Everything [*]"));
    assert_eq!(job.maintenance_status, Some(Maintenance::Completed));
    let second = job.archive_name.unwrap();
    let prefix = &plans(&house).await[0].archive_prefix;
    assert!(first.starts_with(prefix.as_str()) && second.starts_with(prefix.as_str()));
    assert_eq!(house.archives(), [second], "the older archive was pruned");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_change_leaves_out_stays_and_bad_ones_change_nothing() {
    let house = ready().await;
    let change = ChangePlan {
        exclude_patterns: Some(vec!["*.tmp".to_owned()]),
        compression: Some("auto,zstd,6".to_owned()),
        log_files: Some(true),
        ..no_change(1)
    };
    house.api.change_plan(change).await.unwrap();
    let before = serde_json::to_value(&plans(&house).await[0]).unwrap();
    assert_eq!(before["name"], "Home");
    assert_eq!(before["compression"], "auto,zstd,6");
    assert_eq!(before["log_files"], true);

    let bad = [
        (
            "name",
            ChangePlan {
                name: Some(" ".into()),
                ..no_change(1)
            },
        ),
        (
            "source_directories",
            ChangePlan {
                source_directories: Some(vec![]),
                ..no_change(1)
            },
        ),
        (
            "source_directories",
            ChangePlan {
                source_directories: Some(vec!["home".into()]),
                ..no_change(1)
            },
        ),
        (
            "exclude_patterns",
            ChangePlan {
                exclude_patterns: Some(vec!["a\nb".into()]),
                ..no_change(1)
            },
        ),
        (
            "compression",
            ChangePlan {
                compression: Some("zstd,99".into()),
                ..no_change(1)
            },
        ),
    ];
    for (field, change) in bad {
        let refused = house.api.change_plan(change).await.unwrap_err();
        assert_eq!(
            (refused.code.as_str(), refused.field.as_deref()),
            ("bad_argument", Some(field))
        );
    }
    let unknown = house.api.change_plan(no_change(9)).await.unwrap_err();
    assert_eq!(unknown.code.as_str(), "not_found");
    let nowhere = CreatePlan {
        repository: 9,
        ..photos(Path::new("/"))
    };
    let unknown = house.api.create_plan(nowhere).await.unwrap_err();
    assert_eq!(unknown.code.as_str(), "not_found");
    assert_eq!(
        serde_json::to_value(&plans(&house).await[0]).unwrap(),
        before
    );
    house.back_up_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_with_a_job_that_has_not_ended_is_not_removed() {
    let fake = FakeBorg::new("1.4.1").on("create", archive().wait_for_release("create"));
    let (house, fake) = House::over_fake(fake).await;
    let id = house.start().await;
    let refused = house
        .api
        .remove_plan(RemovePlan { plan: 1 })
        .await
        .unwrap_err();
    assert_eq!(refused.code.as_str(), "in_use");
    fake.release("create");
    house.ended(id).await;
    house.api.remove_plan(RemovePlan { plan: 1 }).await.unwrap();
    assert!(plans(&house).await.is_empty());
    assert_eq!(
        house.job(id).await.plan_name.as_deref(),
        Some("Home"),
        "history stays"
    );
    let gone = house
        .api
        .remove_plan(RemovePlan { plan: 1 })
        .await
        .unwrap_err();
    assert_eq!(gone.code.as_str(), "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_follows_a_backup_where_the_plan_asks_for_it() {
    let house = ready().await;
    let change = ChangePlan {
        check: Some(true),
        ..no_change(1)
    };
    house.api.change_plan(change).await.unwrap();
    let job = house.back_up_well().await;
    let log = house.log(job.id).await;
    assert_eq!(
        job.maintenance_status,
        Some(Maintenance::Completed),
        "{log}"
    );
    assert!(log.contains(" check "), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_finds_damage_names_it_and_leaves_the_backup_as_it_ended() {
    let house = ready().await;
    let source = house.scratch.tree("Documents", 300, 1_000, 4);
    house.back_up_well().await;
    let change = ChangePlan {
        check: Some(true),
        ..no_change(1)
    };
    house.api.change_plan(change).await.unwrap();
    // One byte of the first segment that holds files turns.
    let data = Path::new(&house.repository()).join("data/0");
    let segment = std::fs::read_dir(data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .max_by_key(|path| path.metadata().unwrap().len())
        .unwrap();
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    std::fs::write(&segment, bytes).unwrap();
    std::fs::write(source.join("new"), "new").unwrap();

    let job = house.back_up().await;
    let log = house.log(job.id).await;
    assert_eq!(job.status, Status::Completed, "{log}");
    assert_eq!(
        job.maintenance_status,
        Some(Maintenance::CheckFailed),
        "{log}"
    );
    assert_eq!(
        job.error_code.as_deref(),
        Some("repository_damaged"),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_during_check_stops_it_and_leaves_the_backup_completed() {
    let fake = FakeBorg::new("1.4.1")
        .on("create", archive())
        .on("check", Script::new().wait_for_release("check"));
    let (house, _fake) = House::over_fake(fake).await;
    let change = ChangePlan {
        check: Some(true),
        ..no_change(1)
    };
    house.api.change_plan(change).await.unwrap();
    let id = house.start().await;
    let checking =
        |job: &alcove_api::types::Job| job.maintenance_status == Some(Maintenance::RunningCheck);
    house.wait(id, checking).await;
    house.cancel(id).await.unwrap();
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Completed);
    assert_eq!(job.maintenance_status, Some(Maintenance::CheckFailed));
    assert_eq!(job.error_code.as_deref(), Some("interrupted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_kept_and_checked() {
    let house = ready().await;
    let settings = house.api.get_settings(Nothing {}).await.unwrap();
    assert_eq!(
        (settings.lanes, settings.notify_success, settings.borg_path),
        (2, true, None)
    );
    let change = |text: &str| serde_json::from_str::<ChangeSettings>(text).unwrap();
    for (field, bad) in [
        ("lanes", r#"{"lanes": 0}"#),
        ("lanes", r#"{"lanes": 17}"#),
        ("borg_path", r#"{"borg_path": "borg"}"#),
        (
            "quiet_hours",
            r#"{"quiet_hours": {"from": "25:00", "until": "07:00"}}"#,
        ),
        (
            "quiet_hours",
            r#"{"quiet_hours": {"from": "07:00", "until": "07:00"}}"#,
        ),
    ] {
        let refused = house.api.change_settings(change(bad)).await.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some(field));
    }
    let new = change(
        r#"{"lanes": 1, "notify_success": false, "quiet_hours": {"from": "22:00", "until": "07:30"}, "theme": "dark", "borg_path": "/nowhere/borg"}"#,
    );
    house.api.change_settings(new).await.unwrap();
    let house = house.restart().await;
    let settings = house.api.get_settings(Nothing {}).await.unwrap();
    assert_eq!((settings.lanes, settings.notify_success), (1, false));
    let hours = settings.quiet_hours.unwrap();
    assert_eq!(
        (hours.from.as_str(), hours.until.as_str()),
        ("22:00", "07:30")
    );
    assert_eq!(settings.borg_path.as_deref(), Some("/nowhere/borg"));
    let system = house.api.get_system(Nothing {}).await.unwrap();
    assert!(system.borg.problem.unwrap().contains("/nowhere/borg"));
    house
        .api
        .change_settings(change(r#"{"borg_path": "", "quiet_hours": null}"#))
        .await
        .unwrap();
    let system = house.api.get_system(Nothing {}).await.unwrap();
    assert!(system.borg.version.is_some());
    let settings = house.api.get_settings(Nothing {}).await.unwrap();
    assert_eq!((settings.lanes, settings.borg_path), (1, None));
}
