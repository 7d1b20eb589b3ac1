"""A copy a day of the store, in a folder beside it; the newest ones are kept."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from trainer.base.files import atomic_write
from trainer.drawings.faults import explained

KEPT = 7

_NAME = re.compile(r"drawings-(\d{4}-\d{2}-\d{2})\.sqlite")
_STALE = 86400.0  # seconds after which what a killed process left half-written is removed


def backups_folder(store: Path) -> Path:
    return store.parent / "backups"


def backups_of(store: Path) -> list[tuple[dt.date, Path]]:
    """The copies there are, the newest first."""
    found = []
    try:
        for path in backups_folder(store).iterdir():
            match = _NAME.fullmatch(path.name)
            with suppress(ValueError):  # no date of any calendar
                if match:
                    found.append((dt.date.fromisoformat(match[1]), path))
    except OSError:
        return []
    return sorted(found, reverse=True)


def has_backup(store: Path, day: dt.date) -> bool:
    return any(there == day for there, _ in backups_of(store))


def back_up(store: Path, connection: sqlite3.Connection, day: dt.date) -> Path:
    """Copies the open store as it is now, under the name of the day, and removes the oldest copies.

    Others may go on writing into the store meanwhile. An older copy of that day is replaced when the new
    one is whole. Raises RunError where it cannot be written.
    """
    folder = backups_folder(store)
    target = folder / f"drawings-{day.isoformat()}.sqlite"
    with (
        atomic_write(target) as part,
        explained(part),
        closing(sqlite3.connect(part, isolation_level=None)) as copy,
    ):
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with none beside it
    for _, old in backups_of(store)[KEPT:]:
        with suppress(OSError):
            old.unlink()
    for part in _left_over(folder):
        with suppress(OSError):
            part.unlink()
    return target


def _left_over(folder: Path) -> Iterator[Path]:
    """Old halves of copies that a killed process left."""
    for path in folder.glob(".drawings-*.part*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE:
                yield path
