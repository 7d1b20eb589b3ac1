"""Rejection: a network's output for drawings that show none of its labels.

Such a network has one output more than labels, the last, for NO_LABEL. It is trained with the others by one
cross-entropy. For reading it is separated: the probability of any label, and, given that, of each. So a
rejected drawing still has a nearest guess.
"""

from __future__ import annotations

import torch
from torch import Tensor

#: The fraction of each source's labelled validation drawings that is answered at least. A little more than
#: the 99 % that are promised: new writers and tablets are harder.
ANSWERED = 0.9925

_FEWEST = 50  # drawings of a source that counts


def split(outputs: Tensor, labels: int) -> tuple[Tensor, Tensor | None]:
    """Logits (N, labels) of the labels alone, and the probability of any of them, float (N,).

    outputs: (N, labels) of a network that rejects nothing, for which the second is None, or (N, labels + 1).
    """
    if outputs.shape[1] == labels:
        return outputs, None
    return outputs[:, :labels], 1 - outputs.float().softmax(1)[:, labels]


def fit_threshold(probabilities: Tensor, sources: Tensor) -> float:
    """The largest threshold, 0…1, at which ANSWERED of every source is answered.

    probabilities: float (N,), the second of `split`, of labelled drawings. sources: int64 (N,); those with
    few drawings do not count, unless all have few.
    """
    counts = sources.bincount()
    fewest = _FEWEST if int(counts.max()) >= _FEWEST else 1
    thresholds = [
        torch.quantile(
            probabilities[sources == number].double(), 1 - ANSWERED, interpolation="lower"
        )
        for number in (counts >= fewest).nonzero()[:, 0].tolist()
    ]
    return float(torch.stack(thresholds).min().clamp(0, 1))
