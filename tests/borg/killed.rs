//! Alcove killed at every fail point there is, and what its next start makes of that.
//!
//! The points are `fail_point!`s in `store` and `borg`: commits, writes and flushes of a log, starts of a Borg,
//! migrations, rescues, copies. A test runs itself once more, and its second life kills itself
//! when it passes the named point for the nth time. The first life looks at what is left, each time with a larger n,
//! until a backup ends before it gets there.

use std::collections::BTreeSet;

use alcove_api::types::{Job, ListBackupJobs, ReleasePlans};
use alcove_store::{Maintenance, Phase, Status};
use alcove_testkit::Scratch;
use alcove_tests::{FAIL_POINTS, House, Passed, SecondLife, live_if_second, try_for};

/// Every job has ended, and those that Alcove left say so. `held` says that plans may have been held, of which
/// nothing is pruned.
fn assert_ended(jobs: &[Job], held: bool, at: &str) {
    for job in jobs {
        assert_eq!(
            (job.phase, job.active, job.ended_at.is_some()),
            (Phase::Ended, false, true),
            "{at}: {job:#?}"
        );
        let interrupted = job.error_code.as_deref() == Some("interrupted");
        let well = match job.status {
            Status::Failed => interrupted,
            Status::Completed | Status::CompletedWithWarnings => match job.maintenance_status {
                Some(Maintenance::Completed) => true,
                Some(
                    Maintenance::PruneFailed
                    | Maintenance::CompactFailed
                    | Maintenance::CheckFailed,
                )
                | None => interrupted || held,
                _ => false,
            },
            _ => false,
        };
        assert!(well && job.has_logs, "{at}: {job:#?}");
    }
}

/// Kills a second life of `test` at each passing of `point` that `next` names, from the first on.
async fn kill_at_each(test: &str, point: &str, next: impl Fn(u32) -> u32) {
    live_if_second().await;
    let mut points = FAIL_POINTS.iter();
    let listed = points.find(|listed| listed.name == point).unwrap();
    let rescued = listed.passed == Passed::Rescue;
    let test = format!("killed::{test}");
    let mut house = House::new();
    let source = house.scratch.tree("Documents", 20, 1_000, 1);
    house.create(&[&source]).await;
    let mut passing = 1;
    (house, ()) = house
        .edit(|store| {
            let mut plan = store.plans().unwrap().remove(0);
            plan.keep.daily = 1;
            (plan.compact, plan.check) = (true, true);
            store.save_plan(&plan).unwrap();
        })
        .await;
    house.back_up_well().await;
    loop {
        let at = format!("{passing} {point}");
        let left;
        let arguments = ["--exact", &test, "--nocapture"];
        let live = |scratch: &Scratch| {
            listed.passed.prepare(&scratch.path().join("data"));
            SecondLife::begin(scratch, &arguments, Some(&at)).left()
        };
        (house, left) = house.away(live).await;
        let gone = try_for(|| house.running_borgs().is_empty().then_some(())).await;
        assert!(gone.is_some(), "{at}: {:?}", house.running_borgs());
        let jobs = house.api.list_backup_jobs(ListBackupJobs::default()).await;
        assert_ended(&jobs.unwrap().jobs, rescued, &at);
        assert_eq!(left.lost(), None, "{at}");
        if rescued {
            let release = ReleasePlans { plan: None };
            house.api.release_plans(release).await.unwrap();
        }
        if !left.killed {
            assert!(passing > 1, "{point} is never passed");
            return;
        }
        // Borg itself removes a lock of its own that was left behind.
        let job = house.back_up().await;
        let log = house.log(job.id).await;
        assert_eq!(job.status, Status::Completed, "{at}: {log}");
        let done = Some(Maintenance::Completed);
        assert_eq!(job.maintenance_status, done, "{at}: {log}");
        passing = next(passing);
    }
}

/// Some passings of a point that is passed often, fewer the later: 1, 3, 9, …
fn sparser(passing: u32) -> u32 {
    passing * 3
}

/// Every passing of a point.
fn each(passing: u32) -> u32 {
    passing + 1
}

macro_rules! killed_at {
    ($($test:ident: $point:literal, $next:ident;)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                kill_at_each(stringify!($test), $point, $next).await;
            }
        )*

        #[test]
        fn every_fail_point_has_its_test() {
            let listed: BTreeSet<&str> = FAIL_POINTS.iter().map(|point| point.name).collect();
            assert_eq!(BTreeSet::from([$($point),*]), listed);
        }
    };
}

killed_at! {
    before_a_commit: "store::commit", sparser;
    after_a_commit: "store::committed", sparser;
    before_a_line_of_a_log: "log::write", sparser;
    after_a_line_of_a_log: "log::written", sparser;
    before_a_log_is_flushed: "log::sync", sparser;
    before_borg_is_started: "borg::spawn", each;
    after_borg_was_started: "borg::spawned", each;
    before_a_step_of_a_migration_is_committed: "migration::step", each;
    after_a_step_of_a_migration: "migration::taken", each;
    before_a_copy_is_written: "copy::write", each;
    before_a_copy_has_its_name: "copy::written", each;
    before_older_copies_go: "copy::named", each;
    in_the_middle_of_making_a_rescue_ready: "rescue::copied", each;
    before_damaged_records_are_set_aside: "rescue::ready", each;
    in_the_middle_of_setting_damaged_records_aside: "rescue::aside", each;
    between_damaged_records_and_those_in_their_place: "rescue::gone", each;
    after_a_rescue: "rescue::restored", each;
}
