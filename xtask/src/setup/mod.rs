//! What building and testing need from the system, found and installed.
//!
//! Each need is looked for by what it is used as (a program, a library, a font), so one that came
//! another way counts. On Debian and its kin the missing packages are installed; elsewhere the
//! command is shown, since their names are less well known here.

pub(crate) mod apt;
mod needs;

use anyhow::{Result, bail};

use crate::{node, shell};
pub(crate) use needs::PYTHON;
use needs::{NEEDS, Need};

/// What for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum For {
    /// Building Alcove and opening its window.
    Running,
    /// Opening its window where there is no display.
    NoDisplay,
    /// Running the fault table.
    Faults,
    /// Running every test, and measuring.
    Tests,
    /// Measuring others beside Alcove.
    Peers,
    /// Looking through a package.
    Package,
}

impl For {
    /// Whether who needs this needs the other as well.
    fn includes(self, other: Self) -> bool {
        match self {
            Self::Package => matches!(other, Self::Running | Self::NoDisplay | Self::Package),
            _ => other <= self,
        }
    }
}

/// Makes sure that everything needed is there.
pub(crate) fn setup(purpose: For) -> Result<()> {
    let missing: Vec<&Need> = NEEDS
        .iter()
        .filter(|need| purpose.includes(need.purpose) && !need.is_met())
        .collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    if purpose != For::Faults {
        node::install("ui")?;
    }
    if purpose == For::Tests {
        node::install("tests/window")?;
    }
    Ok(())
}

fn install(missing: &[&Need]) -> Result<()> {
    for need in missing {
        eprintln!("missing: {}", need.what);
    }
    if shell::find("apt-get").is_some() {
        let packages: Vec<&str> = missing.iter().map(|need| need.apt).collect();
        apt::install(&packages)?;
        return match missing.iter().find(|need| !need.is_met()) {
            Some(need) => bail!(
                "{} is still missing after its package was installed",
                need.what
            ),
            None => Ok(()),
        };
    }
    let other = needs::MANAGERS
        .iter()
        .find(|manager| shell::find(manager.program).is_some());
    let Some(manager) = other else {
        bail!("no package manager that is known here was found: install what is missing yourself");
    };
    let packages: Vec<&str> = missing
        .iter()
        .map(|need| (manager.package)(need))
        .filter(|name| !name.is_empty())
        .collect();
    bail!(
        "install what is missing and try again:\n\n  {} {}\n",
        manager.command,
        packages.join(" ")
    )
}
