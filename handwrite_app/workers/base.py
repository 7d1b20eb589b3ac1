"""What the workers have in common.

A worker owns a thread that waits for a process or for the disk. What the thread posts is queued for the
window's thread and may still be in the queue when the worker is closed: then it is dropped. Every job ends
with a result or a failure, whatever happens in the thread: an unforeseen exception is logged, raised again in
the window's thread, where the crash handler is, and reported as a failure.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from PySide6.QtCore import QObject, Signal

from trainer.base.errors import RunError

_log = logging.getLogger(__name__)

#: Seconds for a thread to end when its worker is closed. It waits for nothing then; a longer wait would mean
#: that the system does not end a process (a driver that hangs), and must not keep the window from closing.
JOIN_SECONDS = 10.0


class Worker(QObject):
    """Posts calls from its thread to the window's thread until it is closed."""

    _called = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._called.connect(self._on_called)

    def _on_called(self, call: Callable[[], object]) -> None:
        if not self._closed:
            call()

    # --- in the thread -------------------------------------------------------------------------------

    def _post(self, slot: Callable[..., object], *arguments: object) -> None:
        """Has a slot called in the window's thread."""
        self._called.emit(partial(slot, *arguments))

    def _post_unforeseen(self, error: Exception) -> RunError:
        """Logs an unforeseen exception and has it raised in the window's thread; returns it as a failure."""
        _log.error("unforeseen in the thread %r", threading.current_thread().name, exc_info=error)
        self._post(reraise, error)
        return unforeseen(error)


def reraise(error: Exception) -> NoReturn:
    """Raises an error of a worker's thread. Called in the window's thread, where the crash handler is."""
    raise error


def unforeseen(error: Exception) -> RunError:
    return RunError("app.unforeseen", "An unexpected error: {error}", error=reason_text(error))


def reason_text(error: BaseException) -> str:
    """The kind of an exception and its text, or the system's text of an OSError."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def started_thread(target: Callable[[], object], name: str) -> threading.Thread:
    """A running daemon thread. Raises RuntimeError where the system allows no more threads."""
    thread = threading.Thread(target=target, name=name, daemon=True)
    thread.start()
    return thread


def join(thread: threading.Thread) -> None:
    """Waits for a thread that is about to end, but not for ever."""
    thread.join(timeout=JOIN_SECONDS)
    if thread.is_alive():
        _log.error("the thread %r does not end", thread.name)
