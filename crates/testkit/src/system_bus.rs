//! A bus of the system for one test, with those on it that a test wants to speak: python-dbusmock plays them.
//!
//! Hermetic: the test names the bus to the program it tests by `DBUS_SYSTEM_BUS_ADDRESS`, and no other is touched.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, Proxy};
use zbus::names::BusName;
use zbus::zvariant::{ObjectPath, Value};

/// The system's own Python, which has the modules that its packages bring.
const PYTHON: &str = "/usr/bin/python3";
/// The interface through which a test tells a mock what to do.
const MOCK: &str = "org.freedesktop.DBus.Mock";
/// How the mock of `UDisks2` finds a device by the id of its file system.
const RESOLVE: &str = "
ret = dbus.Array([], signature='o')
for path, each in objects.items():
    if each.props.get('org.freedesktop.UDisks2.Block', {}).get('IdUUID') == args[0]['uuid']:
        ret.append(dbus.ObjectPath(path))
";
/// How often is looked whether somebody is there.
const LOOK: Duration = Duration::from_millis(20);
/// How often at most: for two minutes.
const LOOKS: u32 = 6_000;

/// Somebody on the bus, as python-dbusmock's templates call them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Played {
    /// `UPower`.
    Power,
    /// `NetworkManager`.
    Network,
    /// logind.
    Login,
    /// `UDisks2`, which has no drive until it is given one.
    Disks,
}

impl Played {
    /// What python-dbusmock is started with to play it.
    fn words(self) -> Vec<&'static str> {
        match self {
            Self::Power => vec!["--template", "upower"],
            Self::Network => vec!["--template", "networkmanager"],
            Self::Login => vec!["--template", "logind"],
            Self::Disks => {
                let (name, path, interface) = self.names();
                vec![name, path, interface]
            }
        }
    }

    const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Power => (
                "org.freedesktop.UPower",
                "/org/freedesktop/UPower",
                "org.freedesktop.UPower",
            ),
            Self::Network => (
                "org.freedesktop.NetworkManager",
                "/org/freedesktop/NetworkManager",
                "org.freedesktop.NetworkManager",
            ),
            Self::Login => (
                "org.freedesktop.login1",
                "/org/freedesktop/login1",
                "org.freedesktop.login1.Manager",
            ),
            Self::Disks => (
                "org.freedesktop.UDisks2",
                "/org/freedesktop/UDisks2/Manager",
                "org.freedesktop.UDisks2.Manager",
            ),
        }
    }
}

/// Is a bus; it and all on it end when it is dropped.
#[derive(Debug)]
pub struct SystemBus {
    daemon: Child,
    played: Vec<Child>,
    address: String,
    connection: Connection,
}

impl SystemBus {
    /// Starts one with nobody on it.
    pub fn begin() -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon is installed");
        let said = daemon.stdout.take().expect("its words are piped");
        let mut address = String::new();
        BufReader::new(said)
            .read_line(&mut address)
            .expect("the bus says where it is");
        let address = address.trim().to_owned();
        let connection = Builder::address(address.as_str())
            .and_then(Builder::build)
            .expect("the bus can be reached");
        Self {
            daemon,
            played: Vec::new(),
            address,
            connection,
        }
    }

    /// Gives what `DBUS_SYSTEM_BUS_ADDRESS` is to be.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Has somebody come to the bus.
    pub fn play(&mut self, who: Played) {
        let mock = Command::new(PYTHON)
            .args(["-m", "dbusmock", "--system"])
            .args(who.words())
            .env("DBUS_SYSTEM_BUS_ADDRESS", &self.address)
            .stdout(Stdio::null())
            .spawn()
            .expect("Python is installed");
        self.played.push(mock);
        let bus = DBusProxy::new(&self.connection).expect("the bus answers");
        let name = BusName::try_from(who.names().0).expect("a name on the bus");
        for _ in 0..LOOKS {
            if bus.name_has_owner(name.clone()).is_ok_and(|has| has) {
                return;
            }
            std::thread::sleep(LOOK);
        }
        panic!("{who:?} did not come: python3-dbusmock is missing");
    }

    /// Gives a property to somebody who has none of this name yet.
    pub fn add(&self, who: Played, property: &str, value: impl Into<Value<'static>>) {
        let interface = who.names().2;
        let added: zbus::Result<()> = self
            .proxy(who, MOCK)
            .call("AddProperty", &(interface, property, value.into()));
        added.expect("a mock takes a property");
    }

    /// Changes a property, which its owner tells everybody.
    pub fn set(&self, who: Played, property: &str, value: impl Into<Value<'static>>) {
        let interface = who.names().2;
        let set: zbus::Result<()> = self
            .proxy(who, "org.freedesktop.DBus.Properties")
            .call("Set", &(interface, property, value.into()));
        set.expect("a mock changes a property");
    }

    /// Has somebody send a signal with a yes or no.
    pub fn signal(&self, who: Played, name: &str, yes: bool) {
        let interface = who.names().2;
        let sent: zbus::Result<()> = self.proxy(who, MOCK).call(
            "EmitSignal",
            &(interface, name, "b", vec![Value::from(yes)]),
        );
        sent.expect("a mock sends a signal");
    }

    /// Gives what logind is asked not to do now: what, by whom, why, and how.
    pub fn inhibitors(&self) -> Vec<(String, String, String, String)> {
        let held: Vec<(String, String, String, String, u32, u32)> = self
            .proxy(Played::Login, Played::Login.names().2)
            .call("ListInhibitors", &())
            .expect("logind is played");
        held.into_iter()
            .map(|(what, who, why, mode, ..)| (what, who, why, mode))
            .collect()
    }

    /// Gives a drive to `UDisks2`, which is played: its file system has this id and label, and may be encrypted.
    pub fn add_drive(&self, id: &str, label: &str, is_removable: bool, is_encrypted: bool) {
        let name = id.replace('-', "_");
        let at = |kind: &str, name: &str| format!("/org/freedesktop/UDisks2/{kind}/{name}");
        let path = |path: &str| Value::from(ObjectPath::try_from(path.to_owned()).expect("a path"));
        let drive = at("drives", &name);
        let (clear, locked) = (
            at("block_devices", &name),
            at("block_devices", &format!("{name}_locked")),
        );
        let on = |drive: &str, backing: &str, id: &str| {
            HashMap::from([
                ("Drive", path(drive)),
                ("CryptoBackingDevice", path(backing)),
                ("IdUUID", Value::from(id.to_owned())),
                ("IdLabel", Value::from(label.to_owned())),
            ])
        };
        self.add_object(
            &drive,
            "Drive",
            HashMap::from([("Removable", Value::from(is_removable))]),
        );
        if is_encrypted {
            self.add_object(&locked, "Block", on(&drive, "/", ""));
            self.add_object(&clear, "Block", on("/", &locked, id));
        } else {
            self.add_object(&clear, "Block", on(&drive, "/", id));
        }
        let interface = Played::Disks.names().2;
        let added: zbus::Result<()> = self.proxy(Played::Disks, MOCK).call(
            "AddMethod",
            &(interface, "ResolveDevice", "a{sv}a{sv}", "ao", RESOLVE),
        );
        added.expect("a mock takes a method");
    }

    fn add_object(&self, path: &str, kind: &str, properties: HashMap<&str, Value<'_>>) {
        let interface = format!("org.freedesktop.UDisks2.{kind}");
        let methods = Vec::<(&str, &str, &str, &str)>::new();
        let added: zbus::Result<()> = self
            .proxy(Played::Disks, MOCK)
            .call("AddObject", &(path, interface, properties, methods));
        added.expect("a mock takes an object");
    }

    fn proxy(&self, who: Played, interface: &'static str) -> Proxy<'_> {
        let (name, path, _) = who.names();
        Proxy::new(&self.connection, name, path, interface).expect("somebody is played")
    }
}

impl Drop for SystemBus {
    fn drop(&mut self) {
        for child in self.played.iter_mut().chain([&mut self.daemon]) {
            // Gone already, where it ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
