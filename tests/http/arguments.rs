//! What is refused, with which code and which words.

use alcove_tests::PASSPHRASE;
use serde_json::{Value, json};

use crate::site::Site;

#[test]
fn a_bad_argument_is_refused_with_its_name() {
    let site = Site::new();
    let id = site.start_of("/nowhere");
    let job = |rest: &str| format!("/api/backup/logs/{id}/{rest}");
    let bad = [
        ("/api/backup/jobs?limit=0".to_owned(), "limit"),
        ("/api/backup/jobs?limit=1001".to_owned(), "limit"),
        ("/api/backup/jobs?limit=-1".to_owned(), "limit"),
        ("/api/backup/jobs?limit=many".to_owned(), "limit"),
        ("/api/backup/jobs?limit=1.5".to_owned(), "limit"),
        (
            "/api/backup/jobs?limit=99999999999999999999".to_owned(),
            "limit",
        ),
        (
            "/api/backup/jobs?scheduled_only=perhaps".to_owned(),
            "scheduled_only",
        ),
        (
            "/api/backup/jobs?manual_only=perhaps".to_owned(),
            "manual_only",
        ),
        ("/api/backup/jobs?status=fine".to_owned(), "status"),
        ("/api/backup/jobs?before_id=x".to_owned(), "before_id"),
        ("/api/backup/status/x".to_owned(), "job_id"),
        (
            "/api/backup/status/99999999999999999999".to_owned(),
            "job_id",
        ),
        ("/api/backup/logs/x/stream".to_owned(), "job_id"),
        ("/api/backup/logs/x/download".to_owned(), "job_id"),
        (job("stream?offset=-1"), "offset"),
        (job("stream?offset=x"), "offset"),
        (job("stream?limit=0"), "limit"),
        (job("stream?limit=10001"), "limit"),
        (job("stream?limit=x"), "limit"),
        (job("download?partial=perhaps"), "partial"),
        ("/api/archives/list".to_owned(), "repository"),
        ("/api/repositories/x/running-jobs".to_owned(), "id"),
    ];
    for (path, field) in bad {
        let refused = site.client.get(&path);
        assert_eq!(refused.status, 422, "{path}: {}", refused.text);
        assert!(refused.detail().contains(field), "{path}: {}", refused.text);
    }
    for good in ["/api/backup/jobs?limit=1", "/api/backup/jobs?limit=1000"] {
        assert_eq!(site.client.get(good).status, 200);
    }
    for good in ["stream?limit=1", "stream?limit=10000", "stream?offset=0"] {
        assert_eq!(site.client.get(&job(good)).status, 200);
    }
}

#[test]
fn a_bad_field_of_a_body_is_refused_with_its_name_and_nothing_happens() {
    let site = Site::new();
    let source = site.scratch.tree("Documents", 3, 100, 1);
    let with = |field: &str, value: Value| {
        let mut new = site.new_repository(&[&source]);
        new[field] = value;
        new
    };
    let without = |field: &str| {
        let mut new = site.new_repository(&[]);
        new.as_object_mut().unwrap().remove(field);
        new
    };
    let start = "/api/backup/start";
    let create = "/api/repositories/";
    let bad = [
        (start, json!({}), "repository"),
        (start, json!({"repository": 5}), "repository"),
        (start, json!({"repository": null}), "repository"),
        (start, json!({"repository": "/r", "plan": "x"}), "plan"),
        (create, without("name"), "name"),
        (create, without("path"), "path"),
        (create, without("passphrase"), "passphrase"),
        (create, with("name", json!("")), "name"),
        (create, with("name", json!(5)), "name"),
        (create, with("path", json!("backup")), "path"),
        (create, with("encryption", json!("rot13")), "encryption"),
        (create, with("passphrase", json!("")), "passphrase"),
        (
            create,
            with("passphrase", json!([PASSPHRASE])),
            "passphrase",
        ),
        (create, with("compression", json!("zip")), "compression"),
        (
            create,
            with("source_directories", json!("/home")),
            "source_directories",
        ),
        (
            create,
            with("source_directories", json!(["home"])),
            "source_directories",
        ),
        (
            create,
            with("exclude_patterns", json!([""])),
            "exclude_patterns",
        ),
        (
            create,
            with("exclude_patterns", json!({})),
            "exclude_patterns",
        ),
        (create, with("keep", json!({"daily": -1})), "keep"),
        (create, with("compact", json!("perhaps")), "compact"),
    ];
    for (path, body, field) in bad {
        let refused = site.client.post(path, &body);
        assert_eq!(refused.status, 422, "{body}: {}", refused.text);
        assert!(refused.detail().contains(field), "{body}: {}", refused.text);
        assert!(!refused.text.contains(PASSPHRASE), "{}", refused.text);
    }
    assert_eq!(
        site.client.get("/api/backup/jobs").json(),
        json!({"jobs": []})
    );
    assert_eq!(
        site.client.get("/api/repositories/").json(),
        json!({"repositories": []})
    );
    assert!(!site.scratch.path().join("repository").exists());
}

#[test]
fn a_body_that_is_no_json_is_refused_and_what_it_holds_is_not_repeated() {
    let site = Site::new();
    let passphrase = format!("{{\"passphrase\": \"{PASSPHRASE}\", }}");
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"/r\"",
        "repository=/r",
        &passphrase,
    ] {
        for path in ["/api/backup/start", "/api/repositories/"] {
            let request = site.client.authorized("POST", path);
            let request = request.header("Content-Type", "application/json");
            let refused = site.client.send(request, Some(body));
            assert_eq!(refused.status, 422, "{body}: {}", refused.text);
            assert!(!refused.detail().contains(PASSPHRASE));
        }
    }
    assert_eq!(
        site.client.get("/api/backup/jobs").json(),
        json!({"jobs": []})
    );
}

#[test]
fn an_unknown_number_is_not_found() {
    let site = Site::new();
    for path in [
        "/api/backup/status/4711",
        "/api/backup/logs/4711/stream",
        "/api/backup/logs/4711/download",
        "/api/repositories/4711/running-jobs",
        "/api/backup/nothing",
        "/nothing",
    ] {
        let refused = site.client.get(path);
        assert_eq!(refused.status, 404, "{path}");
        assert!(!refused.detail().is_empty());
    }
    let refused = site.client.post("/api/backup/cancel/4711", &json!({}));
    assert_eq!(refused.status, 404);
    assert!(!refused.detail().is_empty());
}

#[test]
fn another_method_than_the_page_says_is_refused() {
    let site = Site::new();
    for (method, path) in [
        ("GET", "/api/backup/start"),
        ("DELETE", "/api/backup/jobs"),
        ("GET", "/api/backup/cancel/1"),
        ("PUT", "/api/repositories/"),
    ] {
        let refused = site.client.send(site.client.authorized(method, path), None);
        assert_eq!(refused.status, 405, "{method} {path}");
        assert!(!refused.detail().is_empty());
    }
}
