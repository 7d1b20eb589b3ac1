"""What a process tells that computes previews for a dialog: a training batch, a network's layers, a speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.base.codec import Codec
from trainer.base.events import RunFailed
from trainer.base.messages import Message
from trainer.networks.layers import LayerSummary


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchShown:
    """originals, changed: uint8 (N, 28, 28), before and after augmentation. training: images there are to
    learn from; validation: held out."""

    key: str
    originals: NDArray[np.uint8]
    changed: NDArray[np.uint8]
    labels: tuple[str, ...]
    training: int
    validation: int


@dataclass(frozen=True, kw_only=True)
class LayersShown:
    key: str
    layers: tuple[LayerSummary, ...]


@dataclass(frozen=True, kw_only=True)
class RateMeasured:
    """Images per second, of training and of validation, with random images and weights."""

    key: str
    training: float
    validation: float


@dataclass(frozen=True, kw_only=True)
class AdviceRefused:
    """want: "batch", "layers" or "rate"."""

    key: str
    want: str
    reason: Message


Advice = BatchShown | LayersShown | RateMeasured | AdviceRefused

_CODEC: Codec[Advice | RunFailed] = Codec(
    Advice | RunFailed, tag="advice", what="a preview of a training run"
)


def advice_to_json(advice: Advice | RunFailed) -> str:
    return _CODEC.encode(advice)


def advice_from_json(line: str | bytes) -> Advice | RunFailed:
    """Raises RunError where it is none."""
    return _CODEC.decode(line)
