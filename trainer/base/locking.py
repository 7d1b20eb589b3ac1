"""Advisory locks on files of their own, between processes and within one.

The operating system releases a lock when its process dies, however it dies; a stopped process keeps it. On a
file system without locks (some network and FUSE mounts) every lock is granted, and says so: `is_effective`.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

if os.name != "nt":
    import fcntl

_POLL = 0.005  # seconds
_CONTENTION = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK}
_UNSUPPORTED = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL}


class FileLock:
    """Not held at first. Closing it, also by leaving its ``with`` block, releases it.

    is_effective: False once the file system has turned out to have no locks: others are not kept out then.
    """

    def __init__(self, path: Path) -> None:
        """Makes the file where there is none. Raises OSError where that cannot be done."""
        self._file = path.open("ab")
        self.is_effective = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def acquire(self, timeout: float = 0.0) -> bool:
        """Takes the lock exclusively, waiting up to `timeout` seconds. False where another holds it: a lock
        that was shared until now is not held any more then."""
        deadline = time.monotonic() + timeout
        while not self._acquired():
            if time.monotonic() >= deadline:
                self.release()
                return False
            time.sleep(_POLL)
        return True

    def share(self) -> bool:
        """Takes the lock together with others that share it; False where another holds it exclusively.

        Windows has no shared locks in Python's libraries: there it holds nothing.
        """
        if os.name == "nt":
            self.release()
            return True
        return self._supported(lambda: fcntl.flock(self._file, fcntl.LOCK_SH | fcntl.LOCK_NB))

    def release(self) -> None:
        """Nothing happens where it is not held."""
        from filelock import unlock_descriptor

        try:
            unlock_descriptor(self._file.fileno())
        except OSError:
            return  # not held, or no locks here

    def close(self) -> None:
        """Any number of times."""
        self._file.close()

    def _acquired(self) -> bool:
        from filelock import lock_descriptor  # not before the first paint

        return self._supported(lambda: lock_descriptor(self._file.fileno(), blocking=False))

    def _supported(self, lock: Callable[[], bool | None]) -> bool:
        """Whether the lock was granted. lock: returns False, or raises OSError, where it was not."""
        try:
            return lock() is not False
        except OSError as error:
            if error.errno in _CONTENTION:
                return False
            if error.errno not in _UNSUPPORTED:
                raise
            self.is_effective = False
            return True
