//! Folders of a plan that go away, shrink, or cannot be read.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use alcove_api::types::ReleasePlans;

use crate::fault::{Fault, Seen, Session};
use crate::round::{Round, Stage};

/// The rows.
pub(crate) const FAULTS: &[Fault] = &[
    Fault::new(
        "source vanishing mid-run",
        "What was read is kept, each file that was not is a warning; nothing older goes before somebody has looked",
        &[
            "completed_with_warnings",
            "completed_with_warnings, plan_held",
            "completed",
        ],
        |round| Box::pin(vanishing(round)),
    )
    .asking("yes", "where most of it was gone, prune waits until somebody has looked"),
    Fault::new(
        "unreadable source",
        "The rest is backed up, and the log names what was not",
        &["completed_with_warnings"],
        |round| Box::pin(unreadable(round)),
    )
    .within(Session::AnotherUser),
    Fault::new(
        "half of the source gone",
        "The backup is kept, nothing older is pruned, a person is asked",
        &["completed, plan_held"],
        |round| Box::pin(half_gone(round)),
    )
    .asking("yes", "prune waits until somebody says that this is right"),
];

async fn vanishing(round: Round) -> Seen {
    let stage = Stage::new().await;
    let held = stage.hold(round).await;
    // Another name for each file: Borg goes on in a folder that was only moved.
    let aside = stage.source.with_extension("aside");
    let mut copy = Command::new("cp");
    let copied = copy.arg("-al").args([&stage.source, &aside]).status();
    assert!(copied.is_ok_and(|status| status.success()));
    std::fs::remove_dir_all(&stage.source).expect("a folder can be removed");
    held.go_on();
    let seen = stage.outcome(held.id).await;
    std::fs::rename(&aside, &stage.source).expect("a folder can be put back");
    let mut seen = stage.and_next(seen).await;
    if seen.next == "completed, plan_held" {
        // So little of it was there before that nearly all is new.
        let release = ReleasePlans { plan: Some(1) };
        let released = stage.house.api.release_plans(release).await;
        released.expect("a plan can be released");
        seen = stage.and_next(seen).await;
    }
    stage.assert_first_archive();
    seen
}

async fn unreadable(round: Round) -> Seen {
    let stage = Stage::new().await;
    let number = round.between(0, 20);
    let file = format!("folder{:04}/file{number:06}.bin", number / 10);
    let file = stage.source.join(file);
    // So that Borg reads it again.
    std::fs::write(&file, "another").expect("a file can be written");
    let open_to = |mode| {
        let mode = Permissions::from_mode(mode);
        std::fs::set_permissions(&file, mode).expect("a file can be closed");
    };
    open_to(0o000);
    let id = stage.start().await;
    let seen = stage.outcome(id).await;
    assert!(
        seen.log.contains(&file.display().to_string()[1..]),
        "{}",
        seen.log
    );
    open_to(0o644);
    let seen = stage.and_next(seen).await;
    stage.assert_first_archive();
    seen
}

async fn half_gone(round: Round) -> Seen {
    let stage = Stage::pruning(round).await;
    let id = stage.start().await;
    stage.house.ended(id).await;
    let before = stage.archives();
    std::fs::remove_dir_all(stage.source.join("New")).expect("a folder can be removed");
    let id = stage.start().await;
    let seen = stage.outcome(id).await;
    let seen = stage.and_next(seen).await;
    let after = stage.archives();
    assert!(
        before.iter().all(|archive| after.contains(archive)),
        "{after:?}"
    );
    seen
}
