//! How long it takes from the click on Cancel until the next backup can start.
//!
//! Three kinds of load, each cancelled at moments spread over a second of it: data that is new, files that are all
//! unchanged, and a server that has fallen silent. The figure is the time that 95 of a hundred do not exceed.

use std::time::{Duration, Instant};

use alcove_api::types::{CreateRepository, Job, StartBackup, TrustHostKey};
use alcove_store::Phase;
use alcove_tests::{House, LoopbackServer};

use crate::Figure;

/// So many cancels of each load that is cheap to repeat.
const ROUNDS: u32 = 20;
/// A silent server takes its time at each.
const ROUNDS_OF_A_SERVER: u32 = 5;

pub(crate) async fn measure(small: bool) -> Vec<Figure> {
    let (rounds, of_a_server) = if small {
        (2, 1)
    } else {
        (ROUNDS, ROUNDS_OF_A_SERVER)
    };
    vec![
        figure("new data", new_data(rounds).await, 1.0),
        figure("unchanged files", unchanged_files(rounds).await, 4.0),
        figure("a silent server", silent_server(of_a_server).await, 14.0),
    ]
}

fn figure(load: &str, mut seconds: Vec<f64>, goal: f64) -> Figure {
    seconds.sort_by(f64::total_cmp);
    let last = (seconds.len() * 95).div_ceil(100) - 1;
    Figure {
        bench: format!("cancel: {load}, 95 of 100"),
        value: seconds[last],
        unit: "s",
        floor: None,
        goal,
    }
}

async fn start(house: &House, repository: String) -> i64 {
    let args = StartBackup {
        repository,
        ..StartBackup::default()
    };
    let started = house.api.start_backup(args).await;
    started.expect("the backup is accepted").job_id
}

/// Starts a backup, lets it run for so long and cancels it.
async fn cancel_after(house: &House, run: Duration) -> Option<f64> {
    let id = start(house, house.repository()).await;
    let reads = |job: &Job| job.phase == Phase::BackingUp || job.ended_at.is_some();
    house.wait(id, reads).await;
    tokio::time::sleep(run).await;
    cancel(house, id).await
}

/// Cancels a job and returns the seconds until its lane is free; `None` when it had ended before.
async fn cancel(house: &House, id: i64) -> Option<f64> {
    let clicked = Instant::now();
    house.cancel(id).await.ok()?;
    while house.job(id).await.ended_at.is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Some(clicked.elapsed().as_secs_f64())
}

fn moment(round: u32) -> Duration {
    Duration::from_millis(50) * round
}

async fn new_data(rounds: u32) -> Vec<f64> {
    let house = House::new();
    let tree = |seed| house.scratch.tree("Pictures", 60, 10_000_000, seed);
    house.create(&[&tree(0)]).await;
    let mut seconds = Vec::new();
    for round in 0..rounds {
        tree(u64::from(round) + 1);
        seconds.extend(cancel_after(&house, moment(round)).await);
    }
    seconds
}

async fn unchanged_files(rounds: u32) -> Vec<f64> {
    let house = House::new();
    let tree = house.scratch.tree("Documents", 100_000, 1_000, 1);
    house.create(&[&tree]).await;
    house.back_up_well().await;
    let mut seconds = Vec::new();
    for round in 0..rounds {
        seconds.extend(cancel_after(&house, moment(round)).await);
    }
    seconds
}

async fn silent_server(rounds: u32) -> Vec<f64> {
    let mut seconds = Vec::new();
    for round in 0..rounds {
        let mut server = None;
        let house = House::with(|scratch, world| {
            let started = LoopbackServer::start(scratch);
            world.ssh_config = Some(started.ssh_config());
            server = Some(started);
        });
        let server = server.expect("the server was started");
        let repository = server.location(&house.scratch.path().join("there"));
        let known = TrustHostKey {
            repository: repository.clone(),
            fingerprint: server.fingerprint(),
        };
        house
            .api
            .trust_host_key(known)
            .await
            .expect("it is trusted");
        let tree = house.scratch.tree("Pictures", 200, 10_000_000, 1);
        let new = CreateRepository {
            path: repository.clone(),
            ..house.new_repository(&[&tree])
        };
        let created = house.api.create_repository(new).await;
        created.expect("the repository is created");
        let id = start(&house, repository).await;
        house.wait(id, |job| job.progress_details.nfiles > 3).await;
        server.freeze();
        tokio::time::sleep(moment(round)).await;
        seconds.extend(cancel(&house, id).await);
        server.thaw();
    }
    seconds
}
