//! A job as a fold: every event of its life, in order, turns into its record.
//!
//! Pure: no I/O, no lock, no clock. `at` is the time since the job began, and wall-clock times are
//! the beginning plus `at`. What ends in a percent, a status or an error text is decided here and
//! tested here; running Borg, writing the log and telling the doors is `run`'s.

use std::time::Duration;

use alcove_borg::{Activity, CreateReport, Event as BorgEvent, Verdict, is_warning};
use alcove_store::{
    Job, Maintenance, Pace, Phase, PhaseBegan, Progress, Status, WaitingFor, visible,
};
use jiff::{SignedDuration, Timestamp};

use super::course::{Course, Mark};
use super::forecast::Forecast;
use super::rate::Rate;
use crate::error::Failure;

/// Something that happens to a job.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// It left the queue.
    Began,
    /// It cannot go on before somebody answers, or before another program lets go; `failure` says why.
    Waiting {
        waiting_for: WaitingFor,
        failure: &'a Failure,
    },
    /// An earlier run had counted this at its end, and took so long for each kind of work.
    Recalled { pace: Pace, end: Mark },
    /// An earlier job has kept so many files, in the order in which Borg meets them.
    Resumed { files: u64 },
    /// This is the way it goes.
    Surveyed(Course),
    /// Nobody can tell the way it goes.
    Uncounted,
    /// Borg's `create` starts, with this archive name and this command line.
    Creating { archive: String, command: String },
    /// Borg said something.
    Borg(&'a BorgEvent),
    /// Time passed.
    Tick,
    /// Time passed, and Borg has said nothing for long.
    Silent { since: Duration },
    /// The connection broke, and `create` is begun again after a wait.
    Retrying { attempt: u32 },
    /// Its work ended, or could not begin: the outcome is decided.
    Decided(Outcome),
    /// A person has to be told of something that changes nothing of the outcome.
    Blamed(&'a Failure),
    /// The person's scripts before the backup run.
    HooksBefore,
    /// They are done, and Borg's turn has come.
    Hooked,
    /// The person's scripts after the backup run.
    HooksAfter,
    /// A step of maintenance starts.
    Maintaining(Step),
    /// The repository is checked for so many minutes at most; `None`: to its end.
    Checking {
        /// How many.
        minutes: Option<u32>,
    },
    /// A step of maintenance ended; `last`: none follows.
    Maintained {
        step: Step,
        last: bool,
        failure: Option<&'a Failure>,
    },
    /// A check that should follow is left to a job of its own.
    Postponed,
    /// It lets a backup go first, and begins again after it.
    MadeWay,
    /// Nothing follows.
    Ended,
}

impl Event<'_> {
    /// Whether it belongs to the time before the archive is judged.
    fn is_of_create(&self) -> bool {
        matches!(
            self,
            Self::Began
                | Self::Waiting { .. }
                | Self::HooksBefore
                | Self::Hooked
                | Self::Creating { .. }
                | Self::Retrying { .. }
                | Self::MadeWay
                | Self::Decided(_)
        )
    }
}

/// How the work of a job ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    /// That of `create`.
    pub(crate) exit_code: Option<i32>,
    /// The statistics of the archive.
    pub(crate) report: Option<CreateReport>,
    pub(crate) failure: Option<Failure>,
}

/// A step of maintenance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Prune,
    Compact,
    Check,
}

impl Step {
    fn phase(self) -> Phase {
        match self {
            Self::Prune => Phase::Pruning,
            Self::Compact => Phase::Compacting,
            Self::Check => Phase::Checking,
        }
    }

    fn running(self) -> Maintenance {
        match self {
            Self::Prune => Maintenance::RunningPrune,
            Self::Compact => Maintenance::RunningCompact,
            Self::Check => Maintenance::RunningCheck,
        }
    }

    fn completed(self) -> Maintenance {
        match self {
            Self::Prune => Maintenance::PruneCompleted,
            Self::Compact => Maintenance::CompactCompleted,
            Self::Check => Maintenance::CheckCompleted,
        }
    }

    /// The word for a step that failed or was broken off.
    pub(crate) fn failed(self) -> Maintenance {
        match self {
            Self::Prune => Maintenance::PruneFailed,
            Self::Compact => Maintenance::CompactFailed,
            Self::Check => Maintenance::CheckFailed,
        }
    }
}

/// A job's record, and what the fold remembers beside it.
#[derive(Debug)]
pub(crate) struct JobState {
    job: Job,
    began: Timestamp,
    rate: Rate,
    forecast: Forecast,
    /// The step of maintenance it is at.
    step: Option<Step>,
    /// Whether a step of maintenance is done.
    maintained: bool,
    /// What the attempts before this one have kept.
    kept_before: u64,
}

impl JobState {
    /// A job whose life is counted from `began`.
    pub(crate) fn new(job: Job, began: Timestamp) -> Self {
        Self {
            kept_before: job.kept_size,
            forecast: Forecast::default(),
            job,
            began,
            rate: Rate::default(),
            step: None,
            maintained: false,
        }
    }

    /// The record as it is now.
    pub(crate) fn job(&self) -> &Job {
        &self.job
    }

    /// What the attempts before this one have kept: bytes.
    pub(crate) fn kept_before(&self) -> u64 {
        self.kept_before
    }

    /// The record at the end of the fold.
    pub(crate) fn into_job(self) -> Job {
        self.job
    }

    /// Takes one event into the record. `at` is the time since the job began.
    ///
    /// A terminal status never changes again, in whatever order events come: what begins or ends a `create`
    /// after one is not heard, and nothing is after the end.
    pub(crate) fn apply(&mut self, at: Duration, event: Event<'_>) {
        let too_late = self.job.status.is_terminal() && event.is_of_create();
        if too_late || self.job.ended_at.is_some() {
            return;
        }
        if !matches!(
            event,
            Event::Tick
                | Event::Recalled { .. }
                | Event::Resumed { .. }
                | Event::Surveyed(_)
                | Event::Uncounted
        ) {
            self.job.stalled_since = None;
        }
        self.take(at, event);
        let phase = self.job.phase;
        if self
            .job
            .phases
            .last()
            .is_none_or(|last| last.phase != phase)
        {
            let at = self.wall(at);
            self.job.phases.push(PhaseBegan { phase, at });
        }
    }

    fn take(&mut self, at: Duration, event: Event<'_>) {
        match event {
            Event::Began => {
                self.job.phase = Phase::Preparing;
                self.go_on(at);
            }
            Event::Waiting {
                waiting_for,
                failure,
            } => {
                self.job.status = Status::Pending;
                self.job.phase = Phase::Waiting;
                self.job.active = false;
                self.job.waiting_for = Some(waiting_for);
                self.job.maintenance = None;
                // It begins anew; what was complained of says nothing of that.
                self.job.warnings = 0;
                self.blame(failure);
            }
            Event::Recalled { pace, end } => {
                self.forecast.recall(pace, end);
                self.measure(at);
            }
            Event::Resumed { files } => self.forecast.keep(files),
            Event::Uncounted => self.forecast.do_without(),
            Event::Surveyed(course) => {
                self.forecast.survey(course);
                self.measure(at);
            }
            Event::Creating { archive, command } => {
                if self.backing_up() {
                    self.job.phase = Phase::Preparing;
                }
                self.job.archive_name = Some(archive);
                self.job.command = Some(command);
                // What was complained of before says nothing of this archive.
                self.job.warnings = 0;
            }
            Event::Borg(event) => self.hear(at, event),
            Event::Tick => self.measure(at),
            Event::Silent { since } => {
                self.measure(at);
                // Who waits for a lock inside Borg is told so already.
                if self.job.waiting_for.is_none() {
                    self.job.stalled_since = Some(self.wall(since));
                }
            }
            Event::Retrying { attempt } => self.begin_attempt(attempt),
            Event::Decided(outcome) => self.decide(at, outcome),
            Event::Blamed(failure) if self.job.error_code.is_none() => self.blame(failure),
            Event::Blamed(_) => {}
            Event::HooksBefore => self.job.phase = Phase::HookBefore,
            Event::Hooked => self.job.phase = Phase::Preparing,
            Event::HooksAfter => self.job.phase = Phase::HookAfter,
            Event::Checking { minutes } => self.job.check_minutes = minutes,
            Event::Maintaining(step) => {
                self.step = Some(step);
                if self.job.waiting_for.is_none() {
                    self.job.phase = step.phase();
                }
                self.job.phase_percent = None;
                self.job.maintenance = Some(step.running());
            }
            Event::Maintained {
                step,
                last,
                failure,
            } => {
                self.job.phase_percent = None;
                self.job.maintenance = Some(match failure {
                    Some(_) => step.failed(),
                    None if last => Maintenance::Completed,
                    None => step.completed(),
                });
                match failure {
                    Some(failure) => self.blame(failure),
                    None => self.maintained = true,
                }
            }
            Event::Postponed => self.postpone(),
            Event::MadeWay => {
                self.job.status = Status::Pending;
                self.job.phase = Phase::Waiting;
                self.job.phase_percent = None;
                self.job.active = false;
                self.job.maintenance = None;
                self.job.warnings = 0;
            }
            Event::Ended => {
                if !self.job.status.is_terminal() {
                    // An end that nobody judged left no archive.
                    self.job.status = Status::Failed;
                    self.job.completed_at = Some(self.wall(at));
                    self.job.waiting_for = None;
                }
                self.job.phase = Phase::Ended;
                self.job.phase_percent = None;
                self.job.active = false;
                self.job.ended_at = Some(self.wall(at));
            }
        }
    }

    /// Takes back that it checks: it has checked nothing.
    fn postpone(&mut self) {
        self.job.phase_percent = None;
        self.job.maintenance = self.maintained.then_some(Maintenance::Completed);
        self.job.phases.pop_if(|last| last.phase == Phase::Checking);
        if let Some(last) = self.job.phases.last() {
            self.job.phase = last.phase;
        }
    }

    fn wall(&self, at: Duration) -> Timestamp {
        SignedDuration::try_from(at)
            .ok()
            .and_then(|at| self.began.checked_add(at).ok())
            .unwrap_or(self.began)
    }

    /// Takes the job out of waiting: it is at work.
    fn go_on(&mut self, at: Duration) {
        self.job.status = Status::Running;
        self.job.active = true;
        self.job.waiting_for = None;
        self.job.error_code = None;
        self.job.error_message = None;
        if self.job.started_at.is_none() {
            self.job.started_at = Some(self.wall(at));
        }
    }

    fn begin_attempt(&mut self, attempt: u32) {
        self.job.attempt = attempt;
        self.job.phase = Phase::Waiting;
        self.kept_before = self.job.kept_size;
        self.rate = Rate::default();
        self.forecast.begin_again();
        // The next Borg counts from nothing; percent keeps what was reached.
        self.job.progress = Progress {
            percent: self.job.progress.percent,
            total_expected_size: self.job.progress.total_expected_size,
            total_expected_files: self.job.progress.total_expected_files,
            ..Progress::default()
        };
    }

    fn blame(&mut self, failure: &Failure) {
        self.job.error_code = Some(failure.code.as_str().to_owned());
        self.job.error_message = Some(failure.sentence());
    }

    fn backing_up(&self) -> bool {
        self.job.status == Status::Running
    }

    fn hear(&mut self, at: Duration, event: &BorgEvent) {
        // The program that held the repository let go of it.
        let at_work = matches!(
            event,
            BorgEvent::ArchiveProgress { .. } | BorgEvent::ProgressPercent { .. }
        ) || event.activity() == Some(Activity::SyncingCache);
        if at_work && self.job.waiting_for == Some(WaitingFor::Lock) {
            self.job.phase = self.step.map_or(Phase::Preparing, Step::phase);
            self.go_on(at);
        }
        if event.activity() == Some(Activity::SyncingCache) && self.job.phase == Phase::Preparing {
            self.job.phase = Phase::SyncingCache;
        }
        match event {
            BorgEvent::ArchiveProgressFinished if self.backing_up() => {
                self.job.phase = Phase::Finishing;
                self.job.progress.current_file.clear();
                self.measure(at);
            }
            BorgEvent::ArchiveProgress {
                original_size,
                compressed_size,
                deduplicated_size,
                nfiles,
                path,
            } if self.backing_up() => {
                // Nobody but a hostile Borg finishes twice; it must not fill the record with phases.
                if self.job.phase != Phase::Finishing {
                    self.job.phase = Phase::BackingUp;
                }
                let progress = &mut self.job.progress;
                progress.original_size = progress.original_size.max(*original_size);
                progress.compressed_size = progress
                    .compressed_size
                    .max(compressed_size.unwrap_or_default());
                progress.deduplicated_size = progress
                    .deduplicated_size
                    .max(deduplicated_size.unwrap_or_default());
                progress.nfiles = progress.nfiles.max(*nfiles);
                progress.current_file = visible(&whole_path(path)).into_owned();
                let (files, bytes) = (progress.nfiles, progress.original_size);
                self.rate.observe(at, *original_size);
                self.forecast.observe(at, files, bytes);
                self.measure(at);
            }
            saved
                if saved.saves_progress()
                    && matches!(self.job.phase, Phase::BackingUp | Phase::Finishing) =>
            {
                self.job.kept_until = Some(self.wall(at));
                self.forecast.keep(self.job.progress.nfiles);
                self.job.kept_size = self
                    .kept_before
                    .saturating_add(self.job.progress.deduplicated_size);
            }
            BorgEvent::Log(message) if is_warning(message) => self.job.warnings += 1,
            BorgEvent::ProgressPercent {
                current,
                total,
                finished,
                ..
            } if self.job.maintenance.is_some() && *total > 0 => {
                let percent = (*current as f64 / *total as f64 * 100.0).clamp(0.0, 100.0);
                self.job.phase_percent = if *finished { None } else { Some(percent) };
            }
            _ => {}
        }
    }

    /// Works out total, percent, speed and time left from what has been read.
    fn measure(&mut self, at: Duration) {
        if !self.backing_up() {
            return;
        }
        let progress = &mut self.job.progress;
        if let Some(course) = self.forecast.course() {
            // A source that grew is known to be at least what has been read of it.
            let end = course.end();
            progress.total_expected_size = end.bytes.max(progress.original_size);
            progress.total_expected_files = end.files.max(progress.nfiles);
        }
        progress.percent = self.forecast.percent().max(progress.percent);
        let reading = self.job.phase == Phase::BackingUp;
        progress.speed = if reading { self.rate.speed(at) } else { 0.0 };
        let left = self.forecast.left().filter(|_| reading);
        let seconds = |seconds: f64| seconds.round().min(1e9) as u64;
        progress.estimated_time_remaining = left.map_or(0, |left| seconds(left.seconds));
        progress.time_remaining_margin = left.map_or(0, |left| seconds(left.margin));
    }

    fn decide(&mut self, at: Duration, outcome: Outcome) {
        let Outcome {
            verdict,
            exit_code,
            report,
            failure,
        } = outcome;
        self.job.borg_exit_code = exit_code;
        self.job.status = match verdict {
            Verdict::Completed => Status::Completed,
            Verdict::CompletedWithWarnings => Status::CompletedWithWarnings,
            Verdict::Cancelled => Status::Cancelled,
            Verdict::Failed => Status::Failed,
        };
        self.job.active = true;
        self.job.completed_at = Some(self.wall(at));
        let progress = &mut self.job.progress;
        progress.current_file.clear();
        progress.speed = 0.0;
        progress.estimated_time_remaining = 0;
        progress.time_remaining_margin = 0;
        if report.is_some() {
            self.job.pace = self.forecast.pace(at);
        }
        if let Some(report) = report {
            *progress = Progress {
                original_size: report.original_size,
                compressed_size: report.compressed_size,
                deduplicated_size: report.deduplicated_size,
                nfiles: report.nfiles,
                percent: 100.0,
                total_expected_size: report.original_size,
                total_expected_files: report.nfiles,
                ..Progress::default()
            };
        }
        self.job.waiting_for = None;
        self.job.error_code = None;
        self.job.error_message = None;
        if let Some(failure) = failure {
            self.blame(&failure);
        }
    }
}

/// Borg takes the leading slash away; every source of a plan is a full path.
pub(crate) fn whole_path(path: &str) -> String {
    if path.is_empty() || path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    }
}

#[cfg(test)]
#[expect(
    clippy::float_cmp,
    reason = "percents are set, not worked out, at these points"
)]
mod tests {
    use alcove_borg::{Level, LogMessage};
    use alcove_store::{JobKind, NewJob, Trigger};

    use super::*;
    use crate::error::ErrorCode;

    fn began() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    fn pending() -> Job {
        let new = NewJob {
            kind: JobKind::Backup,
            repository: "/backup".into(),
            plan: Some(1),
            plan_name: Some("Home".into()),
            trigger: Trigger::Manual,
            retry_of: None,
            created_at: began(),
        };
        Job::pending(7, new)
    }

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    fn running() -> JobState {
        let mut state = JobState::new(pending(), began());
        state.apply(seconds(0), Event::Began);
        state
    }

    fn frame(original_size: u64, nfiles: u64) -> BorgEvent {
        BorgEvent::ArchiveProgress {
            original_size,
            compressed_size: Some(original_size / 2),
            deduplicated_size: Some(original_size / 4),
            nfiles,
            path: format!("home/file{nfiles}"),
        }
    }

    fn report(original_size: u64) -> CreateReport {
        CreateReport {
            archive: "home".into(),
            archive_id: "a".into(),
            repository_id: "b".into(),
            original_size,
            compressed_size: original_size / 2,
            deduplicated_size: original_size / 4,
            nfiles: 3,
            duration: 1.0,
        }
    }

    fn created(verdict: Verdict, report: Option<CreateReport>) -> Outcome {
        Outcome {
            verdict,
            exit_code: Some(0),
            report,
            failure: None,
        }
    }

    fn recalled(bytes: u64, files: u64) -> Event<'static> {
        Event::Recalled {
            pace: Pace::default(),
            end: Mark {
                files,
                bytes,
                ..Mark::default()
            },
        }
    }

    #[test]
    fn percent_never_falls_and_stays_under_a_hundred_until_the_archive_is_safe() {
        let mut state = running();
        state.apply(seconds(1), recalled(1_000, 10));
        let mut highest = 0.0;
        for bytes in [100, 900, 400, 1_000, 5_000] {
            state.apply(seconds(2), Event::Borg(&frame(bytes, 1)));
            let percent = state.job().progress.percent;
            assert!(percent >= highest && percent <= 99.9, "{percent}");
            highest = percent;
        }
        assert_eq!(state.job().progress.total_expected_size, 5_000);
        state.apply(
            seconds(3),
            Event::Decided(created(Verdict::Completed, Some(report(5_100)))),
        );
        assert_eq!(state.job().progress.percent, 100.0);
        assert_eq!(state.job().progress.total_expected_size, 5_100);
    }

    #[test]
    fn a_better_account_of_the_way_replaces_the_first_and_percent_never_falls() {
        let mut state = running();
        state.apply(seconds(1), recalled(1_000, 10));
        for second in 2..=5 {
            state.apply(seconds(second), Event::Borg(&frame(second * 100, second)));
        }
        let before = state.job().progress.percent;
        assert!(before > 10.0);
        state.apply(seconds(5), recalled(100_000, 1_000));
        let progress = &state.job().progress;
        assert_eq!(
            (progress.total_expected_size, progress.total_expected_files),
            (100_000, 1_000)
        );
        assert_eq!(progress.percent, before);
        state.apply(seconds(6), Event::Borg(&frame(600, 6)));
        let after = state.job().progress.percent;
        assert!(after >= before && after < before + 5.0, "{after}");
    }

    #[test]
    fn without_an_estimate_there_is_no_percent_and_no_time_left() {
        let mut state = running();
        for second in 0..30 {
            state.apply(
                seconds(second),
                Event::Borg(&frame(second * 1_000_000, second)),
            );
        }
        assert_eq!(state.job().progress.percent, 0.0);
        assert_eq!(state.job().progress.estimated_time_remaining, 0);
        assert!(state.job().progress.speed > 0.9);
    }

    #[test]
    fn the_last_frame_without_numbers_keeps_the_counts() {
        let mut state = running();
        state.apply(seconds(1), Event::Borg(&frame(800, 8)));
        assert_eq!(state.job().progress.current_file, "/home/file8");
        state.apply(seconds(2), Event::Borg(&BorgEvent::ArchiveProgressFinished));
        assert_eq!(state.job().progress.original_size, 800);
        assert_eq!(state.job().progress.nfiles, 8);
        assert_eq!(state.job().phase, Phase::Finishing);
        assert_eq!(state.job().progress.current_file, "");
    }

    #[test]
    fn after_the_end_speed_time_left_and_current_file_are_gone_and_percent_stays_on_a_failure() {
        let mut state = running();
        state.apply(seconds(0), recalled(1_000_000_000, 90));
        state.apply(seconds(0), Event::Uncounted);
        for second in 0..20 {
            state.apply(
                seconds(second),
                Event::Borg(&frame(second * 10_000_000, second)),
            );
        }
        let percent = state.job().progress.percent;
        assert!(state.job().progress.estimated_time_remaining > 0);
        let failure = Failure::new(ErrorCode::DiskFull, "Backup SSD is full.").hint("Free space.");
        state.apply(
            seconds(20),
            Event::Decided(Outcome {
                verdict: Verdict::Failed,
                exit_code: Some(2),
                report: None,
                failure: Some(failure),
            }),
        );
        let job = state.job();
        assert_eq!(job.status, Status::Failed);
        assert_eq!(job.progress.percent, percent);
        assert_eq!(
            (job.progress.speed, job.progress.estimated_time_remaining),
            (0.0, 0)
        );
        assert_eq!(job.progress.current_file, "");
        assert_eq!(job.error_code.as_deref(), Some("disk_full"));
        assert_eq!(
            job.error_message.as_deref(),
            Some("Backup SSD is full. Free space.")
        );
    }

    #[test]
    fn maintenance_keeps_the_status_and_the_percent_of_the_backup() {
        let mut state = running();
        state.apply(
            seconds(1),
            Event::Decided(created(Verdict::Completed, Some(report(10)))),
        );
        state.apply(seconds(2), Event::Maintaining(Step::Prune));
        assert_eq!(state.job().maintenance, Some(Maintenance::RunningPrune));
        let percent = BorgEvent::ProgressPercent {
            operation: 1,
            msgid: None,
            message: None,
            current: 1,
            total: 4,
            finished: false,
        };
        state.apply(seconds(2), Event::Borg(&percent));
        assert_eq!(state.job().phase_percent, Some(25.0));
        state.apply(
            seconds(3),
            Event::Maintained {
                step: Step::Prune,
                last: false,
                failure: None,
            },
        );
        assert_eq!(state.job().maintenance, Some(Maintenance::PruneCompleted));
        state.apply(seconds(3), Event::Maintaining(Step::Compact));
        let failure = Failure::new(ErrorCode::BorgFailed, "Compact failed.");
        state.apply(
            seconds(4),
            Event::Maintained {
                step: Step::Compact,
                last: true,
                failure: Some(&failure),
            },
        );
        state.apply(seconds(5), Event::Ended);
        let job = state.job();
        assert_eq!(job.maintenance, Some(Maintenance::CompactFailed));
        assert_eq!(job.status, Status::Completed);
        assert_eq!(job.progress.percent, 100.0);
        assert_eq!(job.ended_at.unwrap().to_string(), "2026-11-22T10:00:05Z");
        assert!(!job.active);
    }

    #[test]
    fn warnings_are_counted_but_nested_progress_is_not_a_warning() {
        let mut state = running();
        let log = |name: &str, level| {
            BorgEvent::Log(LogMessage {
                level,
                name: name.into(),
                message: "text".into(),
                msgid: None,
            })
        };
        state.apply(
            seconds(1),
            Event::Borg(&log("borg.archiver", Level::Warning)),
        );
        state.apply(
            seconds(1),
            Event::Borg(&log("borg.output.progress", Level::Warning)),
        );
        state.apply(seconds(1), Event::Borg(&log("borg.archiver", Level::Info)));
        assert_eq!(state.job().warnings, 1);
    }

    #[test]
    fn a_saved_checkpoint_says_up_to_when_the_backup_is_kept_and_how_much_of_it() {
        let mut state = running();
        let saved = || BorgEvent::ProgressMessage {
            operation: 4,
            msgid: Some("cache.commit".into()),
            message: None,
            finished: true,
        };
        // A cache that was rebuilt holds nothing of this backup.
        state.apply(seconds(1), Event::Borg(&saved()));
        assert_eq!(state.job().kept_until, None);
        state.apply(seconds(2), Event::Borg(&frame(1_200, 3)));
        state.apply(seconds(90), Event::Borg(&saved()));
        let kept = |state: &JobState| {
            let at = state.job().kept_until.unwrap();
            (at.to_string(), state.job().kept_size)
        };
        assert_eq!(kept(&state), ("2026-11-22T10:01:30Z".into(), 300));
        state.apply(seconds(91), Event::Borg(&frame(1_600, 4)));
        state.apply(seconds(92), Event::Retrying { attempt: 2 });
        state.apply(seconds(93), Event::Borg(&frame(200, 1)));
        assert_eq!((state.kept_before(), state.job().kept_size), (300, 300));
        state.apply(seconds(94), Event::Borg(&saved()));
        assert_eq!(kept(&state), ("2026-11-22T10:01:34Z".into(), 350));
    }

    #[test]
    fn a_borg_that_says_nothing_is_stalled_since_its_last_word_until_the_next() {
        let mut state = running();
        state.apply(seconds(1), Event::Borg(&frame(100, 1)));
        let silent = || Event::Silent { since: seconds(1) };
        state.apply(seconds(61), silent());
        state.apply(seconds(62), Event::Tick);
        let since = state.job().stalled_since.unwrap();
        assert_eq!(since.to_string(), "2026-11-22T10:00:01Z");
        state.apply(seconds(63), Event::Borg(&frame(200, 2)));
        assert_eq!(state.job().stalled_since, None);

        state.apply(seconds(123), silent());
        let end = created(Verdict::Completed, Some(report(200)));
        state.apply(seconds(124), Event::Decided(end));
        assert_eq!(state.job().stalled_since, None);
    }

    #[test]
    fn a_borg_that_waits_for_a_lock_is_not_stalled() {
        let mut state = running();
        let failure = Failure::new(ErrorCode::RepositoryLocked, "It is locked.");
        let waiting = Event::Waiting {
            waiting_for: WaitingFor::Lock,
            failure: &failure,
        };
        state.apply(seconds(5), waiting);
        state.apply(seconds(65), Event::Silent { since: seconds(5) });
        assert_eq!(state.job().stalled_since, None);
    }

    #[test]
    fn another_attempt_counts_from_nothing_but_percent_keeps_its_highest() {
        let mut state = running();
        state.apply(seconds(0), recalled(1_000, 10));
        for second in 1..=4 {
            state.apply(seconds(second), Event::Borg(&frame(second * 150, second)));
        }
        let percent = state.job().progress.percent;
        assert!(percent > 0.0);
        state.apply(seconds(5), Event::Retrying { attempt: 2 });
        assert_eq!(
            (state.job().attempt, state.job().phase),
            (2, Phase::Waiting)
        );
        assert_eq!(state.job().progress.original_size, 0);
        state.apply(
            seconds(60),
            Event::Creating {
                archive: "b".into(),
                command: "c".into(),
            },
        );
        state.apply(seconds(61), Event::Borg(&frame(100, 1)));
        assert_eq!(state.job().progress.original_size, 100);
        assert_eq!(state.job().progress.percent, percent);
        assert_eq!(state.job().phase, Phase::BackingUp);
    }

    #[test]
    fn times_count_from_the_beginning_and_completed_is_not_ended() {
        let mut state = running();
        state.apply(
            seconds(60),
            Event::Decided(created(Verdict::Completed, Some(report(1)))),
        );
        assert_eq!(
            state.job().completed_at.unwrap().to_string(),
            "2026-11-22T10:01:00Z"
        );
        assert!(state.job().active && state.job().ended_at.is_none());
    }

    fn maintained(step: Step, last: bool, failure: Option<&Failure>) -> Event<'_> {
        Event::Maintained {
            step,
            last,
            failure,
        }
    }

    #[test]
    fn phases_follow_what_borg_does() {
        let mut state = JobState::new(pending(), began());
        assert_eq!(state.job().phase, Phase::Waiting);
        state.apply(seconds(0), Event::Began);
        assert_eq!(
            (state.job().phase, state.job().status, state.job().active),
            (Phase::Preparing, Status::Running, true)
        );
        let syncing = BorgEvent::ProgressPercent {
            operation: 1,
            msgid: Some("cache.sync".into()),
            message: None,
            current: 1,
            total: 2,
            finished: false,
        };
        let mut seen = Vec::new();
        for event in [syncing, frame(100, 1), BorgEvent::ArchiveProgressFinished] {
            state.apply(seconds(1), Event::Borg(&event));
            seen.push(state.job().phase);
        }
        let end = created(Verdict::Completed, Some(report(100)));
        state.apply(seconds(2), Event::Decided(end));
        for step in [Step::Prune, Step::Compact] {
            state.apply(seconds(3), Event::Maintaining(step));
            seen.push(state.job().phase);
            state.apply(seconds(4), maintained(step, step == Step::Compact, None));
        }
        state.apply(seconds(5), Event::Ended);
        seen.push(state.job().phase);
        assert_eq!(
            seen,
            [
                Phase::SyncingCache,
                Phase::BackingUp,
                Phase::Finishing,
                Phase::Pruning,
                Phase::Compacting,
                Phase::Ended
            ]
        );
    }

    #[test]
    fn maintenance_is_completed_only_after_its_last_step() {
        let mut state = running();
        assert_eq!(state.job().maintenance, None);
        let end = created(Verdict::Completed, Some(report(1)));
        state.apply(seconds(1), Event::Decided(end));
        assert_eq!(state.job().maintenance, None);
        let mut seen = Vec::new();
        for (step, last) in [(Step::Prune, false), (Step::Compact, true)] {
            state.apply(seconds(2), Event::Maintaining(step));
            seen.push(state.job().maintenance);
            state.apply(seconds(3), maintained(step, last, None));
            seen.push(state.job().maintenance);
        }
        assert_eq!(
            seen,
            [
                Some(Maintenance::RunningPrune),
                Some(Maintenance::PruneCompleted),
                Some(Maintenance::RunningCompact),
                Some(Maintenance::Completed)
            ]
        );
    }

    #[test]
    fn a_failed_step_keeps_its_word_and_its_reason_to_the_end() {
        let mut state = running();
        let end = created(Verdict::CompletedWithWarnings, Some(report(1)));
        state.apply(seconds(1), Event::Decided(end));
        state.apply(seconds(2), Event::Maintaining(Step::Prune));
        let failure = Failure::new(ErrorCode::RepositoryLocked, "It is locked.");
        state.apply(seconds(3), maintained(Step::Prune, false, Some(&failure)));
        state.apply(seconds(4), Event::Ended);
        let job = state.job();
        assert_eq!(job.status, Status::CompletedWithWarnings);
        assert_eq!(job.maintenance, Some(Maintenance::PruneFailed));
        assert_eq!(job.error_code.as_deref(), Some("repository_locked"));
        assert_eq!(job.progress.percent, 100.0);
    }

    #[test]
    fn the_counts_of_the_end_are_those_of_borgs_statistics() {
        let mut state = running();
        state.apply(seconds(0), recalled(9_000, 90));
        state.apply(seconds(1), Event::Borg(&frame(8_000, 80)));
        let end = created(Verdict::Completed, Some(report(7_000)));
        state.apply(seconds(2), Event::Decided(end));
        let progress = &state.job().progress;
        assert_eq!(
            (progress.original_size, progress.compressed_size),
            (7_000, 3_500)
        );
        assert_eq!((progress.deduplicated_size, progress.nfiles), (1_750, 3));
        assert_eq!(
            (progress.total_expected_size, progress.total_expected_files),
            (7_000, 3)
        );
    }

    #[test]
    fn warnings_before_a_create_begins_are_not_of_its_archive() {
        let mut state = running();
        let warning = BorgEvent::Log(LogMessage {
            level: Level::Warning,
            name: "borg.archiver".into(),
            message: "text".into(),
            msgid: None,
        });
        state.apply(seconds(1), Event::Borg(&warning));
        let creating = Event::Creating {
            archive: "a".into(),
            command: "c".into(),
        };
        state.apply(seconds(2), creating);
        assert_eq!(state.job().warnings, 0);
        state.apply(seconds(3), Event::Borg(&warning));
        assert_eq!(state.job().warnings, 1);
    }

    #[test]
    fn a_stop_that_was_wished_is_no_error_and_keeps_its_percent() {
        let mut state = running();
        state.apply(seconds(0), recalled(1_000, 10));
        for second in 1..=4 {
            state.apply(seconds(second), Event::Borg(&frame(second * 100, second)));
        }
        let percent = state.job().progress.percent;
        assert!(percent > 0.0);
        state.apply(
            seconds(5),
            Event::Decided(created(Verdict::Cancelled, None)),
        );
        let job = state.job();
        assert_eq!(
            (job.status, job.progress.percent),
            (Status::Cancelled, percent)
        );
        assert_eq!((job.error_code.clone(), job.maintenance), (None, None));
        assert!(job.completed_at.is_some());
    }
}
