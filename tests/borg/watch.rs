//! What a door hears: the present first, then every change, the same as every other door.

use std::collections::BTreeSet;
use std::time::Duration;

use alcove_api::types::{Change, Job};
use alcove_store::{Phase, Status};
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, archive};

/// The next change of a job.
async fn next_job(watch: &mut alcove_api::Watch) -> Job {
    loop {
        let change = tokio::time::timeout(Duration::from_mins(2), watch.next()).await;
        if let Change::Job { job } = change.unwrap() {
            return job;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_that_opens_hears_of_every_unfinished_job_first() {
    let slow = Script::new().wait_for_release("create").exit(2);
    let (house, fake) = House::over_fake(FakeBorg::new("1.4.1").on("create", slow)).await;
    let ids = BTreeSet::from([
        house.start().await,
        house.start().await,
        house.start().await,
    ]);
    let mut watch = house.api.watch();
    let mut heard = BTreeSet::new();
    while heard != ids {
        let job = next_job(&mut watch).await;
        assert!(job.ended_at.is_none());
        heard.insert(job.id);
    }
    fake.release("create");
    for id in ids {
        house.ended(id).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_doors_hear_of_the_same_job_and_see_the_same() {
    let slow = Script::new().wait_for_release("create");
    let twice = archive().wait_for_release("end");
    let fake = FakeBorg::new("1.4.1")
        .on("create", slow)
        .on("create", twice);
    let (house, fake) = House::over_fake(fake).await;
    let (mut first, mut second) = (house.api.watch(), house.api.clone().watch());
    let id = house.start().await;
    fake.release("create");
    let mut ends = Vec::new();
    for watch in [&mut first, &mut second] {
        let end = loop {
            let job = next_job(watch).await;
            assert_eq!(job.id, id);
            if job.ended_at.is_some() {
                break job;
            }
        };
        ends.push(end);
    }
    let shown = |job: &Job| serde_json::to_value(job).unwrap();
    assert_eq!(shown(&ends[0]), shown(&ends[1]));
    assert_eq!(shown(&ends[0]), shown(&house.job(id).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_pending_then_running_then_decided_and_active_to_its_end() {
    let fake = FakeBorg::new("1.4.1")
        .on("create", archive())
        .on("compact", Script::new().wait_for_release("compact"));
    let (house, fake) = House::over_fake(fake).await;
    let mut watch = house.api.watch();
    let id = house.start().await;
    let mut seen = Vec::new();
    loop {
        let job = next_job(&mut watch).await;
        assert_eq!(job.id, id);
        assert_eq!(
            job.active,
            !matches!(job.phase, Phase::Waiting | Phase::Ended)
        );
        assert_eq!(job.ended_at.is_some(), job.phase == Phase::Ended);
        assert_eq!(job.completed_at.is_some(), job.status.is_terminal());
        let ended = job.ended_at.is_some();
        if job.phase == Phase::Compacting {
            fake.release("compact");
        }
        if seen.last() != Some(&job.status) {
            seen.push(job.status);
        }
        if ended {
            break;
        }
    }
    // A door hears the latest only; what it hears is in this order.
    let order = [Status::Pending, Status::Running, Status::Completed];
    let mut expected = order.to_vec();
    expected.retain(|status| seen.contains(status));
    assert_eq!(seen, expected);
}
