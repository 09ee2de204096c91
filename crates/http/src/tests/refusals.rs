//! What is wrong with a request, said in the shape clients expect.

use alcove_api::ErrorCode;
use axum::http::Method;

use super::{busy, quick};
use crate::refusal::status;

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_path_and_an_unknown_method_have_a_detail_too() {
    let (_house, client) = quick().await;
    for path in ["/", "/nowhere", "/api", "/api/backup", "/api/backup/jobs/1"] {
        client.get(path).await.detail(404);
    }
    let answer = client
        .send(client.request(Method::DELETE, "/api/backup/jobs"))
        .await;
    answer.detail(405);
    assert!(answer.header("allow").contains("GET"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_number_is_404_and_one_that_is_none_is_422() {
    let (_house, client) = quick().await;
    for path in [
        "/api/backup/status/99",
        "/api/backup/logs/99/stream",
        "/api/backup/logs/99/download",
        "/api/repositories/99/running-jobs",
        "/api/archives/list?repository=/nowhere",
        "/api/backup/status/-1",
    ] {
        client.get(path).await.detail(404);
    }
    client.post("/api/backup/cancel/99", "").await.detail(404);
    for number in ["abc", "1.5", "99999999999999999999", "%00", "%ff"] {
        let path = format!("/api/backup/status/{number}");
        client.get(&path).await.detail(422);
    }
    let answer = client.get("/api/backup/status/abc").await;
    assert!(answer.detail(422).contains("job_id"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_argument_in_a_query_is_named() {
    let (_house, client) = quick().await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("scheduled_only=perhaps", "scheduled_only"),
        ("status=finished", "status"),
        ("before_id=x", "before_id"),
    ] {
        let answer = client.get(&format!("/api/backup/jobs?{query}")).await;
        assert!(answer.detail(422).contains(field), "{query}");
    }
    client.get("/api/archives/list").await.detail(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_for_yes_and_no_are_taken_as_clients_write_them() {
    let (_house, client) = quick().await;
    for word in [
        "true", "True", "1", "yes", "on", "false", "False", "0", "no", "off",
    ] {
        let path = format!("/api/backup/jobs?scheduled_only={word}&unknown=1&limit=5&limit=7");
        client.get(&path).await.good();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_body_is_named_and_never_repeated() {
    let (_house, client) = quick().await;
    for (body, field) in [
        ("", "body"),
        ("{", "body"),
        ("[\"/r\"]", "body"),
        ("null", "body"),
        ("{\"repository\": \"/r\"} x", "body"),
        ("{\"repository\": \"/r\",}", "body"),
        ("\u{1}", "body"),
        ("{}", "repository"),
        ("{\"repository\": 7}", "repository"),
        ("{\"repository\": null}", "repository"),
        ("{\"repository\": \"\"}", "repository"),
        ("{\"repository\": \"/r\", \"plan\": \"one\"}", "plan"),
    ] {
        let answer = client.post("/api/backup/start", body).await;
        assert!(answer.detail(422).contains(field), "{body}");
    }
    let secret = "swordfish";
    let body = format!(r#"{{"name": "n", "path": "/r", "passphrase": ["{secret}"]}}"#);
    let answer = client.post("/api/repositories/", body).await;
    assert!(!answer.detail(422).contains(secret));
    let deep = "[".repeat(5_000);
    client.post("/api/backup/start", deep).await.detail(422);
    let not_text = [b'"', 0xff, b'"'].to_vec();
    client.post("/api/backup/start", not_text).await.detail(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_refused() {
    let (_house, client) = quick().await;
    let large = format!(r#"{{"repository": "{}"}}"#, "x".repeat(300 * 1024));
    client.post("/api/backup/start", large).await.detail(413);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_ended_cannot_be_cancelled_and_one_that_runs_has_no_whole_log() {
    let (house, fake, client, id) = busy().await;
    let download = format!("/api/backup/logs/{id}/download");
    client.get(&download).await.detail(400);
    fake.release("create");
    house.ended(id).await;
    let cancel = format!("/api/backup/cancel/{id}");
    client.post(&cancel, "").await.detail(400);
}

#[test]
fn every_code_of_alcove_has_one_of_the_codes_a_client_expects() {
    for code in ErrorCode::ALL {
        let status = status(*code).as_u16();
        assert!([400, 404, 409, 422, 500].contains(&status), "{code:?}");
    }
}
