//! Plans, with their last results.

use alcove_engine::{Engine, NewPlan, PlanChange};
use alcove_store::{self as store, JobFilter, JobKind};

use super::Api;
use crate::error::ApiError;
use crate::types::{
    ChangePlan, CreatePlan, Hook, Job, NewSchedule, Nothing, PauseSchedules, Plan, PlanHold,
    PlanSaved, Plans, ReleasePlans, RemovePlan, Schedule, SchedulesPaused,
};

/// So many of the next times are told.
const NEXT_RUNS: usize = 3;

impl Api {
    /// Lists the plans with their last results.
    pub async fn list_plans(&self, _: Nothing) -> Result<Plans, ApiError> {
        self.blocking(|engine| {
            Ok(Plans {
                plans: plans(engine)?,
                paused_until: engine.paused_until()?.map(|until| until.to_string()),
            })
        })
        .await
    }

    /// Makes a plan for a repository.
    pub async fn create_plan(&self, args: CreatePlan) -> Result<PlanSaved, ApiError> {
        self.blocking(move |engine| {
            let plan = engine.create_plan(NewPlan {
                repository: args.repository,
                name: args.name,
                rest: PlanChange {
                    sources: Some(args.source_directories),
                    excludes: args.exclude_patterns,
                    compression: args.compression,
                    log_files: args.log_files,
                    keep: args.keep.map(Into::into),
                    compact: args.compact,
                    check: args.check,
                    is_default: args.is_default,
                    schedule: args.schedule.map(|new| Some(new.into())),
                    hooks: args.hooks.map(hooks),
                    conditions: args.conditions.map(Into::into),
                    ping_url: args.ping_url.map(Some),
                    ..PlanChange::default()
                },
            })?;
            Ok(PlanSaved { plan: plan.id })
        })
        .await
    }

    /// Changes a plan; what is left out stays.
    pub async fn change_plan(&self, args: ChangePlan) -> Result<PlanSaved, ApiError> {
        self.blocking(move |engine| {
            let change = PlanChange {
                name: args.name,
                sources: args.source_directories,
                excludes: args.exclude_patterns,
                compression: args.compression,
                log_files: args.log_files,
                keep: args.keep.map(Into::into),
                compact: args.compact,
                check: args.check,
                is_default: args.is_default,
                enabled: args.enabled,
                schedule: args.schedule.map(|new| new.map(Into::into)),
                hooks: args.hooks.map(hooks),
                conditions: args.conditions.map(Into::into),
                ping_url: args.ping_url,
            };
            let plan = engine.change_plan(args.plan, change)?;
            Ok(PlanSaved { plan: plan.id })
        })
        .await
    }

    /// Says in words when a plan of this schedule would run, and its next times.
    pub async fn preview_schedule(&self, args: NewSchedule) -> Result<Schedule, ApiError> {
        self.blocking(move |engine| {
            let schedule = engine.schedule(args.into())?;
            Ok(described(engine, schedule))
        })
        .await
    }

    /// Has no plan start by itself for a while. What a person starts runs.
    pub async fn pause_schedules(&self, args: PauseSchedules) -> Result<SchedulesPaused, ApiError> {
        self.blocking(move |engine| {
            let until = engine.pause_schedules(args.length)?;
            Ok(SchedulesPaused {
                paused_until: until.to_string(),
            })
        })
        .await
    }

    /// Ends a pause; what came due meanwhile starts now.
    pub async fn resume_schedules(&self, _: Nothing) -> Result<Nothing, ApiError> {
        self.blocking(|engine| {
            engine.resume_schedules()?;
            Ok(Nothing {})
        })
        .await
    }

    /// Removes a plan; its archives and its jobs stay.
    pub async fn remove_plan(&self, args: RemovePlan) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            engine.remove_plan(args.plan)?;
            Ok(Nothing {})
        })
        .await
    }

    /// Notes that a person has looked at a plan, or at those that came back with restored records.
    pub async fn release_plans(&self, args: ReleasePlans) -> Result<Nothing, ApiError> {
        self.blocking(move |engine| {
            match args.plan {
                Some(plan) => engine.release_plan(plan)?,
                None => engine.release_restored_plans()?,
            }
            Ok(Nothing {})
        })
        .await
    }
}

fn hooks(given: Vec<Hook>) -> Vec<store::Hook> {
    given.into_iter().map(Into::into).collect()
}

/// A schedule with its words and next times. A time zone that this computer does not know keeps no list from being
/// shown.
fn described(engine: &Engine, schedule: store::Schedule) -> Schedule {
    let said = engine.upcoming(&schedule, NEXT_RUNS);
    let (words, next) = said.unwrap_or_else(|why| (why.message, Vec::new()));
    Schedule {
        words,
        next_runs: next.iter().map(ToString::to_string).collect(),
        cron: schedule.cron,
        time_zone: schedule.time_zone,
    }
}

fn plans(engine: &Engine) -> Result<Vec<Plan>, ApiError> {
    let store = engine.store();
    let failed = alcove_engine::Failure::from;
    let repositories = store.repositories().map_err(failed)?;
    let mut shown = Vec::new();
    for plan in store.plans().map_err(failed)? {
        let Some(repository) = repositories
            .iter()
            .find(|known| known.id == plan.repository)
        else {
            continue;
        };
        let last = engine.jobs(&JobFilter {
            kind: Some(JobKind::Backup),
            plan: Some(plan.id),
            limit: 1,
            ..JobFilter::default()
        })?;
        let last_good = store.last_safe_job(plan.id).map_err(failed)?;
        // A schedule that this computer cannot read keeps no list from being shown.
        let protected_until = engine.protected_until(&plan, last_good.as_ref());
        let protected_until = protected_until.ok().flatten();
        let hold = plan.hold.map(|hold| PlanHold {
            job_id: hold.job,
            collapse: hold.collapse.into(),
            message: alcove_engine::held(&plan.name, &hold).sentence(),
        });
        let schedule = plan.schedule.clone();
        let schedule = schedule.map(|schedule| described(engine, schedule));
        shown.push(Plan {
            archive_prefix: engine.archive_prefix(&plan),
            id: plan.id,
            name: plan.name,
            repository: repository.clone().into(),
            sources: plan.sources,
            excludes: plan.excludes,
            compression: plan.compression,
            log_files: plan.log_files,
            keep: plan.keep.into(),
            compact: plan.compact,
            check: plan.check,
            is_default: plan.is_default,
            enabled: plan.enabled,
            schedule,
            hooks: plan.hooks.into_iter().map(Into::into).collect(),
            conditions: plan.conditions.into(),
            ping_url: plan.ping_url.map(|url| url.as_str().to_owned()),
            waiting_for: engine.waiting(plan.id).map(Into::into),
            unplug: engine.unplug(repository),
            hold,
            created_at: plan.created_at.to_string(),
            protected_until: protected_until.map(|until| until.to_string()),
            last_job: last.into_iter().next().map(Job::from_engine),
            last_good: last_good
                .map(|job| engine.job(job.id))
                .transpose()?
                .map(Job::from_engine),
        });
    }
    Ok(shown)
}
