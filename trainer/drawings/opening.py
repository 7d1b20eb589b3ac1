"""Opening the store: created where it is missing, checked, migrated to this release's schema, backed up
daily.

Two lock files beside it do what SQLite's own locks do not.

.lock: shared by every process that has the store open, exclusive for replacing the file; SQLite's locks are
in the file and of no use when that is moved aside. Windows, where it cannot be shared, needs none: an open
file cannot be moved there.

.write-lock: held exclusively by a writer until the log has been carried over, too. SQLite 3.7.0 to 3.51.2 can
lose confirmed writes where one process does that while another writes (the "WAL-reset bug"): rarely, but
most systems have such a version.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sqlite3
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from trainer.base.errors import DataError, InputError, RunError
from trainer.base.locking import FileLock
from trainer.base.messages import Message
from trainer.base.paths import drawings_file
from trainer.drawings.backups import back_up, backups_of, has_backup
from trainer.drawings.entries import Clock, utc_now
from trainer.drawings.faults import explained, is_busy, is_damage
from trainer.drawings.recovery import BESIDE, Recovered, recover, soundness
from trainer.drawings.schema import APPLICATION_ID, MIGRATIONS, Migration, migrate, version_of
from trainer.drawings.store import DrawingStore
from trainer.drawings.write_lock import write_lock

Check = Literal["none", "quick", "thorough"]

_PATIENCE = 15.0  # seconds that another process is waited for: it may be importing 100,000 drawings


def open_store(
    path: Path | None = None,
    *,
    daily: bool = True,
    read_only: bool = False,
    look_through: bool = True,
    patience: float = _PATIENCE,
    clock: Clock = utc_now,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> DrawingStore:
    """The store at `path` (None: the user's own), ready for use.

    A damaged file is kept aside under another name, the newest good copy takes its place, and whatever
    can be read of the damaged one comes into it; the store's notes say so. What was deleted more than 30
    days ago is forgotten. daily: whether today's copy is made at once if there is none, for which the file
    is checked more thoroughly; daily_copy does the same later, in a thread.
    patience: seconds to wait for another process's lock, here and later. migrations: those of the release;
    others in tests. read_only: nothing of all that is done; the file stays as it is, and the store's methods
    that would change something raise RunError. look_through: whether such a file is looked through for damage
    first, which takes as long as reading it.

    Raises DataError where the file is of a newer release or another program's, RunError where it is
    locked, cannot be read or written, or is damaged while another process has it open. For reading only, also
    InputError where it must first be created, restored or migrated.
    """
    path = drawings_file() if path is None else path
    if read_only:
        return _to_read(path, patience, clock, migrations, look_through=look_through)
    notes: list[Message] = []
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_name(f"{path.name}.lock"))
    opened: sqlite3.Connection | None = None
    writing: FileLock | None = None
    try:
        with explained(path):
            writing = FileLock(path.with_name(f"{path.name}.write-lock"))
            _share(lock, path, patience)
            if not lock.is_effective:
                notes.append(
                    Message.of(
                        "store.no-locks",
                        "{path} is on a file system that cannot lock files: open only one window at a time.",
                        path=str(path),
                    )
                )
            recovered = _made_sound(path, lock, patience, clock, migrations, daily=daily)
            if recovered is not None:
                notes.append(_note(path, recovered))
            connection = _connected(path, patience)
            opened = connection
            today = clock().date()
            if not _is_ready(connection, migrations):
                with write_lock(writing, path, patience):
                    _prepare(path, connection, today, migrations, patience)
        if daily:
            note = _copy(path, connection, today)
            notes += [] if note is None else [note]
        store = DrawingStore(
            path, connection, lock, writing, patience=patience, notes=notes, clock=clock
        )
    except BaseException:
        for thing in (opened, lock, writing):
            if thing is not None:
                thing.close()
        raise
    try:
        store.purge()
    except RunError as error:
        store.notes += (
            Message.of(
                "store.not-purged",
                "What was deleted long ago is still there. {reason}",
                reason=error.message,
            ),
        )
    return store


def _to_read(
    path: Path,
    patience: float,
    clock: Clock,
    migrations: Sequence[Migration],
    *,
    look_through: bool,
) -> DrawingStore:
    if not path.exists():  # nor is a folder made for it
        raise InputError("store.absent", "there are no drawings: {path} does not exist", path=path)
    with ExitStack() as opened, explained(path):
        lock, writing = (
            opened.enter_context(closing(FileLock(path.with_name(path.name + ending))))
            for ending in (".lock", ".write-lock")
        )
        _share(lock, path, patience)
        check: Check = "quick" if look_through else "none"
        if fault := _fault(path, patience, len(migrations), check, read_only=True):
            raise _out_of_order(
                path, Message.of("store.is-damaged", "it is damaged ({fault})", fault=fault)
            )
        connection = opened.enter_context(closing(_connected(path, patience, read_only=True)))
        if version_of(connection) != len(migrations):
            raise _out_of_order(path, Message.of("store.is-older", "it is of an older form"))
        store = DrawingStore(path, connection, lock, writing, patience=patience, clock=clock)
        opened.pop_all()
    return store


def _out_of_order(path: Path, reason: Message) -> InputError:
    return InputError(
        "store.out-of-order",
        "{path} cannot be read as it is: {reason}. Open your drawings in the window: the file is "
        "then repaired.",
        path=path,
        reason=reason,
    )


def daily_copy(store: DrawingStore, *, clock: Clock = utc_now) -> Message | None:
    """Makes today's copy of an open store if there is none; what the person should know, None for nothing.

    In any thread: it uses nothing of the store but its path. A damaged file is not copied.
    """
    path, today = store.path, clock().date()
    if has_backup(path, today):
        return None
    try:
        with explained(path), closing(_connected(path, _PATIENCE)) as connection:
            fault = soundness(connection, thorough=True)
            if not fault:
                return _copy(path, connection, today)
    except RunError as error:
        return error.message
    return Message.of(
        "store.damaged",
        "{path} is damaged ({reason}). Close all windows and open one again: the file is then kept aside and "
        "its drawings are restored.",
        path=str(path),
        reason=fault,
    )


def _connected(path: Path, patience: float, *, read_only: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(
        _to_read_uri(path) if read_only else path,
        uri=read_only,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )
    for setting in (
        "foreign_keys = ON",
        "synchronous = FULL",  # in WAL mode, NORMAL may lose what was confirmed when the power fails
        "fullfsync = ON",  # macOS: the disk's own cache, too
        "trusted_schema = OFF",
        "cell_size_check = ON",  # damage is reported instead of read
        "cache_size = -32768",  # KiB, for the indexes of 100,000 drawings; the default is 2 MB
    ):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _to_read_uri(path: Path) -> str:
    """As SQLite has it: three slashes before a Windows drive, four before a server's name."""
    place = quote(os.fsencode(path.absolute().as_posix()), safe="/:")
    return f"file://{'' if place.startswith('/') else '/'}{place}?mode=ro"


def _is_ready(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> bool:
    """Whether nothing is to be prepared, as is usual: then no other writer is waited for."""
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    return mode == "wal" and version_of(connection) == len(migrations)


def _prepare(
    path: Path,
    connection: sqlite3.Connection,
    today: dt.date,
    migrations: Sequence[Migration],
    patience: float,
) -> None:
    """Sets WAL mode and migrates to the newest schema, after a backup. The write lock is held."""
    _use_wal(connection, patience)
    if 0 < version_of(connection) < len(migrations):
        back_up(path, connection, today)
    migrate(connection, migrations)


def _copy(path: Path, connection: sqlite3.Connection, today: dt.date) -> Message | None:
    """Makes today's copy, if there is none and there is something to copy; why that failed, else None."""
    if has_backup(path, today):
        return None
    try:
        with explained(path):
            if connection.execute("SELECT 1 FROM drawings LIMIT 1").fetchone():
                back_up(path, connection, today)
    except RunError as error:
        return Message.of(
            "store.no-copy",
            "Today's copy of the drawings could not be made. {reason}",
            reason=error.message,
        )
    return None


def _use_wal(connection: sqlite3.Connection, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            # File systems that cannot share memory answer with another mode: slower, and as safe.
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # Two that open a new file at once: SQLite waits for a lock, but not for this one.
            if not is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.01, 0.05))
        else:
            return


def _share(lock: FileLock, path: Path, patience: float) -> None:
    deadline = time.monotonic() + max(
        patience, 60.0
    )  # another process restores it, which can take long
    while not lock.share():
        if time.monotonic() > deadline:
            raise RunError(
                "store.being-restored",
                "{path} is being restored by another window: try again when it is done",
                path=path,
            )
        time.sleep(0.05)


def _made_sound(
    path: Path,
    lock: FileLock,
    patience: float,
    clock: Clock,
    migrations: Sequence[Migration],
    *,
    daily: bool,
) -> Recovered | None:
    """Restores the file where it is damaged; the lock is shared before and after."""
    deadline = time.monotonic() + patience
    check: Check = "quick" if not daily or has_backup(path, clock().date()) else "thorough"
    while fault := _fault(path, patience, len(migrations), check):
        if lock.acquire():
            recovered = None
            if _fault(path, patience, len(migrations), check):
                recovered = recover(path, migrations, clock())
            _share(lock, path, patience)
            return recovered
        if time.monotonic() > deadline:
            raise RunError(
                "store.damaged-and-open",
                "{path} is damaged ({fault}), and another window has it open. Close all windows and open one "
                "again: the file is then kept aside and its drawings are restored.",
                path=path,
                fault=fault,
            )
        time.sleep(random.uniform(0.05, 0.2))
        _share(lock, path, patience)
    return None


def _fault(
    path: Path, patience: float, newest: int, check: Check, *, read_only: bool = False
) -> str | Message:
    """What is wrong with the file; "" where it can be used, or there is none and never was. check: how
    thoroughly its pages are looked through.

    Raises DataError where it is not damaged but not ours, sqlite3.Error where it cannot be looked at.
    """
    if not path.exists():
        left = any(Path(f"{path}{suffix}").exists() for suffix in BESIDE)
        return Message.of("store.missing", "it is missing") if left or backups_of(path) else ""
    try:
        with closing(_connected(path, patience, read_only=read_only)) as connection:
            connection.execute("BEGIN")  # all of one moment: another window may just be making it
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            version = version_of(connection)
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("COMMIT")
            if not (application or version or tables):
                return Message.of("store.empty", "it is empty") if backups_of(path) else ""
            if application != APPLICATION_ID:
                if backups_of(path):
                    return Message.of(
                        "store.bad-head", "its header is not that of a file of drawings"
                    )
                raise DataError(
                    "store.foreign",
                    "{path} is a database of another program: move it away, or name another folder with "
                    "HANDWRITE_HOME",
                    path=path,
                )
            if version > newest:
                raise DataError(
                    "store.newer",
                    "{path} was written by a newer release of this program (form {version}, this one "
                    "reads up "
                    "to {newest}). Nothing was changed; update the program, or name another folder with "
                    "HANDWRITE_HOME.",
                    path=path,
                    version=version,
                    newest=newest,
                )
            return "" if check == "none" else soundness(connection, thorough=check == "thorough")
    except sqlite3.Error as error:
        if is_damage(error):
            return str(error)
        raise


def _note(path: Path, recovered: Recovered) -> Message:
    """What was recovered, for the person."""
    if recovered.drawings == 0:
        drawings = Message.of("store.recovered-none", "none of the drawings could be recovered")
    elif recovered.drawings == 1:
        drawings = Message.of("store.recovered-one", "1 drawing was recovered")
    else:
        drawings = Message.of(
            "store.recovered", "{count:,} drawings were recovered", count=recovered.drawings
        )
    if recovered.day is not None:
        drawings = Message.of(
            "store.recovered-from",
            "{drawings}, from the copy of {day}",
            drawings=drawings,
            day=recovered.day.isoformat(),
        )
    if recovered.salvaged:
        drawings = Message.of(
            "store.salvaged",
            "{drawings}, {count:,} of them read from the damaged file itself",
            drawings=drawings,
            count=recovered.salvaged,
        )
    if recovered.aside is None:
        return Message.of(
            "store.was-missing",
            "{name} was missing: {drawings}.",
            name=path.name,
            drawings=drawings,
        )
    return Message.of(
        "store.was-damaged",
        "{name} was damaged: {drawings}. The damaged file is kept as {aside}; what was stored after "
        "that copy "
        "and could not be read may be missing.",
        name=path.name,
        drawings=drawings,
        aside=str(recovered.aside),
    )
