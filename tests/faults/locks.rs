//! Locks of others, and others at the same repository or the same records.

use std::process::{Child, Command};

use alcove_api::{Api, World};
use alcove_store::{Folder, WaitingFor};
use rustix::process::Signal;

use crate::fault::{Fault, Seen, Session};
use crate::lock;
use crate::round::{Round, Stage};

/// The rows.
pub(crate) const FAULTS: &[Fault] = &[
    Fault::new(
        "stale lock of this computer",
        "Borg sees that its process is gone and takes it away",
        &["completed"],
        |round| Box::pin(stale(round)),
    ),
    Fault::new(
        "changed host name",
        "Alcove's Borgs have an id of their own, which stays when the computer is called otherwise",
        &["failed, borg_killed"],
        |round| Box::pin(renamed(round)),
    )
    .within(Session::OwnHostName)
    .killing(),
    Fault::new(
        "lock of another computer",
        "Nobody here can tell whether it is used; the sentence says whose it is",
        &["failed, repository_locked"],
        |round| Box::pin(foreign(round)),
    )
    .locked(&["of another host"])
    .asking(
        "failed, repository_locked",
        "does that computer still use it?",
    ),
    Fault::new(
        "two Alcoves at once",
        "The second is refused by the owner lock of the data folder",
        &["completed"],
        |round| Box::pin(two(round)),
    ),
    Fault::new(
        "a second client on the same repository",
        "The backup waits inside Borg, says so, and goes on when the other is done",
        &["completed"],
        |round| Box::pin(second_client(round)),
    ),
];

async fn stale(round: Round) -> Seen {
    let stage = Stage::new().await;
    let repository = stage.repository.display().to_string();
    stage.house.terminal().hold(&repository).await.kill();
    assert_eq!(stage.lock(), "of a dead process");
    stage.grow(round);
    let id = stage.start().await;
    let seen = stage.outcome(id).await;
    stage.and_next(seen).await
}

async fn renamed(round: Round) -> Seen {
    let stage = Stage::new().await;
    let held = stage.hold(round).await;
    held.send(Signal::KILL);
    let seen = stage.outcome(held.id).await;
    assert_eq!(seen.lock, "of a dead process");
    // In a namespace of its own: the computer keeps its name.
    let mut hostname = Command::new("hostname");
    let named = hostname.arg(format!("renamed-{}", round.seed)).status();
    assert!(named.is_ok_and(|status| status.success()));
    let stage = stage
        .rebuilt(async |house| house.restart_unlocked(|_, _| {}).await)
        .await;
    stage.and_next(seen).await
}

async fn foreign(round: Round) -> Seen {
    let stage = Stage::new().await;
    let stage = stage
        .rebuilt(async |house| {
            let at_once =
                |_: &_, world: &mut World| world.lock_wait = Some(std::time::Duration::ZERO);
            house.restart_unlocked(at_once).await
        })
        .await;
    let process = round.between(1_000, 30_000);
    let lock = stage.repository.join("lock.exclusive");
    let holder = format!("elsewhere@181193462.{process}-0");
    std::fs::create_dir(&lock).expect("a lock can be made");
    std::fs::write(lock.join(&holder), "").expect("a lock can be made");
    let roster = format!(r#"{{"exclusive": [["elsewhere@181193462", {process}, 0]]}}"#);
    std::fs::write(stage.repository.join("lock.roster"), roster).expect("a lock can be made");
    let id = stage.start().await;
    let seen = stage.outcome(id).await;
    let whose = format!("Held by process {process} on elsewhere");
    assert!(seen.log.contains(&whose), "{}", seen.log);
    stage.and_next(seen).await
}

async fn two(round: Round) -> Seen {
    let stage = Stage::new().await;
    let held = stage.hold(round).await;
    let scratch = &stage.house.scratch;
    let world = World::of_session(scratch.session().into_iter().collect(), scratch.home());
    let second = Api::open(Folder::at(stage.house.data()), world);
    let refused = second.err().expect("the data folder has its owner");
    assert_eq!(refused.code.as_str(), "store_failed", "{refused}");
    held.go_on();
    let seen = stage.outcome(held.id).await;
    stage.and_next(seen).await
}

/// A Borg that is not Alcove's, gone when it is dropped.
struct Client(Child);

impl Drop for Client {
    fn drop(&mut self) {
        // Gone already, where it was waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn second_client(round: Round) -> Seen {
    let stage = Stage::new().await;
    stage.grow(round);
    let archive = format!("{}::by-hand", stage.repository.display());
    let source = stage.source.display().to_string();
    let mut client = Client(stage.house.terminal().start(&["create", &archive, &source]));
    let client_id = rustix::process::Pid::from_child(&client.0);
    let locked = || lock::of(&stage.repository) != "no";
    let locked = alcove_tests::try_for(|| locked().then_some(())).await;
    locked.expect("Borg takes a lock that is free");
    // It is in no hurry.
    rustix::process::kill_process(client_id, Signal::STOP).expect("a child can be held");
    let id = stage.start().await;
    let waits = |job: &alcove_api::types::Job| job.waiting_for == Some(WaitingFor::Lock);
    stage.house.wait(id, waits).await;
    rustix::process::kill_process(client_id, Signal::CONT).expect("a child can go on");
    stage.house.ended(id).await;
    assert!(client.0.wait().is_ok_and(|ended| ended.success()));
    let seen = stage.seen(id).await;
    let seen = stage.and_next(seen).await;
    assert!(stage.archives().contains(&"by-hand".to_owned()));
    seen
}
