//! Trees nobody would make, and what could be said of them to Borg: made by chance, and small enough to grow hundreds.

use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use alcove_borg::{PatternOption, Selection};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rustix::fs::{CWD, FileType, IFlags, Mode, ioctl_getflags, ioctl_setflags, mknodat};

/// Names with what is special to someone: a pattern, a shell, JSON, UTF-8.
const NAMES: [&[u8]; 22] = [
    b"a",
    b"ab",
    b"keep",
    b"Keep.BAK",
    b"x.bak",
    b"y.tmp",
    b".cache",
    b"node_modules",
    b"two words",
    b" blank ",
    b"new\nline.bak",
    b"end.bak\n",
    b"\xff\xfe.bak",
    b"half\xe2\x82.tmp",
    b"[x]",
    b"*",
    b"what?",
    b"-dash",
    b"back\\slash",
    "größe".as_bytes(),
    "e\u{301}.tmp".as_bytes(),
    "日本".as_bytes(),
];

#[derive(Debug, Clone)]
enum Kind {
    Folder,
    NodumpFolder,
    File(usize),
    Nodump,
    Sparse,
    HardLink(Index),
    SymbolicLink(Index),
    Pipe,
    Socket,
    /// `CACHEDIR.TAG`: a valid one, one with another content, one that is too short.
    CacheTag(&'static str),
    /// `.nobackup`, a file or a folder.
    Tag,
    TagFolder,
}

/// One thing that is added to a tree, below a folder that is there by then.
#[derive(Debug, Clone)]
struct Growth {
    below: Index,
    name: &'static [u8],
    kind: Kind,
}

/// What a pattern is made like.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Path,
    PathAndSlash,
    NameAnywhere,
    Ending,
    /// One character is any, or one of a set, or none of a set.
    AnyCharacter,
    Set,
    OtherSet,
    /// One folder is any.
    AnyFolder,
    ContentOf,
    /// What no other shape comes to.
    Odd,
}

/// How something is said to Borg.
#[derive(Debug, Clone, Copy)]
enum How {
    Exclude,
    ExcludeFrom,
    Pattern(char),
    PatternsFrom(char),
    /// With a line before it that names the style.
    PatternsFromOfStyle(char),
    Root,
}

#[derive(Debug, Clone)]
struct Saying {
    how: How,
    style: Option<&'static str>,
    shape: Shape,
    path: Index,
    part: Index,
}

/// A tree, and what is said of it.
#[derive(Debug, Clone)]
pub(super) struct Case {
    growths: Vec<Growth>,
    /// `None` is the whole tree.
    sources: Vec<Option<Index>>,
    sayings: Vec<Saying>,
    flags: [bool; 5],
}

/// Any case.
pub(super) fn any_case() -> impl Strategy<Value = Case> {
    let source = prop_oneof![2 => Just(None), 1 => any::<Index>().prop_map(Some)];
    (
        vec(growth(), 10..70),
        vec(source, 1..4),
        vec(saying(), 0..7),
        any::<[bool; 5]>(),
    )
        .prop_map(|(growths, sources, sayings, flags)| Case {
            growths,
            sources,
            sayings,
            flags,
        })
}

fn growth() -> impl Strategy<Value = Growth> {
    let valid = "Signature: 8a477f597d28d172789f06886806bc55\n# more";
    let tag = select(vec![
        valid,
        "Signature: 8a477f597d28d172789f06886806bc56",
        "Signature",
    ]);
    let kind = prop_oneof![
        12 => Just(Kind::Folder),
        20 => (0_usize..3000).prop_map(Kind::File),
        1 => Just(Kind::NodumpFolder),
        3 => Just(Kind::Nodump),
        3 => Just(Kind::Sparse),
        6 => any::<Index>().prop_map(Kind::HardLink),
        3 => any::<Index>().prop_map(Kind::SymbolicLink),
        2 => Just(Kind::Pipe),
        2 => Just(Kind::Socket),
        2 => tag.prop_map(Kind::CacheTag),
        2 => Just(Kind::Tag),
        1 => Just(Kind::TagFolder),
    ];
    (any::<Index>(), select(NAMES.to_vec()), kind).prop_map(|(below, name, kind)| Growth {
        below,
        name,
        kind,
    })
}

fn saying() -> impl Strategy<Value = Saying> {
    let sign = || select(vec!['+', '-', '!']);
    let how = prop_oneof![
        4 => Just(How::Exclude),
        1 => Just(How::ExcludeFrom),
        3 => sign().prop_map(How::Pattern),
        2 => sign().prop_map(How::PatternsFrom),
        1 => sign().prop_map(How::PatternsFromOfStyle),
        1 => Just(How::Root),
    ];
    let style = prop_oneof![
        1 => Just(None),
        4 => select(vec!["fm", "sh", "re", "pp", "pf"]).prop_map(Some),
    ];
    let shape = select(vec![
        Shape::Path,
        Shape::PathAndSlash,
        Shape::NameAnywhere,
        Shape::Ending,
        Shape::AnyCharacter,
        Shape::Set,
        Shape::OtherSet,
        Shape::AnyFolder,
        Shape::ContentOf,
        Shape::Odd,
    ]);
    (how, style, shape, any::<Index>(), any::<Index>()).prop_map(
        |(how, style, shape, path, part)| Saying {
            how,
            style,
            shape,
            path,
            part,
        },
    )
}

impl Case {
    /// Grows the tree at a folder that is not there yet, and says what is taken of it. Files that hold patterns come
    /// into `notes`.
    pub(super) fn grow(&self, root: &Path, notes: &Path) -> Selection {
        fs::create_dir_all(root).unwrap();
        fs::create_dir_all(notes).unwrap();
        let mut folders = vec![root.to_owned()];
        let mut files = Vec::new();
        let mut all = vec![root.to_owned()];
        for growth in &self.growths {
            let below = growth.below.get(&folders);
            let path = below.join(growth.kind.name(growth.name));
            if path.symlink_metadata().is_ok() {
                continue;
            }
            growth.kind.make(&path, &files);
            match growth.kind {
                Kind::Folder | Kind::NodumpFolder | Kind::TagFolder => folders.push(path.clone()),
                Kind::File(_) | Kind::Nodump | Kind::Sparse => files.push(path.clone()),
                _ => {}
            }
            all.push(path);
        }
        // No command line of Alcove names a folder that is not UTF-8.
        let named: Vec<&str> = all.iter().filter_map(|path| path.to_str()).collect();
        let source =
            |source: &Option<Index>| source.map_or(named[0], |index| *index.get::<&str>(&named));
        let [
            exclude_caches,
            tagged,
            keep_exclude_tags,
            exclude_nodump,
            one_file_system,
        ] = self.flags;
        let sayings = self.sayings.iter().enumerate();
        let mut tags = vec![".nobackup".to_owned()];
        tags.extend(keep_exclude_tags.then(|| "keep".to_owned()));
        Selection {
            sources: self
                .sources
                .iter()
                .map(|each| source(each).into())
                .collect(),
            patterns: sayings
                .map(|(index, saying)| saying.option(&all, &notes.join(index.to_string())))
                .collect(),
            exclude_caches,
            exclude_if_present: if tagged { tags } else { Vec::new() },
            keep_exclude_tags,
            exclude_nodump,
            one_file_system,
        }
    }
}

impl Kind {
    fn name<'a>(&self, name: &'a [u8]) -> &'a std::ffi::OsStr {
        std::ffi::OsStr::from_bytes(match self {
            Self::CacheTag(_) => b"CACHEDIR.TAG",
            Self::Tag | Self::TagFolder => b".nobackup",
            _ => name,
        })
    }

    fn make(&self, path: &Path, files: &[PathBuf]) {
        let node = |kind| mknodat(CWD, path, kind, Mode::from_raw_mode(0o644), 0).unwrap();
        match self {
            Self::Folder | Self::TagFolder => fs::create_dir(path).unwrap(),
            Self::NodumpFolder => {
                fs::create_dir(path).unwrap();
                mark_nodump(path);
            }
            Self::File(size) => fs::write(path, vec![b'x'; *size]).unwrap(),
            Self::Nodump => {
                fs::write(path, "not to be dumped").unwrap();
                mark_nodump(path);
            }
            Self::Sparse => {
                let mut file = fs::File::create(path).unwrap();
                file.write_all(b"start").unwrap();
                file.set_len(300_001).unwrap();
            }
            Self::HardLink(_) if files.is_empty() => fs::write(path, "alone").unwrap(),
            Self::HardLink(of) => fs::hard_link(of.get(files), path).unwrap(),
            Self::SymbolicLink(_) if files.is_empty() => symlink("/nowhere", path).unwrap(),
            Self::SymbolicLink(to) => symlink(to.get(files), path).unwrap(),
            Self::Pipe => node(FileType::Fifo),
            Self::Socket => node(FileType::Socket),
            Self::CacheTag(content) => fs::write(path, content).unwrap(),
            Self::Tag => fs::write(path, "").unwrap(),
        }
    }
}

/// Does what `chattr +d` does, where the file system takes it.
fn mark_nodump(path: &Path) {
    let file = fs::File::open(path).unwrap();
    if let Ok(flags) = ioctl_getflags(&file) {
        let _ = ioctl_setflags(&file, flags | IFlags::NODUMP);
    }
}

impl Saying {
    fn option(&self, all: &[PathBuf], note: &Path) -> PatternOption {
        let path = self.path.get(all);
        // A file of patterns has a line for each.
        let in_file = matches!(
            self.how,
            How::ExcludeFrom | How::PatternsFrom(_) | How::PatternsFromOfStyle(_) | How::Root
        );
        let own = match self.how {
            How::Exclude | How::ExcludeFrom => "fm",
            _ => "sh",
        };
        let text = readable(path, in_file);
        let body = |style: &str| self.shape.pattern(style, &text, self.part);
        let pattern = match self.style {
            Some(style) => format!("{style}:{}", body(style)),
            None => body(own),
        };
        let file = |content: String| {
            fs::write(note, content).unwrap();
            note.to_owned()
        };
        match self.how {
            How::Exclude => PatternOption::Exclude(pattern),
            How::ExcludeFrom => {
                PatternOption::ExcludeFrom(file(format!("# a comment\n\n  {pattern}  \n")))
            }
            How::Pattern(sign) => PatternOption::Pattern(format!("{sign} {pattern}")),
            How::PatternsFrom(sign) => {
                PatternOption::PatternsFrom(file(format!("# a comment\r\n{sign}{pattern}\r\n")))
            }
            How::PatternsFromOfStyle(sign) => {
                let style = self.style.unwrap_or("pp");
                let pattern = body(style);
                PatternOption::PatternsFrom(file(format!(
                    "P {style}\n{sign} {pattern}\np sh\n- **/never/**/\n"
                )))
            }
            How::Root => PatternOption::PatternsFrom(file(format!("r {text}//.\n"))),
        }
    }
}

/// A path in UTF-8: what is not is any character to some patterns.
fn readable(path: &Path, in_line: bool) -> String {
    let bytes = path.as_os_str().to_owned().into_vec();
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    if in_line {
        text.replace('\n', "?")
    } else {
        text
    }
}

impl Shape {
    /// Makes a pattern of a path.
    fn pattern(self, style: &str, path: &str, part: Index) -> String {
        let name = path.rsplit('/').next().unwrap();
        let below = path.rsplit_once('/').unwrap().0;
        let ending = &name[name.rfind('.').unwrap_or(0)..];
        let folders: Vec<&str> = path.split('/').collect();
        let characters: Vec<(usize, char)> = path.char_indices().skip(1).collect();
        let (at, character) = *part.get(&characters);
        let with = |instead: &str| {
            let after = at + character.len_utf8();
            format!("{}{instead}{}", &path[..at], &path[after..])
        };
        let any_folder = |star: &str| {
            let mut folders = folders.clone();
            let index = part.index(folders.len() - 1) + 1;
            folders[index] = star;
            folders.join("/")
        };
        let range = |character: char| match character {
            'a'..='y' => format!("a-{character}"),
            other => other.to_string(),
        };
        match style {
            "re" => match self {
                Self::Path => format!("^{}", escaped(&path[1..])),
                Self::PathAndSlash => format!("{}/", escaped(path)),
                Self::NameAnywhere => format!("(?:^|/){}(/|$)", escaped(name)),
                Self::Ending => format!("{}$", escaped(ending)),
                Self::AnyCharacter => format!("{}.", escaped(&path[1..at])),
                Self::Set => format!("{}[a-n{}]", escaped(&path[1..at]), r"\w"),
                Self::OtherSet => format!("{}[^/a-k]+$", escaped(&path[1..at])),
                Self::AnyFolder => format!("^{}/[^/]+/", escaped(&path[1..below.len().max(1)])),
                Self::ContentOf => format!("{}/.", escaped(&below[1..])),
                Self::Odd => {
                    let odd = [
                        r"(?i)\.bak\Z",
                        r"\bkeep\b",
                        r"/(.)\1?b?$",
                        r"[^\x00-\x7f]",
                        r"\s\w{3,}",
                        r"(?P<letter>[a-k])(?!(?P=letter))\.",
                        r"(?<=/)a(?=/|$)",
                        r"\d{2,}/[]*?[]+",
                        r"\W$",
                        r".\n",
                    ];
                    (*part.get(&odd)).to_owned()
                }
            },
            "pp" | "pf" => match self {
                Self::PathAndSlash => format!("{path}/"),
                Self::NameAnywhere => format!("{below}/./{name}"),
                Self::AnyFolder => format!("{path}/x/.."),
                Self::ContentOf => below.to_owned(),
                Self::Odd => format!("/{path}"),
                _ => path.to_owned(),
            },
            style => match self {
                Self::Path => path.to_owned(),
                Self::PathAndSlash => format!("{path}/"),
                Self::NameAnywhere if style == "fm" => format!("*/{name}"),
                Self::NameAnywhere => format!("**/{name}"),
                Self::Ending if style == "fm" => format!("*{ending}"),
                Self::Ending => format!("**/*{ending}"),
                Self::AnyCharacter => with("?"),
                Self::Set => with(&format!("[{}z-]", range(character))),
                Self::OtherSet => with(&format!("[!{}]", range('k'))),
                Self::AnyFolder => any_folder("*"),
                Self::ContentOf => format!("{below}/*/"),
                Self::Odd => {
                    let odd = [
                        "*",
                        "**/",
                        "/**/*.bak",
                        "*[!]-b]bak",
                        "**/[[]*",
                        "*/[*]",
                        "*/*[?]",
                        "**/a/**/",
                        "**k*",
                        "*[&&x].bak",
                        "/",
                        "*\n",
                        "**/back\\slash",
                        "*e?.tmp",
                    ];
                    (*part.get(&odd)).to_owned()
                }
            },
        }
    }
}

/// Text in which nothing is special to Python's expressions, and nothing is blank.
fn escaped(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_whitespace() => format!("\\x{:02x}", u32::from(c)),
            c if c.is_ascii_punctuation() => format!("\\{c}"),
            c => c.to_string(),
        })
        .collect()
}
