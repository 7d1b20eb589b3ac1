"""The thread that has the store of drawings."""

from __future__ import annotations

import queue
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Signal

from handwrite_app.ui.error_text import sentence
from handwrite_app.workers.base import Worker, started_thread
from trainer.base.errors import HandwriteError, RunError
from trainer.base.paths import drawings_file

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore

T = TypeVar("T")

#: Version of no store.
_NO_VERSION = (-1, -1)


class _Task(NamedTuple):
    """Without a job: see DrawingsWorker.prepare."""

    job: Callable[[DrawingStore], Any] | None = None
    then: Callable[[Any], object] = lambda _: None
    failed: Callable[[HandwriteError], object] = lambda _: None


class DrawingsWorker(Worker):
    """The store of the user's drawings. Jobs that wait for the disk, or for another window, wait in a thread.

    The thread begins with the first job, which opens the store. Jobs are carried out one after the other, in
    the order in which they were asked for.

    Signals:
        noted(text): a note on the store for the user: a damaged file was restored, say.
        changed(): the store's version is another than before the last job, by that or by another process.
    """

    noted = Signal(str)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._thread: Thread | None = None
        self._copying: Thread | None = None

    def ask(
        self,
        job: Callable[[DrawingStore], T],
        then: Callable[[T], object] = lambda _: None,
        failed: Callable[[HandwriteError], object] = lambda _: None,
    ) -> None:
        """Has a job carried out in the thread, then one of the others called in the window's thread: `then`
        with the result, or `failed` with the reason (also where the store cannot be opened). An unforeseen
        exception is raised there first."""
        self._put(_Task(job, then, failed))

    def prepare(self) -> None:
        """Does in advance what the first job would have to wait for, a fraction of a second: the imports, and
        opening an existing store. The first job reports what goes wrong."""
        self._put(_Task())

    def _put(self, task: _Task) -> None:
        if self._closed:
            return
        if self._thread is None:
            self._thread = started_thread(self._run, "drawings")
        self._tasks.put(task)

    def close(self) -> None:
        """Waits until all jobs are done. No callback comes after."""
        if self._closed:
            return
        self._closed = True
        self._tasks.put(None)
        if self._thread is not None:
            self._thread.join()
        if self._copying is not None:
            self._copying.join()

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
                self._post(task.failed, error)
                # The file may have been moved, or there is room again by the next time.
                if store is not None and isinstance(error, RunError):
                    self._close(store)
                    # The next store may be another file, whatever its version.
                    store, version = None, _NO_VERSION
            except Exception as error:
                self._post(task.failed, self._post_unforeseen(error))
            else:
                self._post(task.then, answer)
                try:
                    version = self._reported_version(store, version)
                    self._copy_once(store)
                except Exception as error:  # the job itself is done
                    self._post_unforeseen(error)
        if store is not None:
            self._close(store)

    def _close(self, store: DrawingStore) -> None:
        try:
            store.close()
        except Exception as error:
            self._post_unforeseen(error)

    def _opened(self, *, only_if_there: bool) -> DrawingStore | None:
        # The first paint does not wait for sqlite3 and all that belongs to it.
        from trainer.drawings import open_store

        if only_if_there and not drawings_file().exists():
            return None
        store = open_store(daily=False)
        for note in store.notes:
            self._post(self.noted.emit, sentence(note))
        return store

    def _reported_version(
        self, store: DrawingStore, before: tuple[int, int] | None
    ) -> tuple[int, int] | None:
        """The store's version; emits `changed` where it is a new one."""
        try:
            version = store.version
        except HandwriteError:  # the next job says why
            return before
        if version != before:
            self._post(self.changed.emit)
        return version

    def _copy_once(self, store: DrawingStore) -> None:
        """Has another thread make today's copy: of many drawings it takes seconds."""
        if self._copying is None:
            self._copying = started_thread(partial(self._copy, store), "copy of the drawings")

    def _copy(self, store: DrawingStore) -> None:
        from trainer.drawings import daily_copy

        try:
            note = daily_copy(store)
        except Exception as error:
            self._post_unforeseen(error)
            return
        if note:
            self._post(self.noted.emit, sentence(note))
