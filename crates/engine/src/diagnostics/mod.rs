//! What a person sends along with a question: versions, settings, the shape of plans, the last jobs and the logs of
//! those that did not go well, without names, paths, hosts and secrets.
//!
//! One text, so that it can be read before it is sent. Leaves out the sending.

mod command;
mod redaction;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use alcove_borg::RemoteLocation;
use alcove_store::{Job, JobFilter, JobKind, Plan, Repository, Status};
use regex::Regex;

use crate::engine::Engine;
use crate::error::{ErrorCode, Failure};
use crate::job::{hooks, ping};
use crate::settings::Settings;
use crate::{place, plans, whole_file};
use redaction::{Redaction, literal};

/// So many jobs are listed.
const MOST_JOBS: u32 = 50;
/// The logs of so many jobs are there, and so many lines of each.
const MOST_LOGS: usize = 5;
const MOST_LINES: usize = 500;
/// Accounts that many servers have, and whose names are words of Borg's.
const NOBODY: [&str; 4] = ["backup", "borg", "root", "user"];

/// When an archive began, at the end of its name.
static BEGAN: LazyLock<Regex> = LazyLock::new(|| literal(r"\d{4}-\d\d-\d\dT[\d:.]+$"));

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
        let redaction = self.redaction(&repositories, &plans, &jobs)?;
        let mut text = format!(
            "Alcove diagnostics, {}\nNames, paths, hosts and addresses are replaced; the same word stands for the same thing.\n",
            self.world().clock.now()
        );
        let mut section = |title: &str, lines: &str| {
            // Writing to a text does not fail.
            let _ = write!(text, "\n[{title}]\n{lines}");
        };
        let clean = |lines: String| redaction.text(&lines);
        section("Programs", &clean(self.programs()));
        section("Settings", &settings(&self.settings()));
        section("Repositories", &clean(lines(&repositories, repository)));
        section("Plans", &clean(lines(&plans, plan)));
        section("Jobs, newest first", &clean(lines(&jobs, job)));
        let unwell = jobs
            .iter()
            .filter(|job| job.status != Status::Completed || job.error_code.is_some());
        for job in unwell.take(MOST_LOGS) {
            section(
                &format!("Log of job {}", job.id),
                &clean(self.end_of_log(job.id)?),
            );
        }
        if let Some(log) = own_log {
            section("Alcove's own log", &redaction.text(log));
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
        // The person's scripts may hold and say anything.
        for line in page
            .lines
            .iter()
            .filter(|line| !hooks::is_of_script(&line.text))
        {
            let _ = writeln!(text, "{}", line.content);
        }
        Ok(text)
    }

    /// Everything Alcove knows by name, what is there now before what was there when a job ran.
    fn redaction(
        &self,
        repositories: &[Repository],
        plans: &[Plan],
        jobs: &[Job],
    ) -> Result<Redaction, Failure> {
        let world = self.world();
        let mut known = vec![
            (world.host.clone(), "host".to_owned()),
            (world.home.display().to_string(), "home".to_owned()),
        ];
        if let Some(user) = world.home.file_name() {
            known.push((user.to_string_lossy().into_owned(), "user".to_owned()));
        }
        for repository in repositories {
            names_of_repository(repository, &mut known);
        }
        for plan in plans {
            names_of_plan(&world.host, plan, &mut known);
        }
        for job in jobs {
            let first = self.log(job.id, 0, 1)?.1.lines.into_iter().next();
            names_of_job(job, first.map(|line| line.text).as_deref(), &mut known);
        }
        known.retain(|(name, _)| !NOBODY.contains(&name.as_str()));
        Redaction::new(known).map_err(|error| {
            Failure::new(
                ErrorCode::StoreFailed,
                format!("The names could not be taken out of the diagnostics: {error}."),
            )
        })
    }
}

/// Names, each with what stands for it.
type Known = Vec<(String, String)>;

fn names_of_repository(repository: &Repository, known: &mut Known) {
    let called = |what: &str| format!("{what}repository {}", repository.id);
    known.push((repository.name.clone(), called("")));
    names_of_location(&repository.location, called, known);
    known.extend(repository.borg_id.clone().map(|id| (id, called("id of "))));
    for (what, value) in [
        ("key of ", &repository.ssh_key),
        ("passcommand of ", &repository.passcommand),
        ("Borg of ", &repository.remote_path),
    ] {
        known.extend(value.clone().map(|value| (value, called(what))));
    }
}

fn names_of_location(location: &str, called: impl Fn(&str) -> String, known: &mut Known) {
    known.push((location.to_owned(), called("place of ")));
    if let Some(there) = RemoteLocation::parse(location) {
        // So ssh writes it.
        known.push((there.host.to_lowercase(), called("server of ")));
        known.push((there.host, called("server of ")));
        known.extend(there.user.map(|user| (user, called("user of "))));
    }
}

fn names_of_plan(host: &str, plan: &Plan, known: &mut Known) {
    let called = |what: &str| format!("{what}plan {}", plan.id);
    known.push((plan.name.clone(), called("")));
    known.push((plan.series.clone(), called("")));
    known.push((plans::archive_prefix(host, plan), called("archives of ")));
    for (index, source) in plan.sources.iter().enumerate() {
        let folder = called(&format!("folder {} of ", index + 1));
        // So Borg names it in an archive.
        known.push((source.trim_start_matches('/').to_owned(), folder.clone()));
        known.push((source.clone(), folder));
    }
    for (index, pattern) in plan.excludes.iter().enumerate() {
        let called = called(&format!("pattern {} of ", index + 1));
        known.push((pattern.clone(), called));
    }
    if let Some(url) = &plan.ping_url {
        known.push((url.as_str().to_owned(), called("ping address of ")));
        known.push((ping::host(url), called("ping host of ")));
    }
}

/// The names of the time when it ran: its record has them, and `first`, the first line of its log.
fn names_of_job(job: &Job, first: Option<&str>, known: &mut Known) {
    let called = |what: &str| format!("{what} of job {}", job.id);
    let plan = match job.plan {
        Some(plan) => format!("plan {plan}"),
        None => called("plan"),
    };
    names_of_location(
        &job.repository,
        |what| format!("{what}{}", called("repository")),
        known,
    );
    if let Some(archive) = &job.archive_name {
        let prefix = BEGAN.replace(archive, "").into_owned();
        known.push((prefix, format!("archives of {plan}")));
    }
    let begin = format!("Job {}: ", job.id);
    if let Some(names) = first.and_then(|line| line.strip_prefix(&begin)) {
        let alone = names.strip_prefix(&format!("{} of ", job.kind));
        if let Some(repository) = alone {
            known.push((repository.to_owned(), called("repository")));
        } else if matches!(job.kind, JobKind::Backup | JobKind::Prune) {
            let recorded = job.plan_name.as_ref();
            let pair = recorded
                .and_then(|name| names.strip_prefix(name.as_str())?.strip_prefix(" to "))
                .map(|repository| (&names[..names.len() - repository.len() - 4], repository))
                .or_else(|| names.rsplit_once(" to "));
            if let Some((name, repository)) = pair {
                known.push((name.to_owned(), plan.clone()));
                known.push((repository.to_owned(), called("repository")));
            }
        }
    }
    known.extend(job.plan_name.clone().map(|name| (name, plan)));
}

/// As they are stored, but for the path: where Borg is, is asked of the programs.
fn settings(settings: &Settings) -> String {
    let shown = Settings {
        borg: settings.borg.as_ref().map(|_| PathBuf::from("{path}")),
        ..settings.clone()
    };
    serde_json::to_string_pretty(&shown).unwrap_or_default() + "\n"
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
        "repository {id}: {there}, {encryption}, append-only {}, check {:?}, passcommand {}, own ssh key {}, remote path {}, key exported {}\n",
        yes(repository.append_only),
        repository.check,
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
        "plan {id}: to repository {repository}, {} folders, {} patterns, {compression}, {keep:?}, compact {}, check {}, log files {}, one file system {}, default {}, enabled {}, {} scripts, pings {}\n",
        plan.sources.len(),
        plan.excludes.len(),
        plan.compact,
        plan.check,
        plan.log_files,
        plan.one_file_system,
        plan.is_default,
        plan.enabled,
        plan.hooks.len(),
        plan.ping_url.is_some(),
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
