//! The log of a job: streamed while it runs, downloaded afterwards.

use std::time::Duration;

use alcove_testkit::{FakeBorg, Script};
use serde_json::{Value, json};

use crate::backup::held;
use crate::site::{Site, assert_keys};

/// Lines as Borg logs them.
fn said(numbers: std::ops::Range<u32>) -> String {
    let line = |number| {
        let message = format!("said line {number}");
        let line = json!({
            "type": "log_message", "levelname": "INFO", "name": "borg", "message": message,
        });
        line.to_string() + "\n"
    };
    numbers.map(line).collect()
}

fn total(page: &Value) -> u64 {
    page["total_lines"].as_u64().unwrap()
}

fn numbers(page: &Value) -> Vec<u64> {
    let lines = page["lines"].as_array().unwrap().iter();
    lines
        .map(|line| line["line_number"].as_u64().unwrap())
        .collect()
}

#[test]
fn a_log_is_streamed_with_growing_offsets_while_its_job_runs_and_its_numbers_never_restart() {
    let talking = Script::new()
        .stderr(said(0..5))
        .wait_for_release("more")
        .stderr(said(5..2_500))
        .wait_for_release("end")
        .become_the_real();
    let (site, fake) = Site::over(&FakeBorg::before_the_real().on("create", talking));
    let source = site.scratch.tree("Documents", 3, 100, 1);
    site.create(&[&source]);
    let id = site.start();
    let counted = |id| site.log(id).contains("The folders hold");
    site.wait(id, |_| site.log(id).contains("said line 4") && counted(id));

    let early = site.page(id, "");
    assert_keys(&early, "job_id status lines total_lines has_more");
    assert_eq!(
        (&early["job_id"], &early["status"]),
        (&json!(id), &json!("running"))
    );
    assert_eq!(early["has_more"], false);
    let read = total(&early);
    assert_eq!(numbers(&early), (1..=read).collect::<Vec<_>>());
    for line in early["lines"].as_array().unwrap() {
        assert_keys(line, "line_number content time level text");
        let content = line["content"].as_str().unwrap();
        let mut words = content.splitn(3, ' ');
        let mut next = || words.next().unwrap();
        let time = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        assert_eq!(time(next()), time(line["time"].as_str().unwrap()));
        assert_eq!(next(), line["level"].as_str().unwrap().to_uppercase());
        assert_eq!(next(), line["text"].as_str().unwrap());
    }
    let nothing_new = site.page(id, &format!("?offset={read}"));
    assert_eq!(
        (&nothing_new["lines"], &nothing_new["has_more"]),
        (&json!([]), &json!(false))
    );
    assert_eq!(total(&nothing_new), read);

    fake.release("more");
    site.wait(id, |_| total(&site.page(id, "?limit=1")) >= read + 2_495);
    let page = site.page(id, &format!("?offset={read}"));
    assert_eq!(page["status"], "running");
    assert_eq!(page["has_more"], true);
    assert_eq!(
        numbers(&page),
        (read + 1..=read + 1_000).collect::<Vec<_>>()
    );
    let few = site.page(id, &format!("?offset={}&limit=2", read + 1_000));
    assert_eq!(numbers(&few), [read + 1_001, read + 1_002]);
    assert_eq!(few["has_more"], true);

    fake.release("end");
    let mut followed = Vec::new();
    loop {
        let page = site.page(id, &format!("?offset={}", followed.len()));
        followed.extend(page["lines"].as_array().unwrap().iter().cloned());
        let over = page["status"] != "running" && page["has_more"] == false;
        if over && followed.len() as u64 == total(&page) && !site.job(id)["ended_at"].is_null() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(
        followed[..early["lines"].as_array().unwrap().len()],
        *early["lines"].as_array().unwrap()
    );
    let whole = site.page(id, "?limit=10000");
    assert_eq!(whole["status"], "completed");
    assert_eq!(whole["lines"], json!(followed));
    assert_eq!(numbers(&whole), (1..=total(&whole)).collect::<Vec<_>>());
    let downloaded = site.client.get(&format!("/api/backup/logs/{id}/download"));
    assert_eq!(downloaded.text, site.log(id));
}

#[test]
fn a_page_past_the_end_is_empty() {
    let site = Site::new();
    let id = site.start_of("/nowhere");
    site.ended(id);
    let all = site.page(id, "");
    let past = site.page(id, "?offset=100000");
    assert_eq!(
        (&past["lines"], &past["has_more"]),
        (&json!([]), &json!(false))
    );
    assert_eq!(total(&past), total(&all));
    assert!(total(&all) > 0);
}

#[test]
fn a_log_is_downloaded_as_a_text_file_with_the_name_of_the_page() {
    let site = Site::new();
    let id = site.start_of("/nowhere");
    site.ended(id);
    let log = site.client.get(&format!("/api/backup/logs/{id}/download"));
    assert_eq!(log.status, 200);
    assert_eq!(log.header("content-type"), "text/plain; charset=utf-8");
    let named = format!("attachment; filename=\"backup_job_{id}_logs.txt\"");
    assert_eq!(log.header("content-disposition"), named);
    assert_eq!(log.text, site.log(id));
}

#[test]
fn a_log_is_not_downloaded_before_its_job_has_ended_unless_a_part_is_asked_for() {
    let (site, fake) = Site::over(&held("create"));
    let source = site.scratch.tree("Documents", 3, 100, 2);
    site.create(&[&source]);
    let running = site.start();
    let pending = site.start();
    site.wait(running, |job| {
        job["status"] == "running" && job["has_logs"] == true
    });
    site.wait(running, |_| site.log(running).contains("The folders hold"));
    let download = |id, query| {
        let path = format!("/api/backup/logs/{id}/download{query}");
        site.client.get(&path)
    };
    for id in [running, pending] {
        for query in ["", "?partial=false"] {
            let refused = download(id, query);
            assert_eq!(refused.status, 400, "{id}{query}");
            assert!(!refused.detail().is_empty());
        }
    }
    assert_eq!(download(running, "?partial=true").text, site.log(running));
    assert_eq!(download(pending, "?partial=true").status, 200);
    fake.release("create");
    site.ended(pending);
    assert_eq!(download(running, "").text, site.log(running));
}
