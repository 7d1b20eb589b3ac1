"""Characters of a division that lie over each other: writing over writing, or what was crossed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from trainer.segmentation.divide import Division, GroupReader
from trainer.segmentation.ink.pieces import Ink

_SHARED = 0.7  # of the narrower one's width, and …
_SHARED_HEIGHT = 0.5  # … of the lower one's height do two characters share that lie over each other
_NARROW = 0.25  # of the line's height: a bare stroke may stand beneath a 7
_LEVEL = 0.12  # of it: so far up and down ink lies beside a point
_INSIDE = 0.2  # of one's points lie within the other
_MOST_COMPARED = 5000  # pairs by their points: beyond, boxes that lie over each other are enough
_CERTAIN = 0.5  # times as certain is what is left of them


def with_overwritten(found: Division, reader: GroupReader) -> Division:
    """The division with characters that lie over each other as one, which is never sure.

    Raises RunError as `Recognizer.answers` does.
    """
    groups = [list(group) for group in found.groups]
    number = list(range(len(groups)))
    compared = 0
    for i, j in _boxes_over_each_other(found.ink, groups):
        if number[i] == number[j]:
            continue
        compared += 1
        if compared > _MOST_COMPARED or _over_each_other(found.ink, groups[i], groups[j]):
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


def _boxes_over_each_other(ink: Ink, groups: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Pairs of groups whose boxes do, the later one of a pair first, in ascending order."""
    low = np.array([ink.boxes[group, :2].min(axis=0) for group in groups])
    high = np.array([ink.boxes[group, 2:].max(axis=0) for group in groups])
    sizes = high - low
    over = np.tri(len(groups), k=-1, dtype=np.bool_)
    for axis, part in ((0, _SHARED), (1, _SHARED_HEIGHT)):
        least = np.minimum(sizes[:, None, axis], sizes[None, :, axis])
        shared = np.minimum(high[:, None, axis], high[None, :, axis])
        shared -= np.maximum(low[:, None, axis], low[None, :, axis])
        over &= shared >= part * least
        if axis == 0:
            over &= least >= _NARROW * ink.height
    return [(i, j) for i, j in np.argwhere(over).tolist()]


def _over_each_other(ink: Ink, one: list[int], other: list[int]) -> bool:
    """Whether points of one lie within the other, of groups whose boxes lie over each other."""
    points = [ink.samples[pieces].reshape(-1, 2) for pieces in (one, other)]
    reach = _LEVEL * ink.height
    return (
        max(_inside(points[0], points[1], reach), _inside(points[1], points[0], reach)) >= _INSIDE
    )


def _inside(points: NDArray[np.float64], of: NDArray[np.float64], reach: float) -> float:
    """The fraction of points to whose left and right lies ink of the other."""
    beside = np.abs(points[:, None, 1] - of[:, 1]) <= reach
    left = (beside & (of[:, 0] <= points[:, None, 0])).any(axis=1)
    right = (beside & (of[:, 0] >= points[:, None, 0])).any(axis=1)
    return float((left & right).mean())
