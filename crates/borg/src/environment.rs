//! The environment Borg runs in, built from nothing.
//!
//! Apart because it is a promise on its own: whatever the session carries (a `BORG_REPO`, a passphrase
//! variable, a logging configuration, a Python switch), a backup behaves the same. Only the variables listed
//! here pass. Leaves out the passphrase, which `process` hands over by a file descriptor.
//!
//! Source: Borg 1.4.5 docs/usage/general/environment.rst.inc; measured with Borg 1.2.4 and 1.4.5.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::ssh::{self, Ssh};

/// What passes from the session: where programs, homes and agents are.
const PASSED: [&str; 9] = [
    "HOME",
    "LOGNAME",
    "PATH",
    "SSH_AUTH_SOCK",
    "TMPDIR",
    "USER",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
];

/// What is always said to Borg. Every question is answered "no", so that none can wait for a terminal.
const SAID: [(&str, &str); 5] = [
    ("BORG_DISPLAY_PASSPHRASE", "no"),
    // 1.4 then says with its exit code what went wrong; 1.2 does not know it.
    ("BORG_EXIT_CODES", "modern"),
    // Shorter tracebacks: without host name, kernel and library versions.
    ("BORG_SHOW_SYSINFO", "no"),
    (RELOCATED, "no"),
    (UNKNOWN_UNENCRYPTED, "no"),
];

/// The line Borg starts ssh with.
const RSH: &str = "BORG_RSH";
/// The Borg of a server, where it is not `borg`.
const REMOTE_PATH: &str = "BORG_REMOTE_PATH";

/// In which folder Borg keeps all it keeps on this computer.
const BASE_DIR: &str = "BORG_BASE_DIR";

/// How many backups into its repository Borg remembers an unchanged file for.
const FILES_CACHE_TTL: &str = "BORG_FILES_CACHE_TTL";
/// Borg's own, enough for one plan.
const TTL_OF_ONE: usize = 20;
/// For each further plan: an hourly one, beside another that runs once a week.
const TTL_OF_ANOTHER: usize = 7 * 24;

const RELOCATED: &str = "BORG_RELOCATED_REPO_ACCESS_IS_OK";
/// What Borg calls this computer in its locks.
const HOST_ID: &str = "BORG_HOST_ID";

const UNKNOWN_UNENCRYPTED: &str = "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK";

/// Paths come from Borg as UTF-8 only in such a locale.
const LOCALE: &str = "C.UTF-8";

/// Names a question of Borg that the user may answer with yes, for one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Confirmation {
    /// The repository is at another place than last time. Borg remembers the yes.
    RelocatedRepository,
    /// The repository is not encrypted and this computer has not seen it before. Borg remembers the yes.
    UnknownUnencryptedRepository,
}

/// The time zone a program reads and prints times in.
pub(crate) const ZONE: &str = "TZ";

/// In which time zone Borg reads and prints times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone<'a> {
    /// Borg prints times without an offset: asked in UTC, they are UTC.
    Utc,
    /// The user's: the days and weeks of prune are those of the user.
    Users,
    /// The one of this IANA name.
    Named(&'a str),
}

/// Holds the variables Borg gets.
#[derive(Debug, Clone)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
    zone: Option<OsString>,
}

impl Environment {
    /// Takes what passes out of the session's variables and adds what Alcove says to Borg.
    ///
    /// `TZ` is kept aside for prune; a locale that is not UTF-8 becomes `C.UTF-8`; of `BORG_*` nothing passes.
    pub fn from_session(session: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let session: BTreeMap<OsString, OsString> = session.into_iter().collect();
        let get = |name: &str| {
            session
                .get(OsStr::new(name))
                .filter(|value| !value.is_empty())
        };

        let mut variables: BTreeMap<OsString, OsString> = PASSED
            .iter()
            .filter_map(|name| Some((OsString::from(name), get(name)?.clone())))
            .chain(SAID.iter().map(|(name, value)| (name.into(), value.into())))
            .chain([(RSH.into(), Ssh::default().line().into())])
            .collect();

        let mut locale = ["LC_ALL", "LANG"].map(|name| (name, get(name).cloned()));
        if !locale
            .iter()
            .find_map(|(_, value)| value.as_deref())
            .is_some_and(is_utf8)
        {
            locale = locale.map(|(name, _)| (name, Some(LOCALE.into())));
        }
        for (name, value) in locale {
            variables.extend(value.map(|value| (name.into(), value)));
        }

        Self {
            variables,
            zone: get(ZONE).cloned(),
        }
    }

    /// Answers a question of Borg with yes, for the runs with this environment: only after the user agreed.
    #[must_use]
    pub fn confirming(mut self, confirmation: Confirmation) -> Self {
        let name = match confirmation {
            Confirmation::RelocatedRepository => RELOCATED,
            Confirmation::UnknownUnencryptedRepository => UNKNOWN_UNENCRYPTED,
        };
        self.variables.insert(name.into(), "yes".into());
        self
    }

    /// Reaches servers by this ssh and finds Borg there under this name; without one, under `borg`.
    #[must_use]
    pub fn over_ssh(mut self, ssh: &Ssh, remote_path: Option<&str>) -> Self {
        self.variables.insert(RSH.into(), ssh.line().into());
        if let Some(path) = remote_path {
            self.variables.insert(REMOTE_PATH.into(), path.into());
        }
        self
    }

    /// Has Borg remember the files of each of so many plans that fill one repository.
    ///
    /// Every backup into a repository makes what Borg remembers of all other files a backup older, whichever plan
    /// it is of, and what is too old is read anew. Borg holds what it remembers in memory while it backs up, also of
    /// files that are gone: so the bound is raised, and not taken away.
    #[must_use]
    pub fn shared_by(mut self, plans: usize) -> Self {
        if plans > 1 {
            let ttl = TTL_OF_ONE + (plans - 1) * TTL_OF_ANOTHER;
            self.variables
                .insert(FILES_CACHE_TTL.into(), ttl.to_string().into());
        }
        self
    }

    /// Has Borg call this computer so in its locks; nothing: by its own default. A lock of the same id whose process
    /// is gone is one that Borg itself removes.
    #[must_use]
    pub fn with_host_id(mut self, id: Option<&str>) -> Self {
        match id {
            Some(id) => self.variables.insert(HOST_ID.into(), id.into()),
            None => self.variables.remove(OsStr::new(HOST_ID)),
        };
        self
    }

    /// Gives Borg other folders than the person's for its caches, its keys and what it remembers: below `base`.
    #[must_use]
    pub fn with_folders(mut self, base: &Path) -> Self {
        for name in ["XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
            self.variables.remove(OsStr::new(name));
        }
        self.variables.insert(BASE_DIR.into(), base.into());
        self
    }

    /// Tells whether Borg remembers the files of an earlier backup into the repository with this id, so that the
    /// next one need not read them again. They are found by their full paths, whatever the archive is called
    /// (Borg 1.4.5, `cache.py`).
    pub fn remembers_files(&self, repository_id: &str) -> bool {
        self.cache_of(repository_id)
            .is_some_and(|cache| cache.join("files").is_file())
    }

    /// Gives where Borg keeps its caches, which it never backs up; nothing in a session without a home.
    pub fn cache_folder(&self) -> Option<PathBuf> {
        let folder = |name: &str| self.variables.get(OsStr::new(name)).map(PathBuf::from);
        let caches = match folder(BASE_DIR) {
            Some(base) => base.join(".cache"),
            None => folder("XDG_CACHE_HOME").or_else(|| Some(self.home()?.join(".cache")))?,
        };
        Some(caches.join("borg"))
    }

    /// Gives the folder of Borg's cache of the repository with this id. Borg locks it as it locks a repository.
    pub fn cache_of(&self, repository_id: &str) -> Option<PathBuf> {
        Some(self.cache_folder()?.join(repository_id))
    }

    /// Gives what a terminal must set first to reach the same server: nothing unless it is reached in a way of
    /// its own.
    pub(crate) fn assignments(&self) -> String {
        let usual = Ssh::default().line();
        [RSH, REMOTE_PATH]
            .into_iter()
            .filter_map(|name| Some((name, self.variables.get(OsStr::new(name))?.to_str()?)))
            .filter(|(_, value)| *value != usual)
            .map(|(name, value)| ssh::assignment(name, value))
            .collect()
    }

    /// Gives the variables for one run.
    pub(crate) fn variables<'a>(
        &'a self,
        zone: Zone<'a>,
    ) -> impl Iterator<Item = (&'a OsStr, &'a OsStr)> {
        let zone = match zone {
            Zone::Utc => Some(OsStr::new("UTC")),
            Zone::Users => self.zone.as_deref(),
            Zone::Named(name) => Some(OsStr::new(name)),
        };
        let variables = self
            .variables
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()));
        variables.chain(zone.map(|zone| (OsStr::new(ZONE), zone)))
    }

    /// Gives the folders programs are looked for in; relative ones are left out, they would mean another
    /// folder every time.
    pub(crate) fn search_path(&self) -> impl Iterator<Item = PathBuf> {
        let path = self.variables.get(OsStr::new("PATH"));
        path.into_iter()
            .flat_map(std::env::split_paths)
            .filter(|folder| folder.is_absolute())
    }

    /// Gives the user's home folder, if the session names one.
    pub(crate) fn home(&self) -> Option<&Path> {
        self.variables.get(OsStr::new("HOME")).map(Path::new)
    }
}

fn is_utf8(locale: &OsStr) -> bool {
    locale.to_str().is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(session: &[(&str, &str)], zone: Zone<'_>) -> BTreeMap<String, String> {
        let session = session
            .iter()
            .map(|(name, value)| (OsString::from(name), OsString::from(value)));
        let text = |value: &OsStr| value.to_string_lossy().into_owned();
        let environment = Environment::from_session(session);
        environment
            .variables(zone)
            .map(|(name, value)| (text(name), text(value)))
            .collect()
    }

    #[test]
    fn only_what_is_listed_passes() {
        let got = variables(
            &[
                ("HOME", "/home/ada"),
                ("PATH", "/usr/bin"),
                ("SSH_AUTH_SOCK", "/run/agent"),
                ("BORG_REPO", "/elsewhere"),
                ("BORG_PASSCOMMAND", "cat /secret"),
                ("BORG_LOGGING_CONF", "/etc/log"),
                ("BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes"),
                ("PYTHONUTF8", "0"),
                ("LD_PRELOAD", "/lib/x.so"),
            ],
            Zone::Utc,
        );
        let names: Vec<&str> = got.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "BORG_DISPLAY_PASSPHRASE",
                "BORG_EXIT_CODES",
                "BORG_RELOCATED_REPO_ACCESS_IS_OK",
                "BORG_RSH",
                "BORG_SHOW_SYSINFO",
                "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK",
                "HOME",
                "LANG",
                "LC_ALL",
                "PATH",
                "SSH_AUTH_SOCK",
                "TZ"
            ]
        );
        assert_eq!(got["BORG_RELOCATED_REPO_ACCESS_IS_OK"], "no");
        assert_eq!(got["BORG_EXIT_CODES"], "modern");
    }

    #[test]
    fn the_users_time_zone_is_for_prune_alone() {
        let session = [("TZ", "America/Los_Angeles")];
        assert_eq!(variables(&session, Zone::Utc)["TZ"], "UTC");
        assert_eq!(
            variables(&session, Zone::Users)["TZ"],
            "America/Los_Angeles"
        );
        assert_eq!(variables(&[], Zone::Users).get("TZ"), None);
        let named = Zone::Named("Europe/Berlin");
        assert_eq!(variables(&session, named)["TZ"], "Europe/Berlin");
    }

    #[test]
    fn a_utf8_locale_stays_and_any_other_becomes_one() {
        let kept = variables(&[("LANG", "de_DE.UTF-8")], Zone::Utc);
        assert_eq!(
            (kept["LANG"].as_str(), kept.get("LC_ALL")),
            ("de_DE.UTF-8", None)
        );
        for session in [
            &[("LANG", "de_DE.ISO-8859-1")][..],
            &[("LANG", "en_US.utf8"), ("LC_ALL", "C")],
            &[],
        ] {
            let got = variables(session, Zone::Utc);
            assert_eq!(
                (got["LANG"].as_str(), got["LC_ALL"].as_str()),
                ("C.UTF-8", "C.UTF-8")
            );
        }
    }

    #[test]
    fn a_question_the_user_agreed_to_is_answered_with_yes() {
        let environment =
            Environment::from_session([]).confirming(Confirmation::RelocatedRepository);
        let yes: Vec<&OsStr> = environment
            .variables(Zone::Utc)
            .filter_map(|(name, value)| (value == "yes").then_some(name))
            .collect();
        assert_eq!(yes, [RELOCATED]);
    }

    #[test]
    fn a_host_id_is_given_and_taken_back() {
        let named = Environment::from_session([]).with_host_id(Some("desk@alcove-1"));
        let id = |environment: &Environment| {
            environment
                .variables
                .get(OsStr::new("BORG_HOST_ID"))
                .cloned()
        };
        assert_eq!(id(&named), Some("desk@alcove-1".into()));
        assert_eq!(id(&named.with_host_id(None)), None);
    }

    #[test]
    fn files_are_remembered_for_longer_where_several_plans_share_a_repository() {
        let ttl = |plans| {
            let environment = Environment::from_session([]).shared_by(plans);
            environment
                .variables
                .get(OsStr::new(FILES_CACHE_TTL))
                .cloned()
        };
        assert_eq!((ttl(0), ttl(1)), (None, None));
        assert_eq!((ttl(2), ttl(3)), (Some("188".into()), Some("356".into())));
    }

    #[test]
    fn the_folder_of_caches_is_where_borg_looks_for_it() {
        let home = ("HOME".into(), "/home/ada".into());
        let caches = |environment: Environment| environment.cache_folder().unwrap();
        let usual = Environment::from_session([home.clone()]);
        assert_eq!(
            caches(usual.clone()),
            PathBuf::from("/home/ada/.cache/borg")
        );
        let moved =
            Environment::from_session([home, ("XDG_CACHE_HOME".into(), "/var/cache".into())]);
        assert_eq!(caches(moved), PathBuf::from("/var/cache/borg"));
        let apart = usual.with_folders(Path::new("/run/x"));
        assert_eq!(caches(apart), PathBuf::from("/run/x/.cache/borg"));
        assert_eq!(Environment::from_session([]).cache_folder(), None);
    }

    #[test]
    fn relative_folders_of_the_search_path_are_left_out() {
        let environment = Environment::from_session([("PATH".into(), ":bin:/usr/bin:.".into())]);
        assert_eq!(
            environment.search_path().collect::<Vec<_>>(),
            [PathBuf::from("/usr/bin")]
        );
    }
}
