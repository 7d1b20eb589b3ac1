"""Not answering: how a network tells what is none of its labels.

Such a network has one output more than labels, the last, for NO_LABEL. It learns with the others, by one
cross-entropy; reading, it is taken apart: how probable it is that there is a label at all, and, given that,
which. So a drawing that is refused still has a nearest guess.
"""

from __future__ import annotations

import torch
from torch import Tensor

#: Of the drawings that have a label, at least so many of each source are answered (on validation drawings).
#: A little more than the 99 % that are promised: people and tablets that were never seen are harder.
ANSWERED = 0.9925

_FEWEST = 50  # drawings of a source that has a say


def split(outputs: Tensor, labels: int) -> tuple[Tensor, Tensor | None]:
    """Logits (N, labels) of the labels alone, and float (N,) how probable it is that one of them is right.

    outputs: (N, labels) of a network that refuses nothing, for which the second is None, or (N, labels + 1).
    """
    if outputs.shape[1] == labels:
        return outputs, None
    return outputs[:, :labels], 1 - outputs.float().softmax(1)[:, labels]


def fit_threshold(shares: Tensor, sources: Tensor) -> float:
    """The largest threshold, 0…1, at which ANSWERED of every source is answered.

    shares: float (N,), the second of `split`, for drawings that have a label. sources: int64 (N,); those with
    few drawings have no say, unless all have few.
    """
    counts = sources.bincount()
    fewest = _FEWEST if int(counts.max()) >= _FEWEST else 1
    thresholds = [
        torch.quantile(shares[sources == number].double(), 1 - ANSWERED, interpolation="lower")
        for number in (counts >= fewest).nonzero()[:, 0].tolist()
    ]
    return float(torch.stack(thresholds).min().clamp(0, 1))
