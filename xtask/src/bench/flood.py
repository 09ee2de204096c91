#!/usr/bin/python3
"""A program named borg whose create says LINES lines, no faster than the fastest Borg, and measures how long it
was kept waiting by whoever reads them. Writes both, in seconds, to `flood.result` beside itself."""

import json
import os
import select
import sys
import time

LINES = @LINES@
# Borg 1.2.4 takes 33 microseconds at least for a file that it names.
A_SECOND = 30_000
BATCH = 300

REPORT = {
    "archive": {
        "name": "flood", "id": "1", "duration": 1.0,
        "stats": {"original_size": 900, "compressed_size": 90, "deduplicated_size": 9, "nfiles": 9},
    },
    "repository": {"id": "2"},
}


def write(line):
    """Writes to a pipe that is never waited on but here; gives the seconds of the wait."""
    waited = 0.0
    while line:
        try:
            line = line[os.write(2, line):]
        except BlockingIOError:
            began = time.monotonic()
            select.select([], [2], [])
            waited += time.monotonic() - began
    return waited


def create():
    os.set_blocking(2, False)
    began, waited = time.monotonic(), 0.0
    for number in range(LINES):
        if number % BATCH == 0:
            time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        line = {
            "type": "log_message", "levelname": "INFO", "name": "borg.archiver",
            "message": f"A home/ada/file-{number}",
        }
        waited += write((json.dumps(line) + "\n").encode())
    with open(os.path.join(os.path.dirname(__file__), "flood.result"), "w") as result:
        result.write(f"{time.monotonic() - began} {waited}")
    print(json.dumps(REPORT))


if sys.argv[1] == "--version":
    print("borg 1.4.1")
elif sys.argv[1] == "list":
    print(json.dumps({"archives": [], "encryption": {"mode": "none"}, "repository": {"id": "0" * 64}}))
elif sys.argv[1] == "create":
    create()
