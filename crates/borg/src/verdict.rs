//! How a create ended.
//!
//! One pure rule: is the archive safe? Only Borg's final statistics say so; an exit code does not, and a cancel
//! that came too late does not undo a backup. Leaves out why one failed: `diagnosis`.

use crate::process::Exit;
use crate::report::CreateReport;

/// Is the end of a create.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The archive is safe and whole.
    Completed,
    /// The archive is safe, and something in it or around it wants a look.
    CompletedWithWarnings,
    /// There is no archive, and the user wanted it so.
    Cancelled,
    /// There is no archive.
    Failed,
}

/// Judges a create by its exit, its statistics, the number of warnings in its log, and whether the user asked
/// to cancel it.
///
/// With statistics it is never `Failed` or `Cancelled`; an end by signal after them counts as a warning.
pub fn judge(
    exit: &Exit,
    report: Option<&CreateReport>,
    warnings: u64,
    cancel_requested: bool,
) -> Verdict {
    match (report, cancel_requested) {
        (Some(_), _) if exit.code == Some(0) && warnings == 0 => Verdict::Completed,
        (Some(_), _) => Verdict::CompletedWithWarnings,
        (None, true) => Verdict::Cancelled,
        (None, false) => Verdict::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn code(code: i32) -> Exit {
        Exit {
            code: Some(code),
            ..Exit::default()
        }
    }

    fn report() -> CreateReport {
        CreateReport::parse(&samples::bytes("1.2.4/create-progress-json.stdout")).unwrap()
    }

    #[test]
    fn statistics_mean_that_the_archive_is_safe_whatever_else_happened() {
        let killed = Exit {
            signal: Some(9),
            ..Exit::default()
        };
        for cancel_requested in [false, true] {
            assert_eq!(
                judge(&code(0), Some(&report()), 0, cancel_requested),
                Verdict::Completed
            );
            for (exit, warnings) in [
                (code(0), 1),
                (code(1), 0),
                (code(105), 2),
                (code(143), 0),
                (killed.clone(), 0),
            ] {
                let verdict = judge(&exit, Some(&report()), warnings, cancel_requested);
                assert_eq!(verdict, Verdict::CompletedWithWarnings, "{exit:?}");
            }
        }
    }

    #[test]
    fn without_statistics_there_is_no_archive_whatever_the_code() {
        let killed = Exit {
            signal: Some(15),
            ..Exit::default()
        };
        for exit in [code(0), code(1), code(2), code(107), code(143), killed] {
            assert_eq!(judge(&exit, None, 0, false), Verdict::Failed, "{exit:?}");
            assert_eq!(judge(&exit, None, 0, true), Verdict::Cancelled, "{exit:?}");
        }
    }
}
