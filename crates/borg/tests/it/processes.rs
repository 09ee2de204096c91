//! What goes wrong between processes, with a fake borg that does it on purpose.

use std::sync::Arc;
use std::time::Duration;

use crate::follow::{eventually, exists, start, to_the_end};
use alcove_borg::{
    Borg, Command, Environment, Event, Keep, Launch, LaunchError, Passphrase, Problem, Prune,
    Signal, Version,
};
use alcove_testkit::{FakeBorg, Installed, Scratch, Script};

/// A fake borg in a scratch home.
struct Stage {
    scratch: Scratch,
    installed: Installed,
    borg: Borg,
    environment: Environment,
}

impl Stage {
    fn new(script: Script) -> Self {
        let scratch = Scratch::new();
        let fake = FakeBorg::new("1.2.4")
            .on("list", script.clone())
            .on("key", script.clone())
            .on("prune", script);
        let installed = fake.install(&scratch.folder("bin"));
        let borg = Borg {
            path: installed.path().to_owned(),
            version: Version::new(1, 2, 4),
        };
        let environment = Environment::from_session(scratch.session());
        Self {
            scratch,
            installed,
            borg,
            environment,
        }
    }

    fn start(&self) -> alcove_borg::Running {
        start(&self.borg, &self.environment, None, &list())
    }
}

fn list() -> Command {
    Command::List {
        repository: "/repo".into(),
    }
}

#[test]
fn garbage_a_glued_prompt_and_a_line_without_an_end_arrive_as_events() {
    let stderr = b"\xff\xfe garbage\r\n\
        Enter passphrase for key /r: {\"type\": \"log_message\", \"levelname\": \"ERROR\", \"message\": \"no\", \"msgid\": \"NoPassphraseFailure\"}\n\
        {\"type\": \"file_status\", \"status\": \"E\", \"path\": \"a\"}\nhalf a li";
    let stage = Stage::new(Script::new().stderr(stderr).stdout("{}").exit(2));
    let (events, exit) = to_the_end(&stage.start());
    assert_eq!(
        (exit.code, exit.signal, exit.stdout.as_slice()),
        (Some(2), None, &b"{}"[..])
    );
    let mut diagnosis = alcove_borg::Diagnosis::default();
    for event in &events {
        diagnosis.observe(event);
    }
    assert_eq!(diagnosis.problem(&exit), Problem::PassphraseNeeded);
    let texts: Vec<&str> = events
        .iter()
        .filter_map(|event| {
            if let Event::Text(text) = event {
                Some(text.as_str())
            } else {
                None
            }
        })
        .collect();
    assert_eq!(
        texts,
        [
            "\u{fffd}\u{fffd} garbage",
            "Enter passphrase for key /r: ",
            "half a li"
        ]
    );
    assert_eq!(events.len(), 5);
}

#[test]
fn an_end_by_a_signal_is_told_from_an_exit() {
    let (_, exit) = to_the_end(&Stage::new(Script::new().kill_itself("KILL")).start());
    assert_eq!((exit.code, exit.signal), (None, Some(9)));
}

#[test]
fn a_flood_arrives_whole_and_in_order() {
    let stage = Stage::new(
        Script::new()
            .flood(50_000)
            .stdout(vec![b'x'; 300_000])
            .exit(0),
    );
    let (events, exit) = to_the_end(&stage.start());
    assert_eq!(exit.stdout.len(), 300_000);
    assert_eq!(events.len(), 50_000);
    assert_eq!(
        events[49_999],
        Event::FileStatus {
            status: 'A',
            path: "src/file49999".into()
        }
    );
}

#[test]
fn a_consumer_that_sleeps_does_not_keep_a_borg_from_ending_after_a_signal() {
    let stage = Stage::new(Script::new().flood(500_000).sleep(Duration::from_mins(10)));
    let running = stage.start();
    let signaller = running.signaller();
    assert!(signaller.send(Signal::TerminateGroup));
    eventually(
        "the process is reaped while nobody takes its outputs",
        || !signaller.send(Signal::Terminate),
    );
    let (_, exit) = to_the_end(&running);
    assert_eq!(exit.signal, Some(15));
}

#[test]
fn a_borg_without_a_consumer_runs_to_its_end() {
    let stage = Stage::new(Script::new().flood(50_000).note_signals());
    let running = stage.start();
    let (signaller, pid) = (running.signaller(), running.pid());
    drop(running);
    let done = || {
        stage
            .installed
            .calls("list")
            .first()
            .is_some_and(alcove_testkit::Call::is_ready_for_signals)
    };
    eventually("it comes to the end of its script", done);
    eventually("it is reaped", || !exists(pid));
    assert!(!signaller.send(Signal::Interrupt));
}

#[test]
fn an_ended_borg_leaves_no_zombie_and_cannot_be_signalled() {
    let stage = Stage::new(Script::new());
    let running = stage.start();
    to_the_end(&running);
    assert!(!exists(running.pid()));
    for signal in [
        Signal::Interrupt,
        Signal::Terminate,
        Signal::TerminateGroup,
        Signal::KillGroup,
    ] {
        assert!(!running.signaller().send(signal));
    }
}

#[test]
fn each_signal_reaches_the_process_it_is_for() {
    let stage = Stage::new(Script::new().wait_for_signal().exit(7));
    let running = stage.start();
    let ready = || {
        stage
            .installed
            .calls("list")
            .first()
            .is_some_and(alcove_testkit::Call::is_ready_for_signals)
    };
    eventually("it waits for a signal", ready);
    assert!(running.signaller().send(Signal::Interrupt));
    assert_eq!(to_the_end(&running).1.code, Some(7));
    assert_eq!(stage.installed.calls("list")[0].signals(), ["INT"]);
}

#[test]
fn a_signal_is_heard_also_when_alcove_itself_was_started_deaf_to_it() {
    let deaf = std::process::Command::new("sh")
        .arg("-c")
        .arg("trap '' INT TERM HUP QUIT; exec \"$0\" --exact processes::each_signal_reaches_the_process_it_is_for")
        .arg(std::env::current_exe().unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&deaf.stdout);
    assert!(deaf.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_borg_that_ignores_signals_is_killed_with_its_group() {
    let stage = Stage::new(
        Script::new()
            .ignore_signals()
            .leave_behind(Duration::from_mins(10))
            .sleep(Duration::from_mins(10)),
    );
    let running = stage.start();
    let left_behind = || {
        stage
            .installed
            .calls("list")
            .first()
            .and_then(alcove_testkit::Call::left_behind)
    };
    eventually("it has a child", || left_behind().is_some());
    assert!(running.signaller().send(Signal::TerminateGroup));
    assert!(running.signaller().send(Signal::KillGroup));
    assert_eq!(to_the_end(&running).1.signal, Some(9));
    eventually("its child is gone too", || !exists(left_behind().unwrap()));
}

#[test]
fn what_outlives_borg_in_its_group_is_ended_and_holds_nothing_up() {
    let stage = Stage::new(
        Script::new()
            .leave_behind(Duration::from_mins(10))
            .stderr("last words")
            .exit(3),
    );
    let (events, exit) = to_the_end(&stage.start());
    assert_eq!(
        (events, exit.code),
        (vec![Event::Text("last words".into())], Some(3))
    );
    let survivor = stage.installed.calls("list")[0].left_behind().unwrap();
    eventually("the survivor is gone", || !exists(survivor));
}

#[cfg(target_os = "linux")]
#[test]
fn what_left_the_group_on_purpose_is_let_go() {
    let stage = Stage::new(
        Script::new()
            .leave_behind_on_its_own(Duration::from_mins(10))
            .exit(0),
    );
    let (_, exit) = to_the_end(&stage.start());
    assert_eq!(exit.code, Some(0));
    let survivor = stage.installed.calls("list")[0].left_behind().unwrap();
    assert!(exists(survivor));
    let pid = rustix::process::Pid::from_raw(survivor.cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}

fn change(stage: &Stage, current: &str, new: &str) -> Result<alcove_borg::Running, LaunchError> {
    let answers = alcove_borg::Answers {
        current: Arc::new(Passphrase::new(current.into())),
        new: Arc::new(Passphrase::new(new.into())),
    };
    let launch = Launch {
        borg: &stage.borg,
        command: &Command::ChangePassphrase {
            repository: "/repo".into(),
        },
        environment: &stage.environment,
        passphrase: None,
        low_priority: false,
    };
    alcove_borg::launch_answering(launch, answers)
}

#[test]
fn passphrases_are_entered_on_a_terminal_and_stand_nowhere_else() {
    let stage = Stage::new(
        Script::new()
            .ask_on_terminal("Enter passphrase for key /repo: ")
            .ask_on_terminal("\nEnter new passphrase: ")
            .ask_on_terminal("\nEnter same passphrase again: "),
    );
    let new = "correct horse \u{1f40e} 'battery' $staple";
    let (events, exit) = to_the_end(&change(&stage, "old horse", new).unwrap());
    assert_eq!((exit.code, exit.stdout), (Some(0), Vec::new()));
    assert!(events.is_empty(), "{events:?}");
    let call = &stage.installed.calls("key")[0];
    assert_eq!(call.entered(), ["old horse", new, new]);
    let environment = call.environment().into_values();
    for said in call.arguments().into_iter().chain(environment) {
        assert!(!said.contains("horse"), "{said}");
    }
}

#[test]
fn a_borg_that_is_given_no_terminal_has_none() {
    let stage = Stage::new(Script::new().ask_on_terminal("Enter new passphrase: "));
    let (_, exit) = to_the_end(&stage.start());
    assert_eq!(exit.code, Some(2));
}

#[test]
fn a_question_nobody_knows_is_not_answered_and_a_signal_ends_the_borg_that_asks() {
    let stage = Stage::new(Script::new().ask_on_terminal("ada@nas's password: "));
    let running = change(&stage, "old", "new").unwrap();
    eventually("the fake is started", || {
        !stage.installed.calls("key").is_empty()
    });
    running.signaller().send(Signal::TerminateGroup);
    let (_, exit) = to_the_end(&running);
    assert_eq!(exit.signal, Some(15));
    assert!(stage.installed.calls("key")[0].entered().is_empty());
}

#[test]
fn a_passphrase_that_cannot_be_entered_is_refused_before_borg_is_started() {
    let stage = Stage::new(Script::new());
    let refused = change(&stage, "two\nlines", "new").map(|_| ());
    assert!(matches!(refused, Err(LaunchError::PassphraseOfLines)));
    let refused = change(&stage, "old", &"x".repeat(4097)).map(|_| ());
    assert!(matches!(
        refused,
        Err(LaunchError::PassphraseTooLong { limit: 4096 })
    ));
    assert!(stage.installed.calls("key").is_empty());
}

#[test]
fn the_passphrase_comes_through_a_pipe_and_stands_nowhere_else() {
    let stage = Stage::new(Script::new().read_passphrase());
    let secret = "correct horse \u{1f40e} 'battery' $staple";
    let passphrase = Passphrase::new(secret.into());
    to_the_end(&start(
        &stage.borg,
        &stage.environment,
        Some(&passphrase),
        &list(),
    ));
    let call = &stage.installed.calls("list")[0];
    assert_eq!(call.passphrase(), secret);
    assert!(
        !call
            .arguments()
            .iter()
            .any(|argument| argument.contains("horse"))
    );
    assert!(
        !call
            .environment()
            .values()
            .any(|value| value.contains("horse"))
    );
}

#[test]
fn a_passphrase_that_does_not_fit_into_a_pipe_is_refused() {
    let stage = Stage::new(Script::new());
    let passphrase = Passphrase::new("x".repeat(4097));
    let (borg, environment) = (&stage.borg, &stage.environment);
    let launched = alcove_borg::launch(Launch {
        borg,
        command: &list(),
        environment,
        passphrase: Some(&passphrase),
        low_priority: false,
    });
    assert!(matches!(
        launched,
        Err(LaunchError::PassphraseTooLong { limit: 4096 })
    ));
}

#[test]
fn nothing_of_the_tests_own_environment_comes_through() {
    let stage = Stage::new(Script::new());
    to_the_end(&stage.start());
    let environment = stage.installed.calls("list")[0].environment();
    assert_eq!(environment["HOME"], stage.scratch.home().to_str().unwrap());
    assert_eq!(environment["TZ"], "UTC");
    assert!(
        !environment
            .keys()
            .any(|name| name.starts_with("CARGO") || name == "BORG_PASSPHRASE_FD")
    );
}

#[test]
fn prune_alone_runs_in_the_users_time_zone() {
    let stage = Stage::new(Script::new());
    let session = stage
        .scratch
        .session()
        .into_iter()
        .chain([("TZ".into(), "America/Los_Angeles".into())]);
    let prune = Command::Prune(Prune {
        repository: "/repo".into(),
        archive_prefix: "home-".into(),
        keep: Keep {
            daily: 1,
            ..Keep::default()
        },
        time_zone: None,
        lock_wait: alcove_borg::LOCK_WAIT_JOB,
        dry_run: false,
    });
    to_the_end(&start(
        &stage.borg,
        &Environment::from_session(session),
        None,
        &prune,
    ));
    assert_eq!(
        stage.installed.calls("prune")[0].environment()["TZ"],
        "America/Los_Angeles"
    );
}

#[test]
fn a_program_that_is_gone_is_an_error_and_not_an_exit() {
    let stage = Stage::new(Script::new());
    let borg = Borg {
        path: stage.scratch.path().join("absent"),
        ..stage.borg
    };
    let environment = &stage.environment;
    let launched = alcove_borg::launch(Launch {
        borg: &borg,
        command: &list(),
        environment,
        passphrase: None,
        low_priority: false,
    });
    let Err(LaunchError::Start { source, .. }) = launched else {
        panic!("there is no such program")
    };
    assert_eq!(source.kind(), std::io::ErrorKind::NotFound);
}

#[cfg(target_os = "linux")]
#[test]
fn borg_has_a_session_of_its_own() {
    let stage = Stage::new(Script::new().wait_for_release("go"));
    let running = stage.start();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", running.pid())).unwrap();
    // After the name in brackets: state, parent, group, session, terminal.
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    let pid = running.pid().to_string();
    assert_eq!(fields[2..5], [pid.as_str(), pid.as_str(), "0"]);
    stage.installed.release("go");
    to_the_end(&running);
}

/// Runs only inside the next test: starts a fake borg and waits to be killed.
#[test]
fn a_stand_in_for_alcove_that_is_killed() {
    let Some(program) = std::env::var_os("STAND_IN_BORG") else {
        return;
    };
    let borg = Borg {
        path: program.into(),
        version: Version::new(1, 2, 4),
    };
    let running = start(&borg, &Environment::from_session([]), None, &list());
    to_the_end(&running);
}

#[cfg(target_os = "linux")]
#[test]
fn borg_is_told_to_end_when_alcove_is_killed() {
    let stage = Stage::new(Script::new().wait_for_signal());
    let mut alcove = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "processes::a_stand_in_for_alcove_that_is_killed"])
        .env("STAND_IN_BORG", stage.installed.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let call = || stage.installed.calls("list").into_iter().next();
    eventually("it waits for a signal", || {
        call().is_some_and(|call| call.is_ready_for_signals())
    });
    alcove.kill().unwrap();
    alcove.wait().unwrap();
    eventually("it hears of it", || {
        call().is_some_and(|call| call.signals() == ["TERM"])
    });
}
