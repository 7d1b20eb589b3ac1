"""The thread that talks to the probe process: snapshots of a run, and damaged copies of networks.

The process is started with the first request, and again where it has ended; a request that ends it twice is
answered by a failure.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from handwrite_app.workers.base import Worker, join, reason_text, started_thread
from handwrite_app.workers.recognition_process import RecognitionProcess
from trainer.base.errors import HandwriteError
from trainer.base.messages import Message
from trainer.processes.probe_messages import (
    ProbeAnswer,
    ProbeFailed,
    ProbeMessage,
    decode_answer,
    encode_request,
)

_log = logging.getLogger(__name__)

_PROGRAM = "trainer.processes.probe_service"
#: Seconds for an answer; the first includes importing torch, niced, on a busy machine.
_LIMIT = 180.0
_TRIES = 2


class ProbeWorker(Worker):
    """Carries requests out one after the other. A newer request replaces one of the same key: it is not
    carried out if it still waits, and its answer is dropped if it does not."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._condition = threading.Condition()
        self._waiting: dict[str, ProbeMessage] = {}
        self._newest: dict[str, tuple[int, Callable[[ProbeAnswer], object]]] = {}
        self._number = 0
        self._process: RecognitionProcess | None = None
        self._thread: threading.Thread | None = None

    def ask(self, key: str, request: ProbeMessage, then: Callable[[ProbeAnswer], object]) -> None:
        """Has the request carried out; `then` is called with its answer in the window's thread. Its number is
        given here."""
        if self._closed:
            return
        self._number += 1
        self._newest[key] = (self._number, then)
        with self._condition:
            self._waiting[key] = replace(request, number=self._number)
            self._condition.notify()
        if self._thread is None:
            try:
                self._thread = started_thread(self._run, "probe")
            except RuntimeError as error:
                self._on_answered(key, _no_process(self._number, error))

    def forget(self, key: str) -> None:
        """No answer to a request of this key is wanted any more."""
        self._newest.pop(key, None)
        with self._condition:
            self._waiting.pop(key, None)

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        process = self._process
        return None if process is None else process.pid

    def close(self) -> None:
        """Ends the process and the thread. Nothing is called after."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
        if self._process is not None:
            self._process.kill()
        if self._thread is not None:
            join(self._thread)

    def _on_answered(self, key: str, answer: ProbeAnswer) -> None:
        number, then = self._newest.get(key, (0, None))
        if number == answer.number and then is not None:
            del self._newest[key]
            then(answer)

    # --- in the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        while (taken := self._take()) is not None:
            key, request = taken
            try:
                answer = self._answer(request)
            except Exception as error:
                self._end_process()
                message = self._post_unforeseen(error).message
                answer = ProbeFailed(number=request.number, message=message)
            self._post(self._on_answered, key, answer)
        self._end_process()

    def _take(self) -> tuple[str, ProbeMessage] | None:
        """Waits for a request, the one that waits longest; None once the worker is closed."""
        with self._condition:
            self._condition.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            key = next(iter(self._waiting))
            return key, self._waiting.pop(key)

    def _answer(self, request: ProbeMessage) -> ProbeAnswer:
        for _ in range(_TRIES):
            try:
                self._process = self._process or RecognitionProcess(_PROGRAM)
            except (OSError, MemoryError) as error:
                _log.warning("no probe process could be started", exc_info=error)
                return _no_process(request.number, error)
            answer = self._asked(self._process, request)
            if answer is not None or self._closed:
                return answer or _ended(request.number)
            self._end_process()
        return _ended(request.number)

    def _asked(self, process: RecognitionProcess, request: ProbeMessage) -> ProbeAnswer | None:
        """None where the process has ended, hangs, or makes no sense."""
        hung = threading.Timer(_LIMIT, process.kill)
        hung.daemon = True
        hung.start()
        try:
            line = process.ask(encode_request(request))
        finally:
            hung.cancel()
        try:
            return decode_answer(line) if line else None
        except HandwriteError as error:
            _log.warning("%s", error)
            return None

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            code = process.close()
            _log.info("the probe process ended with exit code %s", code)


def _ended(number: int) -> ProbeFailed:
    return ProbeFailed(
        number=number,
        message=Message.of(
            "probe.ended",
            "The process that looks into networks has ended twice. Your drawing and the network in use stay "
            "as they are.",
        ),
    )


def _no_process(number: int, error: BaseException) -> ProbeFailed:
    return ProbeFailed(
        number=number,
        message=Message.of(
            "job.no-process",
            "No process could be started: {reason}. Close other programs, or try again later.",
            reason=reason_text(error),
        ),
    )
