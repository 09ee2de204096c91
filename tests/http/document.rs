//! The document of the API: served, and of one mind with the server.

use crate::site::Site;

/// The operations of the page.
const OPERATIONS: &[(&str, &str)] = &[
    ("post", "/api/backup/start"),
    ("post", "/api/backup/run"),
    ("get", "/api/backup/jobs"),
    ("get", "/api/backup/status/{job_id}"),
    ("post", "/api/backup/cancel/{job_id}"),
    ("get", "/api/backup/logs/{job_id}/stream"),
    ("get", "/api/backup/logs/{job_id}/download"),
    ("post", "/api/repositories/"),
    ("get", "/api/repositories/"),
    ("get", "/api/repositories/{id}/running-jobs"),
    ("get", "/api/archives/list"),
    ("get", "/api/system/info"),
    ("get", "/api/events/stream"),
    ("get", "/health"),
];

#[test]
fn the_document_names_every_operation_of_the_page() {
    let site = Site::new();
    let document = site.client.get("/openapi.json").json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    let paths = document["paths"].as_object().unwrap();
    for (method, path) in OPERATIONS {
        // What a parameter is called in a path is the document's own affair.
        let mut same = paths
            .iter()
            .filter(|(known, _)| filled(known, "") == filled(path, ""));
        assert!(
            same.any(|(_, methods)| methods[method].is_object()),
            "{method} {path}"
        );
    }
}

#[test]
fn every_operation_of_the_document_is_there() {
    let site = Site::new();
    let document = site.client.get("/openapi.json").json();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = filled(path, "x");
        for method in methods
            .as_object()
            .unwrap()
            .keys()
            .filter(|method| *method != "get")
        {
            let request = site.client.authorized(&method.to_uppercase(), &path);
            let answer = site.client.send(request, Some("-"));
            assert!(
                ![404, 405].contains(&answer.status),
                "{method} {path}: {}",
                answer.status
            );
        }
    }
}

/// A path with a word in place of each of its parameters.
pub(crate) fn filled(path: &str, word: &str) -> String {
    let pieces = path.split(['{', '}']).enumerate();
    pieces
        .map(|(place, piece)| if place % 2 == 1 { word } else { piece })
        .collect()
}
