//! The Borg of the demo: the computer's own, with the demo's date on what it makes.
//!
//! Borg dates an archive by the computer's clock, which nobody sets back for a demo; it takes another
//! date as a flag. So the demo has a script in front of Borg that adds the flag while a date is set,
//! and passes everything on as it is otherwise.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use alcove_borg::Borg;
use anyhow::Result;
use fs_err as fs;
use jiff::Timestamp;

/// The script, and what it looks at.
pub(crate) struct DatedBorg {
    folder: PathBuf,
}

impl DatedBorg {
    /// Writes the script into a folder.
    pub(crate) fn new(folder: &Path, real: &Borg) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let made = Self {
            folder: folder.to_owned(),
        };
        let script = format!(
            "#!/bin/sh\n\
             # Dates what it makes as the demo says, and waits where the demo holds it.\n\
             folder='{folder}'\n\
             borg='{borg}'\n\
             while [ -e \"$folder/hold-$1\" ]; do sleep 0.05; done\n\
             if [ \"$1\" = create ] && [ -e \"$folder/date\" ]; then\n\
             shift\n\
             exec \"$borg\" create --timestamp=\"$(cat \"$folder/date\")\" \"$@\"\n\
             fi\n\
             exec \"$borg\" \"$@\"\n",
            folder = quoted(folder),
            borg = quoted(&real.path),
        );
        fs::write(made.path(), script)?;
        fs::set_permissions(made.path(), PermissionsExt::from_mode(0o755))?;
        Ok(made)
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("borg")
    }

    /// Dates archives at this moment from now on.
    pub(crate) fn date(&self, at: Timestamp) -> Result<()> {
        // Alcove runs Borg's `create` in UTC, and Borg reads the date in its own zone.
        let date = at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        Ok(fs::write(self.folder.join("date"), date)?)
    }

    /// Leaves the date to Borg again.
    pub(crate) fn undate(&self) -> Result<()> {
        Ok(fs::remove_file(self.folder.join("date"))?)
    }

    /// Makes a command wait before it begins.
    pub(crate) fn hold(&self, command: &str) -> Result<()> {
        Ok(fs::write(self.holds(command), "")?)
    }

    /// Lets it begin.
    pub(crate) fn let_go(&self, command: &str) -> Result<()> {
        Ok(fs::remove_file(self.holds(command))?)
    }

    fn holds(&self, command: &str) -> PathBuf {
        self.folder.join(format!("hold-{command}"))
    }
}

/// A path between two single quotes of a shell.
fn quoted(path: &Path) -> String {
    path.display().to_string().replace('\'', r"'\''")
}
