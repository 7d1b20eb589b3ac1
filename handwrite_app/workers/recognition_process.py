"""The window's end of the recognition process, without Qt: starting it, and the desk where requests wait.

Imported before anything large, so that the process loads torch while the window is being built.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.processes.recognition_messages import (
        LoadRequest,
        PageRequest,
        ReadRequest,
        RecognitionRequest,
    )

_END_SECONDS = 5.0


class RecognitionProcess:
    """A running service that answers every line with one. One thread asks; `kill` may be called from any."""

    def __init__(self, program: str = "trainer.processes.recognition_service") -> None:
        """program: the module that is run. Raises OSError or MemoryError where no process can be started."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # On Windows a console program would open a console; elsewhere there is no such flag.
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, line: bytes) -> bytes:
        """The answer to one encoded request; empty where the process has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
            return self._process.stdout.readline()
        except (OSError, ValueError):  # ValueError: closed by `end` from another thread
            return b""

    def kill(self) -> None:
        """Ends the process at once: it has nothing to save. A thread in `ask` gets an empty answer."""
        self._process.kill()

    def close(self) -> int | None:
        """Kills the process and frees its pipes; its exit code, or None where it does not end (a driver that
        hangs keeps a process alive)."""
        self._process.kill()
        code = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(timeout=_END_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return code


class RequestDesk:
    """Where requests wait for the thread that carries them out: at most one to load, to read, and of a page.

    A newer request replaces a waiting one of its kind. Loading goes first. Used by two threads.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._load: LoadRequest | None = None
        self._read: ReadRequest | None = None
        self._page: PageRequest | None = None
        self._wanted_page: PageRequest | None = None  # until another one, also once it was taken
        self._closed = False

    def put_load(self, request: LoadRequest) -> None:
        with self._condition:
            self._load = request
            self._condition.notify()

    def put_read(self, request: ReadRequest) -> None:
        with self._condition:
            self._read = request
            self._condition.notify()

    def put_page(self, request: PageRequest | None) -> None:
        """None: no page is wanted any more, not even the rest of one."""
        with self._condition:
            self._page = self._wanted_page = request
            self._condition.notify()

    def put_rest(self, request: PageRequest) -> None:
        """Of a page that was read in part; if it is still wanted."""
        with self._condition:
            if self._wanted_page is request:
                self._page = request

    def take(self) -> RecognitionRequest | None:
        """Waits for the next request; None once the desk is closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._load or self._read or self._page or self._closed)
            if self._closed:
                return None
            if self._load is not None:
                load, self._load = self._load, None
                return load
            if self._read is not None:
                read, self._read = self._read, None
                return read
            page, self._page = self._page, None
            return page

    def take_load(self) -> LoadRequest | None:
        """Waits for the next request to load; None once the desk is closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._load or self._closed)
            load, self._load = self._load, None
            return None if self._closed else load

    def pause(self, seconds: float) -> None:
        """Waits so long, or until the desk is closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._closed, timeout=seconds)

    def close(self) -> None:
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def closed(self) -> bool:
        return self._closed
