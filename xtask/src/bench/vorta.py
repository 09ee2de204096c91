"""Furnishes a home for Vorta and reads what it recorded; run by the Python that Vorta is installed in.

  vorta.py furnish REPOSITORY SOURCE   a profile named bench: this repository, this source, Alcove's compression
  vorta.py took                        the seconds of each backup that ended well, one a line
"""

import sys
from datetime import datetime

from vorta import config


def furnish(repository, source):
    from peewee import SqliteDatabase
    from vorta.store.connection import init_db
    from vorta.store.models import BackupProfileModel, RepoModel, SourceFileModel

    config.SETTINGS_DIR.mkdir(parents=True, exist_ok=True)
    init_db(SqliteDatabase(config.SETTINGS_DIR / "settings.db", pragmas={"journal_mode": "wal"}))
    repo = RepoModel.create(name="bench", url=repository, encryption="none")
    profile = BackupProfileModel.create(name="bench", repo=repo, compression="zstd,3")
    SourceFileModel.create(profile=profile, dir=source, path_isdir=True)


def took():
    import sqlite3

    records = sqlite3.connect(f"file:{config.SETTINGS_DIR}/settings.db?mode=ro", uri=True)
    rows = records.execute(
        "SELECT start_time, end_time FROM eventlogmodel WHERE subcommand = 'create' AND returncode = 0 ORDER BY id"
    )
    for began, ended in rows:
        print((datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds())


{"furnish": furnish, "took": took}[sys.argv[1]](*sys.argv[2:])
