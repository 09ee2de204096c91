//! The system's bus and those who answer there.
//!
//! Each question has a connection of its own: they are rare, and none is stale after the bus was started again.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::{DynamicType, OwnedValue, Type};

/// Who does not answer for so long says nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// Somebody on the bus.
pub(super) struct Peer<'a> {
    pub(super) name: &'static str,
    pub(super) path: &'a str,
    pub(super) interface: &'static str,
}

pub(super) const UPOWER: Peer<'_> = Peer {
    name: "org.freedesktop.UPower",
    path: "/org/freedesktop/UPower",
    interface: "org.freedesktop.UPower",
};

pub(super) const NETWORK_MANAGER: Peer<'_> = Peer {
    name: "org.freedesktop.NetworkManager",
    path: "/org/freedesktop/NetworkManager",
    interface: "org.freedesktop.NetworkManager",
};

pub(super) const LOGIND: Peer<'_> = Peer {
    name: "org.freedesktop.login1",
    path: "/org/freedesktop/login1",
    interface: "org.freedesktop.login1.Manager",
};

/// The interface everybody's properties have.
pub(super) const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// A bus that may be there.
#[derive(Debug, Clone)]
pub(super) struct Bus {
    address: Option<String>,
}

impl Bus {
    /// The bus at an address; without one, that of the system.
    pub(super) fn at(address: Option<&str>) -> Self {
        Self {
            address: address.map(str::to_owned),
        }
    }

    pub(super) fn connect(&self) -> zbus::Result<Connection> {
        let builder = match &self.address {
            Some(address) => Builder::address(address.as_str())?,
            None => Builder::system()?,
        };
        builder.method_timeout(PATIENCE).build()
    }

    /// A property of a peer's; `None`, where nobody says it.
    pub(super) fn property<T>(&self, of: &Peer<'_>, name: &str) -> Option<T>
    where
        T: TryFrom<OwnedValue>,
    {
        let asked = (of.interface, name);
        let value: OwnedValue = self.ask(of, PROPERTIES, "Get", &asked)?;
        T::try_from(value).ok()
    }

    /// What a peer answers to a call; `None`, where it does not.
    pub(super) fn call<T>(
        &self,
        peer: &Peer<'_>,
        method: &str,
        arguments: &(impl Serialize + DynamicType),
    ) -> Option<T>
    where
        T: DeserializeOwned + Type,
    {
        self.ask(peer, peer.interface, method, arguments)
    }

    fn ask<T>(
        &self,
        peer: &Peer<'_>,
        interface: &str,
        method: &str,
        arguments: &(impl Serialize + DynamicType),
    ) -> Option<T>
    where
        T: DeserializeOwned + Type,
    {
        let ask = || -> zbus::Result<T> {
            let bus = self.connect()?;
            let reply = bus.call_method(
                Some(peer.name),
                peer.path,
                Some(interface),
                method,
                arguments,
            )?;
            reply.body().deserialize()
        };
        ask()
            .inspect_err(|error| log::debug!("{} did not answer {method}: {error}", peer.name))
            .ok()
    }
}
