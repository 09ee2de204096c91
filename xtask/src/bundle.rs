//! Packages: what a person installs.
//!
//! Tauri's bundler puts them together, without a download; what goes in is said in `tauri.conf.json`,
//! `tauri.linux.conf.json` and `packaging/`. Here is what neither can say: which libraries the program
//! was linked with, and what has to be compressed first. Left out: AppImage, whose tools Tauri downloads.

use std::env::consts::OS;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::{node, setup, shell};

/// The programs of a package: each is built by the Cargo package of its name. Tauri packs the first.
const PROGRAMS: [&str; 2] = ["alcove", "alcove-cli"];

/// Builds the packages of this system, writes where they are, and returns that.
pub(crate) fn bundle() -> Result<Vec<PathBuf>> {
    setup::setup(setup::For::Running)?;
    node::install("packaging")?;
    let made = shell::target().join("release/bundle");
    if made.exists() {
        fs::remove_dir_all(&made)?;
    }
    let mut build = tauri(&["build", "--no-bundle", "--ci", "--"])?;
    build.args(PROGRAMS.iter().flat_map(|program| ["-p", program]));
    shell::run(build)?;
    match OS {
        "linux" => linux()?,
        "macos" => pack("dmg", &json!({}))?,
        "windows" => pack("nsis", &json!({}))?,
        other => bail!("nothing is known here of packages for {other}"),
    }
    let packages = packages(&made)?;
    println!("\nBuilt:");
    for package in &packages {
        let megabytes = fs::metadata(package)?.len() as f64 / 1e6;
        println!("  {} ({megabytes:.1} MB)", package.display());
    }
    Ok(packages)
}

fn linux() -> Result<()> {
    // Who builds for themselves keeps the names for backtraces; a package has none (Debian's policy 10.1).
    let mut strip = shell::command("strip", &["--strip-unneeded"]);
    strip.args(PROGRAMS.map(built));
    shell::run(strip)?;
    compress_manuals()?;
    if shell::find("dpkg-shlibdeps").is_some() {
        pack("deb", &deb()?)?;
    } else if Path::new("/etc/debian_version").exists() {
        bail!("the deb cannot be built without dpkg-shlibdeps: install dpkg-dev and try again");
    } else {
        println!("\nThe deb is left out: only Debian and its kin know its libraries.");
    }
    pack(
        "rpm",
        &json!({"bundle": {"linux": {"rpm": {"files": others()}}}}),
    )
}

/// Tauri's command line, which is an npm package.
fn tauri(arguments: &[&str]) -> Result<Command> {
    let script = shell::root().join("packaging/node_modules/@tauri-apps/cli/tauri.js");
    let mut command = shell::command("node", &[]);
    command
        .arg(
            script
                .canonicalize()
                .context("Tauri's bundler is missing")?,
        )
        .args(arguments)
        // Without it the first package.json found is taken for the pages'.
        .env("TAURI_FRONTEND_PATH", shell::root());
    Ok(command)
}

/// Makes one package of what is built, with this merged into the configuration.
fn pack(format: &str, configuration: &serde_json::Value) -> Result<()> {
    let configuration = configuration.to_string();
    let mut bundle = tauri(&["bundle", "--ci", "--bundles", format])?;
    bundle.args(["--config", &configuration]);
    shell::run(bundle)
}

/// Where the built program is.
fn built(program: &str) -> PathBuf {
    shell::target().join("release").join(program)
}

/// The programs that Tauri does not pack by itself, as files of a Linux package.
fn others() -> serde_json::Value {
    PROGRAMS[1..]
        .iter()
        .map(|program| (format!("/usr/bin/{program}"), json!(built(program))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// What the deb needs besides its static configuration.
fn deb() -> Result<serde_json::Value> {
    let mut depends = vec!["borgbackup".to_owned()];
    depends.extend(libraries()?);
    Ok(json!({"bundle": {"linux": {"deb": {"depends": depends, "files": others()}}}}))
}

/// The packages of the libraries the programs are linked with, with the versions they need
/// (dpkg-shlibdeps(1)).
fn libraries() -> Result<Vec<String>> {
    // It looks for a source package around it.
    let source = shell::target().join("shlibdeps");
    fs::create_dir_all(source.join("debian"))?;
    fs::write(
        source.join("debian/control"),
        "Source: alcove\n\nPackage: alcove\nArchitecture: any\n",
    )?;
    let mut ask = shell::command("dpkg-shlibdeps", &["-O"]);
    ask.args(PROGRAMS.map(built)).current_dir(&source);
    let answer = shell::read(ask)?;
    let list = answer
        .lines()
        .find_map(|line| line.strip_prefix("shlibs:Depends="))
        .context("dpkg-shlibdeps named no library")?;
    Ok(list.split(", ").map(str::to_owned).collect())
}

/// Compresses the manuals as Debian's policy asks for (12.1), always to the same bytes.
fn compress_manuals() -> Result<()> {
    let folder = shell::root().join("gen");
    fs::create_dir_all(&folder)?;
    for program in PROGRAMS {
        let mut gzip = shell::command("gzip", &["-9", "--no-name", "--stdout"]);
        gzip.arg(format!("packaging/linux/{program}.1"))
            .stdout(File::create(folder.join(format!("{program}.1.gz")))?);
        shell::run(gzip)?;
    }
    Ok(())
}

/// The packages below Tauri's folder, one folder for each format.
fn packages(made: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for format in fs::read_dir(made)? {
        for entry in fs::read_dir(format?.path())? {
            let path = entry?.path();
            let kind = path.extension().unwrap_or_default();
            if ["deb", "rpm", "dmg", "exe"]
                .iter()
                .any(|known| kind == *known)
            {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_changelog_of_the_package_begins_with_the_version_that_is_built() {
        let changelog = include_str!("../../packaging/linux/changelog");
        let version = env!("CARGO_PKG_VERSION");
        assert!(changelog.starts_with(&format!("alcove ({version}) ")));
        let metainfo = include_str!("../../packaging/linux/app.alcove.desktop.metainfo.xml");
        assert!(metainfo.contains(&format!("<release version=\"{version}\"")));
    }
}
