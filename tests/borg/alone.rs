//! Maintenance a person asks for by itself, and what it would do before it does.

use alcove_api::types::{
    BreakLock, ChangePlan, ChangeRepository, Keep, ListBackupJobs, ListJobs, Nothing, PreviewPrune,
    PrunePreview, PrunedArchive, RepositoryId, StartMaintenance, TestPlan,
};
use alcove_api::{ApiError, ErrorCode};
use alcove_store::{JobKind, Maintenance, Phase, Status, WaitingFor};
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, REPOSITORY_ID, archive, repository_list};

async fn start(house: &House, kind: JobKind) -> Result<i64, ApiError> {
    let args = StartMaintenance {
        repository_id: 1,
        kind,
        plan: None,
        retry_of: None,
    };
    let started = house.api.start_maintenance(args).await?;
    Ok(started.job_id)
}

/// A repository with two archives of one day, of which the plan keeps one.
async fn two_of_a_day() -> House {
    let house = House::new();
    let source = house.scratch.tree("Documents", 20, 1_000, 1);
    house.create(&[&source]).await;
    house.back_up_well().await;
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    house.back_up_well().await;
    house
}

async fn keep(house: &House, daily: u32) {
    let keep = Keep {
        daily,
        ..Keep::default()
    };
    change_keep(house, keep).await.unwrap();
}

async fn change_keep(house: &House, keep: Keep) -> Result<(), ApiError> {
    let change = ChangePlan {
        plan: 1,
        name: None,
        source_directories: None,
        exclude_patterns: None,
        compression: None,
        log_files: None,
        keep: Some(keep),
        compact: Some(true),
        check: None,
        is_default: None,
        enabled: None,
        schedule: None,
        hooks: None,
        conditions: None,
        ping_url: None,
    };
    house.api.change_plan(change).await.map(|_| ())
}

async fn append_only(house: &House, append_only: bool) {
    let change = ChangeRepository {
        repository_id: 1,
        name: None,
        append_only: Some(append_only),
        check: None,
        passcommand: None,
        keep_passphrase: None,
    };
    house.api.change_repository(change).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_is_a_job_of_its_own_that_the_list_of_backups_does_not_show() {
    let house = two_of_a_day().await;
    let id = start(&house, JobKind::Check).await.unwrap();
    let job = house.ended(id).await;
    let log = house.log(id).await;
    assert_eq!(job.status, Status::Completed, "{log}");
    assert_eq!(
        (job.kind, job.plan, job.maintenance_status),
        (JobKind::Check, None, Some(Maintenance::Completed))
    );
    assert!(job.completed_at.is_some() && job.ended_at.is_some() && !job.active);
    assert!(
        job.phases
            .iter()
            .any(|began| began.phase == Phase::Checking)
    );
    assert!(log.contains("no problems found"), "{log}");

    let backups = house.api.list_backup_jobs(ListBackupJobs::default()).await;
    assert!(backups.unwrap().jobs.iter().all(|job| job.id != id));
    let all = house.api.list_jobs(ListJobs::default()).await.unwrap().jobs;
    assert_eq!(all[0].id, id);
    let checks = ListJobs {
        kind: Some(JobKind::Check),
        ..ListJobs::default()
    };
    assert_eq!(house.api.list_jobs(checks).await.unwrap().jobs.len(), 1);
    let health = house.api.get_repository(RepositoryId { repository_id: 1 });
    assert_eq!(health.await.unwrap().last_check.unwrap().job_id, id);
    // The last backup of the plan is still its last backup.
    let plans = house.api.list_plans(Nothing {}).await.unwrap().plans;
    assert_eq!(plans[0].last_job.as_ref().unwrap().kind, JobKind::Backup);
}

const PREVIEW: PreviewPrune = PreviewPrune {
    repository_id: 1,
    plan: None,
    keep: None,
    refresh: None,
};

/// What becomes of the archives, in few words and in the order of these: two of one second have no other.
fn fates(preview: &PrunePreview) -> Vec<String> {
    let fate = |archive: &PrunedArchive| match &archive.kept {
        Some(kept) => {
            let rule = serde_json::to_value(kept.rule).unwrap();
            format!("kept by {} {}", rule.as_str().unwrap(), kept.number)
        }
        None => serde_json::to_value(archive.fate)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned(),
    };
    let mut fates: Vec<String> = preview.archives.iter().map(fate).collect();
    fates.sort();
    fates
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_tried_on_a_list_that_is_read_once_until_a_job_ends_or_it_is_asked_for() {
    let house = two_of_a_day().await;
    let source = house.scratch.home().join("Documents").display().to_string();
    let elsewhere = format!("{}::elsewhere", house.repository());
    let foreign = |archive: &str| {
        let made = house.borg(&["create", archive, &source]);
        assert!(made.status.success());
    };
    foreign(&elsewhere);
    let preview = async |keep, refresh| {
        let ask = PreviewPrune {
            keep: Some(keep),
            refresh,
            ..PREVIEW
        };
        house.api.preview_prune(ask).await.unwrap()
    };
    let (daily, last) = (
        Keep {
            daily: 1,
            ..Keep::default()
        },
        Keep {
            last: 5,
            ..Keep::default()
        },
    );
    let first = preview(daily, None).await;
    assert_eq!(fates(&first), ["foreign", "goes", "kept by daily 1"]);
    foreign(&format!("{elsewhere}-too"));
    let other = preview(last, None).await;
    assert_eq!(
        fates(&other),
        ["foreign", "kept by last 1", "kept by last 2"]
    );
    assert_eq!(other.read_at, first.read_at, "Borg was not asked again");
    let again = preview(last, Some(true)).await;
    assert_eq!(again.archives.len(), 4);
    house.back_up_well().await;
    assert_eq!(preview(last, None).await.archives.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_would_delete_everything_one_day_are_refused_wherever_they_are_met() {
    let house = two_of_a_day().await;
    let by_age = Keep {
        within: 48,
        ..Keep::default()
    };
    let refused = change_keep(&house, by_age).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NothingKept);
    assert_eq!(refused.field.as_deref(), Some("keep"));
    let ask = PreviewPrune {
        keep: Some(by_age),
        ..PREVIEW
    };
    let refused = house.api.preview_prune(ask).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NothingKept);
    let too_long = Keep {
        within: u32::MAX,
        last: 1,
        ..Keep::default()
    };
    let refused = change_keep(&house, too_long).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::BadArgument);

    // A record of another hand.
    let (house, ()) = house
        .edit(|store| {
            let mut plan = store.plans().unwrap().remove(0);
            plan.keep = by_age.into();
            store.save_plan(&plan).unwrap();
        })
        .await;
    let refused = start(&house, JobKind::Prune).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NothingKept);
    let job = house.back_up_well().await;
    assert_eq!(job.maintenance_status, Some(Maintenance::PruneFailed));
    assert_eq!(job.error_code.as_deref(), Some("nothing_kept"));
    assert_eq!(house.archives().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prune_does_what_its_preview_said() {
    let house = two_of_a_day().await;
    let nothing = start(&house, JobKind::Prune).await.unwrap_err();
    assert_eq!(nothing.field.as_deref(), Some("plan"), "{nothing}");
    keep(&house, 1).await;
    let preview = house.api.preview_prune(PREVIEW).await.unwrap();
    assert_eq!(fates(&preview), ["goes", "kept by daily 1"]);
    let made = |index: usize| {
        let made_at = &preview.archives[index].made_at;
        made_at.parse::<jiff::Timestamp>().unwrap()
    };
    assert!(made(0) > made(1));
    assert_eq!(house.archives().len(), 2, "nothing is deleted by looking");

    let id = start(&house, JobKind::Prune).await.unwrap();
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(id).await);
    assert_eq!((job.kind, job.plan), (JobKind::Prune, Some(1)));
    let phases: Vec<_> = job.phases.iter().map(|began| began.phase).collect();
    assert!(phases.contains(&Phase::Pruning) && phases.contains(&Phase::Compacting));
    assert_eq!(house.archives(), [preview.archives[0].name.clone()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_append_only_repository_is_backed_up_and_checked_and_nothing_is_deleted_there() {
    let house = two_of_a_day().await;
    keep(&house, 7).await;
    append_only(&house, true).await;
    for kind in [JobKind::Prune, JobKind::Compact] {
        let refused = start(&house, kind).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::AppendOnly, "{refused}");
        assert!(refused.message.contains("Backup SSD"), "{refused}");
    }
    let job = house.back_up_well().await;
    assert_eq!(job.maintenance_status, None);
    assert!(
        house
            .log(job.id)
            .await
            .contains("Backup SSD is append-only")
    );
    assert_eq!(house.archives().len(), 3);
    let id = start(&house, JobKind::Check).await.unwrap();
    assert_eq!(house.ended(id).await.status, Status::Completed);
    append_only(&house, false).await;
    let id = start(&house, JobKind::Compact).await.unwrap();
    assert_eq!(house.ended(id).await.status, Status::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_waits_for_a_lock_and_goes_on_when_it_is_free() {
    let house = two_of_a_day().await;
    let holder = house.terminal().hold(&house.repository()).await;
    let id = start(&house, JobKind::Check).await.unwrap();
    let job = house.wait(id, |job| job.waiting_for.is_some()).await;
    assert_eq!(
        (
            job.waiting_for,
            job.status,
            job.phase,
            job.maintenance_status
        ),
        (
            Some(WaitingFor::Lock),
            Status::Pending,
            Phase::Waiting,
            None
        )
    );
    holder.let_go();
    let job = house.ended(id).await;
    assert_eq!(job.status, Status::Completed, "{}", house.log(id).await);
    assert_eq!((job.error_code, job.waiting_for), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_is_cancelled_is_cancelled_and_one_that_complains_has_failed() {
    let complains = concat!(
        r#"{"type": "log_message", "levelname": "ERROR", "name": "borg.repository", "#,
        r#""message": "Index object count mismatch."}"#,
        "\n"
    );
    let fake = FakeBorg::new("1.4.1")
        .on("check", Script::new().wait_for_release("check"))
        .on("check", Script::new().stderr(complains));
    let (house, fake) = House::over_fake(fake).await;
    let id = start(&house, JobKind::Check).await.unwrap();
    while fake.calls("check").is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    house.cancel(id).await.unwrap();
    let job = house.ended(id).await;
    assert_eq!(
        (job.status, job.maintenance_status),
        (Status::Cancelled, Some(Maintenance::CheckFailed))
    );
    let health = || house.api.get_repository(RepositoryId { repository_id: 1 });
    let known = health().await.unwrap().last_check;
    assert!(known.is_none(), "it found nothing out: {known:?}");
    fake.release("check");
    let id = start(&house, JobKind::Check).await.unwrap();
    let job = house.ended(id).await;
    assert_eq!(
        (job.status, job.maintenance_status),
        (Status::Failed, Some(Maintenance::CheckFailed))
    );
    assert_eq!(job.error_code.as_deref(), Some("repository_damaged"));
    let known = health().await.unwrap().last_check.unwrap();
    assert_eq!((known.job_id, known.good), (id, Some(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prune_whose_words_nobody_can_make_out_deletes_nothing() {
    let odd = concat!(
        r#"{"type": "log_message", "levelname": "INFO", "name": "borg.output.list", "#,
        r#""message": "Would prune something else altogether"}"#,
        "\n"
    );
    let fake = FakeBorg::new("1.4.1").on("prune", Script::new().stderr(odd));
    let (house, fake) = House::over_fake(fake).await;
    let id = start(&house, JobKind::Prune).await.unwrap();
    let job = house.ended(id).await;
    assert_eq!(
        (job.status, job.error_code.as_deref()),
        (Status::Failed, Some("prune_refused"))
    );
    assert_eq!(fake.calls("prune").len(), 1, "it only asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_ends_a_look_at_its_repository_which_nothing_else_does() {
    let fake = FakeBorg::new("1.4.1")
        .on("list", repository_list(REPOSITORY_ID))
        .on("list", Script::new().wait_for_release("preview"))
        .on("create", archive());
    let (house, fake) = House::over_fake(fake).await;
    let api = house.api.clone();
    let preview = tokio::spawn(async move { api.preview_prune(PREVIEW).await });
    while fake.calls("list").len() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let unsaid = BreakLock {
        repository_id: 1,
        confirm: None,
    };
    let busy = house.api.break_repository_lock(unsaid).await;
    assert_eq!(busy.unwrap_err().code, ErrorCode::InUse);
    let id = house.start().await;
    let gave_way = preview.await.unwrap().unwrap_err();
    assert_eq!(gave_way.code, ErrorCode::InUse, "{gave_way}");
    fake.release("preview");
    assert_eq!(house.ended(id).await.status, Status::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_run_counts_what_a_backup_then_takes() {
    let house = House::new();
    let source = house.scratch.tree("Documents", 20, 1_000, 1);
    std::fs::create_dir(source.join("cache")).unwrap();
    std::fs::write(source.join("cache/old.tmp"), "x").unwrap();
    std::fs::hard_link(source.join("cache/old.tmp"), source.join("twin.tmp")).unwrap();
    std::fs::write(source.join("note.txt"), "twelve bytes").unwrap();
    std::fs::hard_link(source.join("note.txt"), source.join("the same note.txt")).unwrap();
    std::os::unix::fs::symlink("note.txt", source.join("link")).unwrap();
    let run = house
        .api
        .test_plan(TestPlan {
            source_directories: vec![source.display().to_string()],
            exclude_patterns: Some(vec!["*.tmp".to_owned()]),
            plan: None,
        })
        .await
        .unwrap();
    assert_eq!((run.files, run.bytes.0), (21, 20_012));
    assert_eq!(run.left_out, 2);
    let mut left_out = run.left_out_paths.clone();
    left_out.sort();
    let path = |name: &str| source.join(name).display().to_string();
    assert_eq!(left_out, [path("cache/old.tmp"), path("twin.tmp")]);
    assert!(run.warnings.is_empty());

    let mut new = house.new_repository(&[&source]);
    new.exclude_patterns = Some(vec!["*.tmp".to_owned()]);
    house.api.create_repository(new).await.unwrap();
    let job = house.back_up_well().await;
    assert_eq!(job.progress_details.nfiles, run.files);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_forgotten_with_its_plans_and_nothing_of_it_is_touched() {
    let house = two_of_a_day().await;
    let holder = house.terminal().hold(&house.repository()).await;
    let id = house.start().await;
    house.wait(id, |job| job.waiting_for.is_some()).await;
    let forget = || {
        house
            .api
            .forget_repository(RepositoryId { repository_id: 1 })
    };
    assert_eq!(forget().await.unwrap_err().code, ErrorCode::InUse);
    house.cancel(id).await.unwrap();
    house.ended(id).await;
    holder.let_go();
    let archives = house.archives();
    forget().await.unwrap();
    assert!(
        house
            .api
            .list_plans(Nothing {})
            .await
            .unwrap()
            .plans
            .is_empty()
    );
    let repositories = house.api.list_repositories(Nothing {}).await.unwrap();
    assert!(repositories.repositories.is_empty());
    assert_eq!(house.archives(), archives);
    assert_eq!(house.job(1).await.status, Status::Completed);
    assert_eq!(forget().await.unwrap_err().code, ErrorCode::NotFound);
    let job = house.back_up().await;
    assert_eq!(job.error_code.as_deref(), Some("repository_unknown"));
}
