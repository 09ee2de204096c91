//! Plans, with their last results.

use alcove_engine::{Engine, NewPlan, PlanChange};
use alcove_store::{JobFilter, JobKind};

use super::Api;
use crate::error::ApiError;
use crate::types::{
    ChangePlan, CreatePlan, Job, Nothing, Plan, PlanHold, PlanSaved, Plans, ReleasePlans,
    RemovePlan,
};

impl Api {
    /// Lists the plans with their last results.
    pub async fn list_plans(&self, _: Nothing) -> Result<Plans, ApiError> {
        self.blocking(|engine| {
            Ok(Plans {
                plans: plans(engine)?,
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
            };
            let plan = engine.change_plan(args.plan, change)?;
            Ok(PlanSaved { plan: plan.id })
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
        let hold = plan.hold.map(|hold| PlanHold {
            job_id: hold.job,
            collapse: hold.collapse.into(),
            message: alcove_engine::held(&plan.name, &hold).sentence(),
        });
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
            hold,
            created_at: plan.created_at.to_string(),
            last_job: last.into_iter().next().map(Job::from_engine),
            last_good: last_good
                .map(|job| engine.job(job.id))
                .transpose()?
                .map(Job::from_engine),
        });
    }
    Ok(shown)
}
