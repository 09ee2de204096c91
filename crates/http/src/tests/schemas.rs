//! The OpenAPI document says what the routes do, and the routes do what it says.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::Value;

use super::quick;

/// The rows of the backup API page and its companions.
const PAGE: &[(&str, &str)] = &[
    ("post", "/api/backup/start"),
    ("post", "/api/backup/run"),
    ("get", "/api/backup/jobs"),
    ("get", "/api/backup/status/{job_id}"),
    ("post", "/api/backup/cancel/{job_id}"),
    ("get", "/api/backup/logs/{job_id}/stream"),
    ("get", "/api/backup/logs/{job_id}/download"),
    ("post", "/api/repositories/"),
    ("get", "/api/repositories/"),
    ("post", "/api/repositories/{repository_id}/unlock"),
    ("get", "/api/repositories/{repository_id}/running-jobs"),
    ("get", "/api/archives/list"),
    ("get", "/api/system/info"),
    ("get", "/api/events/stream"),
    ("get", "/health"),
    ("get", "/openapi.json"),
];

macro_rules! operations {
    (every_door { $($(#[doc = $doc:literal])* $name:ident($args:ident) -> $answer:ident,)+ } $($desktop:tt)*) => {
        const OPERATIONS: &[&str] = &[$(concat!("/api/operations/", stringify!($name)),)+];
    };
}
include!("../../../api/src/operations.rs");

fn described(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(|method| (method.clone(), path.clone()))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_has_every_row_of_the_page_and_every_operation_and_nothing_else() {
    let (_house, client) = quick().await;
    let document = client.get("/openapi.json").await.good();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let operations = OPERATIONS.iter().map(|path| ("post", *path));
    let expected: BTreeSet<(String, String)> = PAGE
        .iter()
        .copied()
        .chain(operations)
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    assert_eq!(described(&document), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_described_route_is_there_and_knows_no_other_method() {
    let (_house, client) = quick().await;
    let document = client.get("/openapi.json").await.good();
    let described = described(&document);
    let paths: BTreeSet<&String> = described.iter().map(|(_, path)| path).collect();
    for path in paths {
        let real = path
            .replace("{job_id}", "99")
            .replace("{repository_id}", "99");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if real == "/api/events/stream" && method == "GET" {
                continue;
            }
            let known = described.contains(&(method.to_lowercase(), path.clone()));
            let method: Method = method.parse().unwrap();
            let answer = client.send(client.request(method.clone(), &real)).await;
            assert_eq!(answer.status != 405, known, "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reference_in_the_document_leads_somewhere_and_every_id_is_unique() {
    let (_house, client) = quick().await;
    let document = client.get("/openapi.json").await.good();
    let mut references = Vec::new();
    collect(&document, "$ref", &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    let mut ids = Vec::new();
    collect(&document["paths"], "operationId", &mut ids);
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
}

fn collect(value: &Value, key: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                match inner {
                    Value::String(text) if name == key => found.push(text.clone()),
                    _ => collect(inner, key, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| collect(inner, key, found)),
        _ => {}
    }
}
