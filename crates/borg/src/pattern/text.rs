//! A path as Python has it, which Borg is written in.

use std::borrow::Cow;

/// Where the bytes that are no UTF-8 stand: at the end of the last private plane, where no name has a character.
const UNREADABLE: u32 = 0x10_FF00;

/// Makes text of a path: each byte that is no UTF-8 is one character, as with Python's `surrogateescape`.
pub(super) fn of(path: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(path) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(path.len() * 2);
    for chunk in path.utf8_chunks() {
        text.push_str(chunk.valid());
        let unreadable = chunk.invalid().iter();
        text.extend(unreadable.filter_map(|byte| char::from_u32(UNREADABLE + u32::from(*byte))));
    }
    Cow::Owned(text)
}

/// Takes `.`, `..` and needless slashes out of a path without looking at the disk. Two slashes at its beginning stay
/// two (POSIX; Python 3.11, `os.path.normpath`).
pub(crate) fn normal(path: &str) -> String {
    let slashes = match path.len() - path.trim_start_matches('/').len() {
        2 => "//",
        0 => "",
        _ => "/",
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if !slashes.is_empty() => {}
            part => parts.push(part),
        }
    }
    let path = format!("{slashes}{}", parts.join("/"));
    if path.is_empty() {
        ".".to_owned()
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_made_plain_as_python_does_it() {
        for (path, plain) in [
            ("", "."),
            ("/", "/"),
            ("//a", "//a"),
            ("///a//b/", "/a/b"),
            ("a/./b/..", "a"),
            ("a/../..", ".."),
            ("/..", "/"),
            ("../../a", "../../a"),
            ("*/../x", "x"),
        ] {
            assert_eq!(normal(path), plain, "{path}");
        }
    }
}
