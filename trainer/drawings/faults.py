"""What SQLite and the system complain of, as sentences for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trainer.base.errors import RunError

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
        raise RunError(_sentence(path, error)) from error
    except OSError as error:
        raise RunError(
            f"{path} cannot be used ({error.strerror or error}). Nothing was changed; check that its "
            "folder may be written to and has room, or name another with HANDWRITE_HOME."
        ) from error


def too_busy(path: Path) -> RunError:
    return RunError(
        f"{path} is being written by another window or program for too long. Nothing was changed; wait for "
        "its end or close it, then try again."
    )


def _sentence(path: Path, error: sqlite3.Error) -> str:
    code = _code(error)
    if code in _BUSY:
        return str(too_busy(path))
    if code in _CLOSED:
        return (
            f"{path} cannot be opened or written ({error}). Nothing was changed; check that the file and "
            "its folder may be written to, or name another folder with HANDWRITE_HOME."
        )
    if code in _NO_ROOM:
        return (
            f"{path} cannot be written ({error}). Nothing was changed; make room on the disk, then try "
            "again."
        )
    if code in _DAMAGED:
        return (
            f"{path} is damaged ({error}). Close all windows and open one again: the file is then kept "
            "aside and its drawings are restored."
        )
    return f"{path} cannot be used ({error}). Nothing was changed; try again."


def _code(error: sqlite3.Error) -> int:
    """The primary code, without what SQLite adds in the higher bits; 0 where Python made the error."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
