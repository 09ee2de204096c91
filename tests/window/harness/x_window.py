"""The windows of a display, where no window manager is: says how many there are of a name, closes them as the button in
their corner would, makes them 200 pixels wider, or says the colour of the last pixel of one, as a number of red, green
and blue.

  x_window.py count Alcove
  x_window.py close Alcove
  x_window.py widen Alcove
  x_window.py colour Alcove
"""

import ctypes
import sys

VIEWABLE = 2
CLIENT_MESSAGE = 33
Z_PIXMAP = 2
ALL_PLANES = 2**64 - 1


class Attributes(ctypes.Structure):
    """XWindowAttributes up to what is read here, and room for the rest (Xlib.h)."""

    _fields_ = [
        ("x", ctypes.c_int),
        ("y", ctypes.c_int),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("border_width", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("visual", ctypes.c_void_p),
        ("root", ctypes.c_ulong),
        ("class_", ctypes.c_int),
        ("bit_gravity", ctypes.c_int),
        ("win_gravity", ctypes.c_int),
        ("backing_store", ctypes.c_int),
        ("backing_planes", ctypes.c_ulong),
        ("backing_pixel", ctypes.c_ulong),
        ("save_under", ctypes.c_int),
        ("colormap", ctypes.c_ulong),
        ("map_installed", ctypes.c_int),
        ("map_state", ctypes.c_int),
        ("rest", ctypes.c_char * 64),
    ]


class ClientMessage(ctypes.Structure):
    """XClientMessageEvent, and room for the largest event."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_char * 128),
    ]


x = ctypes.CDLL("libX11.so.6")
x.XOpenDisplay.restype = ctypes.c_void_p
x.XDefaultRootWindow.restype = ctypes.c_ulong
x.XInternAtom.restype = ctypes.c_ulong
x.XGetImage.restype = ctypes.c_void_p
x.XGetPixel.restype = ctypes.c_ulong
Window = ctypes.c_ulong
DISPLAY = ctypes.c_void_p(x.XOpenDisplay(None))


def windows(name):
    """The windows of this name that are shown."""
    root, parent, children, count = Window(), Window(), ctypes.POINTER(Window)(), ctypes.c_uint()
    top = Window(x.XDefaultRootWindow(DISPLAY))
    # Until this program ends: no window goes away between being found and being looked at.
    x.XGrabServer(DISPLAY)
    x.XQueryTree(DISPLAY, top, *map(ctypes.byref, (root, parent, children, count)))
    for window in map(Window, children[: count.value]):
        title, attributes = ctypes.c_char_p(), Attributes()
        x.XFetchName(DISPLAY, window, ctypes.byref(title))
        x.XGetWindowAttributes(DISPLAY, window, ctypes.byref(attributes))
        if attributes.map_state == VIEWABLE and title.value == name.encode():
            yield window, attributes


def close(window):
    """Asks a window to close (ICCCM 4.2.8.1)."""
    atom = lambda text: x.XInternAtom(DISPLAY, text, 0)
    event = ClientMessage(type=CLIENT_MESSAGE, window=window.value, format=32)
    event.message_type = atom(b"WM_PROTOCOLS")
    event.data[0] = atom(b"WM_DELETE_WINDOW")
    x.XSendEvent(DISPLAY, window, 0, ctypes.c_long(0), ctypes.byref(event))


def colour(window, attributes):
    """The last pixel of a window."""
    last_x, last_y = attributes.width - 1, attributes.height - 1
    image = x.XGetImage(DISPLAY, window, last_x, last_y, 1, 1, ctypes.c_ulong(ALL_PLANES), Z_PIXMAP)
    return x.XGetPixel(ctypes.c_void_p(image), 0, 0) & 0xFFFFFF


what, name = sys.argv[1:]
found = list(windows(name))
if what == "close":
    for each, _ in found:
        close(each)
if what == "widen":
    for each, attributes in found:
        x.XResizeWindow(DISPLAY, each, attributes.width + 200, attributes.height)
print(colour(*found[0]) if what == "colour" else len(found))
x.XCloseDisplay(DISPLAY)
