"""The recognition process: requests on standard input, answers on standard output, until input ends.

A process of its own because loading torch in the window's process stops its event loop for 35 ms at a
time, and because a crash in a graphics driver must not take the drawing with it (docs/architecture.md). It
ends when its input ends, which the window's end does.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Generator, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from trainer.base import logs
from trainer.base.errors import HandwriteError, reason_of
from trainer.base.messages import Message
from trainer.models.label_modes import in_mode, labels_in_mode, restrict, same_picture
from trainer.picture.preprocess import picture_from_drawing
from trainer.processes import lean_torch
from trainer.processes.recognition_messages import (
    Loaded,
    LoadRequest,
    MemorySource,
    PageReading,
    PageRequest,
    Reading,
    ReadRequest,
    RecognitionAnswer,
    Refused,
    RememberedDrawing,
    decode_request,
    encode_answer,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from trainer.models.recognizer import Answers, Recognizer
    from trainer.personalize.memory.reading import StoreMemory
    from trainer.picture.strokes import Drawing
    from trainer.segmentation.divide import GroupReader
    from trainer.segmentation.page import Page
    from trainer.segmentation.reading import Line, LineOptions

_log = logging.getLogger(__name__)
_MODULE = "trainer.processes.recognition_service"  # its name is "__main__" where it runs
_PAGE_SECONDS = 0.2  # that a reading may wait for a page, and the time of a row
_PLAIN = "--plain-import"
_MAY_BE_LEAN = (
    "weights.not-built",
    "recognizer.device-failed",
)  # errors that torch gave the reason of


class RecognitionService:
    """Holds the active network and answers one request after the other."""

    def __init__(self) -> None:
        self._recognizer: Recognizer | None = None
        self._readers: dict[str, GroupReader] = {}
        self._memory: StoreMemory | None = None
        # What was read last, and its key. A pen is mostly lifted where its last point was: what is read then
        # has been read a moment ago, while it was being drawn.
        self._seen: tuple[bytes | None, NDArray[np.uint8], Answers] | None = None
        # The page that is being read, and its rows.
        self._page: tuple[PageRequest, Generator[None, None, Page]] | None = None

    def answer(self, line: bytes) -> RecognitionAnswer:
        """Never raises: an unexpected error must not end the process."""
        try:
            request = decode_request(line)
        except HandwriteError as error:
            return Refused(message=error.message, weights=None, device="")
        try:
            if isinstance(request, LoadRequest):
                return self._load(request)
            if isinstance(request, PageRequest):
                return self._read_page(request)
            return self._read(request)
        except Exception as error:
            traceback.print_exc()  # for a window that was started from a terminal
            _log.exception("unexpected error")
            reason = Message.of(
                "recognition.unexpected-error",
                "an unexpected error ({kind}: {reason})",
                kind=type(error).__name__,
                reason=str(error),
            )
            if isinstance(request, LoadRequest):
                return _refusal(request, reason)
            if isinstance(request, PageRequest):
                self._page = None
                return PageReading(number=request.number, error=reason)
            return Reading(number=request.number, error=reason)

    def _load(self, request: LoadRequest) -> RecognitionAnswer:
        from trainer.execution.devices import device_states
        from trainer.models.recognizer import Recognizer
        from trainer.models.weights import find_weights, network_name

        try:
            path = find_weights(request.weights)
            try:
                recognizer = Recognizer(path, device=request.device)
            except Exception as error:
                broken = isinstance(error, HandwriteError) and error.code not in _MAY_BE_LEAN
                if broken or not lean_torch.is_deferred():
                    raise
                lean_torch.load_deferred()  # it may be that this network needs what was left out
                recognizer = Recognizer(path, device=request.device)
        except (HandwriteError, RuntimeError, MemoryError) as error:
            # RuntimeError: what torch makes of a device that is full or has gone.
            return _refusal(request, reason_of(error))
        self._recognizer = recognizer
        self._readers.clear()
        self._seen = None
        self._page = None
        return Loaded(
            path=str(recognizer.path),
            name=network_name(recognizer.path),
            architecture=recognizer.card.architecture,
            labels=recognizer.labels,
            device=recognizer.device.type,
            wanted_device=request.device,
            devices=tuple(device_states()),
        )

    def _read(self, request: ReadRequest) -> Reading:
        try:
            key, seen = _key(request.drawing), self._seen
            if seen is None or key is None or key != seen[0]:
                picture = picture_from_drawing(request.drawing)
                if picture is None:
                    return Reading(number=request.number)
                if self._recognizer is None:
                    error = Message.of("recognition.no-network", "no network is loaded")
                    return Reading(number=request.number, picture=picture.tobytes(), error=error)
                self._seen = seen = key, picture, self._recognizer.answers(picture[None])
        except (HandwriteError, MemoryError) as failure:
            return Reading(number=request.number, error=reason_of(failure))
        _, picture, answers = seen
        network = self._recognizer
        assert network is not None  # something was seen
        try:
            labels_in_mode(network.labels, request.mode)
        except HandwriteError as failure:
            return Reading(number=request.number, picture=picture.tobytes(), error=failure.message)
        if request.line is not None:
            request = replace(request, line=_with_words_that_are_there(request.line))
        line = self._line(request, picture, answers)
        memory = None if request.memory is None else self._memory_of(request.memory).memory
        if not memory:
            return replace(_reading(request, picture, network, answers), line=line)
        from trainer.personalize.memory.line import line_with_memory
        from trainer.personalize.memory.reading import read_with_memory

        is_digit = None if answers.is_digit is None else float(answers.is_digit[0])
        found = read_with_memory(
            memory,
            request.drawing,
            picture,
            labels=network.labels,
            probabilities=answers.probabilities[0],
            is_digit=is_digit,
            threshold=network.threshold,
            mode=request.mode,
        )
        return Reading(
            number=request.number,
            labels=found.labels,
            picture=picture.tobytes(),
            probabilities=tuple(found.probabilities.tolist()),
            refused=found.refused,
            memory_size=len(memory),
            line=None
            if line is None
            else line_with_memory(
                line, request.drawing, memory, network, request.line, mode=request.mode
            ),
            remembered=None
            if found.match is None
            else RememberedDrawing(
                label=found.match.label,
                drawing=found.match.drawing,
                distance=found.match.distance,
            ),
            mode=request.mode,
            alike=_alike(found.label, *found.characters, request.mode),
        )

    def _line(
        self, request: ReadRequest, picture: NDArray[np.uint8], answers: Answers
    ) -> Line | None:
        """The characters of the drawing where it is read as a line and there are several."""
        from trainer.segmentation.line import is_surely_one, may_be_several, read_line

        strokes = request.drawing.strokes
        if request.line is None or request.drawing.image is not None:
            return None
        # A stroke that is still being drawn is not cut.
        if (request.unfinished and len(strokes) == 1) or not may_be_several(strokes):
            return None
        is_digit = None if answers.is_digit is None else float(answers.is_digit[0])
        if is_surely_one(strokes, float(answers.probabilities[0].max()), is_digit):
            return None
        reader = self._reader(request.mode)
        reader.remember(strokes, picture, answers)
        line = read_line(request.drawing, reader, request.line, unfinished=request.unfinished)
        return line if len(line.characters) > 1 else None

    def _read_page(self, request: PageRequest) -> PageReading:
        """Reads for a moment: readings need not wait for a whole page. It goes on where the same is asked."""
        from trainer.picture.images.image_file import open_pages
        from trainer.segmentation.page import reading_of_pages

        if self._recognizer is None:
            error = Message.of("recognition.no-network", "no network is loaded")
            return PageReading(number=request.number, error=error)
        try:
            if self._page is None or self._page[0] != request:
                options = _with_words_that_are_there(request.line)
                pages = open_pages(request.path)
                self._page = request, reading_of_pages(pages, self._reader(request.mode), options)
            end = time.monotonic() + _PAGE_SECONDS
            while True:
                next(self._page[1])
                if time.monotonic() >= end:
                    return PageReading(number=request.number, unfinished=True)
        except StopIteration as finished:
            self._page = None
            page: Page = finished.value
        except (HandwriteError, MemoryError) as failure:
            self._page = None
            return PageReading(number=request.number, error=reason_of(failure))
        return PageReading(
            number=request.number,
            lines=page.lines,
            width=page.width,
            height=page.height,
            page=page.number,
        )

    def _reader(self, mode: str) -> GroupReader:
        """Remembers what it read in this mode."""
        from trainer.segmentation.divide import GroupReader

        assert self._recognizer is not None
        if mode not in self._readers:
            self._readers[mode] = GroupReader(self._recognizer, mode=mode)
        return self._readers[mode]

    def _memory_of(self, source: MemorySource) -> StoreMemory:
        """The memory of this writer; another one's is forgotten."""
        from trainer.personalize.memory.reading import StoreMemory

        memory = self._memory
        if memory is None or (memory.drawings, memory.writer) != (source.drawings, source.writer):
            memory = self._memory = StoreMemory(source.drawings, source.writer)
        return memory


def _with_words_that_are_there(options: LineOptions) -> LineOptions:
    """A list of words that is gone, or was spoilt meanwhile, costs no reading."""
    if options.words is None:
        return options
    from trainer.segmentation.words import read_words

    try:
        read_words(options.words)
    except HandwriteError as error:
        _log.warning("%s", error)
        return replace(options, words=None)
    return options


def _key(drawing: Drawing) -> bytes | None:
    """The same for the same strokes, whenever they were drawn. None with an image: those are not compared."""
    from trainer.segmentation.ink.pieces import key_of

    return None if drawing.image is not None else key_of(drawing.strokes)


def _reading(
    request: ReadRequest, picture: NDArray[np.uint8], network: Recognizer, answers: Answers
) -> Reading:
    """The network's answer to one picture, without a memory."""
    found = restrict(request.mode, network.labels, answers.probabilities, answers.is_digit)
    probabilities = found.probabilities[0]
    return Reading(
        number=request.number,
        labels=found.labels,
        picture=picture.tobytes(),
        probabilities=tuple(probabilities.tolist()),
        refused=found.is_known is not None and bool(found.is_known[0] < network.threshold),
        mode=request.mode,
        alike=_alike(
            found.labels[int(probabilities.argmax())],
            network.labels,
            answers.probabilities[0],
            request.mode,
        ),
    )


def _alike(
    label: str, labels: tuple[str, ...], probabilities: NDArray[np.floating], mode: str
) -> tuple[tuple[str, float], ...]:
    found = same_picture(label, labels, probabilities)
    inside = tuple(pair for pair in found if in_mode(pair[0], mode) is not None)
    return inside if len(inside) > 1 else ()


def _refusal(request: LoadRequest, message: Message) -> Refused:
    weights = None if request.weights is None else str(request.weights)
    return Refused(message=message, weights=weights, device=request.device)


def serve(requests: Iterable[bytes], answers: BinaryIO) -> None:
    """Answers every line of `requests` until it ends."""
    service = RecognitionService()
    for line in requests:
        answers.write(encode_answer(service.answer(line)))
        answers.flush()


def _import_torch(answers: BinaryIO) -> None:
    """Imports torch for reading alone. Called before the first request is read: where that fails, the process
    begins again, and no request is lost."""
    if "torch" in sys.modules or _PLAIN in sys.argv or os.name != "posix":
        return
    try:
        lean_torch.import_torch()
    except Exception:
        # A torch that is otherwise than those we know, half imported: once more, as a plain import.
        _log.warning("torch is imported in full", exc_info=True)
        os.dup2(answers.fileno(), sys.stdout.fileno())
        os.execv(sys.executable, [sys.executable, "-m", _MODULE, _PLAIN])


def main() -> None:
    # Whatever a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # One picture at a time gains nothing from more threads, and training wants the cores.
    os.environ["OMP_NUM_THREADS"] = "1"
    # The window ends this process by closing its input; Ctrl+C in a shared terminal is the window's.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logs.set_up("recognition")
    logs.log_unhandled()
    # While the window is being built. Every process of this kind is started to load a network.
    _import_torch(answers)
    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
