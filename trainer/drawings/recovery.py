"""A damaged store: put aside, never deleted; its place is taken by the newest good copy.

What was stored since that copy is read from the damaged file as far as it can be: one broken page leaves
the others readable, and a drawing's hash tells whether it is what was stored.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from trainer.base.errors import PictureError
from trainer.base.files import atomic_write, sync_file
from trainer.drawings.backups import backups_of
from trainer.drawings.entries import Said, WeightsId
from trainer.drawings.merging import Incoming, restore_row
from trainer.drawings.packing import Packed, unpack
from trainer.drawings.schema import APPLICATION_ID, Migration, migrate, version_of

#: What SQLite keeps beside a file; without its file it would be taken for another's.
BESIDE = ("-wal", "-journal", "-shm")

# Not joined with the tables of writers and weights: where these are spoilt, drawings are not lost with them.
_DRAWING = (
    "SELECT d.writer, d.label, d.said, d.probability, d.refused, d.weights, d.device, d.created, d.deleted, "
    "d.hash, c.strokes, c.image FROM drawings d NOT INDEXED JOIN contents c ON c.id = d.id WHERE d.id = ?"
)
_WRITERS = "SELECT id, name FROM writers NOT INDEXED"
_WEIGHTS = "SELECT id, name, hash FROM weights NOT INDEXED"
#: From both ends, and from an index: a scan ends where it meets the damage.
_SCANS = (
    "SELECT id FROM drawings NOT INDEXED ORDER BY id",
    "SELECT id FROM drawings NOT INDEXED ORDER BY id DESC",
    "SELECT id FROM drawings INDEXED BY by_created WHERE deleted IS NULL ORDER BY created",
    "SELECT id FROM drawings INDEXED BY by_created WHERE deleted IS NULL ORDER BY created DESC",
)


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """aside: where the damaged file lies now, None where there was none. day: of the copy that was taken.

    drawings: how many there are now. salvaged: how many of them were only in the damaged file.
    """

    aside: Path | None
    day: dt.date | None
    drawings: int
    salvaged: int


def recover(store: Path, migrations: Sequence[Migration], now: dt.datetime) -> Recovered:
    """Replaces a damaged file by a sound one. No other process may have it open.

    Killed at any moment, it leaves the damaged file, or a place without one and the copies as they were:
    the next opening begins again. Raises sqlite3.Error, OSError or RunError where there is no room for it.
    """
    for part in store.parent.glob(f".{store.name}.*.part*"):  # of one that was killed
        part.unlink()
    with atomic_write(store) as part:
        day = _copied(store, part, migrations)
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            migrate(connection, migrations)
            before = _there(connection)
            if store.exists():
                _salvage(store, connection)
            after = _there(connection)
        sync_file(part)  # before the damaged file leaves its place
        aside = _put_aside(store, now)
    return Recovered(aside=aside, day=day, drawings=len(after), salvaged=len(after - before))


def soundness(connection: sqlite3.Connection, *, thorough: bool) -> str:
    """What is wrong with an open file; "" where nothing is.

    thorough: also whether every index has what its table has. Raises sqlite3.Error where it is so broken
    that it cannot even be looked through.
    """
    check = "integrity_check" if thorough else "quick_check"
    found = [str(row[0]) for row in connection.execute(f"PRAGMA {check}(3)")]
    if found != ["ok"]:
        return "; ".join(" ".join(line.split()) for line in found)
    if thorough and connection.execute("PRAGMA foreign_key_check").fetchone():
        return "drawings without a writer or without strokes"
    return ""


def _copied(store: Path, part: Path, migrations: Sequence[Migration]) -> dt.date | None:
    """Copies the newest sound backup to `part`; its day, or None where there is none: `part` is empty."""
    for day, backup in backups_of(store):
        with suppress(OSError, sqlite3.Error):
            shutil.copyfile(backup, part)
            with closing(sqlite3.connect(part, isolation_level=None)) as connection:
                (application,) = connection.execute("PRAGMA application_id").fetchone()
                if (
                    application == APPLICATION_ID
                    and 0 < version_of(connection) <= len(migrations)
                    and not soundness(connection, thorough=True)
                ):
                    return day
    part.write_bytes(b"")
    return None


def _salvage(damaged: Path, sound: sqlite3.Connection) -> None:
    """Brings over every drawing that can still be read in the damaged file, as it is there.

    Raises sqlite3.Error where the sound file cannot take it.
    """
    with closing(sqlite3.connect(damaged, isolation_level=None)) as source:
        names = _Names(sound, source)
        sound.execute("BEGIN")
        for number in sorted(_ids(source)):
            found = None
            with suppress(sqlite3.Error, PictureError, TypeError):
                found = _read(source, number, names)
            if found is not None:
                restore_row(sound, *found)
        sound.execute("COMMIT")


def _ids(source: sqlite3.Connection) -> set[int]:
    found: set[int] = set()
    for scan in _SCANS:
        with suppress(sqlite3.Error):
            for (number,) in source.execute(scan):
                found.add(number)
    return found


class _Names:
    """Writers and weights by their numbers: the damaged file's, and the copy's for what it cannot tell."""

    def __init__(self, sound: sqlite3.Connection, damaged: sqlite3.Connection) -> None:
        self._writers: dict[int, str] = {}
        self._weights: dict[int, WeightsId] = {}
        for connection in (sound, damaged):
            with suppress(sqlite3.Error):
                for number, name in connection.execute(_WRITERS):
                    self._writers[number] = str(name)
            with suppress(sqlite3.Error):
                for number, name, digest in connection.execute(_WEIGHTS):
                    self._weights[number] = WeightsId(name=str(name), hash=str(digest))

    def writer(self, number: int) -> str:
        return self._writers.get(number, f"Writer {number}")

    def weights(self, number: int | None) -> WeightsId | None:
        return None if number is None else self._weights.get(number)


def _read(
    source: sqlite3.Connection, number: int, names: _Names
) -> tuple[int, str, Incoming, int | None] | None:
    """(id, writer's name, drawing, when it was deleted), None where it is not what was stored.

    Raises sqlite3.Error, PictureError or TypeError where it cannot be read.
    """
    row = source.execute(_DRAWING, (number,)).fetchone()
    if row is None:
        return None
    writer, label, said, probability, refused, weights, device, created, deleted = row[:9]
    packed = Packed(hash=row[9], strokes=row[10], image=row[11])
    unpack(packed)
    kinds = (str, str | None, float | None, int, int | None, str, int, int | None)
    found = (label, said, probability, refused, weights, device, created, deleted)
    if not all(isinstance(value, kind) for value, kind in zip(found, kinds, strict=True)):
        return None
    incoming = Incoming(
        packed=packed,
        label=label,
        said=Said(label=said, probability=probability, refused=bool(refused)),
        weights=names.weights(weights),
        device=device,
        created=created,
    )
    return number, names.writer(writer), incoming, deleted


def _put_aside(store: Path, now: dt.datetime) -> Path | None:
    """Gives the file, and what SQLite keeps beside it, another name; that, None where there was no file."""
    aside = next(_free_names(store, now))
    there = store.exists()
    if there:
        try:
            # A second name, until the sound file takes the first: there is no moment without any.
            os.link(store, aside)
        except OSError:  # not everywhere
            os.rename(store, aside)  # noqa: PTH104
    for suffix in BESIDE:
        with suppress(FileNotFoundError):
            os.rename(f"{store}{suffix}", f"{aside}{suffix}")  # noqa: PTH104
    return aside if there else None


def _free_names(store: Path, now: dt.datetime) -> Iterator[Path]:
    stamp = f"{now:%Y-%m-%d-%H%M%S}"
    number = 0
    while True:
        name = f"{store.stem}-damaged-{stamp}{f'-{number}' if number else ''}{store.suffix}"
        number += 1
        if not any(Path(f"{store.parent / name}{suffix}").exists() for suffix in ("", *BESIDE)):
            yield store.parent / name


def _there(connection: sqlite3.Connection) -> set[int]:
    return {
        number for (number,) in connection.execute("SELECT id FROM drawings WHERE deleted IS NULL")
    }
