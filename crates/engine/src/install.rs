//! How Borg is installed on this system, as one line for a terminal.

use std::path::Path;

/// Returns the command that installs Borg here, or `None` where Alcove knows none.
pub fn install_command() -> Option<String> {
    if cfg!(target_os = "macos") {
        return Some("brew install borgbackup".to_owned());
    }
    let release = fs_err::read_to_string(Path::new("/etc/os-release")).ok()?;
    for_release(&release).map(str::to_owned)
}

/// Reads os-release(5): the distribution, then the ones it is like.
fn for_release(release: &str) -> Option<&'static str> {
    let value = |key: &str| {
        release
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
            .map(|value| value.trim_matches('"'))
            .unwrap_or_default()
    };
    let names = value("ID").split(' ').chain(value("ID_LIKE").split(' '));
    names.into_iter().find_map(|name| match name {
        "debian" | "ubuntu" => Some("sudo apt install borgbackup"),
        "fedora" | "rhel" | "centos" => Some("sudo dnf install borgbackup"),
        "arch" => Some("sudo pacman -S borg"),
        "opensuse" | "suse" => Some("sudo zypper install borgbackup"),
        "alpine" => Some("sudo apk add borgbackup"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_family_of_distributions_has_its_command() {
        assert_eq!(
            for_release("ID=debian\n"),
            Some("sudo apt install borgbackup")
        );
        assert_eq!(
            for_release("NAME=Mint\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"),
            Some("sudo apt install borgbackup")
        );
        assert_eq!(
            for_release("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n"),
            Some("sudo zypper install borgbackup")
        );
        assert_eq!(for_release("ID=haiku\n"), None);
    }
}
