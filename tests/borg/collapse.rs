//! The collapse guard over a real Borg: a backup that shows that something happened to the files is kept, and nothing
//! older goes before a person has looked.

use std::path::PathBuf;

use alcove_api::ErrorCode;
use alcove_api::types::{Collapse, Nothing, Plan, ReleasePlans, StartMaintenance};
use alcove_store::{JobKind, Maintenance, Status};
use alcove_tests::House;

/// A house whose plan keeps one archive, after a good backup of `source`.
async fn backed_up(source: impl Fn(&House) -> PathBuf) -> (House, PathBuf) {
    let house = House::new();
    let source = source(&house);
    house.create(&[&source]).await;
    let (house, ()) = house
        .edit(|store| {
            let mut plan = store.plans().unwrap().remove(0);
            plan.keep.yearly = 1;
            store.save_plan(&plan).unwrap();
        })
        .await;
    house.back_up_well().await;
    (house, source)
}

async fn plan(house: &House) -> Plan {
    let mut plans = house.api.list_plans(Nothing {}).await.unwrap().plans;
    plans.remove(0)
}

async fn release(house: &House) {
    let plan = Some(plan(house).await.id);
    house
        .api
        .release_plans(ReleasePlans { plan })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn half_of_the_files_gone_is_kept_and_asked_about_and_nothing_is_pruned() {
    let (house, source) = backed_up(|house| house.scratch.tree("Documents", 20, 1_000, 1)).await;
    std::fs::remove_dir_all(source.join("folder0001")).unwrap();
    let job = house.back_up().await;
    let log = house.log(job.id).await;
    assert_eq!(job.status, Status::Completed, "{log}");
    assert_eq!(job.maintenance_status, None, "{log}");
    assert_eq!(job.error_code.as_deref(), Some("plan_held"), "{log}");
    let said = job.error_message.unwrap();
    assert!(said.contains("had 20 files and has 10 files now"), "{said}");
    assert!(log.contains(&said), "{log}");
    assert_eq!(house.archives().len(), 2);
    let hold = plan(&house).await.hold.unwrap();
    assert_eq!(hold.job_id, job.id);
    assert!(matches!(hold.collapse, Collapse::FilesGone));
    assert_eq!(hold.message, said);

    // The next ones neither ask again nor prune, and one asked for by itself is refused.
    let job = house.back_up_well().await;
    assert_eq!((job.maintenance_status, job.error_code), (None, None));
    assert_eq!(house.archives().len(), 3);
    let prune = StartMaintenance {
        repository_id: 1,
        kind: JobKind::Prune,
        plan: None,
        retry_of: None,
    };
    let refused = house.api.start_maintenance(prune).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::PlanHeld);
    assert!(refused.message.contains("had 20 files"), "{refused}");

    release(&house).await;
    assert!(plan(&house).await.hold.is_none());
    let job = house.back_up_well().await;
    assert_eq!(job.maintenance_status, Some(Maintenance::Completed));
    assert_eq!(house.archives().len(), 1);
    house.api.start_maintenance(prune).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_back_let_go_of_the_plan_by_themselves() {
    let (house, source) = backed_up(|house| house.scratch.tree("Documents", 20, 1_000, 1)).await;
    let away = source.with_file_name("away");
    // As when a drive is not there: its folder is, and empty.
    std::fs::rename(&source, &away).unwrap();
    std::fs::create_dir(&source).unwrap();
    let job = house.back_up().await;
    assert_eq!(job.error_code.as_deref(), Some("plan_held"));
    std::fs::remove_dir(&source).unwrap();
    std::fs::rename(&away, &source).unwrap();
    let job = house.back_up_well().await;
    let log = house.log(job.id).await;
    assert!(log.contains("The files are back."), "{log}");
    assert_eq!(job.maintenance_status, Some(Maintenance::Completed));
    assert!(plan(&house).await.hold.is_none());
    assert_eq!(house.archives().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_changed_nearly_all_at_once_hold_the_plan() {
    let (house, source) = backed_up(|house| house.scratch.tree("Documents", 20, 100_000, 1)).await;
    // As a program would that encrypts them: the same names, other content.
    let other = house.scratch.tree("Other", 20, 100_000, 2);
    std::fs::remove_dir_all(&source).unwrap();
    std::fs::rename(other, &source).unwrap();
    let job = house.back_up().await;
    let log = house.log(job.id).await;
    assert_eq!(job.status, Status::Completed, "{log}");
    assert_eq!(job.error_code.as_deref(), Some("plan_held"), "{log}");
    let hold = plan(&house).await.hold.unwrap();
    assert!(matches!(hold.collapse, Collapse::NearlyAllChanged));
    assert_eq!(house.archives().len(), 2);
    release(&house).await;
    let job = house.back_up_well().await;
    assert_eq!(job.maintenance_status, Some(Maintenance::Completed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_grows_is_not_held() {
    let (house, source) = backed_up(|house| house.scratch.tree("Documents", 20, 100_000, 1)).await;
    let more = house.scratch.tree("More", 60, 100_000, 2);
    std::fs::rename(more, source.join("More")).unwrap();
    let job = house.back_up_well().await;
    assert_eq!(job.error_code, None);
    assert_eq!(job.maintenance_status, Some(Maintenance::Completed));
}
