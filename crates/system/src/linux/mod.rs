//! Linux: the system's bus, and the kernel's table of mounts.

mod bus;
mod disks;
mod mounts;
mod watch;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zbus::zvariant;

use crate::system::{Inhibition, Inhibitor, Spot, System, Tell};
use bus::Bus;
use mounts::Mounts;

/// Where udev lists file systems by their ids (udev(7), `60-persistent-storage.rules`).
const BY_ID: &str = "/dev/disk/by-uuid";

/// This computer.
#[derive(Debug)]
pub struct Computer {
    bus: Bus,
    by_id: PathBuf,
}

impl Computer {
    /// The computer of a session, whose environment may name another bus of the system (`DBUS_SYSTEM_BUS_ADDRESS`).
    pub fn of(environment: &BTreeMap<OsString, OsString>) -> Self {
        let named = environment.get(OsStr::new("DBUS_SYSTEM_BUS_ADDRESS"));
        Self {
            bus: Bus::at(named.and_then(|address| address.to_str())),
            by_id: BY_ID.into(),
        }
    }

    /// The same with another folder in which file systems are listed by their ids: a link to its device for each.
    #[must_use]
    pub fn with_drives_in(self, by_id: PathBuf) -> Self {
        Self { by_id, ..self }
    }
}

impl System for Computer {
    /// Source: the D-Bus reference of `UPower`, `org.freedesktop.UPower`.
    fn on_ac_power(&self) -> Option<bool> {
        let on_battery: bool = self.bus.property(&bus::UPOWER, "OnBattery")?;
        Some(!on_battery)
    }

    /// Source: the D-Bus reference of `NetworkManager`, `NMMetered`: 0 unknown, 1 yes, 2 no, 3 guessed yes, 4 guessed no.
    fn is_metered(&self) -> Option<bool> {
        match self.bus.property::<u32>(&bus::NETWORK_MANAGER, "Metered")? {
            1 | 3 => Some(true),
            2 | 4 => Some(false),
            _ => None,
        }
    }

    fn spot(&self, path: &Path) -> Option<Spot> {
        Mounts::now().spot(path, &self.by_id)
    }

    fn find(&self, spot: &Spot) -> Vec<PathBuf> {
        Mounts::now().find(spot, &self.by_id)
    }

    fn is_plugged_in(&self, drive: &str) -> bool {
        mounts::drives(&self.by_id).any(|(id, _)| id == drive)
    }

    fn removable(&self, drive: &str) -> Option<String> {
        let label = disks::label_of_removable(&self.bus, drive)?;
        if !label.is_empty() {
            return Some(label);
        }
        let whole = Spot {
            drive: drive.to_owned(),
            path: "/".into(),
        };
        let mounted = self.find(&whole).into_iter().next()?;
        Some(mounted.file_name()?.to_string_lossy().into_owned())
    }

    fn flush(&self, path: &Path) -> bool {
        let flush = || -> std::io::Result<()> {
            let there = fs_err::File::open(path)?;
            Ok(rustix::fs::syncfs(there.file())?)
        };
        flush()
            .inspect_err(|error| {
                log::warn!("what was written is not known to be on its drive: {error}");
            })
            .is_ok()
    }

    /// Source: logind's inhibitor locks, org.freedesktop.login1(5). The lock is there as long as its descriptor is open.
    fn inhibit(&self, what: Inhibition, why: &str) -> Option<Inhibitor> {
        let (what, mode) = match what {
            Inhibition::Sleep => ("sleep", "block"),
            Inhibition::ShutDown => ("shutdown", "delay"),
        };
        let lock: zvariant::OwnedFd =
            self.bus
                .call(&bus::LOGIND, "Inhibit", &(what, "Alcove", why, mode))?;
        Some(Inhibitor::new(OwnedFd::from(lock)))
    }

    fn watch(&self, tell: Tell) {
        let tell = Arc::new(tell);
        watch::mounts(Arc::clone(&tell));
        watch::bus(self.bus.clone(), tell);
    }
}
