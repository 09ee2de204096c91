//! The log of a job: there from the first line, whole at the end.

use alcove_api::types::StreamBackupLogs;
use alcove_store::Phase;
use alcove_tests::House;

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
