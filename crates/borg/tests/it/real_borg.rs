//! With the Borg of this computer: that what Alcove believes of it is so.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::follow::{exists, start, to_the_end};
use alcove_borg::{
    Answers, ArchiveList, Borg, Command, Create, CreateReport, Diagnosis, Encryption, Environment,
    Event, Exit, FileList, Keep, Launch, Passphrase, PatternOption, Problem, Prune, Selection,
    Signal, Verdict, find, is_checkpoint_start, is_warning, judge, launch_answering, prune_line,
    repository_id_at,
};
use alcove_testkit::Scratch;

/// A repository in a scratch home, and the Borg of this computer.
struct Stage {
    scratch: Scratch,
    borg: Borg,
    environment: Environment,
    passphrase: Passphrase,
}

const SECRET: &str = "correct horse battery staple";

impl Stage {
    /// Makes an encrypted repository. Its parent is made with it.
    fn new() -> Self {
        let scratch = Scratch::new();
        let environment = Environment::from_session(scratch.session());
        let borg = find(None, &environment).unwrap_or_else(|reason| {
            panic!("These tests need BorgBackup 1.2.4 or newer, below 1.5. {reason}")
        });
        let stage = Self {
            scratch,
            borg,
            environment,
            passphrase: Passphrase::new(SECRET.into()),
        };
        let init = Command::Init {
            repository: stage.repository(),
            encryption: Encryption::RepokeyBlake2,
        };
        assert_eq!(stage.run(&init).1.code, Some(0));
        stage
    }

    fn path(&self) -> PathBuf {
        self.scratch.path().join("deep/a repository")
    }

    fn repository(&self) -> String {
        self.path().to_str().unwrap().to_owned()
    }

    fn create(&self, archive: &str, source: PathBuf) -> Create {
        Create {
            repository: self.repository(),
            archive: archive.into(),
            selection: Selection {
                sources: vec![source],
                patterns: vec![PatternOption::Exclude("*/file000003.bin".into())],
                exclude_caches: true,
                one_file_system: true,
                ..Selection::default()
            },
            compression: "lz4".into(),
            chunker_params: None,
            file_list: FileList::Changed,
            checkpoint_interval: Duration::from_mins(10),
            lock_wait: Duration::from_mins(1),
        }
    }

    fn run(&self, command: &Command) -> (Vec<Event>, Exit) {
        to_the_end(&start(
            &self.borg,
            &self.environment,
            Some(&self.passphrase),
            command,
        ))
    }

    fn names(&self) -> Vec<String> {
        let (_, exit) = self.run(&Command::List {
            repository: self.repository(),
        });
        let list = ArchiveList::parse(&exit.stdout).expect("a list");
        list.archives
            .into_iter()
            .map(|archive| archive.name)
            .collect()
    }
}

fn diagnosis(events: &[Event]) -> Diagnosis {
    let mut diagnosis = Diagnosis::default();
    for event in events {
        diagnosis.observe(event);
    }
    diagnosis
}

fn warnings(events: &[Event]) -> u64 {
    let warns = |event: &&Event| matches!(event, Event::Log(message) if is_warning(message));
    events.iter().filter(warns).count() as u64
}

#[test]
fn a_backup_is_made_listed_and_known_by_its_id() {
    let stage = Stage::new();
    let source = stage.scratch.tree("src", 25, 2000, 1);
    let (events, exit) = stage.run(&Command::Create(stage.create("home {1} ünï", source)));
    let report = CreateReport::parse(&exit.stdout).expect("final statistics");
    assert_eq!(
        judge(&exit, Some(&report), warnings(&events), false),
        Verdict::Completed,
        "{events:?}"
    );
    assert_eq!(
        (report.archive.as_str(), report.nfiles),
        ("home {1} ünï", 24)
    );
    assert_eq!(repository_id_at(&stage.path()), Some(report.repository_id));
    assert!(events.contains(&Event::ArchiveProgressFinished));
    let added = events
        .iter()
        .filter(|event| matches!(event, Event::FileStatus { status: 'A', .. }));
    assert_eq!(added.count(), 24);
    assert_eq!(stage.names(), ["home {1} ünï"]);
}

#[test]
fn a_repository_says_its_id_with_and_without_archives() {
    let stage = Stage::new();
    let identify = Command::Identify {
        repository: stage.repository(),
        lock_wait: Duration::from_secs(5),
    };
    for archive in ["a", "b", "c"] {
        let (_, exit) = stage.run(&identify);
        let list = ArchiveList::parse(&exit.stdout).expect("a list");
        assert_eq!(Some(list.repository_id), repository_id_at(&stage.path()));
        let source = stage.scratch.tree("src", 1, 10, 1);
        stage.run(&Command::Create(stage.create(archive, source)));
    }
}

#[test]
fn a_wrong_passphrase_and_none_are_told_apart() {
    let stage = Stage::new();
    let list = Command::List {
        repository: stage.repository(),
    };
    let wrong = Passphrase::new("wrong".into());
    for (passphrase, problem) in [
        (Some(&wrong), Problem::PassphraseWrong),
        (None, Problem::PassphraseNeeded),
    ] {
        let (events, exit) = to_the_end(&start(&stage.borg, &stage.environment, passphrase, &list));
        assert_eq!(diagnosis(&events).problem(&exit), problem);
    }
}

#[test]
fn a_repository_that_is_missing_or_exists_is_named() {
    let stage = Stage::new();
    let missing = Command::List {
        repository: stage.scratch.path().join("none").to_str().unwrap().into(),
    };
    let again = Command::Init {
        repository: stage.repository(),
        encryption: Encryption::None,
    };
    for (command, problem) in [
        (missing, Problem::RepositoryMissing),
        (again, Problem::RepositoryExists),
    ] {
        let (events, exit) = stage.run(&command);
        assert_eq!(diagnosis(&events).problem(&exit), problem);
    }
}

/// Starts a backup that takes long, and gives it once the first file is read.
fn slow(stage: &Stage) -> alcove_borg::Running {
    let source = stage.scratch.tree("slow", 400, 100_000, 2);
    let create = Create {
        compression: "lzma,9".into(),
        ..stage.create("slow", source)
    };
    let running = start(
        &stage.borg,
        &stage.environment,
        Some(&stage.passphrase),
        &Command::Create(create),
    );
    for output in running.outputs() {
        match output {
            alcove_borg::Output::Event(Event::ArchiveProgress { nfiles: 1.., .. }) => break,
            alcove_borg::Output::Event(_) => {}
            alcove_borg::Output::Exited(exit) => panic!("it ended early: {exit:?}"),
        }
    }
    running
}

#[cfg(target_os = "linux")]
#[test]
fn the_passphrase_is_in_no_place_where_others_could_see_it() {
    let stage = Stage::new();
    let running = slow(&stage);
    for file in ["environ", "cmdline"] {
        let bytes = std::fs::read(format!("/proc/{}/{file}", running.pid())).unwrap();
        assert!(!bytes.is_empty());
        assert!(!String::from_utf8_lossy(&bytes).contains("horse"), "{file}");
    }
    running.signaller().send(Signal::Terminate);
    to_the_end(&running);
}

/// Changes the passphrase of a stage's repository.
fn change(stage: &Stage, current: &str, new: &str) -> (Vec<Event>, Exit) {
    let answers = Answers {
        current: Arc::new(Passphrase::new(current.into())),
        new: Arc::new(Passphrase::new(new.into())),
    };
    let launch = Launch {
        borg: &stage.borg,
        command: &Command::ChangePassphrase {
            repository: stage.repository(),
        },
        environment: &stage.environment,
        passphrase: None,
        low_priority: false,
    };
    to_the_end(&launch_answering(launch, answers).unwrap())
}

#[test]
fn a_passphrase_is_changed_on_a_terminal() {
    let mut stage = Stage::new();
    // One that a terminal with manners would not let through, and as long as one can be.
    for new in ["n\u{fc} \u{3}\u{4}\u{7f}\u{15} one", &"x".repeat(4096)] {
        let (events, exit) = change(&stage, stage.passphrase.expose(), new);
        assert_eq!(exit.code, Some(0), "{events:?}");
        let list = Command::List {
            repository: stage.repository(),
        };
        let (events, exit) = stage.run(&list);
        assert_eq!(
            diagnosis(&events).problem(&exit),
            Problem::PassphraseWrong,
            "the old one"
        );
        stage.passphrase = Passphrase::new(new.into());
        assert_eq!(stage.run(&list).1.code, Some(0));
    }
}

#[test]
fn a_passphrase_is_not_changed_by_who_does_not_know_it() {
    let stage = Stage::new();
    let (events, exit) = change(&stage, "not it", "new");
    assert_eq!(diagnosis(&events).problem(&exit), Problem::PassphraseWrong);
    assert!(stage.names().is_empty(), "the old one still opens it");
}

#[test]
fn a_terminated_backup_leaves_no_archive_no_lock_and_no_zombie() {
    let stage = Stage::new();
    let running = slow(&stage);
    assert!(running.signaller().send(Signal::Terminate));
    let (events, exit) = to_the_end(&running);
    assert!(!exists(running.pid()));
    assert_eq!(exit.code, Some(143));
    assert_eq!(
        judge(&exit, CreateReport::parse(&exit.stdout).as_ref(), 0, true),
        Verdict::Cancelled
    );
    assert_eq!(
        diagnosis(&events).problem(&exit),
        Problem::Killed { signal: 15 }
    );
    assert!(stage.names().is_empty());
}

#[test]
fn an_interrupted_backup_keeps_a_checkpoint() {
    let stage = Stage::new();
    let running = slow(&stage);
    assert!(running.signaller().send(Signal::Interrupt));
    let (events, exit) = to_the_end(&running);
    assert_eq!(
        judge(&exit, CreateReport::parse(&exit.stdout).as_ref(), 0, true),
        Verdict::Cancelled
    );
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::Log(message) if is_checkpoint_start(message)))
    );
    let (_, exit) = stage.run(&Command::List {
        repository: stage.repository(),
    });
    let list = ArchiveList::parse(&exit.stdout).unwrap();
    assert_eq!(
        list.archives
            .iter()
            .map(|archive| archive.checkpoint)
            .collect::<Vec<_>>(),
        [true]
    );
}

#[test]
fn prune_deletes_of_its_own_series_alone_and_compact_frees_the_space() {
    let stage = Stage::new();
    let source = stage.scratch.tree("src", 2, 100, 3);
    // Each of these would be hit by the prefix if it were read as a pattern or a placeholder.
    let own = ["a*[b]?{now}-1", "a*[b]?{now}-2"];
    let foreign = ["axxbx-1", "a*b1now-1", "other"];
    for name in own.iter().chain(&foreign) {
        assert_eq!(
            stage
                .run(&Command::Create(stage.create(name, source.clone())))
                .1
                .code,
            Some(0)
        );
    }
    let prune = |dry_run| {
        Command::Prune(Prune {
            repository: stage.repository(),
            archive_prefix: "a*[b]?{now}-".into(),
            keep: Keep {
                daily: 1,
                ..Keep::default()
            },
            time_zone: None,
            lock_wait: alcove_borg::LOCK_WAIT_JOB,
            dry_run,
        })
    };
    for dry_run in [true, false] {
        let (events, exit) = stage.run(&prune(dry_run));
        assert!(exit.is_success());
        assert_eq!(warnings(&events), 0, "{events:?}");
        let lines = events.iter().filter_map(|event| {
            if let Event::Log(message) = event {
                prune_line(message)
            } else {
                None
            }
        });
        let mut fates: Vec<(String, bool)> =
            lines.map(|line| (line.archive, line.deleted)).collect();
        fates.sort();
        assert_eq!(
            fates,
            [(own[0].to_owned(), true), (own[1].to_owned(), false)]
        );
    }
    let mut left = stage.names();
    left.sort();
    assert_eq!(left, ["a*[b]?{now}-2", "a*b1now-1", "axxbx-1", "other"]);
    let (_, exit) = stage.run(&Command::Compact {
        repository: stage.repository(),
        lock_wait: alcove_borg::LOCK_WAIT_JOB,
    });
    assert_eq!(exit.code, Some(0));
}

#[test]
fn a_pattern_borg_cannot_read_is_rejected_in_its_words() {
    let stage = Stage::new();
    let source = stage.scratch.tree("src", 1, 1, 4);
    let mut create = stage.create("a", source);
    create.selection.patterns = vec![PatternOption::Exclude("re:(".into())];
    let (events, exit) = stage.run(&Command::Create(create));
    let problem = diagnosis(&events).problem(&exit);
    assert!(
        matches!(&problem, Problem::BorgRejectedArguments { text } if !text.is_empty()),
        "{problem:?}"
    );
}
