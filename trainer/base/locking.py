"""Locks on files of their own, which processes have together or alone.

Windows has no shared locks in Python's library: see FileLock.share.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


_POLL = 0.005  # seconds


class FileLock:
    """Free at first; the system lets go of it when the process dies."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where the file cannot be made."""
        self._file = path.open("ab")

    if sys.platform == "win32":

        def share(self) -> bool:
            """Together with others; False where somebody has it alone."""
            self.free()
            return True

        def take(self) -> bool:
            """Alone; False where anybody else has it, and then this one has it no more."""
            self._file.seek(0)
            try:
                msvcrt.locking(self._file.fileno(), msvcrt.LK_NBLCK, 1)
            except OSError:
                return False
            return True

        def free(self) -> None:
            self._file.seek(0)
            try:
                msvcrt.locking(self._file.fileno(), msvcrt.LK_UNLCK, 1)
            except OSError:
                return  # it was free

    else:

        def share(self) -> bool:
            """Together with others; False where somebody has it alone."""
            return self._locked(fcntl.LOCK_SH)

        def take(self) -> bool:
            """Alone; False where anybody else has it, and then this one has it no more."""
            if self._locked(fcntl.LOCK_EX):
                return True
            self.free()
            return False

        def free(self) -> None:
            fcntl.flock(self._file, fcntl.LOCK_UN)

        def _locked(self, kind: int) -> bool:
            try:
                fcntl.flock(self._file, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            except OSError:
                return True  # a file system without locks: whoever wants to know takes a second one
            return True

    def wait(self, patience: float) -> bool:
        """Alone, as soon as the others let go; False where they do not within so many seconds."""
        deadline = time.monotonic() + patience
        while not self.take():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL)
        return True

    def close(self) -> None:
        self._file.close()
