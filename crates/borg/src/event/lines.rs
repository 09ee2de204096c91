//! From chunks of bytes to lines.
//!
//! A pipe cuts anywhere: inside a character, inside an object. Lines are put together here, with a bound on
//! what one line may take, so that neither a flood nor a line without an end fills the memory. Leaves out
//! what a line says.

use std::borrow::Cow;

/// How many bytes of one line are kept, 1 MiB. Borg's own lines stay far below: the longest are tracebacks.
pub const MAX_LINE_BYTES: usize = 1 << 20;

/// Is one line, without its line end.
#[derive(Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The line as text; bytes that are not UTF-8 are U+FFFD. A cut line ends with a mark that says so.
    pub text: Cow<'a, str>,
    /// Whether the line was longer than [`MAX_LINE_BYTES`].
    pub cut: bool,
}

/// Puts lines together from chunks that are cut anywhere.
#[derive(Debug, Default)]
pub struct LineReader {
    /// The line so far, at most [`MAX_LINE_BYTES`].
    begun: Vec<u8>,
    /// Bytes of the line that were left out.
    left_out: usize,
}

impl LineReader {
    /// Takes the next chunk and hands out each line that ends in it.
    pub fn feed(&mut self, chunk: &[u8], sink: &mut impl FnMut(Line<'_>)) {
        let mut rest = chunk;
        while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
            let (line, tail) = rest.split_at(end);
            if self.begun.is_empty() && line.len() <= MAX_LINE_BYTES {
                sink(Line {
                    text: text(line),
                    cut: false,
                });
            } else {
                self.push(line);
                self.hand_out(sink);
            }
            rest = tail.get(1..).unwrap_or_default();
        }
        self.push(rest);
    }

    /// Hands out what follows the last line end, if anything does.
    pub fn finish(&mut self, sink: &mut impl FnMut(Line<'_>)) {
        if !self.begun.is_empty() {
            self.hand_out(sink);
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        let kept = bytes.len().min(MAX_LINE_BYTES - self.begun.len());
        self.begun.extend(bytes.iter().take(kept));
        self.left_out += bytes.len() - kept;
    }

    fn hand_out(&mut self, sink: &mut impl FnMut(Line<'_>)) {
        if self.left_out == 0 {
            sink(Line {
                text: text(&self.begun),
                cut: false,
            });
        } else {
            let marked = format!(
                "{} [{} more bytes left out]",
                text(&self.begun),
                self.left_out
            );
            sink(Line {
                text: Cow::Owned(marked),
                cut: true,
            });
        }
        self.begun.clear();
        self.left_out = 0;
    }
}

fn text(line: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn lines(chunks: &[&[u8]]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut sink = |line: Line<'_>| lines.push(line.text.into_owned());
        let mut reader = LineReader::default();
        for chunk in chunks {
            reader.feed(chunk, &mut sink);
        }
        reader.finish(&mut sink);
        lines
    }

    #[test]
    fn a_recorded_run_gives_the_same_lines_wherever_it_is_cut() {
        for sample in [
            "1.2.4/err-no-passphrase-stdin-null.stderr",
            "1.2.4/err-warn-permission.stderr",
        ] {
            let bytes = samples::bytes(sample);
            let whole = lines(&[&bytes]);
            for at in 0..=bytes.len() {
                let (head, tail) = bytes.split_at(at);
                assert_eq!(lines(&[head, tail]), whole, "cut at {at}");
            }
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(lines(&single), whole);
        }
    }

    #[test]
    fn a_character_cut_in_two_is_whole_again() {
        let bytes = "zwölf 😀\nnext".as_bytes();
        for at in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(at);
            assert_eq!(lines(&[head, tail]), ["zwölf 😀", "next"]);
        }
    }

    #[test]
    fn line_ends_of_both_kinds_and_none_at_the_end_are_fine() {
        assert_eq!(lines(&[b"a\r\nb\n\nc"]), ["a", "b", "", "c"]);
        assert_eq!(lines(&[b"a\r", b"\nb\r"]), ["a", "b"]);
        assert_eq!(lines(&[b""]), [""; 0]);
    }

    #[test]
    fn bytes_that_are_no_text_are_marked() {
        assert_eq!(lines(&[b"a\xffb\n\xc3"]), ["a\u{fffd}b", "\u{fffd}"]);
    }

    #[test]
    fn a_line_of_ten_megabytes_is_cut_and_the_next_one_is_whole() {
        let mut bytes = vec![b'x'; 10_000_000];
        bytes.extend(b"\nnext\n");
        for chunk in [bytes.len(), 65_536, 1_000_003] {
            let chunks: Vec<&[u8]> = bytes.chunks(chunk).collect();
            let got = lines(&chunks);
            assert_eq!(got.len(), 2);
            assert!(got[0].ends_with("xxx [8951424 more bytes left out]"));
            assert_eq!(
                got[0].len(),
                MAX_LINE_BYTES + " [8951424 more bytes left out]".len()
            );
            assert_eq!(got[1], "next");
        }
    }

    #[test]
    fn a_line_without_an_end_takes_bounded_memory() {
        let mut reader = LineReader::default();
        for _ in 0..64 {
            reader.feed(&vec![b'x'; 65_536], &mut |_| panic!("no line has ended"));
        }
        assert!(reader.begun.capacity() <= 2 * MAX_LINE_BYTES);
    }
}
