//! Numbers as people read them, in the log and in notifications. The window formats its own.

/// A size in decimal units with three significant digits, as Borg prints them: `1.31 GB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["B", "KB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64;
    let mut unit = 0;
    // 999.5 would be written as 1000.
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = match value {
        v if v < 9.995 => 2,
        v if v < 99.95 => 1,
        _ => 0,
    };
    let unit = UNITS.get(unit).copied().unwrap_or_default();
    format!("{value:.digits$} {unit}")
}

/// A count of something, with its word in the right number: `1 file`, `412806 files`.
pub fn count(number: u64, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {one}s")
    }
}

/// A time in its largest two units: `41 s`, `47 min 12 s`, `2 h`.
pub fn duration(seconds: u64) -> String {
    let (hours, minutes, left) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let units = match (hours, minutes) {
        (0, 0) => [(left, "s"), (0, "")],
        (0, _) => [(minutes, "min"), (left, "s")],
        _ => [(hours, "h"), (minutes, "min")],
    };
    let told: Vec<String> = units
        .iter()
        .enumerate()
        .filter(|(place, (number, _))| *place == 0 || *number > 0)
        .map(|(_, (number, unit))| format!("{number} {unit}"))
        .collect();
    told.join(" ")
}

/// Bytes as hexadecimal digits, which mean nothing in a URL, a shell or a file's name.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut digits, byte| {
        // A string takes whatever is written to it.
        _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// A time in its largest unit, in words: `5 seconds`, `2 hours`, `1 day`.
pub fn age(seconds: u64) -> String {
    match seconds {
        0..60 => count(seconds, "second"),
        60..3600 => count(seconds / 60, "minute"),
        3600..86_400 => count(seconds / 3600, "hour"),
        _ => count(seconds / 86_400, "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_three_significant_digits() {
        let written: Vec<String> = [
            0,
            999,
            1000,
            48_249,
            999_499,
            999_600,
            1_314_000_000,
            139_000_000_000,
        ]
        .into_iter()
        .map(size)
        .collect();
        assert_eq!(
            written,
            [
                "0 B", "999 B", "1.00 KB", "48.2 KB", "999 KB", "1.00 MB", "1.31 GB", "139 GB"
            ]
        );
    }

    #[test]
    fn one_file_is_no_files() {
        assert_eq!(
            (count(1, "file"), count(2, "file")),
            ("1 file".into(), "2 files".into())
        );
    }

    #[test]
    fn an_age_is_told_in_one_unit() {
        let told = [0, 59, 60, 7_199, 7_200, 86_400, 400_000].map(age);
        assert_eq!(
            told,
            [
                "0 seconds",
                "59 seconds",
                "1 minute",
                "1 hour",
                "2 hours",
                "1 day",
                "4 days"
            ]
        );
    }

    #[test]
    fn a_time_is_told_in_two_units_at_most() {
        let told = [0, 41, 60, 2832, 7200, 7320, 90_000].map(duration);
        assert_eq!(
            told,
            [
                "0 s",
                "41 s",
                "1 min",
                "47 min 12 s",
                "2 h",
                "2 h 2 min",
                "25 h"
            ]
        );
    }
}
