//! The priority of the Borg of a job.

use std::process::Command;

use alcove_api::types::ChangeSettings;
use alcove_store::Status;
use alcove_tests::{House, try_for};

/// How nice a process is (proc(5), `stat`: the 17th field after its name).
fn niceness(process: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, after) = stat.rsplit_once(')')?;
    after.split_whitespace().nth(16)?.parse().ok()
}

/// How a process stands at the disk, as ionice says it.
fn at_the_disk(process: i32) -> String {
    let asked = Command::new("ionice")
        .args(["-p", &process.to_string()])
        .output()
        .unwrap();
    String::from_utf8_lossy(&asked.stdout).trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_borg_of_a_job_lets_others_go_first_unless_the_person_says_otherwise() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 5, 1_000, 1);
    house.create(&[&source]).await;
    let own = niceness(rustix::process::getpid().as_raw_pid()).unwrap();
    for (low_priority, nice, disk) in [
        (true, (own + 10).min(19), "best-effort: prio 7"),
        (false, own, "none: prio 0"),
    ] {
        let settings = ChangeSettings {
            low_priority: Some(low_priority),
            ..ChangeSettings::default()
        };
        house.api.change_settings(settings).await.unwrap();
        // It waits for the lock, so that there is time to look at it.
        let holder = house.terminal().hold(&house.repository()).await;
        let id = house.start().await;
        let creates = || {
            let mut borgs = house.terminal().borgs().into_iter();
            borgs.find(|(_, command)| command.contains(" create "))
        };
        let (borg, _) = try_for(creates).await.expect("Borg runs");
        let borg = borg.as_raw_pid();
        assert_eq!(niceness(borg), Some(nice));
        if low_priority || own == 0 {
            assert_eq!(at_the_disk(borg), disk);
        }
        holder.let_go();
        assert_eq!(house.ended(id).await.status, Status::Completed);
    }
}
