//! The suite of the packages: built, looked through, installed, opened, removed.
//!
//! It installs with apt, so it is part of `cargo xtask test --all` alone, and runs only where apt is and
//! nobody has Alcove installed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::demo::Demo;
use crate::session::Session;
use crate::setup::{self, apt};
use crate::suite::{Counts, Rows};
use crate::{bundle, shell};

/// The program where the packages put it.
const PROGRAM: &str = "/usr/bin/alcove";

/// Runs the suite; a failed check does not keep the next from running.
pub(crate) fn test() -> Result<Rows> {
    if shell::find("apt-get").is_none() {
        println!("\nThe packages are not tested: there is no apt to install them with.");
        return Ok(Rows::default());
    }
    if Path::new(PROGRAM).exists() {
        println!("\nThe packages are not tested: Alcove is installed here, and would be removed.");
        return Ok(Rows::default());
    }
    setup::setup(setup::For::Package)?;
    let packages = Packages::built()?;
    let demo = Demo::make(false)?;
    let checks: [(&str, &dyn Fn() -> Result<()>); 6] = [
        ("lintian finds no error", &|| packages.lint()),
        ("the desktop entry and the metainfo are valid", &|| {
            packages.validate()
        }),
        ("the rpm holds the files of the deb", &|| packages.compare()),
        ("apt installs it with what it needs", &|| packages.install()),
        ("the installed program shows its window", &|| open(&demo)),
        ("apt removes it, and the person's records stay", &|| {
            packages.remove(&demo)
        }),
    ];
    let mut counts = Counts::default();
    for (what, check) in checks {
        match check() {
            Ok(()) => {
                println!("ok: {what}");
                counts.passed += 1;
            }
            Err(error) => {
                println!("FAILED: {what}: {error:#}");
                counts.failed += 1;
            }
        }
    }
    Ok(Rows(vec![(String::new(), counts)]))
}

/// The packages, and the files of the deb in a folder of their own.
struct Packages {
    deb: PathBuf,
    rpm: PathBuf,
    tree: PathBuf,
}

impl Packages {
    fn built() -> Result<Self> {
        let built = bundle::bundle()?;
        let of = |kind: &str| {
            let found = built
                .iter()
                .find(|path| path.extension().is_some_and(|end| end == kind));
            found
                .cloned()
                .with_context(|| format!("there is no {kind}"))
        };
        let tree = shell::target().join("package");
        if tree.exists() {
            fs::remove_dir_all(&tree)?;
        }
        let packages = Self {
            deb: of("deb")?,
            rpm: of("rpm")?,
            tree,
        };
        let mut unpack = shell::command("dpkg-deb", &["--extract"]);
        unpack.args([&packages.deb, &packages.tree]);
        shell::run(unpack)?;
        Ok(packages)
    }

    fn lint(&self) -> Result<()> {
        let mut lintian = shell::command("lintian", &["--fail-on", "error", "--allow-root"]);
        lintian.arg(&self.deb);
        shell::run(lintian)
    }

    fn validate(&self) -> Result<()> {
        let entry = self.tree.join("usr/share/applications/alcove.desktop");
        let mut desktop = shell::command("desktop-file-validate", &[]);
        desktop.arg(entry);
        shell::run(desktop)?;
        // Looks into the metainfo, and whether the entry and the icon it names are there.
        let mut metainfo = shell::command("appstreamcli", &["validate-tree", "--no-net"]);
        metainfo.arg(&self.tree);
        shell::run(metainfo)
    }

    fn compare(&self) -> Result<()> {
        let mut list = shell::command("rpm", &["--query", "--list", "--package"]);
        list.arg(&self.rpm);
        let rpm: BTreeSet<String> = shell::read(list)?.lines().map(str::to_owned).collect();
        let mut deb = files(&self.tree, Path::new("/"))?;
        // Debian's own changelog.
        deb.remove("/usr/share/doc/alcove/changelog.gz");
        ensure!(rpm == deb, "the rpm holds {rpm:#?}, the deb {deb:#?}");
        Ok(())
    }

    fn install(&self) -> Result<()> {
        let deb = self.deb.to_str().context("the path is not UTF-8")?;
        apt::install(&[deb])?;
        for file in files(&self.tree, Path::new("/"))? {
            ensure!(Path::new(&file).exists(), "{file} was not installed");
        }
        Ok(())
    }

    fn remove(&self, demo: &Demo) -> Result<()> {
        shell::run(apt::apt_get(&["purge", "-y", "alcove"]))?;
        let left: Vec<String> = files(&self.tree, Path::new("/"))?
            .into_iter()
            .filter(|file| Path::new(file).exists())
            .collect();
        ensure!(left.is_empty(), "it left {left:#?}");
        for folder in ["/usr/share/doc/alcove", "/usr/lib/alcove", "/etc/alcove"] {
            ensure!(!Path::new(folder).exists(), "it left {folder}");
        }
        ensure!(demo.records().exists(), "the person's records are gone");
        Ok(())
    }
}

/// Opens the installed program over the demo, takes a picture of it and closes it.
fn open(demo: &Demo) -> Result<()> {
    let folder = shell::target().join("screenshots");
    fs::create_dir_all(&folder)?;
    let mut session = Session::without_display(Path::new(PROGRAM), Some(demo))?;
    session
        .wait_for_window()?
        .save(&folder.join("installed.png"))?;
    session.close()
}

/// The files below a folder, as they are named below another.
fn files(folder: &Path, below: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path(), &name)?);
        } else {
            let name = name
                .to_str()
                .context("a name in the package is not UTF-8")?;
            found.insert(name.to_owned());
        }
    }
    Ok(found)
}
