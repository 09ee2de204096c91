//! What can be told of a local repository without running Borg.
//!
//! Reading one small file takes no time, no lock and no passphrase, where `borg list` takes a quarter of a
//! second and all three. Leaves out remote repositories, and everything but the id.
//!
//! Source: Borg 1.4.5 docs/internals/data-structures.rst, "Repository"; measured with Borg 1.2.4.

use std::io::Read as _;
use std::path::Path;

use fs_err as fs;

/// A config with a key in it takes about 1 KiB.
const MAX_CONFIG_BYTES: u64 = 64 << 10;

/// Gives the id of the repository in a folder: 64 hexadecimal digits in lower case; nothing where there is no
/// readable repository of Borg 1.
pub fn repository_id_at(path: &Path) -> Option<String> {
    let config = path.join("config");
    if !fs::metadata(&config).ok()?.is_file() {
        return None; // in Borg 2 a folder
    }
    let mut bytes = Vec::new();
    fs::File::open(&config)
        .ok()?
        .take(MAX_CONFIG_BYTES)
        .read_to_end(&mut bytes)
        .ok()?;
    id_in(&String::from_utf8_lossy(&bytes))
}

fn id_in(config: &str) -> Option<String> {
    let mut section = "";
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if let Some((key, value)) = line.split_once('=')
            && section == "[repository]"
            && key.trim() == "id"
        {
            let id = value.trim();
            let is_id = id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
            return is_id.then(|| id.to_ascii_lowercase());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "b9c261512c89a5072cb0c2e547edba807d44326dc516c1cbca85cc250af6f8da";

    #[test]
    fn the_id_stands_in_the_section_of_the_repository() {
        let config =
            format!("[other]\nid = 1\n\n[repository]\nversion = 1\nid = {ID}\nkey = x\n\tid = 2\n");
        assert_eq!(id_in(&config).as_deref(), Some(ID));
    }

    #[test]
    fn what_is_no_id_is_not_taken_for_one() {
        for config in [
            "",
            "id = 1",
            "[repository]\nid = xyz",
            "[repository]\nid =",
            "[repository]\nversion = 1",
        ] {
            assert_eq!(id_in(config), None, "{config}");
        }
    }

    #[test]
    fn a_folder_without_a_repository_of_borg_1_has_no_id() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(repository_id_at(folder.path()), None);
        std::fs::create_dir(folder.path().join("config")).unwrap();
        assert_eq!(repository_id_at(folder.path()), None);
    }
}
