//! The list of needs.

use std::path::Path;

use crate::shell;

use super::For;

/// How a need shows that it is met.
enum Sign {
    Program(&'static str),
    File(&'static str),
    /// A program that is needed only where apt is.
    Debian(&'static str),
    Library(&'static str),
    /// A library that a program is run with, as its file is called.
    Shared(&'static str),
    Font(&'static str),
    /// A module of the system's own Python.
    Python(&'static str),
}

/// Something the system must have.
pub(super) struct Need {
    pub(super) what: &'static str,
    pub(super) purpose: For,
    sign: Sign,
    pub(super) apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
    zypper: &'static str,
    brew: &'static str,
}

impl Need {
    /// Whether it is there, or is no need of this system.
    pub(super) fn is_met(&self) -> bool {
        match self.sign {
            Sign::Program(name) => shell::find(name).is_some(),
            // Programs of the system's, which PATH need not lead to.
            Sign::File(path) => Path::new(path).exists(),
            _ if cfg!(not(target_os = "linux")) => true,
            Sign::Debian(name) => shell::find("apt-get").is_none() || shell::find(name).is_some(),
            Sign::Library(name) => {
                shell::succeeds(shell::command("pkg-config", &["--exists", name]))
            }
            Sign::Shared(file) => {
                let load = format!("import ctypes; ctypes.CDLL('{file}')");
                shell::succeeds(shell::command(PYTHON, &["-c", &load]))
            }
            Sign::Python(module) => {
                let import = format!("import {module}");
                shell::succeeds(shell::command(PYTHON, &["-c", &import]))
            }
            Sign::Font(family) => shell::read(shell::command("fc-list", &[":", "family"]))
                .is_ok_and(|families| families.lines().any(|line| line.starts_with(family))),
        }
    }
}

/// A package manager that is told about, not run.
pub(super) struct Manager {
    pub(super) program: &'static str,
    pub(super) command: &'static str,
    pub(super) package: fn(&Need) -> &'static str,
}

/// Package managers besides apt.
pub(super) const MANAGERS: &[Manager] = &[
    Manager {
        program: "dnf",
        command: "sudo dnf install",
        package: |need| need.dnf,
    },
    Manager {
        program: "pacman",
        command: "sudo pacman -S --needed",
        package: |need| need.pacman,
    },
    Manager {
        program: "zypper",
        command: "sudo zypper install",
        package: |need| need.zypper,
    },
    Manager {
        program: "brew",
        command: "brew install",
        package: |need| need.brew,
    },
];

/// The system's own Python, which has the modules that its packages bring.
pub(crate) const PYTHON: &str = "/usr/bin/python3";

/// Every need. An empty name: part of something else there.
pub(super) const NEEDS: &[Need] = &[
    Need {
        what: "a C compiler",
        purpose: For::Running,
        sign: Sign::Program("cc"),
        apt: "build-essential",
        dnf: "gcc",
        pacman: "base-devel",
        zypper: "gcc",
        brew: "",
    },
    Need {
        what: "pkg-config",
        purpose: For::Running,
        sign: Sign::Program("pkg-config"),
        apt: "pkg-config",
        dnf: "pkgconf-pkg-config",
        pacman: "pkgconf",
        zypper: "pkg-config",
        brew: "pkgconf",
    },
    Need {
        what: "WebKitGTK 4.1 with its headers",
        purpose: For::Running,
        sign: Sign::Library("webkit2gtk-4.1"),
        apt: "libwebkit2gtk-4.1-dev",
        dnf: "webkit2gtk4.1-devel",
        pacman: "webkit2gtk-4.1",
        zypper: "webkit2gtk3-devel",
        brew: "",
    },
    Need {
        what: "librsvg with its headers",
        purpose: For::Running,
        sign: Sign::Library("librsvg-2.0"),
        apt: "librsvg2-dev",
        dnf: "librsvg2-devel",
        pacman: "librsvg",
        zypper: "librsvg-devel",
        brew: "",
    },
    Need {
        what: "dpkg-shlibdeps, which tells what the deb depends on",
        purpose: For::Running,
        sign: Sign::Debian("dpkg-shlibdeps"),
        apt: "dpkg-dev",
        dnf: "",
        pacman: "",
        zypper: "",
        brew: "",
    },
    Need {
        what: "Borg",
        purpose: For::Running,
        sign: Sign::Program("borg"),
        apt: "borgbackup",
        dnf: "borgbackup",
        pacman: "borg",
        zypper: "borgbackup",
        brew: "borgbackup",
    },
    Need {
        what: "a virtual display",
        purpose: For::NoDisplay,
        sign: Sign::Program("xvfb-run"),
        apt: "xvfb",
        dnf: "xorg-x11-server-Xvfb",
        pacman: "xorg-server-xvfb",
        zypper: "xorg-x11-server-Xvfb",
        brew: "",
    },
    Need {
        what: "xauth, for the virtual display",
        purpose: For::NoDisplay,
        sign: Sign::Program("xauth"),
        apt: "xauth",
        dnf: "xorg-x11-xauth",
        pacman: "xorg-xauth",
        zypper: "xauth",
        brew: "",
    },
    Need {
        what: "a D-Bus session",
        purpose: For::NoDisplay,
        sign: Sign::Program("dbus-run-session"),
        apt: "dbus",
        dnf: "dbus-daemon",
        pacman: "dbus",
        zypper: "dbus-1-daemon",
        brew: "",
    },
    Need {
        what: "the font Inter",
        purpose: For::NoDisplay,
        sign: Sign::Font("Inter"),
        apt: "fonts-inter",
        dnf: "rsms-inter-fonts",
        pacman: "inter-font",
        zypper: "inter-fonts",
        brew: "",
    },
    Need {
        what: "the font JetBrains Mono",
        purpose: For::NoDisplay,
        sign: Sign::Font("JetBrains Mono"),
        apt: "fonts-jetbrains-mono",
        dnf: "jetbrains-mono-fonts",
        pacman: "ttf-jetbrains-mono",
        zypper: "jetbrains-mono-fonts",
        brew: "",
    },
    Need {
        what: "ext4, for a disk whose power is cut and drives that are pulled out",
        purpose: For::Tests,
        sign: Sign::File("/usr/sbin/mkfs.ext4"),
        apt: "e2fsprogs",
        dnf: "e2fsprogs",
        pacman: "e2fsprogs",
        zypper: "e2fsprogs",
        brew: "",
    },
    Need {
        what: "WebKitWebDriver, which drives the window in tests",
        purpose: For::Tests,
        sign: Sign::Program("WebKitWebDriver"),
        apt: "webkit2gtk-driver",
        dnf: "webkit2gtk-driver",
        pacman: "webkit2gtk-4.1",
        zypper: "webkit2gtk-driver",
        brew: "",
    },
    Need {
        what: "dbusmock, which plays the desktop that shows notifications, and the system's power, network and logins",
        purpose: For::Tests,
        sign: Sign::Python("dbusmock"),
        apt: "python3-dbusmock",
        dnf: "python3-dbusmock",
        pacman: "python-dbusmock",
        zypper: "python3-python-dbusmock",
        brew: "",
    },
    Need {
        what: "GNOME's keyring, for the tests of remembered passphrases",
        purpose: For::Faults,
        sign: Sign::Program("gnome-keyring-daemon"),
        apt: "gnome-keyring",
        dnf: "gnome-keyring",
        pacman: "gnome-keyring",
        zypper: "gnome-keyring",
        brew: "",
    },
    Need {
        what: "OpenSSL's program, for a certificate of the tests",
        purpose: For::Tests,
        sign: Sign::Program("openssl"),
        apt: "openssl",
        dnf: "openssl",
        pacman: "openssl",
        zypper: "openssl",
        brew: "openssl",
    },
    Need {
        what: "faketime, for clocks that go wrong",
        purpose: For::Faults,
        sign: Sign::Program("faketime"),
        apt: "faketime",
        dnf: "libfaketime",
        pacman: "libfaketime",
        zypper: "libfaketime",
        brew: "",
    },
    Need {
        what: "an ssh server, for the tests of repositories on one",
        purpose: For::Faults,
        sign: Sign::File("/usr/sbin/sshd"),
        apt: "openssh-server",
        dnf: "openssh-server",
        pacman: "openssh",
        zypper: "openssh-server",
        brew: "",
    },
    Need {
        what: "venv, for the second Borg and for schemathesis in the tests",
        purpose: For::Tests,
        sign: Sign::Python("ensurepip"),
        apt: "python3-venv",
        dnf: "python3",
        pacman: "python",
        zypper: "python3",
        brew: "",
    },
    Need {
        what: "Python's headers, for the second Borg of the tests",
        purpose: For::Tests,
        sign: Sign::Library("python3"),
        apt: "python3-dev",
        dnf: "python3-devel",
        pacman: "python",
        zypper: "python3-devel",
        brew: "",
    },
    Need {
        what: "libacl with its headers, for the second Borg of the tests",
        purpose: For::Tests,
        sign: Sign::Library("libacl"),
        apt: "libacl1-dev",
        dnf: "libacl-devel",
        pacman: "acl",
        zypper: "libacl-devel",
        brew: "",
    },
    Need {
        what: "OpenSSL with its headers, for the second Borg of the tests",
        purpose: For::Tests,
        sign: Sign::Library("libcrypto"),
        apt: "libssl-dev",
        dnf: "openssl-devel",
        pacman: "openssl",
        zypper: "libopenssl-devel",
        brew: "",
    },
    Need {
        what: "LZ4 with its headers, for the second Borg of the tests",
        purpose: For::Tests,
        sign: Sign::Library("liblz4"),
        apt: "liblz4-dev",
        dnf: "lz4-devel",
        pacman: "lz4",
        zypper: "liblz4-devel",
        brew: "",
    },
    Need {
        what: "Zstandard with its headers, for the second Borg of the tests",
        purpose: For::Tests,
        sign: Sign::Library("libzstd"),
        apt: "libzstd-dev",
        dnf: "libzstd-devel",
        pacman: "zstd",
        zypper: "libzstd-devel",
        brew: "",
    },
    Need {
        what: "xxHash with its headers, for the second Borg of the tests",
        purpose: For::Tests,
        sign: Sign::Library("libxxhash"),
        apt: "libxxhash-dev",
        dnf: "xxhash-devel",
        pacman: "xxhash",
        zypper: "xxhash-devel",
        brew: "",
    },
    Need {
        what: "lintian, which looks through the deb",
        purpose: For::Package,
        sign: Sign::Program("lintian"),
        apt: "lintian",
        dnf: "lintian",
        pacman: "",
        zypper: "",
        brew: "",
    },
    Need {
        what: "desktop-file-validate",
        purpose: For::Package,
        sign: Sign::Program("desktop-file-validate"),
        apt: "desktop-file-utils",
        dnf: "desktop-file-utils",
        pacman: "desktop-file-utils",
        zypper: "desktop-file-utils",
        brew: "",
    },
    Need {
        what: "appstreamcli, which validates the metainfo",
        purpose: For::Package,
        sign: Sign::Program("appstreamcli"),
        apt: "appstream",
        dnf: "appstream",
        pacman: "appstream",
        zypper: "AppStream",
        brew: "",
    },
    Need {
        what: "rpm, which reads the other package",
        purpose: For::Package,
        sign: Sign::Program("rpm"),
        apt: "rpm",
        dnf: "rpm",
        pacman: "rpm-tools",
        zypper: "rpm",
        brew: "",
    },
    Need {
        what: "libxcb-cursor.so.0, which the windows of Qt need",
        purpose: For::Peers,
        sign: Sign::Shared("libxcb-cursor.so.0"),
        apt: "libxcb-cursor0",
        dnf: "xcb-util-cursor",
        pacman: "xcb-util-cursor",
        zypper: "libxcb-cursor0",
        brew: "",
    },
    Need {
        what: "libxcb-icccm.so.4, which the windows of Qt need",
        purpose: For::Peers,
        sign: Sign::Shared("libxcb-icccm.so.4"),
        apt: "libxcb-icccm4",
        dnf: "xcb-util-wm",
        pacman: "xcb-util-wm",
        zypper: "libxcb-icccm4",
        brew: "",
    },
    Need {
        what: "libxcb-keysyms.so.1, which the windows of Qt need",
        purpose: For::Peers,
        sign: Sign::Shared("libxcb-keysyms.so.1"),
        apt: "libxcb-keysyms1",
        dnf: "xcb-util-keysyms",
        pacman: "xcb-util-keysyms",
        zypper: "libxcb-keysyms1",
        brew: "",
    },
];
