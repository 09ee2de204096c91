#!/usr/bin/python3
"""A program named borg whose create says LINES lines as fast as it can, each with a write of its own as Borg's are.
With `--to-file` it says them and nothing else. Writes when it began and ended, in seconds since 1970, to
`torrent.result` beside itself."""

import json
import os
import sys
import time

LINES = @LINES@

REPORT = {
    "archive": {
        "name": "torrent", "id": "1", "duration": 1.0,
        "stats": {"original_size": 900, "compressed_size": 90, "deduplicated_size": 9, "nfiles": 9},
    },
    "repository": {"id": "2"},
}


def say():
    began = time.time()
    for number in range(LINES):
        line = {
            "type": "log_message", "levelname": "INFO", "name": "borg.archiver",
            "message": f"A home/ada/Pictures/file-{number}",
        }
        os.write(2, (json.dumps(line) + "\n").encode())
    with open(os.path.join(os.path.dirname(__file__), "torrent.result"), "w") as result:
        result.write(f"{began} {time.time()}")


if sys.argv[1] == "--version":
    print("borg 1.4.1")
elif sys.argv[1] == "list":
    print(json.dumps({"archives": [], "encryption": {"mode": "none"}, "repository": {"id": "0" * 64}}))
elif sys.argv[1] == "create":
    say()
    print(json.dumps(REPORT))
elif sys.argv[1] == "--to-file":
    say()
