"""What the window and the recognition process say to each other: one JSON object a line.

Plain data both ways, so that neither side can make the other run code. No torch here: the window imports
this.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import RunError
from trainer.execution.devices import DeviceState
from trainer.picture.strokes import Drawing, InkImage, Stroke


@dataclass(frozen=True, kw_only=True)
class LoadRequest:
    """Use these weights (None: the best that ship) on this device."""

    weights: Path | None = None
    device: str = "auto"


@dataclass(frozen=True, kw_only=True)
class ReadRequest:
    number: int
    drawing: Drawing


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The network now in use. architecture and labels are its card's.

    device is what computes, wanted_device what was asked for ("auto" among the choices).
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
    """A LoadRequest that could not be met; the network in use stays."""

    message: str
    weights: str | None
    device: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The answer to the ReadRequest of that number.

    picture: 784 bytes, 28×28 by rows, 255 where there is ink, as the network saw it; None where nothing is
    drawn, and then there are no probabilities. labels[i] belongs to probabilities[i]. refused: whether the
    network holds it for none of them, and gives only its nearest guess. error: why this drawing could not be
    read.
    """

    number: int
    labels: tuple[str, ...] = ()
    picture: bytes | None = None
    probabilities: tuple[float, ...] | None = None
    refused: bool = False
    error: str | None = None


Request = LoadRequest | ReadRequest
Answer = Loaded | Refused | Reading


def encode_request(request: Request) -> bytes:
    if isinstance(request, LoadRequest):
        weights = None if request.weights is None else str(request.weights)
        return _line({"load": {"weights": weights, "device": request.device}})
    return _line({"read": {"number": request.number, "drawing": _pack_drawing(request.drawing)}})


def decode_request(line: bytes) -> Request:
    """Raises RunError where the line is no request."""
    try:
        document = json.loads(line)
        if "load" in document:
            wanted = document["load"]
            weights = wanted["weights"]
            return LoadRequest(
                weights=None if weights is None else Path(weights), device=wanted["device"]
            )
        wanted = document["read"]
        return ReadRequest(number=wanted["number"], drawing=_unpack_drawing(wanted["drawing"]))
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise RunError(f"not a request: {line[:200]!r}") from error


def encode_answer(answer: Answer) -> bytes:
    fields = dataclasses.asdict(answer)
    if isinstance(answer, Reading) and answer.picture is not None:
        fields["picture"] = base64.b64encode(answer.picture).decode()
    return _line({"kind": type(answer).__name__, **fields})


def decode_answer(line: bytes) -> Answer:
    """Raises RunError where the line is no answer."""
    try:
        fields = json.loads(line)
        kind = fields.pop("kind")
        if kind == "Reading":
            for name in ("labels", "probabilities"):
                if fields[name] is not None:
                    fields[name] = tuple(fields[name])
            if fields["picture"] is not None:
                fields["picture"] = base64.b64decode(fields["picture"], validate=True)
            return Reading(**fields)
        if kind == "Loaded":
            fields["labels"] = tuple(fields["labels"])
            fields["devices"] = tuple(DeviceState(**state) for state in fields["devices"])
            return Loaded(**fields)
        if kind == "Refused":
            return Refused(**fields)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise RunError(f"not an answer: {line[:200]!r}") from error
    raise RunError(f"not an answer: {line[:200]!r}")


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def _pack_drawing(drawing: Drawing) -> dict[str, Any]:
    packed: dict[str, Any] = {
        "strokes": [
            [_pack(s.points), None if s.pressure is None else _pack(s.pressure), s.width]
            for s in drawing.strokes
        ]
    }
    image = drawing.image
    if image is not None:
        packed["image"] = {
            "ink": base64.b64encode(np.ascontiguousarray(image.ink).tobytes()).decode(),
            "shape": image.ink.shape,
            "place": [image.left, image.top, image.width, image.height],
        }
    return packed


def _unpack_drawing(packed: dict[str, Any]) -> Drawing:
    strokes = tuple(
        Stroke(
            points=_unpack(points).reshape(-1, 2),
            pressure=None if pressure is None else _unpack(pressure),
            width=width,
        )
        for points, pressure, width in packed["strokes"]
    )
    image = None
    if "image" in packed:
        raw = base64.b64decode(packed["image"]["ink"], validate=True)
        left, top, width, height = packed["image"]["place"]
        image = InkImage(
            ink=np.frombuffer(raw, np.uint8).reshape(packed["image"]["shape"]),
            left=left,
            top=top,
            width=width,
            height=height,
        )
    return Drawing(strokes, image)


def _pack(array: NDArray[np.float32]) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()


def _unpack(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text, validate=True), "<f4").astype(np.float32)
