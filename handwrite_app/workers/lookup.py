"""The thread that looks things up on the disk."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from handwrite_app.workers.base import reraise

T = TypeVar("T")
_Question = Callable[[], Callable[[], object]]


class LookupWorker(QObject):
    """Looks things up on the disk in a thread, one question after the other."""

    _called = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._unanswered = 0
        self._closed = False
        self._called.connect(self._on_called)

    @property
    def is_idle(self) -> bool:
        """Whether every question was answered."""
        return not self._unanswered

    def ask(self, look: Callable[[], T], then: Callable[[T], object]) -> None:
        """Has `look` called in the thread, then the other in the window's, with what was found."""
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, name="lookup", daemon=True)
            self._thread.start()
        self._unanswered += 1
        self._questions.put(lambda: partial(then, look()))

    def close(self) -> None:
        """Nobody is called after; what waits is not looked up any more."""
        self._closed = True
        self._questions.put(None)
        if self._thread is not None:
            self._thread.join()

    def _on_called(self, call: Callable[[], object]) -> None:
        if not self._closed:
            self._unanswered -= 1
            call()

    def _run(self) -> None:
        while (question := self._questions.get()) is not None and not self._closed:
            try:
                call = question()
            except Exception as error:
                call = partial(reraise, error)
            self._called.emit(call)
