//! Quoting for a shell.
//!
//! Only for what people read and paste; Borg itself is started without a shell.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;

/// Quotes a word where it needs it; bytes that are not text come out in the form of bash, zsh and ksh.
pub(crate) fn shell(word: &OsStr) -> String {
    match word.to_str() {
        Some(text) if !text.chars().any(char::is_control) => {
            if !text.is_empty() && text.bytes().all(is_plain) {
                return text.to_owned();
            }
            format!("'{}'", text.replace('\'', r"'\''"))
        }
        _ => {
            let mut quoted = String::from("$'");
            for &byte in word.as_bytes() {
                match byte {
                    b'\'' | b'\\' => quoted.extend(['\\', char::from(byte)]),
                    b' '..=b'~' => quoted.push(char::from(byte)),
                    _ => _ = write!(quoted, "\\x{byte:02x}"),
                }
            }
            quoted.push('\'');
            quoted
        }
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_./:=,@%+".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        for word in [
            &b"plain-1.2/x"[..],
            b"",
            b"two words",
            b"it's",
            b"$HOME;*",
            "ünï".as_bytes(),
            b"a\nb",
            b"\xff'\\",
        ] {
            let line = format!("printf %s {}", shell(OsStr::from_bytes(word)));
            let output = std::process::Command::new("bash")
                .args(["-c", &line])
                .output()
                .unwrap();
            assert_eq!(output.stdout, word, "{line}");
        }
    }
}
