//! The rows of the backup API page, as a client meets them.

use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, archive, try_for};
use axum::http::Method;
use serde_json::json;

use super::{Client, busy, quick};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_started_looked_at_and_listed() {
    let (house, client) = quick().await;
    for path in ["/api/backup/start", "/api/backup/run"] {
        let body = json!({"repository": house.repository()}).to_string();
        let started = client.post(path, body).await.good();
        let id = started["job_id"].as_i64().unwrap();
        let expected = json!({"job_id": id, "status": "pending", "message": "Backup job started"});
        assert_eq!(started, expected);
        house.ended(id).await;
        let status = client.get(&format!("/api/backup/status/{id}")).await.good();
        assert_eq!(status["status"], "completed");
        assert_eq!(status["logs"], json!(null));
        let jobs = client.get("/api/backup/jobs?limit=1").await.good();
        assert_eq!(jobs["jobs"].as_array().unwrap().len(), 1);
        assert_eq!(jobs["jobs"][0]["id"], id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_at_the_end_of_a_path_makes_no_difference() {
    let (house, client) = quick().await;
    let id = house.back_up_well().await.id;
    for path in [
        "/api/backup/jobs".to_owned(),
        format!("/api/backup/status/{id}"),
        "/api/repositories".to_owned(),
        "/api/repositories/1/running-jobs".to_owned(),
        "/api/system/info".to_owned(),
        "/health".to_owned(),
    ] {
        let bare = client.get(&path).await.good();
        assert_eq!(client.get(&format!("{path}/")).await.good(), bare);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_an_unknown_repository_leaves_a_failed_job_with_its_log() {
    let (house, client) = quick().await;
    let id = client.start("/no/such/repository").await;
    let job = house.ended(id).await;
    assert_eq!(job.error_code.as_deref(), Some("repository_unknown"));
    let log = client.get(&format!("/api/backup/logs/{id}/download")).await;
    assert!(log.text().contains("/no/such/repository"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_backup_is_cancelled() {
    let (house, _fake, client, id) = busy().await;
    let running = client.get("/api/repositories/1/running-jobs").await.good();
    assert_eq!(running, json!({"has_running_jobs": true, "jobs": [id]}));
    let answer = client.post(&format!("/api/backup/cancel/{id}"), "").await;
    let expected = json!({"message": "Backup cancelled successfully", "process_terminated": true});
    assert_eq!(answer.good(), expected);
    house.ended(id).await;
    let running = client.get("/api/repositories/1/running-jobs").await.good();
    assert_eq!(running, json!({"has_running_jobs": false, "jobs": []}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_a_log_come_by_pages_while_it_grows() {
    let (house, fake, client, id) = busy().await;
    let page = async |query: &str| {
        let path = format!("/api/backup/logs/{id}/stream{query}");
        client.get(&path).await.good()
    };
    let first = page("?limit=1").await;
    assert_eq!(first["job_id"], id);
    assert_eq!(first["status"], "running");
    assert_eq!(first["lines"].as_array().unwrap().len(), 1);
    assert_eq!(first["lines"][0]["line_number"], 1);
    assert_eq!(first["has_more"], true);
    let known = page("").await["total_lines"].as_u64().unwrap();
    fake.release("create");
    house.ended(id).await;
    let rest = page(&format!("?offset={known}")).await;
    assert_eq!(rest["lines"][0]["line_number"], known + 1);
    assert_eq!(rest["has_more"], false);
    assert_eq!(rest["status"], "completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_downloaded_as_a_text_file_and_in_part_while_it_grows() {
    let (house, fake, client, id) = busy().await;
    let download = format!("/api/backup/logs/{id}/download");
    let part = client.get(&format!("{download}?partial=true")).await;
    assert_eq!(part.status, 200);
    fake.release("create");
    house.ended(id).await;
    let whole = client.get(&download).await;
    assert_eq!(whole.status, 200);
    assert_eq!(whole.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        whole.header("content-disposition"),
        format!("attachment; filename=\"backup_job_{id}_logs.txt\"")
    );
    assert_eq!(whole.text(), house.log(id).await);
    assert_eq!(whole.header("content-length"), whole.body.len().to_string());
    assert!(whole.text().starts_with(part.text()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_log_arrives_whole_in_pieces() {
    let noise = "one line of a great many, all alike\n".repeat(20_000);
    let create = Script::new().stderr(noise).and(archive());
    let (house, _) = House::over_fake(FakeBorg::new("1.4.1").on("create", create)).await;
    let client = Client::of(&house.api).await;
    let job = house.back_up().await;
    let path = format!("/api/backup/logs/{}/download", job.id);
    let request = client.request(Method::GET, &path);
    let response = tower::ServiceExt::oneshot(client.router.clone(), request)
        .await
        .unwrap();
    let mut body = response.into_body();
    let (mut pieces, mut bytes) = (0, 0);
    while let Some(frame) = http_body_util::BodyExt::frame(&mut body).await {
        let piece = frame.unwrap().into_data().unwrap();
        assert!(piece.len() <= 64 * 1024);
        bytes += piece.len();
        pieces += 1;
    }
    let file = house.data().join(format!("logs/{}.log", job.id));
    assert_eq!(bytes as u64, file.metadata().unwrap().len());
    assert!(pieces > 10, "{pieces}");
}

#[tokio::test(flavor = "multi_thread")]
async fn repositories_are_listed_with_number_name_and_path() {
    let (house, client) = quick().await;
    let listed = client.get("/api/repositories/").await.good();
    let repository = &listed["repositories"][0];
    assert_eq!(repository["path"], house.repository());
    assert_eq!(repository["name"], "Backup SSD");
    assert_eq!(repository["id"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_created_backed_up_to_and_its_archives_listed_by_a_real_borg() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 1_000, 1);
    let client = Client::of(&house.api).await;
    let new = json!({
        "name": "SSD", "path": house.repository(), "encryption": "repokey-blake2",
        "passphrase": alcove_tests::PASSPHRASE, "compression": "lz4",
        "source_directories": [source], "exclude_patterns": ["*.tmp"],
    });
    let created = client
        .post("/api/repositories", new.to_string())
        .await
        .good();
    assert_eq!(created["success"], true);
    assert_eq!(created["repository"]["name"], "SSD");
    let job = house.ended(client.start(&house.repository()).await).await;
    let path = format!("/api/archives/list?repository={}", house.repository());
    let listed = client.get(&path).await.good();
    let archives: serde_json::Value =
        serde_json::from_str(listed["archives"].as_str().unwrap()).unwrap();
    let names: Vec<_> = archives["archives"].as_array().unwrap().iter().collect();
    assert_eq!(names.len(), 1);
    assert_eq!(names[0]["name"], json!(job.archive_name));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_is_handed_over_for_a_job_that_waits() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 3, 1_000, 1);
    house.create(&[&source]).await;
    let house = house.restart().await;
    let client = Client::of(&house.api).await;
    let id = client.start(&house.repository()).await;
    house.wait(id, |job| job.waiting_for.is_some()).await;
    let unlock = "/api/repositories/1/unlock";
    let wrong = client.post(unlock, r#"{"passphrase": "not it"}"#).await;
    assert!(!wrong.detail(422).contains("not it"));
    let right = json!({"passphrase": alcove_tests::PASSPHRASE}).to_string();
    client.post(unlock, right.clone()).await.good();
    assert_eq!(house.ended(id).await.status.as_str(), "completed");
    client
        .post("/api/repositories/9/unlock", right)
        .await
        .detail(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_job_of_a_door_goes_on_when_the_one_before_it_is_cancelled() {
    let (house, fake, client, first) = busy().await;
    let second = client.start(&house.repository()).await;
    let waiting = client
        .get(&format!("/api/backup/status/{second}"))
        .await
        .good();
    assert_eq!(waiting["queue_position"], 1);
    let cancelled = client
        .post(&format!("/api/backup/cancel/{second}"), "")
        .await
        .good();
    assert_eq!(cancelled["process_terminated"], false);
    fake.release("create");
    house.ended(first).await;
    assert_eq!(house.ended(second).await.status.as_str(), "cancelled");
    let calls = try_for(|| Some(fake.calls("create").len())).await;
    assert_eq!(calls, Some(1));
}
