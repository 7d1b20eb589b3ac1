"""Access to the drawings' thread for one window; no callbacks after it has closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from trainer.base.errors import HandwriteError

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore

T = TypeVar("T")


class Asked(Protocol):
    """What handwrite_app.workers.drawings.DrawingsWorker does."""

    def ask(
        self,
        job: Callable[[DrawingStore], T],
        then: Callable[[T], object] = ...,
        failed: Callable[[HandwriteError], object] = ...,
    ) -> None: ...


class WindowStore:
    """Hands jobs on to the application's thread, which outlives the window. What was asked for is done all
    the same."""

    def __init__(self, store: Asked) -> None:
        self._store = store
        self._closed = False

    def close(self) -> None:
        self._closed = True

    def ask(
        self,
        job: Callable[[DrawingStore], T],
        then: Callable[[T], object] = lambda _: None,
        failed: Callable[[HandwriteError], object] = lambda _: None,
    ) -> None:
        if not self._closed:
            self._store.ask(job, self._while_open(then), self._while_open(failed))

    def _while_open(self, call: Callable[[Any], object]) -> Callable[[Any], object]:
        return lambda answer: None if self._closed else call(answer)
