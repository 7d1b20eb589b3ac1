"""Requests and answers between the window and the probe process: one JSON object a line. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.base.codec import Codec
from trainer.base.messages import Message
from trainer.probing.damage import NONE, Damage
from trainer.probing.layer import DamageableLayer

SIDE = 28
PIXELS = SIDE * SIDE


@dataclass(frozen=True, kw_only=True)
class ProbeRequest:
    """Have the network in a file read pictures. pictures: 784 bytes each, 28×28 by rows, 255 where there is
    ink. maps_of: the picture whose feature maps are wanted; layer: of this layer, "" for all."""

    number: int
    weights: Path
    pictures: tuple[bytes, ...] = ()
    maps_of: bytes | None = None
    layer: str = ""
    damage: Damage = NONE


@dataclass(frozen=True, kw_only=True)
class WallRequest:
    """What pictures to watch this network by. data_folder: where published data may lie."""

    number: int
    weights: Path
    data_folder: Path


@dataclass(frozen=True, kw_only=True)
class ChannelImages:
    """Channels of a layer as grey images: height · width bytes each. count: how many it has in all."""

    layer: str
    count: int
    height: int
    width: int
    channels: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class Probed:
    """The answer to the ProbeRequest of that number. probabilities: a row for each picture; refused: whether
    the network holds it for none of its labels."""

    number: int
    labels: tuple[str, ...]
    layers: tuple[DamageableLayer, ...]
    probabilities: tuple[tuple[float, ...], ...] = ()
    refused: tuple[bool, ...] = ()
    maps: tuple[ChannelImages, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WallFound:
    """pictures: as in ProbeRequest; targets: the true label of each. Both are empty where there is none."""

    number: int
    pictures: tuple[bytes, ...] = ()
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProbeFailed:
    """A request that could not be answered: the file is gone or damaged, say."""

    number: int
    message: Message


ProbeMessage = ProbeRequest | WallRequest
ProbeAnswer = Probed | WallFound | ProbeFailed

_REQUESTS: Codec[ProbeMessage] = Codec(ProbeMessage, tag="kind", what="a request to the probe")
_ANSWERS: Codec[ProbeAnswer] = Codec(ProbeAnswer, tag="kind", what="an answer of the probe")


def encode_request(request: ProbeMessage) -> bytes:
    return _REQUESTS.encode(request).encode() + b"\n"


def decode_request(line: bytes) -> ProbeMessage:
    """Raises RunError where the line is none."""
    return _REQUESTS.decode(line)


def encode_answer(answer: ProbeAnswer) -> bytes:
    return _ANSWERS.encode(answer).encode() + b"\n"


def decode_answer(line: bytes) -> ProbeAnswer:
    """Raises RunError where the line is none."""
    return _ANSWERS.decode(line)
