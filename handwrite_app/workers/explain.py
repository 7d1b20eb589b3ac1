"""The thread that talks to the explanation process, which starts when it is first asked."""

from __future__ import annotations

import contextlib
import logging
import queue
import subprocess
import sys
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from handwrite_app.workers.base import Worker, join, reason_text, started_thread
from trainer.base.errors import HandwriteError
from trainer.base.messages import Message
from trainer.processes.explain_messages import (
    ExplainRequest,
    Failed,
    NoRequest,
    decode_event,
    encode_request,
)

_log = logging.getLogger(__name__)

_END_SECONDS = 5.0


class ExplainWorker(Worker):
    """Has one thing explained at a time; a newer request ends the one before it.

    Signals:
        explained(number, ExplainEvent): of the newest request alone, in order; the last is a Finished or
            a Failed, the latter also where the process ended or could not be started.
    """

    explained = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._answered = 0  # the request whose last event has come
        self._asked = 0  # what the process was given last
        self._has_ended = False  # the process: its output has
        self._requests: queue.SimpleQueue[tuple[int, ExplainRequest] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        process = self._process
        return None if process is None else process.pid

    @property
    def is_busy(self) -> bool:
        return self._answered != self._number

    def ask(self, request: ExplainRequest) -> int:
        """The number of the request, which its events have."""
        self._number += 1
        if self._closed:
            return self._number
        if self._thread is None:
            self._thread = started_thread(self._run, "explanation")
        self._requests.put((self._number, request))
        return self._number

    def cancel(self) -> None:
        """Nothing more is heard of what was asked."""
        self._number += 1
        self._answered = self._number
        if self._thread is not None and not self._closed:
            self._requests.put((self._number, NoRequest()))

    def close(self) -> None:
        """Ends the process and the thread."""
        self._closed = True
        self._requests.put(None)
        process = self._process
        if process is not None:
            process.kill()
        if self._thread is not None:
            join(self._thread)

    def _on_event(self, number: int, event: object, is_last: bool) -> None:
        if number != self._number:
            return
        if is_last:
            self._answered = number
        self.explained.emit(number, event)

    # --- in the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        while (taken := self._newest()) is not None:
            number, request = taken
            try:
                self._send(number, request)
            except Exception as error:
                self._end()
                message = self._post_unforeseen(error).message
                self._post(self._on_event, number, Failed(message=message), True)
        self._end()

    def _send(self, number: int, request: ExplainRequest) -> None:
        """Hands a request to the process, which is started where there is none."""
        if self._process is not None and self._has_ended:
            self._end()
        if self._process is None:
            if isinstance(request, NoRequest):
                return
            self._has_ended = False
            try:
                self._process = _started()
            except (OSError, MemoryError) as error:
                self._post(self._on_event, number, _not_started(error), True)
                return
            self._listener = started_thread(
                _listening(self._process, self._heard), "explanation events"
            )
        assert self._process.stdin is not None
        self._asked = number
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(encode_request(number, request))
            self._process.stdin.flush()
        if self._has_ended:  # perhaps before the listener could know of this request
            self._post(self._on_ended, number)

    def _newest(self) -> tuple[int, ExplainRequest] | None:
        """The newest request of those that wait; None: the worker is closed."""
        taken = self._requests.get()
        while taken is not None:
            try:
                taken = self._requests.get_nowait()
            except queue.Empty:
                break
        return taken

    def _heard(self, line: bytes) -> None:
        """A line of the process; empty: it has ended."""
        if not line:
            self._has_ended = True
            self._post(self._on_ended, self._asked)
            return
        try:
            number, event = decode_event(line)
        except HandwriteError as error:
            _log.warning("%s", error)
            return
        is_last = type(event).__name__ in ("Finished", "Failed")
        self._post(self._on_event, number, event, is_last)

    def _on_ended(self, asked: int) -> None:
        """In the window's thread: the process that was asked for this has ended."""
        if asked == self._number and self.is_busy:
            self._on_event(asked, Failed(message=_ended()), True)

    def _end(self) -> None:
        process, self._process = self._process, None
        listener, self._listener = self._listener, None
        if process is None:
            return
        process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_END_SECONDS)
        if listener is not None:
            join(listener)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "trainer.processes.explain_service"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _listening(
    process: subprocess.Popen[bytes], heard: Callable[[bytes], None]
) -> Callable[[], None]:
    def listen() -> None:
        assert process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            for line in process.stdout:
                heard(line)
        heard(b"")

    return listen


def _ended() -> Message:
    return Message.of(
        "explain.process-ended",
        "The process that explains has ended. Your drawing is kept; ask again.",
    )


def _not_started(error: BaseException) -> Failed:
    return Failed(
        message=Message.of(
            "explain.not-started",
            "The process that explains could not be started: {reason}. Close other programs and ask again.",
            reason=reason_text(error),
        )
    )
