//! The process itself: how it is set up, and how it is waited for.
//!
//! Apart because what happens between `fork` and `exec` is delicate, and holds the crate's only unsafe lines.

use std::io::{self, PipeReader, Write as _};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use command_fds::CommandFdExt as _;
use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::launch::{LaunchError, Program};
use crate::passphrase::Passphrase;

/// A pipe takes as much without a reader on every system: the passphrase is in it before Borg starts.
pub(super) const MAX_PASSPHRASE_BYTES: usize = 4096;

/// Describes a program with closed stdin and piped output, in a session of its own.
///
/// To be spawned from a thread that lives as long as the program: on Linux that thread's end counts as the
/// parent's death.
pub(super) fn prepare(program: &Program<'_>) -> Result<Command, LaunchError> {
    let mut command = Command::new(&program.path);
    command
        .args(&program.arguments)
        .env_clear()
        .envs(program.environment.variables(program.zone))
        // Never a folder that can vanish, or whose file system could then not be unmounted.
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(passphrase) = program.passphrase {
        let pipe = OwnedFd::from(pipe(passphrase)?);
        command.env("BORG_PASSPHRASE_FD", pipe.as_raw_fd().to_string());
        // The same number in the child: any fixed one could be that of the pipe `Command` reports by.
        command.preserved_fds(vec![pipe]);
    }
    leave_session(&mut command);
    if program.low_priority {
        step_back(&mut command);
    }
    if let Some(terminal) = &program.terminal {
        let terminal = terminal.try_clone().map_err(LaunchError::Terminal)?;
        control_by(&mut command, terminal);
    }
    Ok(command)
}

/// Puts the passphrase into a pipe and closes the writing end.
fn pipe(passphrase: &Passphrase) -> Result<PipeReader, LaunchError> {
    check_length(passphrase)?;
    let (reader, mut writer) = io::pipe().map_err(LaunchError::Pipe)?;
    writer
        .write_all(passphrase.expose().as_bytes())
        .map_err(LaunchError::Pipe)?;
    Ok(reader)
}

/// Refuses a passphrase that would not fit into a pipe.
pub(super) fn check_length(passphrase: &Passphrase) -> Result<(), LaunchError> {
    if passphrase.expose().len() > MAX_PASSPHRASE_BYTES {
        return Err(LaunchError::PassphraseTooLong {
            limit: MAX_PASSPHRASE_BYTES,
        });
    }
    Ok(())
}

/// The signals that stop a Borg. Who starts Alcove in the background of a shell, or under `nohup`, has it
/// ignore some of them; a program inherits that, and a cancel would then go unheard.
const HEARD: [libc::c_int; 4] = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP, libc::SIGQUIT];

/// Gives a program a session of its own, in which it hears every signal, and has it end with Alcove.
#[expect(
    unsafe_code,
    reason = "session, signals and death signal can only be set between fork and exec"
)]
pub(super) fn leave_session(command: &mut Command) {
    #[cfg(target_os = "linux")]
    let parent = rustix::process::getpid();
    let prepare = move || {
        rustix::process::setsid()?;
        for signal in HEARD {
            // SAFETY: sets how one signal is taken to the system's default, in the child alone.
            if unsafe { libc::signal(signal, libc::SIG_DFL) } == libc::SIG_ERR {
                return Err(Errno::INVAL.into());
            }
        }
        #[cfg(target_os = "linux")]
        {
            rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::TERM))?;
            if rustix::process::getppid() != Some(parent) {
                return Err(Errno::SRCH.into());
            }
        }
        Ok(())
    };
    // SAFETY: between fork and exec only async-signal-safe calls are allowed. These are system calls without
    // allocation, lock or shared state, and the errors are made from their number.
    unsafe {
        command.pre_exec(prepare);
    }
}

/// How much nicer than Alcove a program is that lets others have the processor first.
const NICE: i32 = 10;

/// Has a program let others have the processor and the disk first; what it starts does so too, an ssh for example. A
/// system that does not allow it runs the program as any other.
#[expect(unsafe_code, reason = "a priority is set between fork and exec")]
fn step_back(command: &mut Command) {
    let prepare = || {
        // Not being allowed to is no reason to run no backup.
        _ = rustix::process::nice(NICE);
        #[cfg(target_os = "linux")]
        last_at_the_disk();
        Ok(())
    };
    // SAFETY: system calls alone, which are async-signal-safe; nothing is allocated or locked.
    unsafe {
        command.pre_exec(prepare);
    }
}

/// Has this process read and write after all others of the usual class, and never starve. Source: `ioprio_set(2)`, and
/// `linux/ioprio.h` for the class (best effort) and its lowest level.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the C library has no function for it")]
fn last_at_the_disk() {
    const WHO_PROCESS: libc::c_int = 1;
    const BEST_EFFORT: libc::c_int = 2 << 13;
    const LOWEST: libc::c_int = 7;
    // SAFETY: a system call with three numbers, that changes this process alone.
    unsafe {
        libc::syscall(libc::SYS_ioprio_set, WHO_PROCESS, 0, BEST_EFFORT | LOWEST);
    }
}

/// Makes a terminal the controlling one of a program that has a session of its own: what it opens as `/dev/tty`.
#[expect(
    unsafe_code,
    reason = "a session gets its terminal between fork and exec"
)]
fn control_by(command: &mut Command, terminal: OwnedFd) {
    let prepare = move || Ok(rustix::process::ioctl_tiocsctty(&terminal)?);
    // SAFETY: one system call, which is async-signal-safe; nothing is allocated or locked.
    unsafe {
        command.pre_exec(prepare);
    }
}

/// Waits until the process has ended, and leaves it to be reaped: its number stays its own.
pub(super) fn await_end(child: Pid) {
    loop {
        match waitid(
            WaitId::Pid(child),
            WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
        ) {
            Err(Errno::INTR) => {}
            Err(error) => return log::error!("waiting for Borg failed: {error}"),
            Ok(_) => return,
        }
    }
}
