//! The person's own programs before and after a backup.
//!
//! Each runs in the session's environment with what it may want to know ([`Run::told`]), without a terminal, in a
//! process group of its own, for as long as its time limit; what it says goes to the job's log. Those before come
//! first of all, since they may make what is backed up, or where to. Those after follow as soon as the outcome is
//! known, and change nothing of it: maintenance does not keep a database waiting. A turn that ends with a question
//! has its own. Leaves out jobs of maintenance, which have no hooks, and the death of Alcove: a hook that runs then
//! goes on, and those after do not run.

use std::ffi::OsString;
use std::io::Read;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use alcove_borg::LineReader;
use alcove_store::{Hook, HookCommand, HookWhen, JobKind, Level, Plan, Status};
use rustix::process::{Pid, Signal, kill_process_group};

use super::run::{Run, TICK};
use super::state::Event;
use crate::error::{ErrorCode, Failure};
use crate::words::duration;

/// A plan has no more of them.
const MOST: usize = 20;
/// The longest time limit: a day, in seconds.
const LONGEST: u32 = 86_400;
/// Bytes of a shell line, or of all arguments together.
const MOST_BYTES: usize = 10_000;
/// Between being told to end and being killed.
const GRACE: Duration = Duration::from_secs(5);
/// While Alcove is closed, what always runs has so long, all of it together.
const WHILE_CLOSING: Duration = Duration::from_secs(10);
/// How long is listened to what a program left behind that outlives it.
const AFTER_END: Duration = Duration::from_secs(1);
/// Lines that may wait for a slow disk; then the program waits.
const LINES: usize = 256;

/// How a line of the log begins that has a script's command, and one that it said.
const COMMAND: &str = "Script ";
const SAID: &str = "| ";

/// Whether a line of a job's log has what the person wrote into a script, or what it said.
pub(crate) fn is_of_script(line: &str) -> bool {
    [COMMAND, SAID].iter().any(|begin| line.starts_with(begin))
}

/// Refuses hooks that cannot be run.
pub(crate) fn check(hooks: &[Hook]) -> Result<(), Failure> {
    let refused = |reason: &str| Err(Failure::bad_argument("hooks", reason));
    if hooks.len() > MOST {
        return refused("A plan has 20 scripts at most.");
    }
    for hook in hooks {
        let words = match &hook.command {
            HookCommand::Shell(line) => std::slice::from_ref(line),
            HookCommand::Arguments(words) => words,
        };
        if words.first().is_none_or(|word| word.trim().is_empty()) {
            return refused("A script has no command.");
        }
        if words.iter().any(|word| word.contains('\0')) {
            return refused("A script has a character in it that no command can have.");
        }
        if words.iter().map(String::len).sum::<usize>() > MOST_BYTES {
            return refused(
                "A script is longer than 10,000 bytes. Put it into a file, and name that.",
            );
        }
        if !(1..=LONGEST).contains(&hook.time_limit) {
            return refused("The time limit of a script is 1 second to 24 hours.");
        }
    }
    Ok(())
}

/// Why a hook did not succeed.
enum Stopped {
    Failed(ExitStatus),
    NotStarted(std::io::Error),
    TooLate,
    /// The job was told to stop.
    Told,
}

impl Run<'_> {
    /// Runs what comes before the backup. What fails there is why nothing is backed up.
    pub(super) fn hooks_before(&mut self, plan: &Plan) -> Result<(), Failure> {
        let mut hooks = of(plan, |when| when == HookWhen::Before).peekable();
        if hooks.peek().is_none() {
            return Ok(());
        }
        self.apply(Event::HooksBefore);
        for hook in hooks {
            self.hook(hook, plan)
                .map_err(|why| failed(&why, hook, plan).hint("Nothing was backed up."))?;
        }
        self.apply(Event::Hooked);
        Ok(())
    }

    /// Runs what follows the outcome of a turn. What fails there is told of, and changes nothing.
    pub(super) fn hooks_after(&mut self) {
        let Some(plan) = self.task.plan.as_ref() else {
            return;
        };
        if self.task.job.kind != JobKind::Backup {
            return;
        }
        let status = self.state.job().status;
        let stopping = self.stopping();
        let mut hooks = of(plan, |when| follows(when, status, stopping)).peekable();
        // A job that has an outcome says what it does; one that waits says that.
        if hooks.peek().is_some() && status.is_terminal() {
            self.apply(Event::HooksAfter);
        }
        for hook in hooks {
            if hook.when != HookWhen::Always && self.stopping() {
                continue;
            }
            if let Err(why) = self.hook(hook, plan) {
                self.apply(Event::Blamed(&failed(&why, hook, plan)));
            }
        }
    }

    /// Runs one hook to its end, and says in the log what it says.
    fn hook(&mut self, hook: &Hook, plan: &Plan) -> Result<(), Stopped> {
        if hook.when != HookWhen::Always && self.stopping() {
            return Err(Stopped::Told);
        }
        let line = match &hook.command {
            HookCommand::Shell(line) => line.clone(),
            HookCommand::Arguments(words) => shlex::try_join(words.iter().map(String::as_str))
                .unwrap_or_else(|_| words.join(" ")),
        };
        self.note(
            Level::Info,
            &format!("{COMMAND}{}: {line}", name(hook.when)),
        );
        let began = self.at();
        let ended = self.run_hook(hook, plan);
        let took = duration(self.at().saturating_sub(began).as_secs());
        match &ended {
            Ok(()) => self.note(
                Level::Info,
                &format!("The script has ended well after {took}."),
            ),
            Err(why) => self.note(Level::Error, &format!("The script {}.", said(why, hook))),
        }
        ended
    }

    fn run_hook(&mut self, hook: &Hook, plan: &Plan) -> Result<(), Stopped> {
        let world = &self.inner.world;
        let mut command = match &hook.command {
            HookCommand::Shell(line) => {
                let mut shell = Command::new("/bin/sh");
                shell.arg("-c").arg(line);
                shell
            }
            HookCommand::Arguments(words) => {
                let mut command = Command::new(&words[0]);
                command.args(&words[1..]);
                command
            }
        };
        command
            .env_clear()
            .envs(&world.environment)
            .envs(self.told(hook.when, plan))
            .current_dir(&world.home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        let mut child = command.spawn().map_err(Stopped::NotStarted)?;
        let lines = listen(&mut child);
        let limit = Duration::from_secs(u64::from(hook.time_limit));
        let began = self.at();
        // Why it is to end, and since when it was told.
        let mut told: Option<(Stopped, Duration)> = None;
        let status = loop {
            self.hear_hook(&lines, TICK);
            if let Some(status) = child.try_wait().map_err(Stopped::NotStarted)? {
                break status;
            }
            let now = self.at();
            match &told {
                None => {
                    let reason = if now.saturating_sub(began) >= limit || self.closed_for(now) {
                        Some(Stopped::TooLate)
                    } else if hook.when != HookWhen::Always && self.stopping() {
                        Some(Stopped::Told)
                    } else {
                        None
                    };
                    if let Some(reason) = reason {
                        signal(&child, Signal::TERM);
                        told = Some((reason, now));
                    }
                }
                Some((_, since)) if now.saturating_sub(*since) >= GRACE => {
                    signal(&child, Signal::KILL);
                }
                Some(_) => {}
            }
        };
        if told.is_some() {
            // What it started may have heard nothing.
            signal(&child, Signal::KILL);
        }
        let ended = self.at();
        while self.at().saturating_sub(ended) < AFTER_END && self.hear_hook(&lines, TICK) {}
        match told {
            Some((reason, _)) => Err(reason),
            None if status.success() => Ok(()),
            None => Err(Stopped::Failed(status)),
        }
    }

    /// Writes what is said within so much time to the log; false once nobody can say anything any more.
    fn hear_hook(&mut self, lines: &Receiver<String>, patience: Duration) -> bool {
        match lines.recv_timeout(patience) {
            Ok(line) => self.note(Level::Info, &format!("{SAID}{line}")),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                // It may have closed both pipes long before its end.
                std::thread::sleep(patience);
                return false;
            }
        }
        true
    }

    /// Whether Alcove has been closing for as long as all scripts together have then.
    fn closed_for(&mut self, now: Duration) -> bool {
        if !self.task.control.is_closing() {
            return false;
        }
        let since = *self.closing_since.get_or_insert(now);
        now.saturating_sub(since) >= WHILE_CLOSING
    }

    /// What a hook may want to know, as variables: `docs/scripts.md` lists them.
    fn told(&self, when: HookWhen, plan: &Plan) -> Vec<(&'static str, OsString)> {
        let job = self.state.job();
        let mut told: Vec<(&str, OsString)> = vec![
            ("ALCOVE_WHEN", word(when).into()),
            ("ALCOVE_JOB", job.id.to_string().into()),
            ("ALCOVE_PLAN", plan.name.clone().into()),
            (
                "ALCOVE_REPOSITORY",
                self.task.repository.location.clone().into(),
            ),
            ("ALCOVE_TRIGGER", job.trigger.as_str().into()),
            ("ALCOVE_STATUS", job.status.as_str().into()),
        ];
        if job.status.is_safe() {
            told.extend(
                job.archive_name
                    .clone()
                    .map(|name| ("ALCOVE_ARCHIVE", name.into())),
            );
        }
        if job.status == Status::Failed {
            told.extend(
                job.error_code
                    .clone()
                    .map(|code| ("ALCOVE_ERROR", code.into())),
            );
        }
        told
    }
}

fn of(plan: &Plan, wanted: impl Fn(HookWhen) -> bool) -> impl Iterator<Item = &Hook> {
    plan.hooks.iter().filter(move |hook| wanted(hook.when))
}

/// Whether a hook follows a turn that ended so. A stop leaves but what always runs.
fn follows(when: HookWhen, status: Status, stopping: bool) -> bool {
    match when {
        HookWhen::Before => false,
        HookWhen::Always => true,
        HookWhen::Success => !stopping && status == Status::Completed,
        HookWhen::Warning => !stopping && status == Status::CompletedWithWarnings,
        HookWhen::Failure => !stopping && status == Status::Failed,
    }
}

fn failed(why: &Stopped, hook: &Hook, plan: &Plan) -> Failure {
    let place = match hook.when {
        HookWhen::Before => "before",
        _ => "after",
    };
    Failure::new(
        ErrorCode::HookFailed,
        format!(
            "The script {place} the backup of {} {}.",
            plan.name,
            said(why, hook)
        ),
    )
    .hint("The log has what it said.")
    .retryable()
}

fn said(why: &Stopped, hook: &Hook) -> String {
    match why {
        Stopped::Failed(status) => format!("ended with {status}"),
        Stopped::NotStarted(error) => format!("could not be started: {error}"),
        Stopped::TooLate => format!(
            "had not ended after {} and was stopped",
            duration(u64::from(hook.time_limit))
        ),
        Stopped::Told => "was stopped with the job".to_owned(),
    }
}

/// When a hook runs, in the log.
fn name(when: HookWhen) -> &'static str {
    match when {
        HookWhen::Before => "before the backup",
        HookWhen::Success => "after a backup that succeeded",
        HookWhen::Warning => "after a backup with warnings",
        HookWhen::Failure => "after a backup that failed",
        HookWhen::Always => "after every backup",
    }
}

fn word(when: HookWhen) -> &'static str {
    match when {
        HookWhen::Before => "before",
        HookWhen::Success => "success",
        HookWhen::Warning => "warning",
        HookWhen::Failure => "failure",
        HookWhen::Always => "always",
    }
}

fn signal(child: &Child, signal: Signal) {
    _ = kill_process_group(Pid::from_child(child), signal);
}

/// Reads both pipes by lines, each to its end on a thread of its own.
fn listen(child: &mut Child) -> Receiver<String> {
    let (say, lines) = sync_channel(LINES);
    if let Some(stdout) = child.stdout.take() {
        follow(stdout, say.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        follow(stderr, say);
    }
    lines
}

fn follow(mut pipe: impl Read + Send + 'static, say: SyncSender<String>) {
    let read = move || {
        let mut reader = LineReader::default();
        let mut chunk = [0; 8192];
        // When nobody listens any more the pipe is still emptied: the program must not stand still.
        let mut sink = |line: alcove_borg::Line<'_>| _ = say.send(line.text.into_owned());
        while let Ok(length @ 1..) = pipe.read(&mut chunk) {
            reader.feed(&chunk[..length], &mut sink);
        }
        reader.finish(&mut sink);
    };
    let thread = std::thread::Builder::new().name("alcove-hook".to_owned());
    if let Err(error) = thread.spawn(read) {
        log::error!("nobody listens to a script: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(command: HookCommand, time_limit: u32) -> Hook {
        Hook {
            when: HookWhen::Before,
            command,
            time_limit,
        }
    }

    fn shell(line: &str) -> HookCommand {
        HookCommand::Shell(line.to_owned())
    }

    #[test]
    fn what_cannot_be_run_is_refused_with_a_reason() {
        let refusals = [
            (hook(shell("  "), 1), "no command"),
            (hook(HookCommand::Arguments(Vec::new()), 1), "no command"),
            (hook(shell("a\0b"), 1), "a character"),
            (hook(shell(&"x".repeat(MOST_BYTES + 1)), 1), "into a file"),
            (hook(shell("true"), 0), "time limit"),
            (hook(shell("true"), LONGEST + 1), "time limit"),
        ];
        for (hook, reason) in refusals {
            let failure = check(&[hook]).unwrap_err();
            assert_eq!(failure.field.as_deref(), Some("hooks"));
            assert!(failure.message.contains(reason), "{}", failure.message);
        }
        let fine = hook(shell("true"), LONGEST);
        assert!(check(&vec![fine.clone(); MOST]).is_ok());
        assert!(check(&vec![fine; MOST + 1]).is_err());
    }

    #[test]
    fn what_follows_which_end() {
        use HookWhen::{Always, Before, Failure, Success, Warning};
        let all = [Before, Success, Warning, Failure, Always];
        let follow = |status, stopping| -> Vec<HookWhen> {
            all.into_iter()
                .filter(|when| follows(*when, status, stopping))
                .collect()
        };
        assert_eq!(follow(Status::Completed, false), [Success, Always]);
        assert_eq!(
            follow(Status::CompletedWithWarnings, false),
            [Warning, Always]
        );
        assert_eq!(follow(Status::Failed, false), [Failure, Always]);
        for (status, stopping) in [
            (Status::Cancelled, true),
            (Status::Failed, true),
            (Status::Completed, true),
            (Status::Pending, false),
        ] {
            assert_eq!(follow(status, stopping), [Always], "{status}");
        }
    }
}
