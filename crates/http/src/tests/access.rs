//! Who is answered and who is not.

use axum::http::{Method, header};

use super::{Client, quick};

const JOBS: &str = "/api/backup/jobs";

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_token_nothing_but_health_is_answered() {
    let (_house, client) = quick().await;
    for headers in [
        &[][..],
        &[("authorization", "Bearer wrong")],
        &[("authorization", "Basic d3Jvbmc6d3Jvbmc=")],
        &[("authorization", "Bearer ")],
    ] {
        for path in [
            JOBS,
            "/api/system/info",
            "/openapi.json",
            "/api/events/stream",
        ] {
            let answer = client.get_with(path, headers).await;
            answer.detail(401);
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
    let health = client.get_with("/health", &[]).await.good();
    assert_eq!(health, serde_json::json!({"status": "healthy"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_of_borg_clients_wins_over_the_usual_one() {
    let (_house, client) = quick().await;
    let good = format!("Bearer {}", client.token);
    let asked = async |own: &str, usual: &str| {
        let headers = [("x-borg-authorization", own), ("authorization", usual)];
        client.get_with(JOBS, &headers).await
    };
    asked(&good, "Bearer wrong").await.good();
    asked(&good, "Basic cHJveHk6eA==").await.good();
    asked("Bearer wrong", &good).await.detail(401);
    asked("not even a scheme", &good).await.detail(401);
    let lower = good.replace("Bearer", "bearer");
    client
        .get_with(JOBS, &[("authorization", &lower)])
        .await
        .good();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_the_query_is_good_for_a_download_alone() {
    let (house, client) = quick().await;
    let job = house.back_up_well().await.id;
    let token = &client.token;
    let download = format!("/api/backup/logs/{job}/download");
    let link = format!("{download}?token={token}");
    assert_eq!(client.get_with(&link, &[]).await.status, 200);
    // What a proxy needs for itself does not stand in the way.
    let proxy = [("authorization", "Basic cHJveHk6eA==")];
    assert_eq!(client.get_with(&link, &proxy).await.status, 200);
    client
        .get_with(&format!("{download}?token=wrong"), &[])
        .await
        .detail(401);
    client
        .get_with(&link, &[("authorization", "Bearer wrong")])
        .await
        .detail(401);
    for path in [
        JOBS.to_owned(),
        format!("/api/backup/status/{job}"),
        format!("/api/backup/logs/{job}/stream"),
    ] {
        let path = format!("{path}?token={token}");
        client.get_with(&path, &[]).await.detail(401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_refused_at_once() {
    let (_house, client) = quick().await;
    let listed = client
        .post("/api/operations/list_access_tokens", "{}")
        .await;
    let listed = listed.good();
    assert_eq!(listed["tokens"][0]["name"], "a test");
    assert!(!listed.to_string().contains(&client.token));
    let body = format!(r#"{{"id": {}}}"#, listed["tokens"][0]["id"]);
    client
        .post("/api/operations/revoke_access_token", body)
        .await
        .good();
    client.get(JOBS).await.detail(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_this_computers_own_names_are_answered() {
    let (_house, client) = quick().await;
    let named = async |host: &str| {
        let mut request = client.request(Method::GET, "/health");
        request
            .headers_mut()
            .insert(header::HOST, host.parse().unwrap());
        client.send(request).await
    };
    for host in [
        "127.0.0.1:8751",
        "localhost:8751",
        "LOCALHOST:8751",
        "[::1]:8751",
    ] {
        named(host).await.good();
    }
    for host in [
        "rebound.example:8751",
        "rebound.example",
        "127.0.0.1",
        "127.0.0.1:8752",
        "localhost.rebound.example:8751",
        "user@127.0.0.1:8751",
        "",
    ] {
        named(host).await.detail(403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_names_no_host_or_two_is_refused() {
    let (_house, client) = quick().await;
    let mut none = client.request(Method::GET, "/health");
    none.headers_mut().remove(header::HOST);
    client.send(none).await.detail(403);
    let mut two = client.request(Method::GET, "/health");
    two.headers_mut()
        .append(header::HOST, "rebound.example".parse().unwrap());
    client.send(two).await.detail(403);
    let elsewhere = client.request(Method::GET, "http://rebound.example:8751/health");
    client.send(elsewhere).await.detail(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_website_is_refused_also_with_a_good_token() {
    let (_house, client) = quick().await;
    let good = format!("Bearer {}", client.token);
    let from = async |origin: &str| {
        let headers = [("origin", origin), ("authorization", good.as_str())];
        client.get_with(JOBS, &headers).await
    };
    for origin in ["http://127.0.0.1:8751", "http://localhost:8751"] {
        let answer = from(origin).await;
        answer.good();
        assert!(answer.headers.keys().all(|name| !is_cors(name.as_str())));
    }
    for origin in [
        "http://rebound.example",
        "https://127.0.0.1:8751",
        "http://127.0.0.1:3000",
        "null",
        "",
    ] {
        let answer = from(origin).await;
        answer.detail(403);
        assert!(answer.headers.keys().all(|name| !is_cors(name.as_str())));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_asks_whether_it_may_is_told_no() {
    let (_house, client) = quick().await;
    let mut ask = client.request(Method::OPTIONS, "/api/backup/start");
    let headers = ask.headers_mut();
    headers.remove(header::AUTHORIZATION);
    headers.insert("origin", "http://rebound.example".parse().unwrap());
    headers.insert("access-control-request-method", "POST".parse().unwrap());
    let answer = client.send(ask).await;
    answer.detail(403);
    assert!(answer.headers.keys().all(|name| !is_cors(name.as_str())));
}

fn is_cors(name: &str) -> bool {
    name.starts_with("access-control-")
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_tokens_is_slowed_down_and_hinders_nobody_else() {
    let (_house, client) = quick().await;
    let mut slowed = None;
    for guess in 0..2_000 {
        let guess = format!("Bearer {guess}");
        let answer = client.get_with(JOBS, &[("authorization", &guess)]).await;
        if answer.status == 429 {
            slowed = Some(answer);
            break;
        }
        answer.detail(401);
    }
    let slowed = slowed.unwrap();
    slowed.detail(429);
    assert!(slowed.header("retry-after").parse::<u64>().unwrap() >= 1);
    client.get(JOBS).await.good();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_that_asks_without_end_is_slowed_down_and_another_is_not() {
    let (house, client) = quick().await;
    let other = Client {
        token: Client::of(&house.api).await.token,
        router: client.router.clone(),
        close: client.close.clone(),
    };
    let mut refused = false;
    for _ in 0..20_000 {
        refused = client.get("/api/backup/status/99").await.status == 429;
        if refused {
            break;
        }
    }
    assert!(refused);
    other.get("/api/backup/status/99").await.detail(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_answered_may_be_kept_or_guessed_at() {
    let (_house, client) = quick().await;
    for path in [JOBS, "/nowhere", "/health"] {
        let answer = client.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
}
