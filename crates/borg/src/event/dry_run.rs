//! What the letters of a dry run mean.
//!
//! Apart because they are not those of a backup: `-` is a path that would be backed up (Borg 1.2.4 and 1.4.5,
//! `archiver.py`; Borg 2 has it the other way round).

/// What would become of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DryRunStatus {
    /// It would be backed up.
    Included,
    /// It is left out, with all that is below it.
    LeftOut,
}

/// Reads the letter of a path in a dry run; nothing for every other letter.
pub fn dry_run_status(status: char) -> Option<DryRunStatus> {
    match status {
        '-' => Some(DryRunStatus::Included),
        'x' => Some(DryRunStatus::LeftOut),
        _ => None,
    }
}
