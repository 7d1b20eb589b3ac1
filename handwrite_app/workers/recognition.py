"""The thread that talks to the recognition process, and replaces a process that ends or hangs."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from handwrite_app.ui.error_text import sentence
from handwrite_app.workers.base import Worker, join, reason_text
from handwrite_app.workers.recognition_process import RecognitionProcess, RequestDesk
from trainer.base.errors import HandwriteError
from trainer.base.messages import Message
from trainer.processes.recognition_messages import (
    Loaded,
    LoadRequest,
    PageReading,
    PageRequest,
    Reading,
    ReadRequest,
    RecognitionAnswer,
    RecognitionRequest,
    Refused,
    decode_answer,
    encode_request,
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When a recognition process counts as hung, and when the worker gives up.

    load_seconds, read_seconds: time for an answer. The first load of a process includes importing torch,
    which takes a minute on a busy machine. deaths: so many processes in a row without an answer, or within
    deaths_within seconds, and no other is started until a network is chosen. pause: seconds before the
    next try where no process could be started.
    """

    load_seconds: float = 180.0
    read_seconds: float = 20.0
    deaths: int = 3
    deaths_within: float = 30.0
    pause: float = 1.0


class _Asked(NamedTuple):
    """A request that a process is carrying out. Compared by identity: each is another one."""

    process: RecognitionProcess
    limit: float  # seconds


class RecognitionWorker(Worker):
    """Reads drawings with the active model.

    Signals:
        loaded(Loaded): this network reads from now on.
        refused(Refused): it could not be loaded; the active model stays.
        readingReady(Reading): an answer, in the order of the requests. The requester, who numbers them,
            decides whether it is stale by now (handwrite_app.reading.read_requester).
        pageRead(PageReading): the answer to `read_page`.
        restarted(text): the process ended or hung, and another takes its place; text says which.
        failed(text): there are no more answers until `load` or `restart` is called.
    """

    loaded = Signal(object)
    refused = Signal(object)
    readingReady = Signal(object)
    pageRead = Signal(object)
    restarted = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        process: RecognitionProcess | None = None,
        parent: QObject | None = None,
        *,
        limits: Limits = Limits(),
    ) -> None:
        """process: one that is already starting."""
        super().__init__(parent)
        self._desk = RequestDesk()
        self._process = process
        self._limits = limits
        self._active = LoadRequest()
        self._thread = threading.Thread(target=self._run, name="recognition", daemon=True)
        # The thread writes `_asked`; the window's thread compares it from tick to tick. Ticks are counted, so
        # that a computer that was asleep, or a window that was busy, does not make a process look hung.
        self._asked: _Asked | None = None
        self._watched: _Asked | None = None
        self._ticks = 0
        self._hung: RecognitionProcess | None = None
        self._unwanted: RecognitionProcess | None = None
        shortest = min(limits.load_seconds, limits.read_seconds)
        self._watch = QTimer(self)
        self._watch.setInterval(round(1000 * min(1.0, shortest / 4)))
        self._watch.timeout.connect(self._on_tick)

    def start(self, weights: Path | None, device: str) -> None:
        """Begins, with this network (None: the best that ships)."""
        self._active = LoadRequest(weights=weights, device=device)
        self._desk.put_load(self._active)
        self._watch.start()
        self._thread.start()

    def load(self, weights: Path | None, device: str) -> None:
        self._desk.put_load(LoadRequest(weights=weights, device=device))

    def read(self, request: ReadRequest) -> None:
        """Requests a reading. A newer request replaces one that still waits."""
        self._desk.put_read(request)

    def read_page(self, request: PageRequest | None) -> None:
        """Requests the reading of an image file: readings that wait, or come meanwhile, go first. None: that
        which was requested is not wanted any more."""
        self._desk.put_page(request)

    def restart(self) -> None:
        """Replaces the process, whatever it does, by one that loads the active model."""
        process, asked = self._process, self._asked
        if process is not None:
            self._unwanted = process
            process.kill()
        if asked is None:  # else the thread notices by itself
            self._desk.put_load(self._active)

    def close(self) -> None:
        """Ends the process and the thread. No signal comes after."""
        self._closed = True
        self._watch.stop()
        self._desk.close()
        if self._process is not None:
            self._process.kill()
        if self._thread.is_alive():
            join(self._thread)
        elif self._process is not None:
            self._process.close()

    def _on_answered(self, answer: RecognitionAnswer) -> None:
        if isinstance(answer, Reading):
            self.readingReady.emit(answer)
        elif isinstance(answer, PageReading):
            self.pageRead.emit(answer)
        elif isinstance(answer, Loaded):
            self.loaded.emit(answer)
        else:
            self.refused.emit(answer)

    def _on_tick(self) -> None:
        """Kills a process that has not answered within its limit."""
        asked = self._asked
        if asked is None or asked is not self._watched:
            self._watched, self._ticks = asked, 0
            return
        self._ticks += 1
        if self._ticks * self._watch.interval() >= 1000 * asked.limit:
            _log.error("the recognition process did not answer within %s s", asked.limit)
            self._watched, self._hung = None, asked.process
            asked.process.kill()

    # --- in the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        requests: list[RecognitionRequest] = []
        while not self._desk.closed():
            try:
                text = self._serve(requests)
            except Exception as error:
                text = sentence(self._post_unforeseen(error))
            self._end_process()
            if self._desk.closed():
                break
            _log.error("recognition gives up: %s", text)
            self._post(self.failed.emit, text)
            load = self._desk.take_load()
            requests = [] if load is None else [load]

    def _serve(self, requests: list[RecognitionRequest]) -> str:
        """Has requests carried out, first these and then the desk's, by one process after another. Returns
        why there are no more answers, or "" where the desk was closed."""
        deaths: list[float] = []
        died_of: RecognitionRequest | None = None
        while not self._desk.closed():
            reason = ""
            try:
                self._process = self._process or RecognitionProcess()
            except (OSError, MemoryError) as error:
                _log.warning("no recognition process could be started", exc_info=error)
                reason = reason_text(error)
            else:
                before = died_of
                died_of, answered = self._ask_until_it_dies(self._process, requests)
                if died_of is None:
                    return ""
                if answered:
                    deaths = [at for at in deaths if _now() - at < self._limits.deaths_within]
                    before = None
                hung = self._process is self._hung
                wanted = self._process is not self._unwanted
                again = wanted and died_of is before
                requests = self._after(died_of, hung=hung, again=again)
                self._end_process()
                if not wanted:  # `restart` has ended it
                    died_of = None
                    continue
            deaths.append(_now())
            if len(deaths) >= self._limits.deaths:
                return _gave_up(reason)
            if reason:
                self._desk.pause(self._limits.pause)
            else:
                self._post(self.restarted.emit, _hung_text() if hung else _ended_text())
        return ""

    def _ask_until_it_dies(
        self, process: RecognitionProcess, requests: list[RecognitionRequest]
    ) -> tuple[RecognitionRequest | None, bool]:
        """The request that ended the process (None: the desk was closed), and whether another was answered
        before, apart from loading the active model again."""
        requests = list(requests)
        answered = False
        while not self._desk.closed():
            from_desk = not requests
            request = self._desk.take() if from_desk else requests.pop(0)
            if request is None:
                break
            answer = self._ask(process, request)
            if self._desk.closed():
                break
            if answer is None:
                return request, answered
            if isinstance(answer, Loaded) and isinstance(request, LoadRequest):
                self._active = request
            answered = answered or from_desk or isinstance(answer, Reading | PageReading)
            if isinstance(answer, PageReading) and answer.unfinished:
                assert isinstance(request, PageRequest)
                self._desk.put_rest(request)
                continue
            self._post(self._on_answered, answer)
        return None, answered

    def _ask(
        self, process: RecognitionProcess, request: RecognitionRequest
    ) -> RecognitionAnswer | None:
        """The answer; None where the process has ended, or makes no sense."""
        limits = self._limits
        is_load = isinstance(request, LoadRequest)
        line = encode_request(request)
        self._asked = _Asked(process, limits.load_seconds if is_load else limits.read_seconds)
        try:
            answer = process.ask(line)
        finally:
            self._asked = None
        if not answer:
            return None
        try:
            return decode_answer(answer)
        except HandwriteError as error:
            _log.warning("%s", error)
            return None

    def _after(
        self, died_of: RecognitionRequest, *, hung: bool, again: bool
    ) -> list[RecognitionRequest]:
        """What the next process begins with: the active model, and then the request that ended the last one,
        once more, unless it is to blame."""
        if isinstance(died_of, LoadRequest):
            if died_of != self._active:
                self._post(self._on_answered, _refusal(died_of))
            return [self._active]
        if isinstance(died_of, PageRequest):
            unread = PageReading(number=died_of.number, error=_unreadable())
            self._post(self._on_answered, unread)
            return [self._active]
        if hung or again:
            self._post(self._on_answered, Reading(number=died_of.number, error=_unreadable()))
            return [self._active]
        return [self._active, died_of]

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            code = process.close()
            _log.info("the recognition process ended with exit code %s", code)


def _now() -> float:
    return time.monotonic()


def _tr(text: str) -> str:
    return QCoreApplication.translate("RecognitionWorker", text)


def _refusal(request: LoadRequest) -> Refused:
    return Refused(
        message=Message.of(
            "recognition.load-ended-process",
            "Loading it ended the recognition process, or took too long. The network in use stays.",
        ),
        weights=None if request.weights is None else str(request.weights),
        device=request.device,
    )


def _ended_text() -> str:
    return _tr("The recognition process had ended and was started again.")


def _hung_text() -> str:
    return _tr("The recognition process did not answer and was started again.")


def _unreadable() -> Message:
    return Message.of(
        "recognition.reading-ended-process",
        "Reading this drawing ended the recognition process, or took too long.",
    )


def _gave_up(reason: str) -> str:
    """reason: the system's, where no process could be started."""
    if reason:
        return _tr(
            "No recognition process could be started: {reason}. Your drawing is kept; close other programs, "
            "and choose Model, Restart recognition."
        ).format(reason=reason)
    return _tr(
        "The recognition process ended several times. Your drawing is kept; choose another network or "
        "device, or Model, Restart recognition."
    )
