//! Which drives people may take away.
//!
//! Source: the D-Bus reference of `UDisks2`. A file system's block device names its drive; one that is unlocked from an
//! encrypted device has none of its own (`/`), and that device names it.

use std::collections::HashMap;

use zbus::zvariant::{OwnedObjectPath, Value};

use super::bus::{Bus, Peer};

const NAME: &str = "org.freedesktop.UDisks2";

const MANAGER: Peer<'_> = Peer {
    name: NAME,
    path: "/org/freedesktop/UDisks2/Manager",
    interface: "org.freedesktop.UDisks2.Manager",
};

/// The label of the file system with this id, which may be empty, where its drive can be taken away.
pub(super) fn label_of_removable(bus: &Bus, id: &str) -> Option<String> {
    let wanted = HashMap::from([("uuid", Value::from(id))]);
    let options = HashMap::<&str, Value<'_>>::new();
    let found: Vec<OwnedObjectPath> = bus.call(&MANAGER, "ResolveDevice", &(wanted, options))?;
    let device = found.first()?;
    let locked: OwnedObjectPath = bus.property(&block(device), "CryptoBackingDevice")?;
    let owner = if locked.as_str() == "/" {
        device
    } else {
        &locked
    };
    let drive: OwnedObjectPath = bus.property(&block(owner), "Drive")?;
    let drive = Peer {
        name: NAME,
        path: drive.as_str(),
        interface: "org.freedesktop.UDisks2.Drive",
    };
    let is_removable: bool = bus.property(&drive, "Removable")?;
    if !is_removable {
        return None;
    }
    bus.property(&block(device), "IdLabel")
}

fn block(path: &OwnedObjectPath) -> Peer<'_> {
    Peer {
        name: NAME,
        path: path.as_str(),
        interface: "org.freedesktop.UDisks2.Block",
    }
}
