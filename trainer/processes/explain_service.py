"""The explanation process: stages and layers, why, replay, and writing in a person's hand.

Beside the recognition process, so that reading goes on while something is explained. One request at a time: a
newer one ends the one before it. The process ends when its input ends, which the window's end does.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from trainer.base import logs
from trainer.base.errors import HandwriteError, RunError, reason_of
from trainer.base.messages import Message
from trainer.processes.explain_messages import (
    ExplainEvent,
    ExplainRequest,
    Failed,
    Finished,
    PipelineRequest,
    ReplayRequest,
    WhyRequest,
    WriteRequest,
    decode_request,
    encode_event,
)
from trainer.processes.job_process import niceness
from trainer.processes.recognition_messages import MemorySource

if TYPE_CHECKING:
    from torch import nn

    from trainer.explanation.examples import Reference
    from trainer.explanation.kept import Kept
    from trainer.models.recognizer import Recognizer

_log = logging.getLogger(__name__)

_NICE = 10  # recognition goes first; HANDWRITE_NICE may say less


@dataclass(frozen=True, kw_only=True, eq=False)
class _Network:
    """key: by which another file under the same name is noticed."""

    key: tuple[Path, int]
    recognizer: Recognizer
    module: nn.Module


class ExplainService:
    """Keeps the network, and the reference examples, from one request to the next."""

    def __init__(self) -> None:
        self._loaded: _Network | None = None
        self._reference: Reference | None = None

    def events(self, request: ExplainRequest) -> Iterator[ExplainEvent | None]:
        """Events, and None where it can be given up. Never raises; the last one is Finished or Failed."""
        try:
            yield from self._events(request)
            yield Finished()
        except (HandwriteError, RuntimeError, MemoryError, OSError) as error:
            yield Failed(message=reason_of(error))
        except Exception as error:
            traceback.print_exc()
            _log.exception("unexpected error")
            yield Failed(
                message=Message.of(
                    "recognition.unexpected-error",
                    "an unexpected error ({kind}: {reason})",
                    kind=type(error).__name__,
                    reason=str(error),
                )
            )

    def _events(self, request: ExplainRequest) -> Iterator[ExplainEvent | None]:
        if isinstance(request, WriteRequest):
            yield from self._write(request)
            return
        if not isinstance(request, PipelineRequest | WhyRequest | ReplayRequest):
            return
        from trainer.explanation.reader import Reader

        network = self._network(request.weights)
        yield None
        reader = Reader(network.recognizer, _kept(request.memory).memory, mode=request.mode)
        if isinstance(request, PipelineRequest):
            from trainer.explanation.pipeline import pipeline

            yield pipeline(reader, network.module, request.drawing)
        elif isinstance(request, ReplayRequest):
            from trainer.explanation.replay import replay

            yield from replay(reader, request.drawing)
        else:
            from trainer.explanation.examples import reference
            from trainer.explanation.why import explain

            if self._reference is None:
                self._reference = reference()
                yield None
            yield from explain(
                reader,
                network.module,
                request.drawing,
                kept=_kept(request.kept),
                others=self._reference,
            )

    def _write(self, request: WriteRequest) -> Iterator[ExplainEvent | None]:
        from trainer.handwriting.checking import reads_with
        from trainer.handwriting.hands import hand_in_store
        from trainer.handwriting.writing import check_text, labels_of, write

        whose = request.kept
        hand = (
            {}
            if whose is None
            else hand_in_store(whose.drawings, whose.writer, labels_of(request.text))
        )
        check_text(request.text, hand)
        reads = reads_with(self._network(request.weights).recognizer)
        yield from write(request.text, hand, reads, seed=request.seed)

    def _network(self, path: Path) -> _Network:
        from trainer.execution.fusing import fused
        from trainer.models.recognizer import Recognizer
        from trainer.models.weights import load_weights

        try:
            key = (path, path.stat().st_mtime_ns)
        except OSError as error:
            raise RunError(
                "explain.no-network",
                "{file} is not there any more: choose another network",
                file=path.name,
            ) from error
        if self._loaded is None or self._loaded.key != key:
            self._loaded = _Network(
                key=key,
                recognizer=Recognizer(path, device="cpu"),
                module=fused(load_weights(path)[0]),
            )
        return self._loaded


def _kept(source: MemorySource | None) -> Kept:
    from trainer.explanation.kept import Kept, kept_in_store

    return Kept() if source is None else kept_in_store(source.drawings, source.writer)


class _Inbox:
    """The newest request, which a thread takes from the input."""

    def __init__(self, requests: BinaryIO) -> None:
        self._condition = threading.Condition()
        self._newest: bytes | None = None
        self._ended = False
        self._thread = threading.Thread(
            target=self._listen, args=(requests,), name="requests", daemon=True
        )
        self._thread.start()

    def take(self) -> bytes | None:
        """Waits for a request; None once the input has ended."""
        with self._condition:
            self._condition.wait_for(lambda: self._newest is not None or self._ended)
            line, self._newest = self._newest, None
            return line

    def has_newer(self) -> bool:
        return self._newest is not None or self._ended

    def _listen(self, requests: BinaryIO) -> None:
        for line in requests:
            with self._condition:
                self._newest = line
                self._condition.notify()
        with self._condition:
            self._ended = True
            self._condition.notify()


def serve(requests: BinaryIO, events: BinaryIO) -> None:
    """Carries out the newest request, again and again, until the input ends."""
    service = ExplainService()
    inbox = _Inbox(requests)
    while (line := inbox.take()) is not None:
        try:
            number, request = decode_request(line)
        except HandwriteError as error:
            _log.warning("%s", error)
            continue
        for event in service.events(request):
            if inbox.has_newer():
                break
            if event is not None:
                events.write(encode_event(number, event))
                events.flush()


def main() -> None:
    # Whatever a library prints must not be taken for an event.
    events = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.environ["OMP_NUM_THREADS"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a shared terminal is the window's
    if sys.platform != "win32":
        os.nice(min(_NICE, niceness()))
    logs.set_up("explanation")
    logs.log_unhandled()
    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, events)
    # The listener may sit in a read of standard input, which the interpreter would wait for at its end.
    os._exit(0)


if __name__ == "__main__":
    main()
