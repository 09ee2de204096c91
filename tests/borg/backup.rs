//! A backup, from a folder to the same bytes again.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::time::Duration;

use alcove_api::types::{Change, ChangePlan, ListBackupJobs, Nothing, StartBackup};
use alcove_store::{Level, Phase, Status};
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, archive};

/// Compares two trees: names, kinds, bytes, modes and times.
fn assert_same(left: &Path, right: &Path) {
    let listed = |root: &Path| {
        let mut names: Vec<_> = std::fs::read_dir(root)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(listed(left), listed(right), "in {}", left.display());
    for name in listed(left) {
        let (a, b) = (left.join(&name), right.join(&name));
        let (of_a, of_b) = (a.symlink_metadata().unwrap(), b.symlink_metadata().unwrap());
        assert_eq!(of_a.file_type(), of_b.file_type(), "{}", a.display());
        if of_a.is_symlink() {
            assert_eq!(a.read_link().unwrap(), b.read_link().unwrap());
            continue;
        }
        assert_eq!(
            of_a.permissions().mode(),
            of_b.permissions().mode(),
            "{}",
            a.display()
        );
        assert_eq!(
            of_a.modified().unwrap(),
            of_b.modified().unwrap(),
            "{}",
            a.display()
        );
        if of_a.is_dir() {
            assert_same(&a, &b);
        } else {
            assert_eq!(
                std::fs::read(&a).unwrap(),
                std::fs::read(&b).unwrap(),
                "{}",
                a.display()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_an_encrypted_repository_gives_the_same_bytes_back() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 300, 3_000, 1);
    std::fs::write(source.join("Grüße, \"quoted\".txt"), "hello").unwrap();
    std::fs::write(source.join("new\nline"), "x").unwrap();
    std::fs::set_permissions(
        source.join("new\nline"),
        std::fs::Permissions::from_mode(0o640),
    )
    .unwrap();
    symlink("new\nline", source.join("link")).unwrap();
    let created = house.create(&[&source]).await;
    assert_eq!(created.repository.borg_id.unwrap().len(), 64);

    let job = house.back_up_well().await;
    assert_eq!(job.progress, 100);
    assert_eq!(job.phase, Phase::Ended);
    assert!(!job.active);
    assert_eq!(job.progress_details.nfiles, 302);
    assert!(job.progress_details.original_size.0 >= 900_006);
    assert!(job.progress_details.deduplicated_size.0 > 800_000);
    assert_eq!(
        job.progress_details.total_expected_size,
        job.progress_details.original_size
    );
    assert_eq!(job.progress_details.current_file, "");
    assert_eq!(job.progress_details.estimated_time_remaining, 0);
    assert!(job.progress_details.backup_speed.abs() < f64::EPSILON);
    assert_eq!(job.borg_exit_code, Some(0));
    assert_eq!(job.maintenance_status, None);

    let archive = job.archive_name.unwrap();
    assert_eq!(house.archives(), std::slice::from_ref(&archive));
    let there = house.scratch.folder("extracted");
    let extracted = house.terminal().borg_in(
        &there,
        &["extract", &format!("{}::{archive}", house.repository())],
    );
    assert!(
        extracted.status.success(),
        "{}",
        String::from_utf8_lossy(&extracted.stderr)
    );
    assert_same(&source, &there.join(source.strip_prefix("/").unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_borg_that_was_chosen_for_the_tests_is_the_one_in_use() {
    let house = House::new();
    let borg = house.api.get_system(Nothing {}).await.unwrap().borg;
    let folder = std::env::var("ALCOVE_TEST_BORG").unwrap_or_else(|_| "/usr".to_owned());
    assert!(
        borg.path.as_ref().unwrap().starts_with(&folder),
        "{borg:?} is not in {folder}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_move_and_percent_never_falls_while_a_backup_runs() {
    let held = Script::new().wait_for_release("create").become_the_real();
    let fake = FakeBorg::before_the_real().on("create", held);
    let (house, borg) = House::before_the_real(&fake);
    // Enough for several progress frames of Borg, which sends five a second.
    let source = house.scratch.tree("Pictures", 4_000, 40_000, 2);
    house.create(&[&source]).await;
    let mut watch = house.api.watch();
    let id = house.start().await;
    let mut seen = Vec::new();
    loop {
        let change = tokio::time::timeout(Duration::from_mins(2), watch.next())
            .await
            .unwrap();
        if let Change::Job { job } = change
            && job.id == id
        {
            // Not before the folders are counted: on a busy computer Borg may be through by then.
            if job.progress_details.total_expected_size.0 > 0 {
                borg.release("create");
            }
            let ended = job.ended_at.is_some();
            seen.push(job);
            if ended {
                break;
            }
        }
    }
    let percents: Vec<f64> = seen
        .iter()
        .map(|job| job.progress_details.progress_percent)
        .collect();
    assert!(percents.is_sorted(), "{percents:?}");
    assert!(seen.iter().all(|job| {
        job.progress == job.progress_details.progress_percent as u8
            && (job.progress_details.progress_percent < 100.0) != job.status.is_safe()
    }));
    let moving: Vec<_> = seen
        .iter()
        .filter(|job| job.phase == Phase::BackingUp)
        .collect();
    let distinct = |values: Vec<String>| {
        values
            .into_iter()
            .collect::<std::collections::BTreeSet<_>>()
            .len()
    };
    assert!(
        distinct(
            moving
                .iter()
                .map(|job| job.progress_details.original_size.0.to_string())
                .collect()
        ) > 2
    );
    assert!(
        distinct(
            moving
                .iter()
                .map(|job| job.progress_details.nfiles.to_string())
                .collect()
        ) > 2
    );
    assert!(
        distinct(
            moving
                .iter()
                .map(|job| job.progress_details.current_file.clone())
                .collect()
        ) > 2
    );
    assert!(
        moving
            .iter()
            .any(|job| job.progress_details.backup_speed > 0.0)
    );
    assert!(
        moving
            .iter()
            .any(|job| job.progress_details.total_expected_size.0 >= 160_000_000)
    );
    assert_eq!(seen.last().unwrap().progress, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_backup_knows_its_totals_from_the_last_one() {
    let house = House::new();
    let source = house.scratch.tree("Music", 200, 5_000, 3);
    house.create(&[&source]).await;
    let first = house.back_up_well().await;
    let id = house.start().await;
    let second = house
        .wait(id, |job| {
            job.progress_details.total_expected_size.0 > 0 || job.ended_at.is_some()
        })
        .await;
    assert_eq!(second.total_expected_files, first.progress_details.nfiles);
    let second = house.ended(id).await;
    assert_eq!(second.status, Status::Completed);
    // Nothing changed, so nearly nothing is new.
    assert!(second.progress_details.deduplicated_size.0 < 100_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folders_are_counted_beside_a_first_backup_and_after_a_change_of_the_plan() {
    let house = House::new();
    let source = house.scratch.tree("Music", 200, 5_000, 3);
    house.create(&[&source]).await;
    let counted = async || {
        let job = house.back_up_well().await;
        let log = house.log(job.id).await;
        let line = log.lines().find(|line| line.contains("The folders hold"));
        line.map(|line| line[line.find("The folders").unwrap()..].to_owned())
    };
    let all = Some("The folders hold 200 files, 1.00 MB.".to_owned());
    assert_eq!(counted().await, all);
    assert_eq!(counted().await, None, "the last run knows it");
    let exclude = |pattern: &str| {
        let change = serde_json::json!({ "plan": 1, "exclude_patterns": [pattern] });
        serde_json::from_value::<ChangePlan>(change).unwrap()
    };
    house
        .api
        .change_plan(exclude("*/folder0001"))
        .await
        .unwrap();
    let fewer = Some("The folders hold 190 files, 950 KB.".to_owned());
    assert_eq!(counted().await, fewer);
    house
        .api
        .change_plan(exclude("re:(?x) folder0001"))
        .await
        .unwrap();
    let job = house.back_up_well().await;
    assert_eq!(job.progress_details.nfiles, 190);
    let log = house.log(job.id).await;
    assert!(log.contains("The folders were not counted: "), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_file_is_a_warning_and_the_rest_is_safe() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 10, 100, 4);
    // A folder that vanishes from under Borg needs luck; a pipe that root may not open does not
    // exist. What root cannot read either is a file whose disk says no: /proc/self/mem.
    symlink("/proc/self/mem", source.join("link")).unwrap();
    let unreadable = Path::new("/proc/self/mem");
    house.create(&[&source, unreadable]).await;
    let job = house.back_up().await;
    assert_eq!(
        job.status,
        Status::CompletedWithWarnings,
        "{}",
        house.log(job.id).await
    );
    assert_eq!(job.progress, 100);
    assert!(job.warnings >= 1);
    assert!(
        house
            .lines(job.id)
            .await
            .iter()
            .any(|line| line.level == Level::Warning)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_repository_leaves_a_failed_job_with_a_log() {
    let house = House::new();
    let job = house.back_up().await;
    assert_eq!(job.status, Status::Failed);
    assert_eq!(job.error_code.as_deref(), Some("repository_unknown"));
    assert!(
        house
            .log(job.id)
            .await
            .contains("does not know a repository")
    );
    let listed = house
        .api
        .list_backup_jobs(ListBackupJobs::default())
        .await
        .unwrap();
    assert_eq!(listed.jobs.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_job_is_told_once() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 8);
    house.create(&[&source]).await;
    let mut watch = house.api.watch();
    let (first, second) = (house.start().await, house.start().await);
    let mut ends = Vec::new();
    while !ends.contains(&second) {
        let change = tokio::time::timeout(Duration::from_mins(2), watch.next())
            .await
            .unwrap();
        if let Change::Job { job } = change
            && job.ended_at.is_some()
        {
            ends.push(job.id);
        }
    }
    // Whatever else was under way arrives before a third job's first word.
    let third = house.start().await;
    loop {
        let change = tokio::time::timeout(Duration::from_mins(2), watch.next())
            .await
            .unwrap();
        match change {
            Change::Job { job } if job.id == third => break,
            Change::Job { job } => ends.push(job.id),
            Change::Plans | Change::Settings => {}
        }
    }
    assert_eq!(ends, [first, second]);
}

#[tokio::test(flavor = "multi_thread")]
async fn trying_again_makes_a_new_job_that_names_the_old_one() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 7);
    house.create(&[&source]).await;
    std::fs::rename(&source, source.with_extension("away")).unwrap();
    let failed = house.back_up().await;
    assert_eq!(failed.status, Status::Failed);
    std::fs::rename(source.with_extension("away"), &source).unwrap();
    let again = |retry_of| StartBackup {
        repository: house.repository(),
        plan: failed.plan,
        retry_of: Some(retry_of),
    };
    let id = house
        .api
        .start_backup(again(failed.id))
        .await
        .unwrap()
        .job_id;
    let job = house.ended(id).await;
    assert_eq!(
        (job.status, job.retry_of),
        (Status::Completed, Some(failed.id))
    );
    assert_eq!(house.job(failed.id).await.status, Status::Failed);
    let refused = house.api.start_backup(again(4711)).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("retry_of"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trailing_slash_is_the_same_repository() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 5);
    house.create(&[&source]).await;
    let args = StartBackup {
        repository: format!("{}/", house.repository()),
        ..StartBackup::default()
    };
    let id = house.api.start_backup(args).await.unwrap().job_id;
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Completed);
    assert_eq!(job.repository, format!("{}/", house.repository()));
    let of_it = ListBackupJobs {
        repository: Some(house.repository()),
        ..ListBackupJobs::default()
    };
    assert_eq!(
        house.api.list_backup_jobs(of_it).await.unwrap().jobs.len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_of_a_job_works_when_pasted_into_a_shell() {
    let house = House::new();
    let source = house.scratch.tree("It's a \"folder\" $HOME", 3, 100, 6);
    house.create(&[&source]).await;
    let job = house.back_up_well().await;
    let command = job.command.unwrap();
    assert!(!command.contains(alcove_tests::PASSPHRASE));
    let again = command.replace(&job.archive_name.unwrap(), "by-hand");
    let ran = std::process::Command::new("sh")
        .arg("-c")
        .arg(&again)
        .env_clear()
        .envs(house.scratch.session())
        .env("BORG_PASSPHRASE", alcove_tests::PASSPHRASE)
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{again}\n{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    assert!(house.archives().contains(&"by-hand".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_is_answered_as_the_page_says_and_its_job_is_there() {
    let (house, _) = House::over_fake(FakeBorg::new("1.4.1").on("create", archive())).await;
    let args = StartBackup {
        repository: house.repository(),
        ..StartBackup::default()
    };
    let started = house.api.start_backup(args).await.unwrap();
    assert_eq!(started.status, Status::Pending);
    assert_eq!(started.message, "Backup job started");
    let job = house.ended(started.job_id).await;
    assert!(job.has_logs);
    assert_eq!((job.scheduled_job_id, job.retry_of), (None, None));
    assert_eq!(job.triggered_by, alcove_store::Trigger::Manual);
    for time in [&job.started_at, &job.completed_at, &job.ended_at] {
        let time = time.as_ref().unwrap();
        assert!(
            time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(),
            "{time}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_safe_once_its_statistics_came_however_borg_ended() {
    let ends = [
        (archive().exit(0), Status::Completed, Some(0)),
        (archive().exit(1), Status::CompletedWithWarnings, Some(1)),
        (
            archive().exit(105),
            Status::CompletedWithWarnings,
            Some(105),
        ),
        (
            archive().kill_itself("KILL"),
            Status::CompletedWithWarnings,
            None,
        ),
    ];
    let fake = ends.iter().fold(FakeBorg::new("1.4.1"), |fake, (end, ..)| {
        fake.on("create", end.clone())
    });
    let (house, _) = House::over_fake(fake).await;
    for (end, status, code) in ends {
        let job = house.back_up().await;
        assert_eq!((job.status, job.progress), (status, 100), "{end:?}");
        assert_eq!(job.borg_exit_code, code);
        assert_eq!(job.progress_details.nfiles, 9);
        assert_eq!(
            job.maintenance_status,
            Some(alcove_store::Maintenance::Completed)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_may_have_every_new_and_changed_file_in_its_log() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 9);
    house.scratch.newest(&source);
    house.create(&[&source]).await;
    let quiet = house.back_up_well().await;
    assert!(!house.log(quiet.id).await.contains("file000001.bin"));
    let (house, _) = house
        .edit(|store| {
            let plan = store.plans().unwrap().remove(0);
            let naming = alcove_store::Plan {
                tag: "p9r8u7n6".to_owned(),
                log_files: true,
                ..plan
            };
            store.insert_plan(naming).unwrap()
        })
        .await;
    std::fs::write(source.join("folder0000/file000001.bin"), "other words").unwrap();
    std::fs::write(source.join("new.txt"), "new").unwrap();
    let job = house.back_up_well().await;
    let texts: Vec<String> = house
        .lines(job.id)
        .await
        .into_iter()
        .map(|line| line.text)
        .collect();
    let named = |status: char, file: &str| {
        texts
            .iter()
            .any(|text| text.starts_with(status) && text.ends_with(file))
    };
    assert!(named('A', "/new.txt"), "{texts:?}");
    assert!(named('M', "/file000001.bin"), "{texts:?}");
}
