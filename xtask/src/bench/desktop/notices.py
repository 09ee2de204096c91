"""A desktop that shows notifications. It says the number and the title of each in a line, after `0 ready`; a number on
its stdin is a click on `Open` of the notification of that number (Desktop Notifications 1.2)."""

import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NOTIFICATIONS = "org.freedesktop.Notifications"


class Desktop(dbus.service.Object):
    shown = 0

    @dbus.service.method(NOTIFICATIONS, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, replaced, icon, title, body, actions, hints, timeout):
        self.shown += 1
        print(self.shown, title, flush=True)
        return dbus.UInt32(self.shown)

    @dbus.service.method(NOTIFICATIONS, in_signature="", out_signature="as")
    def GetCapabilities(self):
        return ["actions", "body"]

    @dbus.service.method(NOTIFICATIONS, in_signature="", out_signature="ssss")
    def GetServerInformation(self):
        return "notices", "alcove", "1", "1.2"

    @dbus.service.signal(NOTIFICATIONS, signature="us")
    def ActionInvoked(self, number, action):
        pass


def main():
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    name = dbus.service.BusName(NOTIFICATIONS, bus)
    desktop = Desktop(bus, "/org/freedesktop/Notifications")
    loop = GLib.MainLoop()

    def read(*_):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return False
        desktop.ActionInvoked(dbus.UInt32(int(line)), "open")
        return True

    GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, read)
    print("0 ready", flush=True)
    loop.run()
    del name


main()
