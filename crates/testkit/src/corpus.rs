//! The corpus of a fuzz target, and a short run from it.
//!
//! A fuzz target is one function over bytes that panics when a promise is broken. The long run is libFuzzer's
//! (`fuzz/`); here every input that once mattered is tried again on any toolchain, and a bounded number of
//! inputs made by cutting and joining those. What a target promises is said beside the code it tests.

use std::panic::catch_unwind;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

/// How many inputs a short run tries beside the corpus.
const CASES: u32 = 256;

/// What parsers stumble over: ends, escapes, numbers without a place, marks of the targets.
const STUMBLES: &[&[u8]] = &[
    b"\n",
    b"\r",
    b"\0",
    b"\x1b[31m",
    b"\x1f",
    b"\xff",
    b"\\ud800",
    b"\\udcff",
    b"{\"",
    b"\"}",
    b"[[[[",
    b"NaN",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"null",
    b"\xe2\x80\xae",
];

/// Is the inputs kept for one fuzz target, in `fuzz/corpus/<target>`.
#[derive(Debug)]
pub struct Corpus {
    inputs: Vec<(String, Vec<u8>)>,
}

impl Corpus {
    /// Reads the inputs of a target; there is at least one.
    pub fn of(target: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../fuzz/corpus")
            .join(target);
        let mut inputs: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
            .expect("a target has a corpus")
            .map(|entry| {
                let path = entry.expect("a corpus can be listed").path();
                let bytes = std::fs::read(&path).expect("an input can be read");
                (path.display().to_string(), bytes)
            })
            .collect();
        inputs.sort();
        assert!(!inputs.is_empty(), "{} holds no input", folder.display());
        Self { inputs }
    }

    /// Tries every input, then many made of them. A failure names the input.
    pub fn try_on(&self, target: fn(&[u8])) {
        for (name, input) in &self.inputs {
            let tried = catch_unwind(|| target(input));
            assert!(tried.is_ok(), "{name} breaks a promise");
        }
        let config = Config {
            cases: CASES,
            failure_persistence: None,
            ..Config::default()
        };
        let tried = TestRunner::new(config).run(&self.varied(), |input| {
            target(&input);
            Ok(())
        });
        if let Err(failure) = tried {
            panic!("a made input breaks a promise: {failure}");
        }
    }

    /// Makes inputs out of pieces of the corpus, of bytes that parsers stumble over, and of chance.
    fn varied(&self) -> impl Strategy<Value = Vec<u8>> + use<> {
        let inputs: Vec<Vec<u8>> = self.inputs.iter().map(|(_, input)| input.clone()).collect();
        let piece =
            (select(inputs), any::<Index>(), any::<Index>()).prop_map(|(input, one, other)| {
                let (one, other) = (one.index(input.len() + 1), other.index(input.len() + 1));
                input
                    .get(one.min(other)..one.max(other))
                    .unwrap_or_default()
                    .to_vec()
            });
        let stumble = select(STUMBLES).prop_map(<[u8]>::to_vec);
        let chance = vec(any::<u8>(), 0..16);
        let any_piece = prop_oneof![4 => piece, 2 => stumble, 1 => chance, 1 => Just(Vec::new())];
        vec(any_piece, 1..8).prop_map(|pieces| pieces.concat())
    }
}
