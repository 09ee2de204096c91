//! Following a started Borg, for the tests beside this.

use std::time::{Duration, Instant};

use alcove_borg::{Borg, Command, Environment, Event, Exit, Launch, Output, Passphrase, Running};

/// Starts a command; what is not said is not given.
pub(crate) fn start(
    borg: &Borg,
    environment: &Environment,
    passphrase: Option<&Passphrase>,
    command: &Command,
) -> Running {
    alcove_borg::launch(Launch {
        borg,
        command,
        environment,
        passphrase,
        low_priority: false,
    })
    .unwrap()
}

/// Takes all outputs; there must be exactly one exit, and it must be the last.
pub(crate) fn to_the_end(running: &Running) -> (Vec<Event>, Exit) {
    let mut events = Vec::new();
    let mut exits = Vec::new();
    for output in running.outputs() {
        assert!(exits.is_empty(), "nothing comes after the exit");
        match output {
            Output::Event(event) => events.push(event),
            Output::Exited(exit) => exits.push(exit),
        }
    }
    (events, exits.pop().expect("the exit comes before the end"))
}

/// Waits until something is so; a minute without it is a failure.
pub(crate) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_mins(1);
    while !is_so() {
        assert!(Instant::now() < until, "{what}: not within a minute");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Tells whether there is such a process; a zombie is one.
pub(crate) fn exists(pid: u32) -> bool {
    let pid = rustix::process::Pid::from_raw(pid.try_into().unwrap()).unwrap();
    rustix::process::test_kill_process(pid).is_ok()
}
