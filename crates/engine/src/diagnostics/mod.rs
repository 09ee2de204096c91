//! What a person sends along with a question: versions, settings, the shape of plans, the last jobs and the logs of
//! those that did not go well, without names, paths, hosts and secrets.
//!
//! One text, so that it can be read before it is sent. Leaves out the sending.

mod redaction;

use std::fmt::Write as _;
use std::path::Path;

use alcove_borg::RemoteLocation;
use alcove_store::{Job, JobFilter, Plan, Repository, Status};

use crate::engine::Engine;
use crate::error::{ErrorCode, Failure};
use crate::{place, plans, whole_file};
use redaction::Redaction;

/// So many jobs are listed.
const MOST_JOBS: u32 = 50;
/// The logs of so many jobs are there, and so many lines of each.
const MOST_LOGS: usize = 5;
const MOST_LINES: usize = 500;

impl Engine {
    /// Collects what helps to find a fault. `own_log` is the end of the program's own log, where there is one.
    pub fn diagnostics(&self, own_log: Option<&str>) -> Result<String, Failure> {
        let repositories = self.store().repositories()?;
        let plans = self.store().plans()?;
        let jobs: Vec<Job> = self
            .jobs(&JobFilter {
                limit: MOST_JOBS,
                ..JobFilter::default()
            })?
            .into_iter()
            .map(|view| view.job)
            .collect();
        let redaction = self.redaction(&repositories, &plans);
        let mut text = format!(
            "Alcove diagnostics, {}\nNames, paths, hosts and addresses are replaced; the same word stands for the same thing.\n",
            self.world().clock.now()
        );
        let mut section = |title: &str, lines: &str| {
            // Writing to a text does not fail.
            let _ = write!(text, "\n[{title}]\n{}", redaction.text(lines));
        };
        section("Programs", &self.programs());
        let settings = serde_json::to_string_pretty(&self.settings()).unwrap_or_default();
        section("Settings", &settings);
        section("Repositories", &lines(&repositories, repository));
        section("Plans", &lines(&plans, plan));
        section("Jobs, newest first", &lines(&jobs, job));
        let unwell = jobs
            .iter()
            .filter(|job| job.status != Status::Completed || job.error_code.is_some());
        for job in unwell.take(MOST_LOGS) {
            section(&format!("Log of job {}", job.id), &self.end_of_log(job.id)?);
        }
        if let Some(log) = own_log {
            section("Alcove's own log", log);
        }
        Ok(text)
    }

    /// Writes the diagnostics to a file, which appears complete or not at all.
    pub fn export_diagnostics(&self, own_log: Option<&str>, to: &Path) -> Result<(), Failure> {
        let text = self.diagnostics(own_log)?;
        whole_file::write(to, &text).map_err(|error| {
            Failure::new(
                ErrorCode::FileFailed,
                format!(
                    "The diagnostics could not be written to {}: {error}.",
                    to.display()
                ),
            )
            .retryable()
        })
    }

    fn programs(&self) -> String {
        let borg = match self.borg() {
            Ok(borg) => format!("Borg {}", borg.version),
            Err(why) => format!("No usable Borg: {why}"),
        };
        format!(
            "Alcove {}\n{borg}\n{} {}\nKeyring: {}\n",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH,
            self.keyring_name().as_deref().unwrap_or("none")
        )
    }

    fn end_of_log(&self, id: i64) -> Result<String, Failure> {
        let total = self.log(id, 0, 1)?.1.total_lines;
        let begin = total.saturating_sub(MOST_LINES as u64);
        let (_, page) = self.log(id, begin, MOST_LINES)?;
        let mut text = String::new();
        if begin > 0 {
            let _ = writeln!(text, "({begin} lines before these)");
        }
        for line in page.lines {
            let _ = writeln!(text, "{}", line.content);
        }
        Ok(text)
    }

    /// Everything Alcove knows by name.
    fn redaction(&self, repositories: &[Repository], plans: &[Plan]) -> Redaction {
        let world = self.world();
        let mut known = vec![
            (world.host.clone(), "host".to_owned()),
            (world.home.display().to_string(), "home".to_owned()),
        ];
        if let Some(user) = world.home.file_name() {
            known.push((user.to_string_lossy().into_owned(), "user".to_owned()));
        }
        for repository in repositories {
            let called = |what: &str| format!("{what}repository {}", repository.id);
            known.push((repository.name.clone(), called("")));
            known.push((repository.location.clone(), called("place of ")));
            if let Some(there) = RemoteLocation::parse(&repository.location) {
                known.push((there.host.clone(), called("server of ")));
            }
            known.extend(repository.borg_id.clone().map(|id| (id, called("id of "))));
            known.extend(
                repository
                    .ssh_key
                    .clone()
                    .map(|key| (key, called("key of "))),
            );
        }
        for plan in plans {
            let called = |what: &str| format!("{what}plan {}", plan.id);
            known.push((plan.name.clone(), called("")));
            known.push((plan.series.clone(), called("")));
            known.push((
                plans::archive_prefix(&world.host, plan),
                called("archives of "),
            ));
            for (index, source) in plan.sources.iter().enumerate() {
                known.push((source.clone(), called(&format!("folder {} of ", index + 1))));
            }
        }
        Redaction::new(known)
    }
}

fn lines<T>(records: &[T], line: impl Fn(&T) -> String) -> String {
    records.iter().map(line).collect()
}

fn repository(repository: &Repository) -> String {
    let Repository {
        id,
        encryption,
        location,
        ..
    } = repository;
    let there = if place::local(location).is_some() {
        "on this computer"
    } else {
        "on a server"
    };
    let yes = |is: bool| if is { "yes" } else { "no" };
    format!(
        "repository {id}: {there}, {encryption}, append-only {}, passcommand {}, own ssh key {}, remote path {}, key exported {}\n",
        yes(repository.append_only),
        yes(repository.passcommand.is_some()),
        yes(repository.ssh_key.is_some()),
        yes(repository.remote_path.is_some()),
        repository
            .key_exported_at
            .map_or_else(|| "never".to_owned(), |at| at.to_string()),
    )
}

fn plan(plan: &Plan) -> String {
    let Plan {
        id,
        repository,
        keep,
        compression,
        ..
    } = plan;
    format!(
        "plan {id}: to repository {repository}, {} folders, {} patterns, {compression}, {keep:?}, compact {}, check {}, log files {}, one file system {}, default {}, enabled {}\n",
        plan.sources.len(),
        plan.excludes.len(),
        plan.compact,
        plan.check,
        plan.log_files,
        plan.one_file_system,
        plan.is_default,
        plan.enabled,
    )
}

fn job(job: &Job) -> String {
    let at =
        |time: Option<jiff::Timestamp>| time.map_or_else(|| "-".to_owned(), |at| at.to_string());
    format!(
        "job {}: {} of plan {}, {} ({}), {}, attempt {}, code {}, maintenance {}, borg {}, warnings {}, asked {}, began {}, decided {}, ended {}, {} files, {} bytes, {} new\n",
        job.id,
        job.kind,
        job.plan
            .map_or_else(|| "-".to_owned(), |plan| plan.to_string()),
        job.status,
        job.phase,
        job.trigger,
        job.attempt,
        job.error_code.as_deref().unwrap_or("-"),
        job.maintenance.map_or("-", |mark| mark.as_str()),
        job.borg_exit_code
            .map_or_else(|| "-".to_owned(), |code| code.to_string()),
        job.warnings,
        job.created_at,
        at(job.started_at),
        at(job.completed_at),
        at(job.ended_at),
        job.progress.nfiles,
        job.progress.original_size,
        job.progress.deduplicated_size,
    )
}
