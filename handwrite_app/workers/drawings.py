"""The thread that has the store of drawings."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Signal

from handwrite_app.workers.base import reraise
from trainer.base.errors import HandwriteError, RunError
from trainer.base.paths import drawings_file

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore

T = TypeVar("T")

#: Of a store: none has it.
_NO_VERSION = (-1, -1)


class _Task(NamedTuple):
    """Without a job: see Drawings.prepare."""

    job: Callable[[DrawingStore], Any] | None = None
    then: Callable[[Any], object] = lambda _: None
    failed: Callable[[HandwriteError], object] = lambda _: None


class DrawingsWorker(QObject):
    """The store of the user's drawings. What waits for the disk, or for another window, waits in a thread.

    The thread begins with the first job, and the store is opened then. Jobs are carried out one after the
    other, in the order in which they were asked for.

    Signals:
        noted(text): something that the person should know of the store: a damaged file was restored, say.
        changed(): the store is another than before the last job, by that or by another process.
    """

    noted = Signal(str)
    changed = Signal()
    _called = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._copying: threading.Thread | None = None
        self._closed = False
        self._called.connect(self._on_called)

    def ask(
        self,
        job: Callable[[DrawingStore], T],
        then: Callable[[T], object] = lambda _: None,
        failed: Callable[[HandwriteError], object] = lambda _: None,
    ) -> None:
        """Has a job carried out in the thread. Then one of the others is called, in the window's thread: with
        what came of it, or with why it could not be done (or the store could not be opened). What nobody
        foresaw is raised there before."""
        self._put(_Task(job, then, failed))

    def prepare(self) -> None:
        """Does in advance what the first job would have to wait for, a fraction of a second: the imports, and
        the opening of a store that is there. What goes wrong is told when there is a job."""
        self._put(_Task())

    def _put(self, task: _Task) -> None:
        if self._closed:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="drawings", daemon=True)
            self._thread.start()
        self._tasks.put(task)

    def close(self) -> None:
        """Waits until all that was asked for is done. Nobody is called after."""
        if self._closed:
            return
        self._closed = True
        self._tasks.put(None)
        if self._thread is not None:
            self._thread.join()
        if self._copying is not None:
            self._copying.join()

    def _on_called(self, call: Callable[[], object]) -> None:
        if not self._closed:
            call()

    # --- in the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        store: DrawingStore | None = None
        version: tuple[int, int] | None = None
        while (task := self._tasks.get()) is not None:
            try:
                if store is None:
                    store = self._opened(only_if_there=task.job is None)
                if store is not None and version is None:
                    version = store.version
                if task.job is None or store is None:
                    continue
                answer = task.job(store)
            except HandwriteError as error:
                self._called.emit(partial(task.failed, error))
                # The file may have been moved, or there is room again by the next time.
                if store is not None and isinstance(error, RunError):
                    store.close()
                    # What is opened next may be another file, whatever its version.
                    store, version = None, _NO_VERSION
            except Exception as error:
                # Nobody foresaw it: what handles those is in the window's thread. Whoever asked goes on.
                self._called.emit(partial(reraise, error))
                self._called.emit(partial(task.failed, _unforeseen(error)))
            else:
                self._called.emit(partial(task.then, answer))
                version = self._told_version(store, version)
                self._copy_once(store)
        if store is not None:
            store.close()

    def _opened(self, *, only_if_there: bool) -> DrawingStore | None:
        # sqlite3 and what belongs to it are nothing that the first paint should wait for.
        from trainer.drawings import open_store

        if only_if_there and not drawings_file().exists():
            return None
        store = open_store(daily=False)
        for note in store.notes:
            self._called.emit(partial(self.noted.emit, note))
        return store

    def _told_version(
        self, store: DrawingStore, before: tuple[int, int] | None
    ) -> tuple[int, int] | None:
        """The store's version, and whether it is a new one is told."""
        try:
            version = store.version
        except HandwriteError:  # the next job says why
            return before
        if version != before:
            self._called.emit(self.changed.emit)
        return version

    def _copy_once(self, store: DrawingStore) -> None:
        """Has today's copy made by another thread: of many drawings it takes seconds."""
        if self._copying is not None:
            return
        from trainer.drawings import daily_copy

        def copy() -> None:
            note = daily_copy(store)
            if note:
                self._called.emit(partial(self.noted.emit, note))

        self._copying = threading.Thread(target=copy, name="copy of the drawings", daemon=True)
        self._copying.start()


def _unforeseen(error: Exception) -> RunError:
    words = QCoreApplication.translate("DrawingsWorker", "An unexpected error: {error}")
    return RunError(words.format(error=f"{type(error).__name__}: {error}".removesuffix(": ")))
