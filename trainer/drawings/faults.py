"""Errors of SQLite and the system as errors of the project."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trainer.base.errors import InputError, RunError

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_CLOSED = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken, and not what surrounds it."""
    return _code(error) in _DAMAGED


def is_busy(error: sqlite3.Error) -> bool:
    return _code(error) in _BUSY


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raises RunError for errors of SQLite and of the system in the block, which are about that file."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise  # ours
    except sqlite3.Error as error:
        raise _error(path, error) from error
    except OSError as error:
        raise RunError(
            "store.unusable-file",
            "{path} cannot be used ({reason}). Nothing was changed; check that its folder may be "
            "written to and "
            "has room, or name another with HANDWRITE_HOME.",
            path=path,
            reason=error.strerror or str(error),
        ) from error


def too_busy(path: Path) -> RunError:
    return RunError(
        "store.busy",
        "{path} is being written by another window or program for too long. Nothing was changed; "
        "wait until it "
        "is done or close it, then try again.",
        path=path,
    )


def no_such_drawing(number: int) -> InputError:
    return InputError(
        "drawings.no-such-drawing",
        "there is no drawing {number}, or it was deleted",
        number=number,
    )


def _error(path: Path, error: sqlite3.Error) -> RunError:
    code, reason = _code(error), str(error)
    if code in _BUSY:
        return too_busy(path)
    if code in _CLOSED:
        return RunError(
            "store.closed",
            "{path} cannot be opened or written ({reason}). Nothing was changed; check that the file and its "
            "folder may be written to, or name another folder with HANDWRITE_HOME.",
            path=path,
            reason=reason,
        )
    if code in _NO_ROOM:
        return RunError(
            "store.no-room",
            "{path} cannot be written ({reason}). Nothing was changed; make room on the disk, then "
            "try again.",
            path=path,
            reason=reason,
        )
    if code in _DAMAGED:
        return RunError(
            "store.damaged",
            "{path} is damaged ({reason}). Close all windows and open one again: the file is then "
            "kept aside and "
            "its drawings are restored.",
            path=path,
            reason=reason,
        )
    return RunError(
        "store.failed",
        "{path} cannot be used ({reason}). Nothing was changed; try again.",
        path=path,
        reason=reason,
    )


def _code(error: sqlite3.Error) -> int:
    """The primary code, without what SQLite adds in the higher bits; 0 where Python made the error."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def writer_has_drawings(name: str, count: int) -> InputError:
    """Of a writer who is to be deleted."""
    if count == 1:
        return InputError(
            "drawings.writer-has-one", "{name} has a drawing: delete it first", name=name
        )
    return InputError(
        "drawings.writer-has-drawings",
        "{name} has {count:,} drawings: delete them first",
        name=name,
        count=count,
    )
