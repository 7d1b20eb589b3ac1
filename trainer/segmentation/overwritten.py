"""Characters of a division that lie over each other: writing over writing, or what was crossed out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from trainer.segmentation.divide import Division, GroupReader
from trainer.segmentation.pieces import Ink

_SHARED = 0.7  # of the narrower one's width, and …
_SHARED_HEIGHT = 0.5  # … of the lower one's height do two characters share that lie over each other
_NARROW = 0.25  # of the line's height: a bare stroke may stand beneath a 7
_LEVEL = 0.12  # of it: so far up and down ink lies beside a point
_INSIDE = 0.2  # of one's points lie within the other
_CERTAIN = 0.5  # times as certain is what is left of them


def with_overwritten(found: Division, reader: GroupReader) -> Division:
    """The division with characters that lie over each other as one, which is never sure.

    Raises RunError as `Recognizer.answers` does.
    """
    groups = [list(group) for group in found.groups]
    number = list(range(len(groups)))
    for i in range(len(groups)):
        for j in range(i):
            if _over_each_other(found.ink, groups[i], groups[j]):
                number = [number[j] if n == number[i] else n for n in number]
    if len(set(number)) == len(groups):
        return found
    kept = sorted(set(number))
    together = [
        tuple(p for g, group in enumerate(groups) if number[g] == k for p in group) for k in kept
    ]
    merged = [number.count(k) > 1 for k in kept]
    read = reader.read(found.ink, [group for group, m in zip(together, merged, strict=True) if m])
    answers = iter(read)
    return replace(
        found,
        groups=tuple(together),
        seen=tuple(
            next(answers) if m else found.seen[k] for k, m in zip(kept, merged, strict=True)
        ),
        signs=tuple("" if m else found.signs[k] for k, m in zip(kept, merged, strict=True)),
        certain=tuple(
            _CERTAIN * min(c for c, n in zip(found.certain, number, strict=True) if n == k)
            if m
            else found.certain[k]
            for k, m in zip(kept, merged, strict=True)
        ),
    )


def _over_each_other(ink: Ink, one: list[int], other: list[int]) -> bool:
    a, b = _box(ink.boxes[one]), _box(ink.boxes[other])
    narrow = min(a[2] - a[0], b[2] - b[0])
    shared = min(a[2], b[2]) - max(a[0], b[0])
    if narrow < _NARROW * ink.height or shared < _SHARED * narrow:
        return False
    low = min(a[3] - a[1], b[3] - b[1])
    if min(a[3], b[3]) - max(a[1], b[1]) < _SHARED_HEIGHT * low:
        return False
    points = [ink.samples[pieces].reshape(-1, 2) for pieces in (one, other)]
    reach = _LEVEL * ink.height
    return (
        max(_inside(points[0], points[1], reach), _inside(points[1], points[0], reach)) >= _INSIDE
    )


def _box(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _inside(points: NDArray[np.float64], of: NDArray[np.float64], reach: float) -> float:
    """The fraction of points to whose left and right lies ink of the other."""
    beside = np.abs(points[:, None, 1] - of[:, 1]) <= reach
    left = (beside & (of[:, 0] <= points[:, None, 0])).any(axis=1)
    right = (beside & (of[:, 0] >= points[:, None, 0])).any(axis=1)
    return float((left & right).mean())
