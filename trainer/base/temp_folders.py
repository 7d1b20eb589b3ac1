"""Temporary folders in the cache, for a personalized network until the user decides about it.

The owner of a folder holds a lock in it, which the OS releases when the process dies. So folders that a
killed process left can be recognised, and the next process that makes one removes them.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from trainer.base.errors import RunError
from trainer.base.locking import FileLock
from trainer.base.paths import cache_folder

_LOCK = "in use"
_PATIENCE = 2.0  # seconds for another process that is just making one, which takes milliseconds


def scratch_folder() -> Path:
    """The folder of all temporary folders."""
    return cache_folder() / "scratch"


class Scratch:
    """A new temporary folder, `path`, until close(); also as a context manager.

    Raises RunError where none can be made.
    """

    def __init__(self) -> None:
        place = scratch_folder()
        try:
            place.mkdir(parents=True, exist_ok=True)
            making = FileLock(place / ".lock")
            try:
                # Exclusively: another process would remove a folder whose lock is not taken yet.
                if making.acquire(_PATIENCE):
                    _remove_left_over(place)
                self.path = place / secrets.token_hex(8)
                self.path.mkdir()
                self._lock = FileLock(self.path / _LOCK)
                self._lock.acquire()
            finally:
                making.close()
        except OSError as error:
            raise RunError(
                "cache.no-folder",
                "no folder can be made in {folder} ({reason}). Check that it may be written to and "
                "has room, or "
                "name another one with HANDWRITE_CACHE.",
                folder=place,
                reason=error.strerror or str(error),
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Removes the folder with its content. Can be called repeatedly."""
        self._lock.close()
        shutil.rmtree(self.path, ignore_errors=True)


def _remove_left_over(place: Path) -> None:
    for folder in place.iterdir():
        if folder.is_dir() and not _is_used(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_used(folder: Path) -> bool:
    """Whether a process holds its lock, or that cannot be known."""
    with suppress(OSError):
        lock = FileLock(folder / _LOCK)
        try:
            return not (lock.acquire() and _shuts_out(lock, folder))
        finally:
            lock.close()
    return True


def _shuts_out(lock: FileLock, folder: Path) -> bool:
    """Whether a held lock keeps others out: on some file systems none does."""
    other = FileLock(folder / _LOCK)
    try:
        return not other.acquire()
    finally:
        other.close()
