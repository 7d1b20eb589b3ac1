"""The application's threads: all of them are here. Each waits on a process or on the disk, and turns what
comes of it into signals; none computes.

What a thread tells is posted to the window's thread, and may still be on its way when the worker is closed:
so it goes through a slot there that lets nothing pass any more.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Signal

from handwrite_app.workers.recognition_process import RecognitionProcess, RequestDesk
from trainer.base.errors import HandwriteError, RunError
from trainer.base.paths import drawings_file
from trainer.processes.recognition_messages import (
    Loaded,
    LoadRequest,
    Reading,
    ReadRequest,
    Refused,
    Request,
    decode_answer,
    encode_request,
)

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore
    from trainer.personalize.job import PersonalizationJob
    from trainer.processes.job_process import JobProcess
    from trainer.runs.config import TrainConfig

T = TypeVar("T")
_Question = Callable[[], Callable[[], object]]

#: Of a store: none has it.
_NO_VERSION = (-1, -1)
#: A recognition process that ends so often within this time is not started again.
_DEATHS, _DEATHS_WITHIN = 3, 30.0


class RecognitionWorker(QObject):
    """Reads drawings with the network in use. Requests carry a rising number; the newest wins.

    Signals:
        loaded(Loaded): this network is in use from now on.
        refused(Refused): it could not be; the one in use stays.
        readingReady(Reading): an answer, to the newest request or to one a little older while the pen
            moves. Never older than the last one given, nor than a drawing that was replaced.
        restarted(): the process ended and another has taken its place.
        failed(text): there will be no more answers.
    """

    loaded = Signal(object)
    refused = Signal(object)
    readingReady = Signal(object)
    restarted = Signal()
    failed = Signal(str)
    _answered = Signal(object)
    _called = Signal(object)

    def __init__(
        self, process: RecognitionProcess | None = None, parent: QObject | None = None
    ) -> None:
        """process: one that is already starting."""
        super().__init__(parent)
        self._desk = RequestDesk()
        self._process = process
        self._in_use = LoadRequest()
        self._number = 0
        self._floor = 0
        self._answered.connect(self._on_answered)
        self._called.connect(self._on_called)
        self._thread = threading.Thread(target=self._run, name="recognition", daemon=True)

    def start(self, weights: Path | None, device: str) -> None:
        """Begins, with this network (None: the best that ships)."""
        self._in_use = LoadRequest(weights=weights, device=device)
        self._desk.put_load(self._in_use)
        self._thread.start()

    def load(self, weights: Path | None, device: str) -> None:
        self._desk.put_load(LoadRequest(weights=weights, device=device))

    def read(self, drawing: object, *, replaced: bool = False) -> int:
        """Asks what the drawing is; the request's number. replaced: answers to what was on the paper
        before are of no use any more."""
        self._number += 1
        if replaced:
            self._floor = self._number
        self._desk.put_read(ReadRequest(number=self._number, drawing=drawing))  # type: ignore[arg-type]
        return self._number

    @property
    def newest(self) -> int:
        """Number of the newest request."""
        return self._number

    def close(self) -> None:
        """Ends the process and the thread. No signal comes after."""
        self._desk.close()
        if self._process is not None:
            self._process.kill()
        if self._thread.is_alive():
            self._thread.join()
        elif self._process is not None:
            self._process.close()

    def _on_answered(self, answer: object) -> None:
        """In the window's thread."""
        if self._desk.closed():
            return
        if isinstance(answer, Reading):
            if answer.number >= self._floor:
                self._floor = answer.number
                self.readingReady.emit(answer)
        elif isinstance(answer, Loaded):
            self.loaded.emit(answer)
        else:
            self.refused.emit(answer)

    def _on_called(self, call: Callable[[], object]) -> None:
        """In the window's thread."""
        if not self._desk.closed():
            call()

    # --- in the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        deaths: list[float] = []
        again: Request | None = None
        while not self._desk.closed():
            process = self._process or RecognitionProcess()
            self._process = process
            again = self._serve(process, again)
            process.close()
            self._process = None
            if self._desk.closed():
                break
            now = time.monotonic()
            deaths = [death for death in deaths if now - death < _DEATHS_WITHIN] + [now]
            if len(deaths) >= _DEATHS:
                text = QCoreApplication.translate(
                    "RecognitionWorker",
                    "The recognition process ended several times. Your drawing is kept; "
                    "choose another network or device, or start the app again.",
                )
                self._called.emit(partial(self.failed.emit, text))
                break
            self._called.emit(self.restarted.emit)

    def _serve(self, process: RecognitionProcess, again: Request | None) -> Request | None:
        """Carries out requests until the process ends; the one that it died of, to be tried again."""
        reloaded = again is None
        while True:
            if not reloaded:
                # A new process knows no network: give it the one that was in use, then what was asked.
                request: Request | None = self._in_use
                reloaded = True
            elif again is not None:
                request, again = again, None
            else:
                request = self._desk.take()
            if request is None:
                return None
            line = process.ask(encode_request(request))
            if self._desk.closed():
                return None
            if not line:
                if not isinstance(request, LoadRequest):
                    return request
                # A network that kills the process is not loaded again; the one before it stays.
                if request != self._in_use:
                    self._answered.emit(_refusal(request))
                return self._in_use
            try:
                answer = decode_answer(line)
            except HandwriteError:
                return request
            if isinstance(answer, Loaded) and isinstance(request, LoadRequest):
                self._in_use = request
            self._answered.emit(answer)


def _refusal(request: LoadRequest) -> Refused:
    return Refused(
        message=QCoreApplication.translate(
            "RecognitionWorker",
            "Loading it ended the recognition process. The network in use stays.",
        ),
        weights=None if request.weights is None else str(request.weights),
        device=request.device,
    )


class _Job(QObject):
    """At most one job at a time, in a process that this supervises.

    Signals:
        started(): a job begins. eventHappened(event): it tells something. failed(text): it ended without
        a result. ended(): it is over, after its last event or failure.
    """

    started = Signal()
    eventHappened = Signal(object)
    failed = Signal(str)
    ended = Signal()
    _called = Signal(object)

    #: Seconds that a job gets to write what it has when the window closes.
    patience = 0.0

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: JobProcess[Any] | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._called.connect(self._on_called)

    @property
    def is_running(self) -> bool:
        return self._thread is not None

    def _begin(self, launch: Callable[[], JobProcess[Any]], name: str) -> None:
        """Raises RuntimeError while another job goes on, OSError where no process can be started."""
        if self.is_running:
            raise RuntimeError(f"{name} is under way")
        self._process = launch()
        self._thread = threading.Thread(
            target=self._run, args=(self._process,), name=name, daemon=True
        )
        self.started.emit()
        self._thread.start()

    def stop(self) -> None:
        """Asks the job to come to its end; it says so with its last event."""
        if self._process is not None:
            self._process.stop()

    def close(self) -> None:
        """Ends the job. No signal comes after."""
        self._closed = True
        if self._thread is None or self._process is None:
            return
        self._process.stop()
        self._thread.join(timeout=self.patience)
        if self._thread.is_alive():
            self._process.kill()
            self._thread.join()
        self._thread = self._process = None

    def _on_called(self, call: Callable[[], object]) -> None:
        if not self._closed:
            call()

    def _on_over(self) -> None:
        if self._thread is not None:
            self._thread.join()
        self._thread = self._process = None
        self.ended.emit()

    def _run(self, process: JobProcess[Any]) -> None:
        try:
            for event in process.events():
                self._called.emit(partial(self.eventHappened.emit, event))
        except HandwriteError as error:
            self._called.emit(partial(self.failed.emit, str(error)))
        self._called.emit(self._on_over)


class TrainingWorker(_Job):
    """A training run; its events are those of trainer.base.events. Asked to stop, it finishes with the best
    weights so far."""

    patience = 5.0

    def start(
        self, config: TrainConfig, *, data_folder: Path, compare_with: Path | None = None
    ) -> None:
        """Raises RuntimeError while another run goes on, OSError where no process can be started."""
        # The first paint does not wait for what only training needs (docs/performance.md).
        from trainer.processes.train_process import TrainingProcess

        self._begin(
            lambda: TrainingProcess(config, data_folder=data_folder, compare_with=compare_with),
            "training",
        )


class PersonalizationWorker(_Job):
    """A lesson; its events are those of trainer.personalize.events. Stopped or ended, it leaves nothing."""

    def start(self, job: PersonalizationJob) -> None:
        """Raises RuntimeError while another lesson goes on, OSError where no process can be started."""
        from trainer.processes.personalize_process import PersonalizationProcess

        self._begin(lambda: PersonalizationProcess(job), "teaching")


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
                self._called.emit(partial(_raise, error))
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
                call = partial(_raise, error)
            self._called.emit(call)


def _raise(error: Exception) -> NoReturn:
    raise error


def _unforeseen(error: Exception) -> RunError:
    words = QCoreApplication.translate("DrawingsWorker", "An unexpected error: {error}")
    return RunError(words.format(error=f"{type(error).__name__}: {error}".removesuffix(": ")))
