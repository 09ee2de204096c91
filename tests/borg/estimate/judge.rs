//! Borg, asked what it takes: by a backup, and by a dry run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use alcove_borg::{
    Borg, Command, Create, CreateReport, DryRunStatus, Encryption, Environment, Event, Exit,
    FileList, Launch, Output, Selection, Version, dry_run_status, find,
};
use alcove_testkit::Scratch;
use alcove_tests::Terminal;

/// Files, and the bytes in them.
pub(super) type Count = (u64, u64);

/// A repository without a passphrase, and the Borg that fills it.
pub(super) struct Judge {
    pub(super) scratch: Scratch,
    borg: Borg,
    environment: Environment,
}

impl Judge {
    pub(super) fn new() -> Self {
        let scratch = Scratch::new();
        let environment = Environment::from_session(scratch.session());
        let borg = find(None, &environment).unwrap();
        let judge = Self {
            scratch,
            borg,
            environment,
        };
        let init = Command::Init {
            repository: judge.repository().display().to_string(),
            encryption: Encryption::None,
        };
        judge.run(&init, |_| {});
        judge
    }

    pub(super) fn repository(&self) -> PathBuf {
        self.scratch.path().join("home/repository")
    }

    /// What Borg never takes.
    pub(super) fn apart(&self) -> Vec<PathBuf> {
        let caches = self.environment.cache_folder();
        [self.repository()].into_iter().chain(caches).collect()
    }

    fn create(&self, selection: &Selection, archive: &str) -> Create {
        Create {
            repository: self.repository().display().to_string(),
            archive: archive.to_owned(),
            selection: selection.clone(),
            compression: "none".to_owned(),
            chunker_params: None,
            file_list: FileList::Problems,
            checkpoint_interval: Duration::from_mins(30),
            lock_wait: Duration::from_secs(10),
        }
    }

    /// What a backup holds that was made of it.
    pub(super) fn backed_up(&self, selection: &Selection, archive: &str) -> Count {
        let exit = self.run(&Command::Create(self.create(selection, archive)), |_| {});
        let report = CreateReport::parse(&exit.stdout).unwrap();
        let bytes = if self.borg.version < Version::new(1, 4, 0) {
            self.listed_bytes(archive)
        } else {
            report.original_size
        };
        (report.nfiles, bytes)
    }

    /// The bytes of an archive as its list has them: 1.2 counts into the size of an archive what it says of itself.
    fn listed_bytes(&self, archive: &str) -> u64 {
        let archive = format!("{}::{archive}", self.repository().display());
        let listed =
            Terminal(&self.scratch).borg(&["list", "--format={type} {size}{NL}", &archive]);
        let said = String::from_utf8_lossy(&listed.stderr);
        assert!(listed.status.success(), "{said}");
        // A hard link after the first is of type `h`.
        String::from_utf8(listed.stdout)
            .unwrap()
            .lines()
            .filter_map(|line| line.strip_prefix("- "))
            .map(|size| size.parse::<u64>().unwrap())
            .sum()
    }

    /// The paths a backup would take, in their order by name; bytes that are no text as `?`.
    pub(super) fn would_take(&self, selection: &Selection) -> Vec<String> {
        let mut taken = Vec::new();
        self.run(&Command::DryRun(self.create(selection, "dry")), |event| {
            if let Event::FileStatus { status, path } = event
                && dry_run_status(status) == Some(DryRunStatus::Included)
            {
                taken.push(path);
            }
        });
        taken.sort();
        taken
    }

    /// Runs a Borg that does not fail.
    fn run(&self, command: &Command, mut hear: impl FnMut(Event)) -> Exit {
        let running = alcove_borg::launch(Launch {
            borg: &self.borg,
            command,
            environment: &self.environment,
            passphrase: None,
            low_priority: false,
        })
        .unwrap();
        let mut said = Vec::new();
        let mut ended = Exit::default();
        for output in running.outputs() {
            match output {
                Output::Event(event) => {
                    said.push(format!("{event:?}"));
                    hear(event);
                }
                Output::Exited(exit) => ended = exit,
            }
        }
        // A warning is 1, or a code from 100 on.
        let good = ended.code.is_some_and(|code| !(2..100).contains(&code));
        assert!(good, "{ended:?}\n{command:?}\n{}", said.join("\n"));
        ended
    }
}

/// A path as a dry run prints it.
pub(super) fn printed(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}
