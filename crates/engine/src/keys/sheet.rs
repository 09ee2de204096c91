//! The recovery sheet: a page to print and to keep where the computer is not.
//!
//! One file without anything from outside, so that it prints the same in any browser, in black on white, years
//! from now. The passphrase is not on it; there is a line to write it by hand.

use alcove_borg::recovery_lines;

/// What stands on a sheet.
pub(super) struct Sheet<'a> {
    /// The person's own name for the repository.
    pub(super) name: &'a str,
    /// Borg's location of it.
    pub(super) location: &'a str,
    /// Borg's id of it.
    pub(super) id: &'a str,
    /// Borg's name of the encryption mode.
    pub(super) encryption: &'a str,
    /// The key as lines to type in, as Borg prints it.
    pub(super) key: &'a str,
    /// The day it was made, in the person's own time.
    pub(super) made: &'a str,
}

const STYLE: &str = "\
@page { margin: 18mm }
body { font: 11pt/1.45 system-ui, sans-serif; color: #000; background: #fff; max-width: 44em; margin: 2em auto; padding: 0 1em }
h1 { font-size: 20pt; margin: 0 0 .2em }
h2 { font-size: 13pt; margin: 1.4em 0 .4em }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2em 1.2em; margin: 1em 0 }
dt { font-weight: 600 }
dd { margin: 0; overflow-wrap: anywhere }
code, pre { font: 10pt/1.5 ui-monospace, monospace }
pre { white-space: pre-wrap; border: 1px solid #000; padding: .8em; break-inside: avoid }
.line { border-bottom: 1px solid #000; height: 2.2em }
@media print { body { margin: 0; max-width: none; padding: 0 } }";

impl Sheet<'_> {
    /// Writes the page.
    pub(super) fn html(&self) -> String {
        let [import, list, extract] = recovery_lines(self.location).map(|line| escaped(&line));
        let (name, location) = (escaped(self.name), escaped(self.location));
        let (id, encryption) = (escaped(self.id), escaped(self.encryption));
        let (key, made) = (escaped(lines_of_key(self.key)), escaped(self.made));
        format!(
            "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Recovery sheet: {name}</title>
<style>
{STYLE}
</style>
</head>
<body>
<h1>Recovery sheet</h1>
<p>With this sheet and the passphrase, the backups in <strong>{name}</strong> can be read on any computer. Keep it
where the computer and the repository are not.</p>
<dl>
<dt>Repository</dt><dd>{name}</dd>
<dt>Location</dt><dd><code>{location}</code></dd>
<dt>Id</dt><dd><code>{id}</code></dd>
<dt>Encryption</dt><dd>{encryption}</dd>
<dt>Made on</dt><dd>{made}</dd>
</dl>
<h2>Passphrase</h2>
<p>Write it here by hand, or write where it is kept. It is on no file of Alcove's.</p>
<div class=\"line\"></div>
<div class=\"line\"></div>
<h2>How to get the files back</h2>
<ol>
<li>Install BorgBackup 1.2 or 1.4, and connect the drive or the server of the repository.</li>
<li>If the key of the repository is lost or damaged, bring it back by typing the lines below:
<pre>{import}</pre></li>
<li>See which archives there are:
<pre>{list}</pre></li>
<li>In an empty folder, bring back one of them in place of ARCHIVE:
<pre>{extract}</pre></li>
</ol>
<h2>Key</h2>
<p>The passphrase locks it. The two digits at the end of each line tell whether the line was typed right.</p>
<pre>{key}</pre>
</body>
</html>
"
        )
    }
}

/// The lines of a paper key without what Borg says before them.
fn lines_of_key(paper: &str) -> &str {
    paper
        .find("BORG PAPER KEY")
        .map_or(paper, |start| &paper[start..])
        .trim_end()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_has_all_that_is_needed_and_nothing_from_outside() {
        let html = Sheet {
            name: "Ada's <drive> & more",
            location: "/media/my disk/b",
            id: "d0955cafc7d6",
            encryption: "repokey-blake2",
            key: "To restore key use …\n\nBORG PAPER KEY v1\nid: 31 / d0955c - ab\n 1: 86a961 - 14\n",
            made: "2026-11-22",
        }
        .html();
        for text in [
            "Ada's &lt;drive&gt; &amp; more",
            "borg key import --paper '/media/my disk/b'",
            "borg extract '/media/my disk/b::ARCHIVE'",
            "<pre>BORG PAPER KEY v1\nid: 31 / d0955c - ab\n 1: 86a961 - 14</pre>",
            "2026-11-22",
            "by hand",
        ] {
            assert!(html.contains(text), "{text}");
        }
        for outside in ["<script", "http://", "https://", "src=", "url("] {
            assert!(!html.contains(outside), "{outside}");
        }
    }
}
