//! This computer, with a bus and drives that tests make.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test has no other way to fail")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use alcove_system::{Computer, Event, Inhibition, Spot, System};
use alcove_testkit::{Drive, Played, Scratch, SystemBus, by_id};

/// How long something is waited for: long enough for a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

fn computer(address: &str) -> Computer {
    Computer::of(&BTreeMap::from([(
        "DBUS_SYSTEM_BUS_ADDRESS".into(),
        address.into(),
    )]))
}

fn events(computer: &Computer) -> Receiver<Event> {
    let (told, heard) = channel();
    computer.watch(Box::new(move |event| told.send(event).is_ok()));
    heard
}

/// The next event but for those that other tests make with their drives.
fn next(heard: &Receiver<Event>, patience: Duration) -> Option<Event> {
    loop {
        let event = heard.recv_timeout(patience).ok()?;
        if event != Event::Changed {
            return Some(event);
        }
    }
}

fn wait_for(heard: &Receiver<Event>, wanted: Event) {
    while heard.recv_timeout(PATIENCE).expect("it is told") != wanted {}
}

#[test]
fn a_computer_without_a_bus_says_nothing() {
    let computer = computer("unix:path=/nowhere/bus");
    assert_eq!(computer.on_ac_power(), None);
    assert_eq!(computer.is_metered(), None);
    assert!(computer.inhibit(Inhibition::Sleep, "A test.").is_none());
}

#[test]
fn power_and_meter_are_what_the_bus_says() {
    let mut bus = SystemBus::begin();
    let computer = computer(bus.address());
    assert_eq!(computer.on_ac_power(), None, "nobody is there to ask");
    bus.play(Played::Power);
    assert_eq!(computer.on_ac_power(), Some(true));
    bus.set(Played::Power, "OnBattery", true);
    assert_eq!(computer.on_ac_power(), Some(false));
    bus.play(Played::Network);
    bus.add(Played::Network, "Metered", 0_u32);
    for (said, is_metered) in [
        (0_u32, None),
        (1, Some(true)),
        (2, Some(false)),
        (3, Some(true)),
        (4, Some(false)),
    ] {
        bus.set(Played::Network, "Metered", said);
        assert_eq!(computer.is_metered(), is_metered, "{said}");
    }
}

#[test]
fn what_changes_is_told_and_so_are_the_end_of_a_sleep_and_a_shut_down() {
    let mut bus = SystemBus::begin();
    for who in [Played::Power, Played::Login] {
        bus.play(who);
    }
    let heard = events(&computer(bus.address()));
    // It listens a moment later; what comes before is not told.
    let tell_until_heard = |tell: &dyn Fn(), wanted: Event| {
        for _ in 0..600 {
            tell();
            while let Ok(event) = heard.recv_timeout(Duration::from_millis(200)) {
                if event == wanted {
                    return;
                }
            }
        }
        panic!("{wanted:?} is not heard");
    };
    tell_until_heard(
        &|| bus.set(Played::Power, "OnBattery", true),
        Event::Changed,
    );
    bus.signal(Played::Login, "PrepareForSleep", true);
    bus.signal(Played::Login, "PrepareForSleep", false);
    assert_eq!(next(&heard, PATIENCE), Some(Event::Woke));
    bus.signal(Played::Login, "PrepareForShutdown", true);
    assert_eq!(next(&heard, PATIENCE), Some(Event::ShuttingDown));
    bus.signal(Played::Login, "PrepareForShutdown", false);
    assert_eq!(next(&heard, PATIENCE), Some(Event::StaysOn));
}

#[test]
fn what_only_looks_like_a_shut_down_is_not_heard() {
    let mut bus = SystemBus::begin();
    bus.play(Played::Login);
    let heard = events(&computer(bus.address()));
    let somebody = zbus::blocking::connection::Builder::address(bus.address())
        .and_then(zbus::blocking::connection::Builder::build)
        .unwrap();
    let forge = || {
        let (path, interface) = ("/org/freedesktop/login1", "org.freedesktop.login1.Manager");
        let nobody = None::<zbus::names::BusName<'_>>;
        somebody.emit_signal(nobody, path, interface, "PrepareForShutdown", &true)
    };
    // Until it listens, and some times more.
    for _ in 0..600 {
        forge().unwrap();
        bus.signal(Played::Login, "PrepareForSleep", false);
        if let Some(event) = next(&heard, Duration::from_millis(200)) {
            assert_eq!(event, Event::Woke);
            break;
        }
    }
    forge().unwrap();
    bus.signal(Played::Login, "PrepareForSleep", false);
    assert_eq!(next(&heard, PATIENCE), Some(Event::Woke));
}

#[test]
fn an_inhibition_is_there_until_it_is_dropped() {
    let mut bus = SystemBus::begin();
    bus.play(Played::Login);
    let computer = computer(bus.address());
    let held = computer.inhibit(Inhibition::Sleep, "A backup runs.");
    let wait = computer.inhibit(Inhibition::ShutDown, "A backup runs.");
    let all: Vec<_> = bus.inhibitors();
    let kinds: Vec<_> = all
        .iter()
        .map(|(what, who, why, mode)| [what, who, why, mode].map(String::as_str))
        .collect();
    assert_eq!(
        kinds,
        [
            ["sleep", "Alcove", "A backup runs.", "block"],
            ["shutdown", "Alcove", "A backup runs.", "delay"]
        ]
    );
    drop((held, wait));
    for _ in 0..6_000 {
        if bus.inhibitors().is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{:?}", bus.inhibitors());
}

#[test]
fn a_drive_is_found_wherever_it_is_mounted_and_only_while_it_is() {
    let scratch = Scratch::new();
    let computer = computer("unix:path=/nowhere/bus").with_drives_in(by_id(scratch.path()));
    let heard = events(&computer);
    let [first, second] = ["Backup SSD", "Backup SSD1"].map(|name| scratch.path().join(name));
    let mut drive = Drive::make(scratch.path(), "drive");
    let mut other = Drive::make(scratch.path(), "other");
    drive.plug_in(&first);
    wait_for(&heard, Event::Changed);
    std::fs::create_dir(first.join("borg")).unwrap();
    let spot = computer.spot(&first.join("borg")).unwrap();
    assert_eq!(
        spot,
        Spot {
            drive: drive.id().to_owned(),
            path: "/borg".into()
        }
    );
    assert_eq!(computer.find(&spot), [first.join("borg")]);
    drive.pull_out();
    wait_for(&heard, Event::Changed);
    assert!(computer.find(&spot).is_empty());
    assert_eq!(computer.spot(&first), None, "what is left is a folder");
    // Another drive is where it was, and it is elsewhere.
    other.plug_in(&first);
    drive.plug_in(&second);
    assert_eq!(computer.find(&spot), [second.join("borg")]);
    assert_eq!(computer.spot(&first).unwrap().drive, other.id());
    assert_eq!(computer.spot(Path::new("/nowhere")), None);
}

#[test]
fn a_drive_that_can_be_taken_away_is_called_by_its_label_or_by_where_it_is_mounted() {
    let mut bus = SystemBus::begin();
    let scratch = Scratch::new();
    let computer = computer(bus.address()).with_drives_in(by_id(scratch.path()));
    let mut unnamed = Drive::make(scratch.path(), "drive");
    unnamed.plug_in(&scratch.path().join("Backup SSD"));
    assert_eq!(
        computer.removable(unnamed.id()),
        None,
        "nobody is there to ask"
    );
    bus.play(Played::Disks);
    assert_eq!(computer.removable(unnamed.id()), None, "it is not known");
    bus.add_drive(unnamed.id(), "", true, false);
    bus.add_drive("0000-1111", "Blue", true, false);
    bus.add_drive("0000-2222", "Locked", true, true);
    bus.add_drive("0000-3333", "Inside", false, false);
    for (drive, name) in [
        (unnamed.id(), Some("Backup SSD")),
        ("0000-1111", Some("Blue")),
        ("0000-2222", Some("Locked")),
        ("0000-3333", None),
        ("0000-4444", None),
    ] {
        assert_eq!(computer.removable(drive).as_deref(), name, "{drive}");
    }
    let id = unnamed.id().to_owned();
    unnamed.pull_out();
    assert_eq!(
        computer.removable(&id),
        None,
        "what has no label has no name then"
    );
}

#[test]
fn what_was_written_is_brought_to_its_drive_while_that_is_there() {
    let scratch = Scratch::new();
    let computer = computer("unix:path=/nowhere/bus");
    let at = scratch.path().join("Backup SSD");
    let mut drive = Drive::make(scratch.path(), "drive");
    drive.plug_in(&at);
    std::fs::write(at.join("file"), "x").expect("a drive can be written to");
    assert!(computer.flush(&at));
    assert!(!computer.flush(&at.join("gone")));
}
