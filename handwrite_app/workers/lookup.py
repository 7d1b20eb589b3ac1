"""The thread that looks things up on the disk."""

from __future__ import annotations

import queue
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import TypeVar

from PySide6.QtCore import QObject

from handwrite_app.workers.base import Worker, join, reraise, started_thread
from trainer.base.errors import HandwriteError

T = TypeVar("T")
_Question = Callable[[], Callable[[], object]]


class LookupWorker(Worker):
    """Looks things up on the disk in a thread, one question after the other."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
        self._thread: Thread | None = None
        self._unanswered = 0

    @property
    def is_idle(self) -> bool:
        """Whether every question was answered."""
        return not self._unanswered

    def ask(
        self,
        look: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[HandwriteError], object] = reraise,
    ) -> None:
        """Has `look` called in the thread, then `then` in the window's thread with the result, or `failed`
        with the error (default: raises it there)."""
        if self._closed:
            return
        if self._thread is None:
            self._thread = started_thread(self._run, "lookup")
        self._unanswered += 1
        self._questions.put(lambda: self._answer(look, then, failed))

    def close(self) -> None:
        """Drops the questions that wait. No answer comes after."""
        self._closed = True
        self._questions.put(None)
        if self._thread is not None:
            join(self._thread)

    def _on_answered(self, call: Callable[[], object]) -> None:
        self._unanswered -= 1
        call()

    # --- in the thread -------------------------------------------------------------------------------

    def _answer(
        self,
        look: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[HandwriteError], object],
    ) -> Callable[[], object]:
        try:
            return partial(then, look())
        except Exception as error:
            if failed is reraise:
                return partial(reraise, error)
            return partial(
                failed,
                error if isinstance(error, HandwriteError) else self._post_unforeseen(error),
            )

    def _run(self) -> None:
        while (question := self._questions.get()) is not None and not self._closed:
            self._post(self._on_answered, question())
