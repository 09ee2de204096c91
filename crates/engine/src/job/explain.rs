//! What a problem of Borg means for the person: what happened, why, what to do, with their own name
//! for the repository. Borg's own words stay in the log.

use alcove_borg::{Problem, Unusable};

use crate::error::{ErrorCode, Failure};

/// Says why Borg cannot be used at all.
pub(crate) fn unusable(why: &Unusable) -> Failure {
    let code = match why {
        Unusable::TooOld { .. } | Unusable::TooNew { .. } => ErrorCode::BorgUnsupported,
        _ => ErrorCode::BorgMissing,
    };
    Failure::new(code, why.to_string()).retryable()
}

/// Says what a problem means for the repository of this name.
#[expect(clippy::too_many_lines, reason = "a table: one row for each problem")]
pub(crate) fn problem(problem: &Problem, name: &str) -> Failure {
    use ErrorCode as Code;
    match problem {
        Problem::RepositoryMissing => {
            Failure::new(Code::RepositoryMissing, format!("There is no repository at the place of {name}."))
                .hint("If it is on a drive or a network folder, connect that first.")
                .retryable()
        }
        Problem::NotARepository => Failure::new(
            Code::NotARepository,
            format!("What stands at the place of {name} is not a Borg repository."),
        )
        .hint("Check the location; nothing was changed there."),
        Problem::RepositoryTooNew => Failure::new(
            Code::NotARepository,
            format!("{name} was made by Borg 2, which Alcove does not use yet."),
        )
        .hint("Choose another place; nothing was changed there."),
        Problem::RepositoryExists => {
            Failure::new(Code::RepositoryExists, "There is a Borg repository at this place already.")
                .hint("Choose another folder; the repository there was left as it is.")
        }
        Problem::PathNotEmpty => Failure::new(
            Code::DestinationNotEmpty,
            "The folder for backups has other things in it.",
        )
        .hint("Choose an empty folder or a new name; nothing was changed there."),
        Problem::ParentMissing => {
            Failure::new(Code::ParentMissing, "The folder above the new repository does not exist.")
                .hint("If it is on a drive or a network folder, connect that first.")
                .retryable()
        }
        Problem::PassphraseWrong => Failure::new(
            Code::PassphraseWrong,
            format!("The passphrase does not open {name}."),
        )
        .hint("Enter the passphrase it was created with, or the one it was given since.")
        .retryable(),
        Problem::PassphraseNeeded => {
            Failure::new(Code::PassphraseNeeded, format!("{name} needs its passphrase."))
                .hint("Enter the passphrase it was created with, or the one it was given since.")
                .retryable()
        }
        Problem::KeyMissing => {
            Failure::new(Code::KeyMissing, format!("The key of {name} is not on this computer."))
                .hint("Import the key you exported when the repository was created.")
        }
        Problem::Locked { path } => {
            Failure::new(Code::RepositoryLocked, format!("{name} is locked by another program. The lock is {path}."))
                .hint("If no other backup runs there, one was broken off and left its lock behind.")
                .retryable()
        }
        Problem::RepositoryNotWritable => Failure::new(
            Code::RepositoryNotWritable,
            format!("This account may not write to {name}."),
        )
        .hint("Give this account write access to the repository's folder."),
        Problem::HomeNotWritable { text } => Failure::new(
            Code::FileFailed,
            format!("Borg could not write to its own folders on this computer: {text}"),
        )
        .hint("Give this account write access to them, or free space on their disk.")
        .retryable(),
        Problem::ConnectionFailed { detail } => {
            let reason = detail.as_ref().map_or_else(String::new, |text| format!(" ssh said: {text}"));
            Failure::new(Code::ConnectionFailed, format!("The server of {name} cannot be reached, or does not let this computer in.{reason}"))
                .hint("Check the address, the network, and that your ssh key is allowed there.")
                .retryable()
        }
        Problem::ConnectionLost => {
            Failure::new(Code::ConnectionLost, format!("The connection to {name} broke."))
                .hint("Nothing already stored is damaged, and what was sent up to the last checkpoint is used again. Try again.")
                .retryable()
        }
        Problem::PathNotAllowed => {
            Failure::new(Code::PathNotAllowed, format!("The server does not allow Borg to use the place of {name}."))
                .hint("Ask whoever runs the server which folder is allowed.")
        }
        Problem::DiskFull => Failure::new(
            Code::DiskFull,
            format!("The disk of {name} is full, or the disk of this account's cache."),
        )
        .hint("Older archives are safe. Free space there, then try again.")
        .retryable(),
        Problem::InsufficientFreeSpace => Failure::new(
            Code::DiskFull,
            format!("{name} keeps a reserve of free space, and the backup would have used it."),
        )
        .hint("Older archives are safe. Free space there, then try again.")
        .retryable(),
        Problem::QuotaExceeded => {
            Failure::new(Code::QuotaExceeded, format!("The storage quota of {name} is used up."))
                .hint("Older archives are safe. Raise the quota or remove archives, then try again.")
                .retryable()
        }
        Problem::DiskFailing => Failure::new(
            Code::DiskFailing,
            format!("A disk does not read or write (input/output error): that of {name}, or that of the files to back up."),
        )
        .hint("The log names the files. Check the disks and their cables, then try again.")
        .retryable(),
        Problem::ArchiveExists => {
            Failure::new(Code::ArchiveExists, format!("{name} has an archive of this name already."))
                .hint("Try again: the next archive gets a new name.")
                .retryable()
        }
        Problem::ArchiveMissing => {
            Failure::new(Code::BorgFailed, format!("{name} no longer has this archive."))
        }
        Problem::RepositoryRelocated => Failure::new(
            Code::RepositoryRelocated,
            format!("Borg knows {name} from another location."),
        )
        .hint("If you moved it yourself, say yes; if not, find out who did before you back up."),
        Problem::RepositoryUnknownUnencrypted => Failure::new(
            Code::RepositoryUnconfirmed,
            format!("{name} is not encrypted and Borg has not seen it on this computer before."),
        )
        .hint("If you expected that, say yes; if not, find out whose repository it is before you back up."),
        Problem::RepositoryReplaced => Failure::new(
            Code::RepositoryReplaced,
            format!("What stands at the place of {name} is not the repository Alcove knows, or an older copy of it."),
        )
        .hint("Nothing was written. Put the right repository back before the next backup."),
        Problem::IntegrityError => {
            Failure::new(Code::RepositoryDamaged, format!("{name} is damaged."))
                .hint("Check the repository with Borg before the next backup, and keep it as it is until then.")
        }
        Problem::CacheDamaged => Failure::new(
            Code::CacheDamaged,
            format!("Borg's cache of {name} on this computer is damaged. The repository itself is not."),
        )
        .hint("Remove the cache with `borg delete --cache-only`, then try again.")
        .retryable(),
        Problem::BorgRejectedArguments { text } => {
            Failure::new(Code::BorgRejected, format!("Borg did not accept what it was asked to do: {text}"))
                .hint("Check the plan's folders and what it leaves out.")
        }
        Problem::Killed { signal } => {
            Failure::new(Code::BorgKilled, format!("Borg was killed from outside (signal {signal})."))
                .hint("This happens when the computer runs out of memory or shuts down. Try again.")
                .retryable()
        }
        Problem::Unknown { code, text } => {
            let code = code.map_or_else(String::new, |code| format!(" (exit code {code})"));
            let text = if text.is_empty() { String::new() } else { format!(" It said: {text}") };
            Failure::new(Code::BorgFailed, format!("Borg stopped with an error Alcove does not know{code}.{text}"))
                .hint("The log has all of it.")
                .retryable()
        }
    }
}
