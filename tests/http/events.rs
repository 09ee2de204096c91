//! The stream of events: what a job does, as it does it, and without a gap after a break.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::backup::held;
use crate::site::{JOB, Site, assert_keys};

struct Event {
    id: String,
    change: Value,
}

/// Listens; after a break from the event that was heard last.
fn events(site: &Site, last: Option<&str>) -> impl Iterator<Item = Event> + use<> {
    let mut request = site.client.authorized("GET", "/api/events/stream");
    if let Some(last) = last {
        request = request.header("Last-Event-ID", last);
    }
    let mut lines = site.client.events(request);
    std::iter::from_fn(move || {
        let (mut id, mut data) = (String::new(), String::new());
        loop {
            let line = lines.next()?;
            if let Some(found) = line.strip_prefix("id:") {
                found.trim().clone_into(&mut id);
            } else if let Some(found) = line.strip_prefix("data:") {
                data.push_str(found);
            } else if line.is_empty() && !data.is_empty() {
                let change: Value = serde_json::from_str(&data).unwrap();
                assert!(!id.is_empty() || change["type"] == "gap", "{change}");
                return Some(Event { id, change });
            }
        }
    })
}

/// The job an event tells of, if it has this number.
fn told(event: &Event, id: i64) -> Option<&Value> {
    Some(&event.change["job"]).filter(|job| job["id"] == id)
}

fn has_ended(event: &Event, id: i64) -> bool {
    told(event, id).is_some_and(|job| !job["ended_at"].is_null())
}

#[test]
fn a_listener_hears_of_a_job_from_its_start_to_its_end() {
    let site = Site::new();
    let source = site.scratch.tree("Pictures", 300, 30_000, 1);
    site.create_slow(&[&source]);
    let stream = events(&site, None);
    let id = site.start();
    let mut heard = Vec::new();
    for event in stream {
        let Some(job) = told(&event, id) else {
            continue;
        };
        assert_eq!(event.change["type"], "job");
        assert_keys(job, JOB);
        heard.push(job.clone());
        if has_ended(&event, id) {
            break;
        }
    }
    let statuses: Vec<&str> = heard
        .iter()
        .map(|job| job["status"].as_str().unwrap())
        .collect();
    let mut changes = statuses.clone();
    changes.dedup();
    assert!(changes.ends_with(&["running", "completed"]), "{changes:?}");
    let bytes: BTreeSet<String> = heard
        .iter()
        .map(|job| job["progress_details"]["original_size"].to_string())
        .collect();
    assert!(bytes.len() > 2, "{bytes:?}");
    let mut last = site.job(id);
    last.as_object_mut().unwrap().remove("logs");
    assert_eq!(*heard.last().unwrap(), last);
}

#[test]
fn a_listener_who_comes_late_hears_of_what_runs_at_once() {
    let (site, _fake) = Site::over(&held("create"));
    let source = site.scratch.tree("Documents", 3, 100, 2);
    site.create(&[&source]);
    let id = site.start();
    site.wait(id, |job| job["status"] == "running");
    let mut stream = events(&site, None);
    assert!(stream.any(|event| told(&event, id).is_some_and(|job| job["status"] == "running")));
}

#[test]
fn a_listener_who_comes_back_misses_nothing() {
    let site = Site::new();
    let source = site.scratch.tree("Documents", 3, 100, 3);
    site.create(&[&source]);
    let mut stream = events(&site, None);
    let heard = site.start();
    let mut seen = BTreeSet::new();
    let mut last = String::new();
    for event in stream.by_ref() {
        last.clone_from(&event.id);
        assert!(seen.insert(event.id.clone()), "{} came twice", event.id);
        if told(&event, heard).is_some() {
            break;
        }
    }
    drop(stream);
    let missed: Vec<i64> = (0..3).map(|_| site.start()).collect();
    for id in &missed {
        site.ended(*id);
    }
    let mut open: BTreeSet<i64> = missed.iter().copied().chain([heard]).collect();
    for event in events(&site, Some(&last)) {
        assert_ne!(event.change["type"], "gap");
        assert!(seen.insert(event.id.clone()), "{} came twice", event.id);
        open.retain(|id| !has_ended(&event, *id));
        if open.is_empty() {
            break;
        }
    }
    assert!(open.is_empty(), "no end of {open:?} was told");
}

#[test]
fn a_listener_with_a_number_of_another_life_hears_of_the_present() {
    let site = Site::new();
    let stream = events(&site, None);
    let id = site.start_of("/nowhere");
    let last = stream
        .into_iter()
        .find(|event| has_ended(event, id))
        .unwrap()
        .id;
    let site = site.restart();
    for last in [last.as_str(), "987654321", "nonsense"] {
        let stream = events(&site, Some(last));
        let id = site.start_of("/nowhere");
        assert!(stream.into_iter().any(|event| has_ended(&event, id)));
    }
}
