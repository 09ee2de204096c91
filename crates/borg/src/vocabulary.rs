//! Which words of a command line of Borg say nothing of the person who wrote it.
//!
//! Apart from the commands because it is for who reads a line, in a log, and must know what may stay in it.

use crate::environment::ZONE;

/// Flags whose values say nothing of a person.
const HARMLESS: [&str; 15] = [
    "--checkpoint-interval",
    "--chunker-params",
    "--compression",
    "--encryption",
    "--filter",
    "--keep-daily",
    "--keep-hourly",
    "--keep-last",
    "--keep-monthly",
    "--keep-weekly",
    "--keep-within",
    "--keep-yearly",
    "--last",
    "--lock-wait",
    "--max-duration",
];

const SUBCOMMANDS: [&str; 14] = [
    "break-lock",
    "check",
    "compact",
    "create",
    "delete",
    "export",
    "extract",
    "import",
    "info",
    "init",
    "key",
    "list",
    "mount",
    "prune",
];

/// Whether a line of a log is a command line of Borg as Alcove writes it.
pub fn is_command_line(line: &str) -> bool {
    line.contains(" --log-json")
}

/// Whether the value of a flag says nothing of a person.
pub fn is_harmless(flag: &str) -> bool {
    HARMLESS.contains(&flag)
}

/// Whether a word is one of Borg's own commands, or a part of one.
pub fn is_subcommand(word: &str) -> bool {
    SUBCOMMANDS.contains(&word)
}

/// Whether a word is the name of a variable Borg reads.
pub fn is_variable(name: &str) -> bool {
    name == ZONE
        || name.starts_with("BORG_") && name.bytes().all(|c| c.is_ascii_uppercase() || c == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Borg, Command, Environment, Version};

    #[test]
    fn a_command_line_of_alcove_is_known_and_what_may_stay_of_it() {
        let borg = Borg {
            path: "/usr/bin/borg".into(),
            version: Version::new(1, 4, 0),
        };
        let check = Command::Check {
            repository: "/secret".to_owned(),
            lock_wait: crate::LOCK_WAIT_JOB,
            at_most: None,
        };
        let line = check.shell_line(&borg, &Environment::from_session([]));
        assert!(is_command_line(&line) && !is_command_line("Checking the repository"));
        assert!(is_subcommand("check") && !is_subcommand("/secret"));
        assert!(is_harmless("--lock-wait") && !is_harmless("--exclude"));
        assert!(is_variable("BORG_RSH") && is_variable("TZ") && !is_variable("BORG_rsh"));
    }
}
