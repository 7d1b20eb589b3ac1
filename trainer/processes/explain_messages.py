"""Requests and events between the window and the explanation process: a number and one JSON object a line.

No torch here: the window imports this.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.base.codec import Codec
from trainer.base.errors import RunError
from trainer.base.messages import Message
from trainer.explanation.results import (
    Answered,
    Edits,
    EvidenceMaps,
    Examples,
    NothingDrawn,
    Pipeline,
    Replay,
    WithoutParts,
)
from trainer.handwriting.results import WrittenCharacter, WrittenText
from trainer.picture.strokes import Drawing
from trainer.processes.recognition_messages import MemorySource


@dataclass(frozen=True, kw_only=True, eq=False)
class PipelineRequest:
    """Stages and layers of a drawing. weights: of the active network, or another; memory, mode: as in
    ReadRequest."""

    weights: Path
    drawing: Drawing
    memory: MemorySource | None = None
    mode: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class WhyRequest:
    """kept: whose drawings are the examples, whether they are remembered or not."""

    weights: Path
    drawing: Drawing
    memory: MemorySource | None = None
    mode: str = ""
    kept: MemorySource | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ReplayRequest:
    """drawing: a dense one (trainer.explanation.moments), with its times."""

    weights: Path
    drawing: Drawing
    memory: MemorySource | None = None
    mode: str = ""


@dataclass(frozen=True, kw_only=True)
class WriteRequest:
    """A text in a hand. Another seed, another piece of writing. kept: whose; None: the neutral one."""

    weights: Path
    text: str
    kept: MemorySource | None = None
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class NoRequest:
    """Ends what is being computed."""


@dataclass(frozen=True, kw_only=True)
class Finished:
    """The last event of a request that was carried out."""


@dataclass(frozen=True, kw_only=True)
class Failed:
    """The last event of one that was not."""

    message: Message


ExplainRequest = PipelineRequest | WhyRequest | ReplayRequest | WriteRequest | NoRequest
ExplainEvent = (
    Answered
    | Examples
    | Edits
    | WithoutParts
    | EvidenceMaps
    | NothingDrawn
    | Pipeline
    | Replay
    | WrittenCharacter
    | WrittenText
    | Finished
    | Failed
)

_REQUESTS: Codec[ExplainRequest] = Codec(ExplainRequest, tag="kind", what="a request")
_EVENTS: Codec[ExplainEvent] = Codec(ExplainEvent, tag="kind", what="an event")


def encode_request(number: int, request: ExplainRequest) -> bytes:
    return f"{number} {_REQUESTS.encode(request)}\n".encode()


def decode_request(line: bytes) -> tuple[int, ExplainRequest]:
    """Raises RunError where the line is no request."""
    number, rest = _numbered(line)
    return number, _REQUESTS.decode(rest)


def encode_event(number: int, event: ExplainEvent) -> bytes:
    return f"{number} {_EVENTS.encode(event)}\n".encode()


def decode_event(line: bytes) -> tuple[int, ExplainEvent]:
    """Raises RunError where the line is no event."""
    number, rest = _numbered(line)
    return number, _EVENTS.decode(rest)


def _numbered(line: bytes) -> tuple[int, bytes]:
    number, _, rest = line.partition(b" ")
    if not number.isdigit():
        raise RunError("line.invalid", "not {what}: {line}", what="a line", line=repr(line[:200]))
    return int(number), rest
