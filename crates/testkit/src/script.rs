//! What a fake borg does in one run.
//!
//! Steps in the order they are told, turned into lines for `/bin/sh`. Bytes come from files beside the program,
//! so that they arrive as they are.

use std::path::Path;
use std::time::Duration;

/// Is what a fake borg does in one run; without an end it exits with 0.
#[derive(Debug, Clone, Default)]
pub struct Script(Vec<Step>);

#[derive(Debug, Clone)]
enum Step {
    Stderr(Vec<u8>),
    Stdout(Vec<u8>),
    Sleep(Duration),
    AwaitFile(String),
    NoteSignals,
    AwaitSignal,
    IgnoreSignals,
    LeaveBehind(Duration),
    LeaveBehindOnItsOwn(Duration),
    Flood(u32),
    ReadPassphrase,
    AskOnTerminal(&'static str),
    BecomeTheReal,
    Exit(i32),
    KillItself(&'static str),
}

impl Script {
    /// Begins with nothing to do.
    pub fn new() -> Self {
        Self::default()
    }

    fn then(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }

    /// Goes on with the steps of another script.
    #[must_use]
    pub fn and(mut self, next: Self) -> Self {
        self.0.extend(next.0);
        self
    }

    /// Writes these bytes to stderr, at once and as they are.
    #[must_use]
    pub fn stderr(self, bytes: impl AsRef<[u8]>) -> Self {
        self.then(Step::Stderr(bytes.as_ref().to_vec()))
    }

    /// Writes these bytes to stdout, at once and as they are.
    #[must_use]
    pub fn stdout(self, bytes: impl AsRef<[u8]>) -> Self {
        self.then(Step::Stdout(bytes.as_ref().to_vec()))
    }

    /// Waits. A signal that is not ignored ends it.
    #[must_use]
    pub fn sleep(self, time: Duration) -> Self {
        self.then(Step::Sleep(time))
    }

    /// Waits until the test calls [`crate::Installed::release`] with this name.
    #[must_use]
    pub fn wait_for_release(self, name: &str) -> Self {
        self.then(Step::AwaitFile(name.to_owned()))
    }

    /// From here on notes each SIGINT and SIGTERM in [`crate::Call::signals`] and goes on.
    #[must_use]
    pub fn note_signals(self) -> Self {
        self.then(Step::NoteSignals)
    }

    /// Waits for a first SIGINT or SIGTERM, notes it, and goes on.
    #[must_use]
    pub fn wait_for_signal(self) -> Self {
        self.then(Step::NoteSignals).then(Step::AwaitSignal)
    }

    /// From here on ignores SIGINT, SIGTERM and SIGHUP.
    #[must_use]
    pub fn ignore_signals(self) -> Self {
        self.then(Step::IgnoreSignals)
    }

    /// Starts a process that stays in the group, holds both pipes open, and outlives this one by so much.
    #[must_use]
    pub fn leave_behind(self, time: Duration) -> Self {
        self.then(Step::LeaveBehind(time))
    }

    /// Starts a process that leaves the group and the session, holds both pipes open, and outlives this one by so
    /// much. Needs `setsid`, which Linux has.
    #[must_use]
    pub fn leave_behind_on_its_own(self, time: Duration) -> Self {
        self.then(Step::LeaveBehindOnItsOwn(time))
    }

    /// Writes so many status lines of files to stderr, as fast as it can.
    #[must_use]
    pub fn flood(self, lines: u32) -> Self {
        self.then(Step::Flood(lines))
    }

    /// Reads the passphrase where Borg does and notes it in [`crate::Call::passphrase`].
    #[must_use]
    pub fn read_passphrase(self) -> Self {
        self.then(Step::ReadPassphrase)
    }

    /// Asks this on its terminal, as `getpass` does, and notes the line that is entered in
    /// [`crate::Call::entered`]. Ends with 2 where it has no terminal.
    #[must_use]
    pub fn ask_on_terminal(self, question: &'static str) -> Self {
        self.then(Step::AskOnTerminal(question))
    }

    /// Becomes the real Borg of the `PATH` it was started with, in the same process.
    #[must_use]
    pub fn become_the_real(self) -> Self {
        self.then(Step::BecomeTheReal)
    }

    /// Ends with this code.
    #[must_use]
    pub fn exit(self, code: i32) -> Self {
        self.then(Step::Exit(code))
    }

    /// Ends by this signal, such as `"KILL"`.
    #[must_use]
    pub fn kill_itself(self, signal: &'static str) -> Self {
        self.then(Step::KillItself(signal))
    }

    /// Writes the steps as shell lines; bytes go into files in `folder`. `$call` is the folder of the call.
    pub(crate) fn lines(&self, folder: &Path, name: &str) -> String {
        let steps = self.0.iter().enumerate();
        steps
            .map(|(number, step)| step.line(folder, &format!("{name}-{number}")))
            .collect()
    }
}

impl Step {
    fn line(&self, folder: &Path, file: &str) -> String {
        let cat = |bytes: &[u8]| {
            std::fs::write(folder.join(file), bytes).expect("the bytes of a step can be written");
            format!("cat \"$here/{file}\"")
        };
        let line = match self {
            Self::Stderr(bytes) => format!("{} >&2", cat(bytes)),
            Self::Stdout(bytes) => cat(bytes),
            // In slices: what a signal leaves behind of a shell is then gone at once.
            Self::Sleep(time) => {
                let slices = time.as_millis().div_ceil(50);
                format!(
                    "slept=0; while [ $slept -lt {slices} ]; do sleep 0.05; slept=$((slept + 1)); done"
                )
            }
            Self::AwaitFile(name) => {
                format!("until [ -e \"$here/release-{name}\" ]; do sleep 0.01; done")
            }
            Self::NoteSignals => {
                let trap = |signal| format!("trap 'echo {signal} >> \"$call/signals\"' {signal}");
                format!("{}; {}; : > \"$call/ready\"", trap("INT"), trap("TERM"))
            }
            Self::AwaitSignal => "until [ -s \"$call/signals\" ]; do sleep 0.01; done".to_owned(),
            Self::IgnoreSignals => "trap '' INT TERM HUP; : > \"$call/ready\"".to_owned(),
            Self::LeaveBehind(time) => format!(
                "sleep {} & echo $! > \"$call/left-behind\"",
                time.as_secs_f64()
            ),
            Self::LeaveBehindOnItsOwn(time) => format!(
                "setsid sh -c 'echo $$ > \"$1\"; exec sleep {}' sh \"$call/left-behind\" &\n\
                 until [ -s \"$call/left-behind\" ]; do sleep 0.01; done",
                time.as_secs_f64()
            ),
            Self::Flood(lines) => format!(
                "awk 'BEGIN {{ for (i = 0; i < {lines}; i++) \
                 printf \"{{\\\"type\\\": \\\"file_status\\\", \\\"status\\\": \\\"A\\\", \\\"path\\\": \\\"src/file%d\\\"}}\\n\", i }}' >&2"
            ),
            Self::ReadPassphrase => {
                "eval \"cat <&$BORG_PASSPHRASE_FD\" > \"$call/passphrase\"".to_owned()
            }
            Self::AskOnTerminal(question) => format!(
                "{} 2>/dev/null >/dev/tty || exit 2\n\
                 IFS= read -r line </dev/tty; printf '%s\\n' \"$line\" >> \"$call/entered\"",
                cat(question.as_bytes())
            ),
            Self::BecomeTheReal => "PATH=$given; exec borg \"$@\"".to_owned(),
            Self::Exit(code) => format!("exit {code}"),
            Self::KillItself(signal) => format!("kill -{signal} $$"),
        };
        line + "\n"
    }
}
