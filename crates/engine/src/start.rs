//! How a job comes to be: somebody asks for a backup or for maintenance, and it takes its place in the lane.
//!
//! Leaves out when: plans do not run by themselves here.

use alcove_store::{JobKind, Keep, NewJob, Plan, Repository, Status, Trigger};

use crate::conditions::ANSWER;
use crate::engine::Engine;
use crate::error::{ErrorCode, Failure};
use crate::job::collapse;
use crate::place;
use crate::retention;
use crate::within::within;

impl Engine {
    /// Starts a backup of the repository at `location`: of the plan named, or of the one that is
    /// meant. A repository Alcove does not know, or one without a plan, makes a job that has failed.
    /// `retry_of` names the job that is tried again.
    pub fn start_backup(
        &self,
        location: &str,
        plan: Option<i64>,
        trigger: Trigger,
        retry_of: Option<i64>,
    ) -> Result<i64, Failure> {
        place::check("repository", location)?;
        let known = self.inner().known_at(location).map(|known| {
            let (engine, asked) = (self.clone(), known.clone());
            let look = within(ANSWER, "alcove-at-hand", move || engine.at_hand(asked));
            // One whose drive is not here, or whose place does not answer, is begun all the same, and says so.
            let here = look.ok().flatten().and_then(|found| found.ok().flatten());
            here.unwrap_or(known)
        });
        let location = match &known {
            Ok(here) if here.location != place::without_trailing_slash(location) => &here.location,
            _ => location,
        };
        self.start_backup_at(known.as_ref(), location, plan, trigger, retry_of)
    }

    /// Starts the backup of a repository that is at this place: nothing there is looked at, so this takes no longer than
    /// the records do. `Err`: Alcove does not know it.
    pub(crate) fn start_backup_at(
        &self,
        known: Result<&Repository, &Failure>,
        location: &str,
        plan: Option<i64>,
        trigger: Trigger,
        retry_of: Option<i64>,
    ) -> Result<i64, Failure> {
        let (plan, missing) = match known {
            Err(unknown) => (
                None,
                Some(unknown.clone().hint("Create it in Alcove first.")),
            ),
            Ok(repository) => {
                let plan = self.choose_plan(repository, plan)?;
                let missing = plan.is_none().then(|| no_plan(repository));
                (plan, missing)
            }
        };
        self.start(
            JobKind::Backup,
            location,
            plan.as_ref(),
            trigger,
            retry_of,
            missing.as_ref(),
        )
    }

    /// Starts maintenance of a repository by itself. A prune is of one plan: the one named, or the one that is meant.
    ///
    /// An append-only repository takes no prune and no compact ([`ErrorCode::AppendOnly`]).
    pub fn start_maintenance(
        &self,
        repository: i64,
        kind: JobKind,
        plan: Option<i64>,
        trigger: Trigger,
        retry_of: Option<i64>,
    ) -> Result<i64, Failure> {
        let repository = self.repository(repository)?;
        let plan = match kind {
            JobKind::Backup => {
                return Err(Failure::bad_argument(
                    "kind",
                    "A backup is no maintenance: it is started as one.",
                ));
            }
            JobKind::Prune => {
                let plan = self.plan_to_prune(&repository, plan, None)?;
                retention::check(plan.keep)?;
                refuse_held(&plan)?;
                Some(plan)
            }
            JobKind::Compact => {
                refuse_append_only(&repository)?;
                None
            }
            JobKind::Check => None,
        };
        self.start(
            kind,
            &repository.location,
            plan.as_ref(),
            trigger,
            retry_of,
            None,
        )
    }

    /// Finds the plan whose archives are to be pruned, by its own rules or by these.
    pub(crate) fn plan_to_prune(
        &self,
        repository: &Repository,
        plan: Option<i64>,
        rules: Option<Keep>,
    ) -> Result<Plan, Failure> {
        refuse_append_only(repository)?;
        let mut plan = self
            .choose_plan(repository, plan)?
            .ok_or_else(|| no_plan(repository))?;
        plan.keep = rules.unwrap_or(plan.keep);
        if plan.keep.prunes() {
            Ok(plan)
        } else {
            Err(Failure::bad_argument(
                "plan",
                format!("{} keeps every archive, so none is pruned.", plan.name),
            )
            .hint("Say in the plan how many to keep."))
        }
    }

    /// Records a job, and lets it take its place in the lane or fail with what is missing.
    fn start(
        &self,
        kind: JobKind,
        location: &str,
        plan: Option<&Plan>,
        trigger: Trigger,
        retry_of: Option<i64>,
        missing: Option<&Failure>,
    ) -> Result<i64, Failure> {
        let inner = self.inner();
        if let Some(tried) = retry_of
            && inner.store.job(tried)?.is_none()
        {
            return Err(Failure::bad_argument(
                "retry_of",
                format!("There is no job {tried}."),
            ));
        }
        let job = inner.store.insert_job(NewJob {
            kind,
            repository: location.to_owned(),
            plan: plan.map(|plan| plan.id),
            plan_name: plan.map(|plan| plan.name.clone()),
            trigger,
            retry_of,
            created_at: inner.world.clock.now(),
        })?;
        let id = job.id;
        if missing.is_some() {
            inner.end(job, Status::Failed, missing)?;
            return Ok(id);
        }
        inner
            .lanes()
            .add(job, place::without_trailing_slash(location).to_owned());
        inner.tell_waiting();
        self.pump();
        Ok(id)
    }

    fn choose_plan(
        &self,
        repository: &Repository,
        asked: Option<i64>,
    ) -> Result<Option<Plan>, Failure> {
        let mut plans = self.inner().store.plans_of(repository.id)?;
        if let Some(asked) = asked {
            return plans
                .into_iter()
                .find(|plan| plan.id == asked)
                .map(Some)
                .ok_or_else(|| {
                    Failure::bad_argument(
                        "plan",
                        format!("{} has no plan {asked}.", repository.name),
                    )
                });
        }
        plans.retain(|plan| plan.enabled);
        if plans.len() > 1 {
            let chosen = plans
                .iter()
                .position(|plan| plan.is_default)
                .ok_or_else(|| {
                    Failure::bad_argument(
                        "plan",
                        format!(
                            "{} has several plans and none is the default.",
                            repository.name
                        ),
                    )
                    .hint("Say which plan to run.")
                })?;
            return Ok(Some(plans.swap_remove(chosen)));
        }
        Ok(plans.pop())
    }
}

fn no_plan(repository: &Repository) -> Failure {
    Failure::new(
        ErrorCode::NoPlan,
        format!(
            "{} has no plan, so there is nothing to back up.",
            repository.name
        ),
    )
    .hint("Make a plan for it first.")
}

/// Refuses to delete archives of a plan whose files somebody has to look at first.
pub(crate) fn refuse_held(plan: &Plan) -> Result<(), Failure> {
    match &plan.hold {
        Some(hold) => Err(collapse::held(&plan.name, hold)),
        None => Ok(()),
    }
}

/// Refuses to delete anything where nothing can be deleted from here.
pub(crate) fn refuse_append_only(repository: &Repository) -> Result<(), Failure> {
    if repository.append_only {
        Err(Failure::new(
            ErrorCode::AppendOnly,
            format!(
                "{} is append-only: from this computer nothing can be deleted there.",
                repository.name
            ),
        )
        .hint("Prune and compact where the repository stands, or say in its settings here that it is not append-only."))
    } else {
        Ok(())
    }
}
