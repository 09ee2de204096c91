#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| alcove_borg::fuzzing::patterns(input));
