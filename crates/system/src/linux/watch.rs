//! Hearing of what changes, on a thread for the kernel and one for the bus.

use std::fs::File;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use zbus::blocking::MessageIterator;
use zbus::blocking::fdo::DBusProxy;
use zbus::message::Type;
use zbus::{MatchRule, Message};

use super::bus::{self, Bus, Peer};
use super::mounts;
use crate::system::{Event, Tell};

/// Tells whenever something is mounted or is not any more. Source: proc(5), a poll of the table of mounts.
pub(super) fn mounts(tell: Arc<Tell>) {
    let watch = move || -> rustix::io::Result<()> {
        let table = File::open(mounts::TABLE)
            .map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))?;
        loop {
            let mut changed = [PollFd::new(&table, PollFlags::PRI)];
            match poll(&mut changed, None) {
                Ok(_) if tell(Event::Changed) => {}
                Ok(_) => return Ok(()),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error),
            }
        }
    };
    on_a_thread("alcove-mounts", move || {
        if let Err(error) = watch() {
            log::warn!("nobody says when a drive is mounted: {error}");
        }
    });
}

/// Tells of the power, the network, and of sleep and its end.
pub(super) fn bus(bus: Bus, tell: Arc<Tell>) {
    on_a_thread("alcove-system-bus", move || {
        if let Err(error) = listen(&bus, &tell) {
            log::debug!("the system's bus is silent: {error}");
        }
    });
}

fn listen(bus: &Bus, tell: &Tell) -> zbus::Result<()> {
    let connection = bus.connect()?;
    let proxy = DBusProxy::new(&connection)?;
    // Heard before they are asked for, so that none is missed.
    let messages = MessageIterator::from(&connection);
    for (peer, interface, signal) in [
        (&bus::UPOWER, bus::PROPERTIES, "PropertiesChanged"),
        (&bus::NETWORK_MANAGER, bus::PROPERTIES, "PropertiesChanged"),
        (&bus::LOGIND, bus::LOGIND.interface, "PrepareForSleep"),
        (&bus::LOGIND, bus::LOGIND.interface, "PrepareForShutdown"),
    ] {
        proxy.add_match_rule(rule(peer, interface, signal)?)?;
    }
    for message in messages {
        if let Some(event) = event(&message?)
            && !tell(event)
        {
            break;
        }
    }
    Ok(())
}

/// The bus lets it through from its owner alone: anybody could call their own signal the same.
fn rule(
    peer: &Peer<'static>,
    interface: &'static str,
    signal: &'static str,
) -> zbus::Result<MatchRule<'static>> {
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender(peer.name)?
        .path(peer.path)?
        .interface(interface)?
        .member(signal)?;
    Ok(rule.build())
}

fn event(message: &Message) -> Option<Event> {
    let header = message.header();
    if header.message_type() != Type::Signal {
        return None;
    }
    let begins = || message.body().deserialize::<bool>().unwrap_or_default();
    match header.member()?.as_str() {
        "PropertiesChanged" => Some(Event::Changed),
        "PrepareForSleep" => (!begins()).then_some(Event::Woke),
        "PrepareForShutdown" if begins() => Some(Event::ShuttingDown),
        "PrepareForShutdown" => Some(Event::StaysOn),
        _ => None,
    }
}

fn on_a_thread(name: &str, work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work);
    if let Err(error) = thread {
        log::error!("{name} did not start: {error}");
    }
}
