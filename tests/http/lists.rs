//! The list of jobs, and what it can be narrowed to.

use serde_json::{Value, json};

use crate::site::{JOB, PROGRESS, Site, assert_keys};

fn list(site: &Site, query: &str) -> Vec<Value> {
    let answer = site.client.get(&format!("/api/backup/jobs{query}")).json();
    assert_keys(&answer, "jobs");
    answer["jobs"].as_array().unwrap().clone()
}

fn ids(site: &Site, query: &str) -> Vec<i64> {
    let jobs = list(site, query);
    jobs.iter().map(|job| job["id"].as_i64().unwrap()).collect()
}

#[test]
fn jobs_are_listed_newest_first_with_every_key() {
    let site = Site::new();
    assert_eq!(list(&site, ""), Vec::<Value>::new());
    let source = site.scratch.tree("Documents", 3, 100, 1);
    site.create(&[&source]);
    let good = site.back_up();
    let failed = site.ended(site.start_of("/nowhere"));
    let listed = list(&site, "");
    for (job, mut status) in listed.into_iter().zip([failed, good]) {
        assert_keys(&job, JOB);
        assert_keys(&job["progress_details"], PROGRESS);
        assert_eq!(
            status.as_object_mut().unwrap().remove("logs"),
            Some(Value::Null)
        );
        assert_eq!(job, status);
    }
}

#[test]
fn jobs_are_narrowed_by_repository_status_and_page() {
    let site = Site::new();
    let source = site.scratch.tree("Documents", 3, 100, 2);
    site.create(&[&source]);
    let good = site.back_up()["id"].as_i64().unwrap();
    let failed: Vec<i64> = (0..3).map(|_| site.start_of("/nowhere")).collect();
    for id in &failed {
        site.ended(*id);
    }
    let newest_first = [failed[2], failed[1], failed[0], good];
    assert_eq!(ids(&site, ""), newest_first);
    assert_eq!(ids(&site, "?limit=2"), newest_first[..2]);
    assert_eq!(
        ids(&site, &format!("?limit=2&before_id={}", failed[1])),
        newest_first[2..]
    );
    assert_eq!(ids(&site, "?status=failed"), newest_first[..3]);
    assert_eq!(ids(&site, "?status=completed"), [good]);
    assert_eq!(ids(&site, "?status=running"), Vec::<i64>::new());
    assert_eq!(
        ids(&site, &format!("?repository={}", site.repository())),
        [good]
    );
    assert_eq!(
        ids(&site, "?repository=/nowhere&status=completed"),
        Vec::<i64>::new()
    );
}

#[test]
fn jobs_are_narrowed_by_what_started_them_and_scheduled_only_wins() {
    let site = Site::new();
    let id = site.start_of("/nowhere");
    assert_eq!(ids(&site, "?manual_only=true"), [id]);
    assert_eq!(ids(&site, "?scheduled_only=true"), Vec::<i64>::new());
    assert_eq!(
        ids(&site, "?scheduled_only=true&manual_only=true"),
        Vec::<i64>::new()
    );
    assert_eq!(ids(&site, "?scheduled_only=false&manual_only=false"), [id]);
    // As a client in Python writes it.
    assert_eq!(ids(&site, "?scheduled_only=False&manual_only=True"), [id]);
}

#[test]
fn two_hundred_jobs_are_listed_unless_another_limit_is_asked_for() {
    let site = Site::new();
    for _ in 0..205 {
        site.start_of("/nowhere");
    }
    assert_eq!(ids(&site, "").len(), 200);
    assert_eq!(ids(&site, "?limit=1000").len(), 205);
    assert_eq!(ids(&site, "?limit=1").len(), 1);
}

#[test]
fn the_system_is_told_with_the_borg_in_use() {
    let site = Site::new();
    let system = site.client.get("/api/system/info").json();
    let folder = std::env::var("ALCOVE_TEST_BORG").unwrap_or_else(|_| "/usr".to_owned());
    let path = system["borg"]["path"].as_str().unwrap();
    assert!(path.starts_with(&folder), "{path} is not in {folder}");
    assert_eq!(
        system["data_folder"],
        json!(site.scratch.path().join("data"))
    );
}
