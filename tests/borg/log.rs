//! The log of a job: there from the first line, whole at the end.

use std::io::Read as _;

use alcove_api::ErrorCode;
use alcove_api::types::{ByteCount, ChangeSettings, DownloadBackupLogs, StreamBackupLogs};
use alcove_store::{Phase, Status};
use alcove_testkit::FakeBorg;
use alcove_tests::{House, PoweredDisk, SmallDisk, archive, try_for};

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_read_while_its_job_runs_and_grows() {
    let house = House::new();
    let source = house.scratch.tree("Pictures", 4_000, 40_000, 1);
    house.create(&[&source]).await;
    let id = house.start().await;
    house.wait(id, |job| job.phase == Phase::BackingUp).await;
    let early = house.lines(id).await;
    assert!(!early.is_empty());
    assert!(
        early.iter().any(|line| line.text.contains("borg create")),
        "{early:?}"
    );
    house.ended(id).await;
    let late = house.lines(id).await;
    assert!(late.len() > early.len());
    let numbers: Vec<u64> = late.iter().map(|line| line.line_number).collect();
    assert_eq!(numbers, (1..=late.len() as u64).collect::<Vec<_>>());
    let raw = std::fs::read_to_string(house.data().join(format!("logs/{id}.log"))).unwrap();
    let contents: Vec<&str> = late.iter().map(|line| line.content.as_str()).collect();
    assert_eq!(raw.lines().collect::<Vec<_>>(), contents);
    assert!(
        !raw.contains("archive_progress"),
        "progress frames are no log"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_past_the_end_is_empty_and_bad_pages_are_refused_by_name() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 100, 2);
    house.create(&[&source]).await;
    let job = house.back_up_well().await;
    let page = |offset, limit| {
        house.api.stream_backup_logs(StreamBackupLogs {
            job_id: job.id,
            offset,
            limit,
        })
    };
    let total = page(None, None).await.unwrap().total_lines;
    let past = page(Some(i64::try_from(total).unwrap() + 5), None)
        .await
        .unwrap();
    assert!(past.lines.is_empty() && !past.has_more && past.total_lines == total);
    let first = page(Some(0), Some(1)).await.unwrap();
    assert!(first.has_more && first.lines.len() == 1);
    assert_eq!(
        page(Some(-1), None).await.unwrap_err().field.as_deref(),
        Some("offset")
    );
    assert_eq!(
        page(None, Some(0)).await.unwrap_err().field.as_deref(),
        Some("limit")
    );
    let huge = page(None, Some(1_000_000_000_000_000_000))
        .await
        .unwrap_err();
    assert_eq!(huge.field.as_deref(), Some("limit"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_log_of_a_running_job_is_refused_and_a_part_is_given() {
    let create = alcove_testkit::Script::new().wait_for_release("create");
    let fake = FakeBorg::new("1.4.1").on("create", create.and(archive()));
    let (house, fake) = House::over_fake(fake).await;
    let id = house.start().await;
    try_for(|| (!fake.calls("create").is_empty()).then_some(()))
        .await
        .unwrap();
    let open = |partial| {
        house.api.open_log(DownloadBackupLogs {
            job_id: id,
            partial: Some(partial),
        })
    };
    assert_eq!(open(false).await.unwrap_err().code, ErrorCode::NotEnded);
    let mut part = String::new();
    let mut log = open(true).await.unwrap();
    log.read_to_string(&mut part).unwrap();
    assert!(part.contains("borg create"), "{part}");
    fake.release("create");
    house.ended(id).await;
    let mut whole = String::new();
    let mut log = open(false).await.unwrap();
    log.read_to_string(&mut whole).unwrap();
    assert!(whole.starts_with(&part) && whole.len() > part.len());
    assert_eq!(whole, house.log(id).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_log_is_the_whole_log_also_of_a_running_job() {
    let house = House::new();
    let source = house.scratch.tree("Pictures", 3_000, 30_000, 3);
    house.create(&[&source]).await;
    let id = house.start().await;
    house.wait(id, |job| job.phase == Phase::BackingUp).await;
    let to = house.scratch.path().join("saved.txt");
    house.api.export_log(id, to.clone()).await.unwrap();
    let so_far = std::fs::read_to_string(&to).unwrap();
    assert!(so_far.contains("borg create"));
    house.ended(id).await;
    house.api.export_log(id, to.clone()).await.unwrap();
    assert_eq!(std::fs::read_to_string(&to).unwrap(), house.log(id).await);
    let nowhere = house.scratch.path().join("missing/folder/log.txt");
    let failure = house.api.export_log(id, nowhere).await.unwrap_err();
    assert!(failure.message.contains("missing/folder"), "{failure}");
}

/// Lines as Borg logs them.
fn said(lines: u32) -> String {
    let padding = "x".repeat(200);
    let line = |number| {
        let message = format!("line {number} {padding}");
        serde_json::json!({
            "type": "log_message", "levelname": "INFO", "name": "borg", "message": message,
        })
        .to_string()
            + "\n"
    };
    (0..lines).map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_cannot_be_written_marks_its_job_and_borg_goes_on() {
    let create = alcove_testkit::Script::new()
        .stderr(said(1))
        .wait_for_release("create")
        .stderr(said(3_000));
    let fake = FakeBorg::new("1.4.1").on("create", create.and(archive()));
    let (house, fake) = House::over_fake(fake).await;
    let disk = SmallDisk::mount(house.data().join("logs"), "512k");
    let id = house.start().await;
    let log = disk.path().join(format!("{id}.log"));
    let begun = || std::fs::read_to_string(&log).is_ok_and(|text| text.contains("line 0"));
    try_for(|| begun().then_some(())).await.unwrap();
    disk.fill();
    fake.release("create");
    let job = house.ended(id).await;
    assert_eq!((job.status, job.progress), (Status::Completed, 100));
    assert!(job.log_incomplete);
    // What found no room on the disk is read from memory, up to where that was full too.
    assert!(house.log(id).await.contains("line 100 "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_ends_as_it_did_also_when_its_record_found_no_room() {
    let create = archive().wait_for_release("create");
    let fake = FakeBorg::new("1.4.1").on("create", create);
    let mut disk = None;
    let (house, fake) = House::over_fake_in(fake, |scratch| {
        disk = Some(SmallDisk::mount(scratch.folder("data"), "2m"));
    })
    .await;
    let disk = disk.unwrap();
    let id = house.start().await;
    house.wait(id, |job| job.command.is_some()).await;
    disk.fill();
    fake.release("create");
    let job = house.ended(id).await;
    assert_eq!((job.status, job.progress), (Status::Completed, 100));
    disk.free();
    let (house, kept) = house.edit(|store| store.job(id).unwrap().unwrap()).await;
    assert_eq!(kept.status, Status::Completed);
    assert!(kept.ended_at.is_some());
    drop(house);
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_take_no_more_than_they_may_and_those_of_failures_go_last() {
    let (house, _fake) = House::over_fake(FakeBorg::new("1.4.1").on("create", archive())).await;
    let failed = house.api.start_backup(alcove_api::types::StartBackup {
        repository: "/nowhere".to_owned(),
        ..alcove_api::types::StartBackup::default()
    });
    let failed = house.ended(failed.await.unwrap().job_id).await;
    let good = house.back_up_well().await;
    assert!(good.has_logs && failed.has_logs);
    let size = |id: i64| {
        let file = house.data().join(format!("logs/{id}.log"));
        file.metadata().unwrap().len()
    };
    let change = ChangeSettings {
        log_bytes: Some(ByteCount(size(failed.id) + 200)),
        ..ChangeSettings::default()
    };
    house.api.change_settings(change).await.unwrap();
    assert!(!house.job(good.id).await.has_logs && house.job(failed.id).await.has_logs);
    assert!(house.lines(good.id).await.is_empty());
    assert_eq!(
        house.job(good.id).await.status,
        alcove_store::Status::Completed,
        "the record stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_logged_before_a_phase_began_outlives_a_power_cut() {
    let fake = FakeBorg::new("1.4.1").on("create", archive()).on(
        "prune",
        alcove_testkit::Script::new().wait_for_release("prune"),
    );
    let (house, fake) = House::over_fake(fake).await;
    let disk = PoweredDisk::mount(house.data().join("logs"));
    let id = house.start().await;
    house.wait(id, |job| job.phase == Phase::Pruning).await;
    let after = disk.after_a_cut(house.scratch.folder("after"));
    let kept = std::fs::read_to_string(after.path().join(format!("{id}.log"))).unwrap();
    assert!(kept.contains("Archive x is complete"), "{kept}");
    fake.release("prune");
    house.ended(id).await;
}
