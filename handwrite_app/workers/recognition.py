"""The thread that talks with the recognition process, and starts another when that ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from handwrite_app.workers.recognition_process import RecognitionProcess, RequestDesk
from trainer.base.errors import HandwriteError
from trainer.base.messages import Message
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

#: A recognition process that ends so often within this time is not started again.
_DEATHS, _DEATHS_WITHIN = 3, 30.0


class RecognitionWorker(QObject):
    """Reads drawings with the active model.

    Signals:
        loaded(Loaded): this network is in use from now on.
        refused(Refused): it could not be; the one in use stays.
        readingReady(Reading): an answer, in the order of the requests. Whether it is stale by now is for
            the requester to say, who numbers the requests (handwrite_app.reading.read_requester).
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

    def read(self, request: ReadRequest) -> None:
        """Requests a reading. A newer request replaces one that still waits."""
        self._desk.put_read(request)

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
        message=Message.verbatim(
            QCoreApplication.translate(
                "RecognitionWorker",
                "Loading it ended the recognition process. The network in use stays.",
            )
        ),
        weights=None if request.weights is None else str(request.weights),
        device=request.device,
    )
