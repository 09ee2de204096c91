"""The panel of a desktop, as far as tests need it: a place for tray items, and a hand that clicks.

It owns org.kde.StatusNotifierWatcher on the session bus. Each line of its input is a command in JSON, each line of its
output the answer to one:

  {"do": "item"}                      the item's icon, its title, and the lines of its menu, each [label, enabled, lines]
  {"do": "click", "labels": [...]}    clicks the entry of these labels, from the menu down
  {"do": "act", "id": 1, "action": "open"}   chooses an action of a notification that dbusmock shows
"""

import json
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
NOTIFICATIONS = "org.freedesktop.Notifications"


class Watcher(dbus.service.Object):
    """Remembers the last item that registered itself."""

    item = None

    @dbus.service.method(WATCHER, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        self.item = sender


def properties_of(bus, watcher):
    item = bus.get_object(watcher.item, "/StatusNotifierItem", introspect=False)
    return dbus.Interface(item, dbus.PROPERTIES_IFACE).GetAll(ITEM)


def entries(layout):
    """The entries under one of the menu: number, label, whether it can be chosen, the layout under it."""
    for number, properties, children in layout[2]:
        if properties.get("type") != "separator":
            label = str(properties.get("label", "")).replace("__", "_")
            yield number, label, bool(properties.get("enabled", True)), (number, properties, children)


def written(layout):
    return [[label, enabled, written(below)] for _, label, enabled, below in entries(layout)]


def answer(bus, watcher, command):
    what = command["do"]
    if what == "act":
        daemon = bus.get_object(NOTIFICATIONS, "/org/freedesktop/Notifications")
        arguments = dbus.Array([dbus.UInt32(command["id"]), command["action"]], signature="v")
        daemon.EmitSignal(NOTIFICATIONS, "ActionInvoked", "us", arguments, dbus_interface="org.freedesktop.DBus.Mock")
        return True
    if watcher.item is None:
        return None
    place = properties_of(bus, watcher)["Menu"]
    menu = dbus.Interface(bus.get_object(watcher.item, place, introspect=False), MENU)
    _, layout = menu.GetLayout(dbus.Int32(0), dbus.Int32(-1), dbus.Array([], signature="s"))
    if what == "item":
        # After the menu, so that the icon is not older than it.
        properties = properties_of(bus, watcher)
        return {
            "icon": f"{properties['IconThemePath']}/{properties['IconName']}.svg",
            "title": str(properties["Title"]),
            "menu": written(layout),
        }
    for wanted in command["labels"]:
        number, layout = next(
            (number, below) for number, label, _, below in entries(layout) if label == wanted
        )
    menu.Event(dbus.Int32(number), "clicked", dbus.String("", variant_level=1), dbus.UInt32(0))
    return True


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    name = dbus.service.BusName(WATCHER, bus)
    watcher = Watcher(bus, "/StatusNotifierWatcher")
    loop = GLib.MainLoop()

    def read(*_):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        try:
            said = {"answer": answer(bus, watcher, json.loads(line))}
        except (dbus.DBusException, StopIteration) as error:
            # The item is on its way in or out.
            said = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(said), flush=True)
        return True

    GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, read)
    loop.run()
    del name


main()
