"""Requests and answers between the window and the recognition process: one JSON object a line.

Plain data both ways, so that neither side can make the other run code. No torch here: the window imports
this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from trainer.base.codec import Codec
from trainer.base.messages import Message
from trainer.execution.devices import DeviceState
from trainer.picture.strokes import Drawing, Stroke
from trainer.segmentation.reading import PLAIN, Line, LineOptions


@dataclass(frozen=True, kw_only=True)
class LoadRequest:
    """Use these weights (None: the best that ship) on this device."""

    weights: Path | None = None
    device: str = "auto"


@dataclass(frozen=True, kw_only=True)
class MemorySource:
    """Whose kept drawings a reading is to remember. drawings: the store's file; writer: "" for its first."""

    drawings: Path
    writer: str


@dataclass(frozen=True, kw_only=True)
class ReadRequest:
    """memory: None: by the network alone. mode: of trainer.models.label_modes, "" for every label. line: how
    several characters are read; None: as one. unfinished: the last stroke is still being drawn."""

    number: int
    drawing: Drawing
    memory: MemorySource | None = None
    mode: str = ""
    line: LineOptions | None = None
    unfinished: bool = False


@dataclass(frozen=True, kw_only=True)
class PageRequest:
    """The rows of characters on an image file. mode: as in ReadRequest. line: how each row is read."""

    number: int
    path: Path
    mode: str = ""
    line: LineOptions = PLAIN


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The active network. architecture and labels are its card's.

    device: the one that computes; wanted_device: the requested one, which may be "auto".
    """

    path: str
    name: str
    architecture: str
    labels: tuple[str, ...]
    device: str
    wanted_device: str
    devices: tuple[DeviceState, ...]


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A LoadRequest that failed; the active network stays. weights and device are the request's."""

    message: Message
    weights: str | None
    device: str


@dataclass(frozen=True, kw_only=True)
class RememberedDrawing:
    """The kept drawing that decided a reading. drawing: its id in the store; distance: see
    trainer.personalize.memory.stroke_memory.Match."""

    label: str
    drawing: int
    distance: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The answer to the ReadRequest of that number.

    picture: 784 bytes, 28×28 by rows, 255 where there is ink, as the network saw it; None where nothing is
    drawn, and then there are no probabilities. labels[i] belongs to probabilities[i]. refused: whether the
    network holds it for none of them, and gives only its nearest guess. error: why this drawing could not be
    read. memory_size: so many kept drawings were compared; with a memory, labels also holds the writer's own
    signs, after the network's. remembered: the kept drawing that decided; None where the network did. mode:
    the request's, to which labels and probabilities are restricted. alike: the answer's character and those
    that no picture tells apart from it, the most probable first, with their probabilities among all of the
    network's labels; empty where there is only one. line: the characters, where there are several; what else
    is here is then of all ink together.
    """

    number: int
    labels: tuple[str, ...] = ()
    picture: bytes | None = None
    probabilities: tuple[float, ...] | None = None
    refused: bool = False
    error: Message | None = None
    memory_size: int = 0
    remembered: RememberedDrawing | None = None
    mode: str = ""
    alike: tuple[tuple[str, float], ...] = ()
    line: Line | None = None


@dataclass(frozen=True, kw_only=True)
class PageReading:
    """The answer to the PageRequest of that number: see trainer.segmentation.page.Page. page: which of the
    file, from 0: the first that shows characters. error: why it could not be read. unfinished: there is more
    to read: asked once more, the process goes on."""

    number: int
    lines: tuple[Line, ...] = ()
    width: int = 0
    height: int = 0
    page: int = 0
    error: Message | None = None
    unfinished: bool = False


RecognitionRequest = LoadRequest | ReadRequest | PageRequest
RecognitionAnswer = Loaded | Refused | Reading | PageReading


_REQUESTS: Codec[RecognitionRequest] = Codec(RecognitionRequest, tag="kind", what="a request")
_ANSWERS: Codec[RecognitionAnswer] = Codec(RecognitionAnswer, tag="kind", what="an answer")


def encode_request(request: RecognitionRequest) -> bytes:
    """A line. Times of strokes are left out: the network reads shapes."""
    if isinstance(request, ReadRequest):
        drawing = request.drawing
        untimed = tuple(
            Stroke(points=s.points, pressure=s.pressure, width=s.width) for s in drawing.strokes
        )
        request = replace(request, drawing=Drawing(untimed, drawing.image))
    return _REQUESTS.encode(request).encode() + b"\n"


def decode_request(line: bytes) -> RecognitionRequest:
    """Raises RunError where the line is no request."""
    request = _REQUESTS.decode(line)
    if isinstance(request, ReadRequest) and not _is_sound(request.drawing):
        raise _REQUESTS.error(line)
    return request


def encode_answer(answer: RecognitionAnswer) -> bytes:
    return _ANSWERS.encode(answer).encode() + b"\n"


def decode_answer(line: bytes) -> RecognitionAnswer:
    """Raises RunError where the line is no answer."""
    return _ANSWERS.decode(line)


def _is_sound(drawing: Drawing) -> bool:
    """Whether the arrays of a drawing that was decoded fit each other."""
    image = drawing.image
    return (image is None or image.ink.ndim == 2) and all(
        s.points.shape == (len(s.points), 2)
        and len(s.points)
        and (s.pressure is None or s.pressure.shape == (len(s.points),))
        for s in drawing.strokes
    )
