"""The lock of a run's folder: one process writes a run, and others see that it is going on."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from trainer.base.errors import InputError
from trainer.base.locking import FileLock
from trainer.runs.names import CONFIG, LOCK, METRICS

_PATIENCE = 1.0  # seconds; a process that looks whether a run is locked locks it for an instant
# A run without a lock file and without an end counts as running for so long after its last line.
_QUIET = 600.0  # seconds


@contextlib.contextmanager
def held(folder: Path) -> Iterator[FileLock]:
    """Holds the run folder's exclusive lock. The OS releases it if the process dies.

    Yields the lock, which is not effective on a file system without locks. The lock's file is removed at the
    end of the block, and stays after an exception: a lock that is not held distinguishes a run that was
    broken off from one that goes on. Raises InputError where another process holds it.
    """
    path = folder / LOCK
    lock = _acquired(path)
    try:
        yield lock
        _remove(path)  # while it is locked; on Windows an open file stays
    finally:
        lock.close()
    if os.name == "nt":
        _remove(path)


def _acquired(path: Path) -> FileLock:
    while True:
        lock = FileLock(path)
        if not lock.acquire(_PATIENCE):
            lock.close()
            raise InputError(
                "runs.held",
                "{path} is being written by another process: wait for its end",
                path=str(path.parent),
            )
        if path.exists():
            return lock
        lock.close()  # the lock of a process that removed it at its end meanwhile


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def is_held(folder: Path) -> bool:
    """Whether a process writes the run now; without a usable lock: whether its last line is recent.

    A clock that was set back leaves lines of times to come: these are not recent either.
    """
    taken = is_locked(folder)
    return abs(time.time() - _last_written(folder)) < _QUIET if taken is None else taken


def is_locked(folder: Path) -> bool | None:
    """Whether a process holds the run's lock; None without a lock, or on a file system without locks."""
    if not (folder / LOCK).exists():
        return None
    try:
        with FileLock(folder / LOCK) as lock:
            is_free = lock.acquire()
            return not is_free if lock.is_effective else None
    except OSError:
        return None


def _last_written(folder: Path) -> float:
    times = [0.0]
    for file in (METRICS, CONFIG):
        with contextlib.suppress(OSError):
            times.append((folder / file).stat().st_mtime)
    return max(times)
