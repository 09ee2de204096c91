//! The repositories Alcove knows: created with a default plan, opened with a passphrase, changed, forgotten.
//!
//! What runs Borg runs it to its end on the calling thread: it takes less than a second on a local disk and has no
//! progress to show.

use std::sync::Arc;
use std::time::Duration;

use alcove_borg::{Command, Encryption, Passphrase, Problem};
use alcove_store::{CheckRhythm, Keep, KeepPassphrase, Plan, Repository, steers};
use jiff::Timestamp;

use crate::ask::{Question, Unanswered};
use crate::changes::Change;
use crate::engine::{Engine, Inner};
use crate::error::{ErrorCode, Failure};
use crate::job::explain;
use crate::reach::Reach;
use crate::turns::Look;
use crate::{place, plans};

/// A repository to create, and what its default plan backs up.
pub struct NewRepository {
    /// The person's own name for it.
    pub name: String,
    /// Borg's location: an absolute path or `ssh://…`.
    pub location: String,
    /// Borg's name of the encryption mode; `repokey-blake2` when left out.
    pub encryption: Option<String>,
    /// The passphrase; may be left out without encryption, or with a passcommand.
    pub passphrase: Option<Passphrase>,
    /// A command that prints the passphrase, for each job anew.
    pub passcommand: Option<String>,
    /// Borg's name of the compression.
    pub compression: Option<String>,
    /// Absolute folders; none: no plan is made.
    pub sources: Vec<String>,
    /// Borg patterns of what is left out.
    pub excludes: Vec<String>,
    /// Name of the default plan; the name of the first folder when left out.
    pub plan_name: Option<String>,
    /// How many archives its default plan keeps; all zero: every one.
    pub keep: Keep,
    /// Whether compact follows a prune.
    pub compact: bool,
    /// Whether the keyring keeps the passphrase.
    pub remember: bool,
    /// The private key ssh logs in with; those ssh finds by itself when left out.
    pub ssh_key: Option<String>,
    /// The Borg of its server; `borg` when left out.
    pub remote_path: Option<String>,
}

/// A repository that was created.
#[derive(Debug, Clone)]
pub struct Created {
    /// Its record.
    pub repository: Repository,
    /// Its default plan.
    pub plan: Option<i64>,
    /// Whether the keyring has the passphrase.
    pub remembered: bool,
}

/// What a person changes of a repository; what is left out stays.
#[derive(Debug, Clone, Default)]
pub struct RepositoryChange {
    /// The person's own name for it.
    pub name: Option<String>,
    /// Whether its server lets nothing be deleted from this computer.
    pub append_only: Option<bool>,
    /// How it is checked by itself; `Some(None)`: when it is asked to.
    pub check: Option<Option<NewCheckRhythm>>,
    /// A command that prints its passphrase; an empty text: none.
    pub passcommand: Option<String>,
    /// How long its passphrase is kept; what is kept for longer is forgotten, in the keyring too.
    pub keep_passphrase: Option<KeepPassphrase>,
}

/// How a repository is to be checked by itself.
#[derive(Debug, Clone, Copy)]
pub struct NewCheckRhythm {
    /// So many days after the last check, 1 to 366.
    pub days: u32,
    /// For so many minutes at most, 1 to 1440; `None`: to its end.
    pub minutes: Option<u32>,
}

impl NewCheckRhythm {
    /// The rhythm that is wished for. One that is as it was has been so since then.
    fn since(self, now: Timestamp, old: Option<CheckRhythm>) -> Result<CheckRhythm, Failure> {
        let Self { days, minutes } = self;
        if !(1..=366).contains(&days) {
            return Err(Failure::bad_argument(
                "days",
                "A repository is checked every 1 to 366 days.",
            ));
        }
        if minutes.is_some_and(|minutes| !(1..=24 * 60).contains(&minutes)) {
            return Err(Failure::bad_argument(
                "minutes",
                "A part of a check takes 1 to 1440 minutes.",
            ));
        }
        let old = old.filter(|old| old.days == days);
        Ok(CheckRhythm {
            days,
            minutes,
            since: old.map_or(now, |old| old.since),
        })
    }
}

/// A large list of archives takes Borg a while.
const PATIENCE: Duration = Duration::from_mins(10);
/// No name of a person's own is longer.
const LONGEST_NAME: usize = 200;

impl Engine {
    /// Creates a Borg repository, then its record and its default plan.
    ///
    /// Arguments are checked before anything is made; a failure of Borg leaves no record.
    pub fn create_repository(&self, new: NewRepository) -> Result<Created, Failure> {
        let inner = self.inner();
        let name = check_name("name", &new.name)?;
        place::check_new("path", &new.location)?;
        let location = place::without_trailing_slash(&new.location).to_owned();
        let encryption = check_encryption(new.encryption.as_deref())?;
        check_passphrase(
            encryption,
            new.passphrase.as_ref(),
            new.passcommand.as_deref(),
        )?;
        let compression = new
            .compression
            .unwrap_or_else(|| plans::COMPRESSION.to_owned());
        if let Some(known) = inner.store.repository_at(&location)? {
            return Err(Failure::new(
                ErrorCode::RepositoryExists,
                format!("{} is at this place already.", known.name),
            )
            .hint("Choose another folder."));
        }
        let plan = if new.sources.is_empty() {
            None
        } else {
            let plan_name = match &new.plan_name {
                Some(chosen) => check_name("plan_name", chosen)?,
                None => plans::name_of_folder(&new.sources),
            };
            let tag = plans::new_tag()?;
            let now = inner.world.clock.now();
            let plan = Plan {
                keep: new.keep,
                compact: new.compact && new.keep.prunes(),
                ..plans::default_plan(plan_name, tag, new.sources, new.excludes, compression, now)
            };
            plans::check_plan(&plan)?;
            Some(plan)
        };

        let reach = Reach::check(new.ssh_key, new.remote_path)?;
        let environment = inner.environment(&reach);
        let init = Command::Init {
            repository: location.clone(),
            encryption,
        };
        let printed = inner.printed_passphrase(new.passcommand.as_deref())?;
        let given = new.passphrase.map(Arc::new);
        let passphrase = given.as_deref().or(printed.as_ref());
        inner
            .ask(&Question {
                command: &init,
                environment: &environment,
                passphrase,
                until: None,
                gives_way: None,
            })
            .map_err(|why| why.failure(&name))?;
        let borg_id = match place::local(&location).and_then(alcove_borg::repository_id_at) {
            Some(id) => Some(id),
            None => inner
                .list(&location, &environment, passphrase, &name)
                .map(|list| Some(list.repository_id))?,
        };

        let repository = Repository {
            id: 0,
            name,
            drive: inner.drive_at(&location),
            location,
            borg_id,
            encryption: encryption.as_str().to_owned(),
            passcommand: new.passcommand,
            ssh_key: reach.ssh_key,
            remote_path: reach.remote_path,
            keep_passphrase: KeepPassphrase::Session,
            append_only: false,
            check: None,
            key_exported_at: None,
            created_at: inner.world.clock.now(),
        };
        let (repository, plan) = inner.store.insert_with_plan(repository, plan)?;
        let remembered = given.is_some_and(|passphrase| {
            inner.keep_passphrase(&repository, &passphrase, new.remember)
        });
        inner.tell(&Change::Plans);
        Ok(Created {
            repository: self.repository(repository.id)?,
            plan,
            remembered,
        })
    }

    /// Hands over the passphrase of a repository, after Borg has opened it with it. Jobs that wait
    /// for it go on. It is kept as long as the repository says; `remember` says otherwise of the keyring, but for one
    /// that is never kept.
    pub fn unlock(
        &self,
        location: &str,
        passphrase: Passphrase,
        remember: Option<bool>,
    ) -> Result<(), Failure> {
        let inner = self.inner();
        let repository = inner.known_at(location)?;
        let location = place::without_trailing_slash(location);
        inner.open_repository(&repository, &passphrase)?;
        let passphrase = Arc::new(passphrase);
        inner.keep_for_now(&repository, &passphrase);
        inner.passphrase_came(location);
        self.pump();
        // What a locked keyring has of it is there, and nobody who enters it wants to be asked for another.
        let wanted = remember.unwrap_or(repository.keep_passphrase == KeepPassphrase::Keyring);
        if wanted && !inner.secrets.is_in_locked_keyring(&repository) {
            inner.remember(&repository, &passphrase)?;
        }
        Ok(())
    }

    /// Changes what a person chose of a repository.
    pub fn change_repository(
        &self,
        id: i64,
        change: RepositoryChange,
    ) -> Result<Repository, Failure> {
        let mut repository = self.repository(id)?;
        if let Some(name) = change.name {
            repository.name = check_name("name", &name)?;
        }
        if let Some(append_only) = change.append_only {
            repository.append_only = append_only;
        }
        if let Some(check) = change.check {
            let now = self.world().clock.now();
            repository.check = check
                .map(|wished| wished.since(now, repository.check))
                .transpose()?;
        }
        if let Some(line) = change.passcommand {
            repository.passcommand = Some(line).filter(|line| !line.is_empty());
            self.inner()
                .printed_passphrase(repository.passcommand.as_deref())?
                .map(|printed| self.inner().open_repository(&repository, &printed))
                .transpose()?;
        }
        if let Some(keep) = change.keep_passphrase {
            self.inner().keep_from_now_on(&mut repository, keep)?;
        }
        self.store().change_repository(&repository)?;
        self.inner().tell(&Change::Plans);
        self.inner().look_at_schedules();
        if repository.passcommand.is_some() {
            self.inner().passphrase_came(&repository.location);
            self.pump();
        }
        Ok(repository)
    }

    /// Removes a repository from Alcove with its plans. The repository itself, its archives and the history of its
    /// jobs stay; its passphrase is forgotten. Refused while a job of it has not ended.
    pub fn forget_repository(&self, id: i64) -> Result<(), Failure> {
        let repository = self.repository(id)?;
        let held = self.hold_lane(&repository)?;
        let unfinished = self
            .inner()
            .lanes()
            .entries()
            .find(|entry| entry.lane == repository.location)
            .map(|entry| entry.job.id);
        if let Some(job) = unfinished {
            return Err(Failure::new(
                ErrorCode::InUse,
                format!("Job {job} of {} has not ended.", repository.name),
            )
            .hint("Wait until it has ended, or cancel it first.")
            .retryable());
        }
        self.store().remove_repository(id)?;
        self.inner().secrets.forget_now(&repository);
        drop(held);
        self.inner().tell(&Change::Plans);
        self.forget_in_keyring(repository);
        Ok(())
    }

    /// Lists the archives of the repository at `location`, without checkpoints: what Borg prints as JSON.
    pub fn archives(&self, location: &str) -> Result<String, Failure> {
        let inner = self.inner();
        let repository = inner.known_at(location)?;
        let look = self.look_at(&repository)?;
        let passphrase = inner.passphrase_for(&repository, &look)?;
        let list = Command::ListComplete {
            repository: repository.location.clone(),
        };
        let exit = inner.ask_repository(
            &repository,
            &list,
            passphrase.as_deref(),
            PATIENCE,
            Some(&look.wanted),
        )?;
        Ok(String::from_utf8_lossy(&exit.stdout).into_owned())
    }
}

impl Inner {
    /// Keeps a passphrase for as long as its repository says, and in the keyring if that is asked for; returns whether
    /// it is there.
    pub(crate) fn keep_passphrase(
        &self,
        repository: &Repository,
        passphrase: &Arc<Passphrase>,
        remember: bool,
    ) -> bool {
        self.keep_for_now(repository, passphrase);
        remember
            && self
                .remember(repository, passphrase)
                .inspect_err(|failure| log::warn!("{failure}"))
                .unwrap_or_default()
    }

    /// Keeps a passphrase while Alcove runs, or for the jobs that wait for it.
    fn keep_for_now(&self, repository: &Repository, passphrase: &Arc<Passphrase>) {
        if repository.keep_passphrase == KeepPassphrase::Never {
            self.hand_over(&repository.location, passphrase);
        } else {
            self.secrets.keep(repository, Arc::clone(passphrase));
        }
    }

    /// Writes a passphrase to the keyring, and notes that it is kept there from now on. Returns whether it is there:
    /// one that is never kept is not.
    fn remember(&self, repository: &Repository, passphrase: &Passphrase) -> Result<bool, Failure> {
        if repository.keep_passphrase == KeepPassphrase::Never {
            return Ok(false);
        }
        self.secrets.remember(repository, passphrase)?;
        if repository.keep_passphrase != KeepPassphrase::Keyring
            && let Some(now) = self.store.repository(repository.id)?
        {
            self.store.change_repository(&Repository {
                keep_passphrase: KeepPassphrase::Keyring,
                ..now
            })?;
            self.tell(&Change::Plans);
        }
        Ok(true)
    }

    /// Has a passphrase kept for so long: what is kept for longer is forgotten, what is known goes into the keyring.
    fn keep_from_now_on(
        &self,
        repository: &mut Repository,
        keep: KeepPassphrase,
    ) -> Result<(), Failure> {
        match keep {
            KeepPassphrase::Keyring => {
                if let Some(known) = self.secrets.known(repository) {
                    self.secrets.remember(repository, &known)?;
                }
            }
            KeepPassphrase::Session => self.secrets.forget_in_keyring(repository)?,
            KeepPassphrase::Never => {
                self.secrets.forget_in_keyring(repository)?;
                self.secrets.forget_now(repository);
            }
        }
        repository.keep_passphrase = keep;
        Ok(())
    }

    /// Finds the repository at a location; a slash at the end makes no difference.
    pub(crate) fn known_at(&self, location: &str) -> Result<Repository, Failure> {
        place::check("repository", location)?;
        let location = place::without_trailing_slash(location);
        self.store.repository_at(location)?.ok_or_else(|| {
            Failure::new(
                ErrorCode::RepositoryUnknown,
                format!("Alcove does not know a repository at {location}."),
            )
        })
    }

    /// Runs the passcommand of a repository that is to be created.
    fn printed_passphrase(&self, line: Option<&str>) -> Result<Option<Passphrase>, Failure> {
        let printed = line.map(|line| self.secrets.ask(line, &|| false));
        printed
            .transpose()
            .map_err(|why| Failure::bad_argument("passcommand", format!("The passcommand {why}.")))
    }

    /// Finds the passphrase of a repository; `None` where it needs none.
    pub(crate) fn passphrase_of(
        &self,
        repository: &Repository,
        give_up: &dyn Fn() -> bool,
    ) -> Result<Option<Arc<Passphrase>>, Failure> {
        if repository.encryption == Encryption::None.as_str() {
            return Ok(None);
        }
        match self.secrets.find(repository, give_up)? {
            Some(passphrase) => Ok(Some(passphrase)),
            None => Err(explain::problem(
                &Problem::PassphraseNeeded,
                &repository.name,
            )),
        }
    }

    /// Finds the passphrase a look needs, and gives way to a job as the look does.
    pub(crate) fn passphrase_for(
        &self,
        repository: &Repository,
        look: &Look,
    ) -> Result<Option<Arc<Passphrase>>, Failure> {
        let found = self.passphrase_of(repository, &|| look.is_wanted());
        if found.is_err() && look.is_wanted() {
            return Err(Unanswered::GaveWay.failure(&repository.name));
        }
        found
    }

    /// Opens a repository with a passphrase, to find out whether it is the right one.
    pub(crate) fn open_repository(
        &self,
        repository: &Repository,
        passphrase: &Passphrase,
    ) -> Result<(), Failure> {
        let environment = self.environment_of(repository);
        self.list(
            &repository.location,
            &environment,
            Some(passphrase),
            &repository.name,
        )
        .map(|_| ())
    }
}

pub(crate) fn check_name(field: &str, name: &str) -> Result<String, Failure> {
    let name = name.trim();
    let reason = if name.is_empty() {
        "A name is missing."
    } else if name.len() > LONGEST_NAME {
        "The name is longer than 200 bytes."
    } else if name.contains(steers) {
        "The name has a line break or another character in it that cannot be seen."
    } else {
        return Ok(name.to_owned());
    };
    Err(Failure::bad_argument(field, reason))
}

fn check_encryption(mode: Option<&str>) -> Result<Encryption, Failure> {
    match mode {
        None => Ok(Encryption::RepokeyBlake2),
        Some(mode) => Encryption::parse(mode).ok_or_else(|| {
            Failure::bad_argument(
                "encryption",
                format!("Borg has no encryption named {mode:?}."),
            )
        }),
    }
}

fn check_passphrase(
    encryption: Encryption,
    passphrase: Option<&Passphrase>,
    passcommand: Option<&str>,
) -> Result<(), Failure> {
    let refused = |field, reason| Err(Failure::bad_argument(field, reason));
    match (passphrase, passcommand) {
        (Some(_), Some(_)) => refused(
            "passcommand",
            "Give a passphrase or a passcommand, not both.",
        ),
        (None, Some(_)) => Ok(()),
        (given, None) => {
            if encryption != Encryption::None && given.is_none_or(Passphrase::is_empty) {
                return refused("passphrase", "An encrypted repository needs a passphrase.");
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encrypted_repository_without_a_passphrase_is_refused_before_borg() {
        let encrypted = check_encryption(None).unwrap();
        let failure = check_passphrase(encrypted, None, None).unwrap_err();
        assert_eq!(failure.field.as_deref(), Some("passphrase"));
        assert!(check_passphrase(encrypted, None, Some("pass show x")).is_ok());
        assert!(check_encryption(Some("rot13")).is_err());
        assert!(check_passphrase(Encryption::None, None, None).is_ok());
    }
}
