//! A Borg that writes a checkpoint every second instead of every ten minutes, so that a fault can come after one and
//! the next backup has something of it to use.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use alcove_api::World;
use alcove_testkit::Scratch;

const SCRIPT: &str = r#"#!/bin/sh
for word; do
  shift
  case $word in --checkpoint-interval=*) word=--checkpoint-interval=1 ;; esac
  set -- "$@" "$word"
done
exec borg "$@"
"#;

/// Has a world use such a Borg.
pub(crate) fn often(scratch: &Scratch, world: &mut World) {
    let program = scratch.folder("often").join("borg");
    std::fs::write(&program, SCRIPT).expect("a script can be written");
    let runs = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&program, runs).expect("a script can be made a program");
    world.borg = Some(program);
}

/// The number of what was committed last to a repository, checkpoints too: that of its index (Borg 1.4.5,
/// `repository.py`).
pub(crate) fn last_commit(repository: &Path) -> u64 {
    let files = std::fs::read_dir(repository)
        .into_iter()
        .flatten()
        .flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    let indexes = names.filter_map(|name| name.strip_prefix("index.")?.parse().ok());
    indexes.max().unwrap_or(0)
}
