//! Which archives belong together: the beginning of a name that every run repeats.
//!
//! Borg 1 knows no series; people and programs make them by names that end in the time. Leaves out Alcove's own
//! names, which carry a tag.
//!
//! Source: Borg 1.4.5, `borg help placeholders`.

/// Is how the names of a series are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// What every name begins with.
    pub prefix: String,
    /// What follows it: a placeholder where the command line had one, else how the newest name ends.
    pub rest: String,
}

impl Series {
    /// Reads the name of an archive, and the name its command line gave it.
    pub fn of(name: &str, given: &str) -> Self {
        let changing = ["{now", "{utcnow", "{uuid4", "{pid"];
        let placeholder = changing.iter().filter_map(|word| given.find(word)).min();
        if let Some(at) = placeholder {
            // What stands between the placeholders of a name is in the name itself, so the time that follows is
            // looked for there: "{hostname}-{now}" ended as "desk-2026-11-22T10:00:00".
            let before = &given[..at];
            let literal = before.rsplit('}').next().unwrap_or(before);
            let prefix = match time_in(name) {
                Some(time) if name[..time].ends_with(literal) => &name[..time],
                _ if name.starts_with(before) => before,
                _ => name,
            };
            return Self {
                prefix: prefix.to_owned(),
                rest: given[at..].to_owned(),
            };
        }
        let (prefix, rest) = name.split_at(time_in(name).unwrap_or(name.len()));
        Self {
            prefix: prefix.to_owned(),
            rest: rest.to_owned(),
        }
    }

    /// Tells whether an archive is of this series.
    pub fn has(&self, name: &str) -> bool {
        name.starts_with(&self.prefix)
    }
}

/// Finds where a date begins: `2026-11-22`, `20261122` or `2026_11_22`, of this century.
fn time_in(name: &str) -> Option<usize> {
    let bytes = name.as_bytes();
    let digits = |from: usize, count: usize| {
        bytes
            .get(from..from + count)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    (0..bytes.len()).find(|&at| {
        let after_digit = at > 0 && bytes[at - 1].is_ascii_digit();
        let gap = usize::from(
            bytes
                .get(at + 4)
                .is_some_and(|separator| b"-_.".contains(separator)),
        );
        bytes[at..].starts_with(b"20")
            && !after_digit
            && digits(at, 4)
            && digits(at + 4 + gap, 2)
            && digits(at + 6 + 2 * gap, 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_that_repeats_is_found_in_the_names_of_each_program() {
        for (name, given, prefix, rest) in [
            (
                "desk-2026-11-22-101112",
                "desk-2026-11-22-101112",
                "desk-",
                "2026-11-22-101112",
            ),
            (
                "desk-2026-11-22T10:11:12.5",
                "{hostname}-{now:%Y-%m-%dT%H:%M:%S.%f}",
                "desk-",
                "{now:%Y-%m-%dT%H:%M:%S.%f}",
            ),
            ("20261122", "{now:%Y%m%d}", "", "{now:%Y%m%d}"),
            ("home_2026_11_22", "home_2026_11_22", "home_", "2026_11_22"),
            ("before-the-move", "before-the-move", "before-the-move", ""),
            ("x-3f2a", "x-{uuid4}", "x-", "{uuid4}"),
            ("ünï-2026-01-02", "ünï-2026-01-02", "ünï-", "2026-01-02"),
        ] {
            let series = Series::of(name, given);
            assert_eq!(
                (series.prefix.as_str(), series.rest.as_str()),
                (prefix, rest),
                "{name}"
            );
            assert!(series.has(name));
        }
    }
}
