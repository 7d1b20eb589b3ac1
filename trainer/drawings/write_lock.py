"""Exclusive writing to the store, and whether its file is still the same one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trainer.base.locking import FileLock
from trainer.drawings.faults import too_busy


@contextmanager
def write_lock(lock: FileLock, path: Path, patience: float) -> Iterator[None]:
    """Holds the store's write lock. Raises RunError where another process holds it longer than `patience`
    seconds."""
    if not lock.acquire(patience):
        raise too_busy(path)
    try:
        yield
    finally:
        lock.release()


def file_identity(path: Path) -> tuple[int, int] | None:
    """Device and number of the file at that path; None where there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino
