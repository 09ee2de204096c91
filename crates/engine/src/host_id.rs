//! What the Borgs of this Alcove call this computer in their locks.
//!
//! Borg removes a lock whose id is its own and whose process is gone. Its default id changes with the computer's
//! name and network card, so that a dead lock would look foreign; and it is the same in every container with that
//! name, where a live process looks gone. So the id is made once and kept with the records, and what it says of the
//! computer and of its process numbers is told by [`crate::World::processes`]. Leaves out what a lock means.

use alcove_store::Store;
use sha2::{Digest as _, Sha256};

use crate::chance;
use crate::error::Failure;
use crate::words::hex;
use crate::world::World;

/// The name of the record in the store: the computer's name when it was made, `@`, and random digits.
const KEY: &str = "host_id";
/// What sets the ids of every Alcove apart from Borg's own, after the `@`.
const MARK: &str = "alcove-";

/// Gives the id, made at the first call: `NAME@alcove-DIGITS`. It is another one on another computer and among other
/// process numbers, also where the records were copied there.
pub(crate) fn of(store: &Store, world: &World) -> Result<String, Failure> {
    let kept = if let Some(kept) = store.setting(KEY)? {
        kept
    } else {
        let made = format!("{}@{}", name(&world.host), random()?);
        store.set_setting(KEY, Some(&made))?;
        made
    };
    let (host, seed) = kept.rsplit_once('@').unwrap_or(("", &kept));
    let hash = Sha256::new()
        .chain_update(seed)
        .chain_update([0])
        .chain_update(&world.processes)
        .finalize();
    Ok(format!("{host}@{MARK}{}", hex(&hash[..8])))
}

/// Whether an id is one of an Alcove, this one or another.
pub(crate) fn is_of_alcove(id: &str) -> bool {
    id.rsplit_once('@')
        .is_some_and(|(_, node)| node.starts_with(MARK))
}

/// What of a computer's name can be part of a file's.
fn name(host: &str) -> String {
    let fits = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_');
    host.chars().filter(fits).take(64).collect()
}

fn random() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    chance::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// Tells the process numbers of this computer from those of any other, and of a container, by the computer and the
/// process namespace. The numbers of a namespace that is not the first one mean nothing after a start of the
/// computer, when another can have its number (Linux 6.12, `include/linux/proc_ns.h`: the first one's is fixed).
#[cfg(target_os = "linux")]
pub(crate) fn processes() -> String {
    const FIRST: &str = "pid:[4026531836]";
    let read = |path: &str| fs_err::read_to_string(path).unwrap_or_default();
    let namespace = fs_err::read_link("/proc/self/ns/pid")
        .map(|link| link.display().to_string())
        .unwrap_or_default();
    let mut told = read("/etc/machine-id");
    if namespace != FIRST {
        told += &namespace;
        told += &read("/proc/sys/kernel/random/boot_id");
    }
    told
}

/// Elsewhere there are no namespaces, and the random digits tell one computer from another.
#[cfg(not(target_os = "linux"))]
pub(crate) fn processes() -> String {
    String::new()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use alcove_store::Folder;

    use super::*;

    #[test]
    fn an_id_stays_through_a_new_name_and_changes_among_other_processes() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(Folder::at(folder.path().join("data"))).unwrap();
        let mut world = World::of_session(BTreeMap::new(), "/nowhere".into());
        world.host = "desk/\u{202e}top".into();
        let first = of(&store, &world).unwrap();
        assert!(first.starts_with("desktop@alcove-"), "{first}");
        assert!(is_of_alcove(&first) && !is_of_alcove("desk@3281355014145"));
        world.host = "renamed".into();
        assert_eq!(of(&store, &world).unwrap(), first);
        world.processes = "a container".into();
        let other = of(&store, &world).unwrap();
        assert!(other != first && other.starts_with("desktop@alcove-"));
    }
}
