"""Straight strokes and dots that a connected part of a photograph's ink is: what signs of sums consist of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_INK = 110  # of 255
_SLIM = 2.0  # times as long as it is thick is a bar, at least
_FILLED = 0.8  # of a bar's rectangle is ink
_COVERED = 0.93  # of a cross's ink lies on its two bars
_BESIDE = 0.7  # of the thickness may ink lie beside a bar's middle line
_ARM = 2.5  # times as long as they are thick are a cross's bars
_STEP = 5  # degrees between two directions that are tried
_MOST_PIXELS = 20_000
_LARGEST_DOT = 2.2  # times the thickness of its own ink

Points = NDArray[np.float32]


def straight_strokes(ink: NDArray[np.uint8]) -> list[Points] | None:
    """The strokes (2, 2) of a dot, a bar or two bars that cross, x and y in pixels; None: none of these.

    ink: uint8 (H, W), 255 where there is ink, of one connected part.
    """
    from scipy import ndimage

    inked = np.pad(ink >= _INK, 1)
    rows, columns = np.nonzero(inked)
    if not 4 <= len(rows) <= _MOST_PIXELS:
        return None
    thick = 4 * float(ndimage.distance_transform_edt(inked)[rows, columns].mean()) - 2
    # The middles of pixels of the part without its padding.
    xy: NDArray[np.float64] = np.stack([columns, rows], axis=1).astype(np.float64) - 0.5
    thick = max(thick, 1.0)
    size = np.ptp(xy, axis=0) + 1
    if size.max() <= _LARGEST_DOT * thick:
        return [np.array([xy.min(axis=0), xy.max(axis=0)], np.float32)]
    bar = _bar(xy)
    if bar is not None:
        return [bar]
    return _cross(xy, thick)


def _bar(xy: NDArray[np.float64]) -> Points | None:
    middle = xy.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((xy - middle).T))
    along = (xy - middle) @ vectors[:, 1]
    # A rectangle's deviation across, in pixels that are squares.
    thick = float(np.sqrt(12 * max(values[0], 0.0) + 1))
    length = float(np.ptp(along)) + 1
    if length < _SLIM * thick or len(xy) < _FILLED * length * thick:
        return None
    return _ends(middle, vectors[:, 1], along, thick)


def _ends(
    middle: NDArray[np.float64],
    direction: NDArray[np.float64],
    along: NDArray[np.float64],
    thick: float,
) -> Points:
    """Where the middle of the pen began and ended."""
    inside = min(thick / 2, float(np.ptp(along)) / 4)
    ways = np.array([along.min() + inside, along.max() - inside])
    return (middle + ways[:, None] * direction).astype(np.float32)


def _cross(xy: NDArray[np.float64], thick: float) -> list[Points] | None:
    """Two bars through one place."""
    size = np.ptp(xy, axis=0) + 1
    if len(xy) > 0.65 * size.prod() or size.min() < _ARM * thick:
        return None
    best: tuple[float, NDArray[np.float64], int, int] | None = None
    angles = np.deg2rad(np.arange(0, 180, _STEP))
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for middle in _middles(xy, thick):
        across = (xy - middle) @ np.stack([-directions[:, 1], directions[:, 0]])
        near = (np.abs(across) <= _BESIDE * thick).astype(np.float32)
        counts = near.sum(axis=0)
        covered = (counts[:, None] + counts - near.T @ near) / len(xy)
        first, second = np.unravel_index(int(covered.argmax()), covered.shape)
        score = float(covered[first, second])
        if best is None or score > best[0]:
            best = score, middle, int(first), int(second)
    if best is None or best[0] < _COVERED:
        return None
    _, middle, *chosen = best
    bars = []
    for number in chosen:
        direction = directions[number]
        offset = xy - middle
        near = np.abs(offset @ (-direction[1], direction[0])) <= _BESIDE * thick
        along = offset[near] @ direction
        length = float(np.ptp(along)) + 1
        if length < _ARM * thick or len(along) < _FILLED * length * thick * 0.9:
            return None
        bars.append(_ends(middle, direction, along, thick))
    return bars


def _middles(xy: NDArray[np.float64], thick: float) -> list[NDArray[np.float64]]:
    """Places where bars may cross: those with the most ink around them."""
    around = min(1.5 * thick, 40.0)
    some = xy[:: max(1, len(xy) // 400)]
    apart = np.abs(some[:, None] - some).max(axis=2)
    counts = (apart <= around).sum(axis=1)
    most = some[counts >= counts.max() - 0.03 * len(some)]
    return [most.mean(axis=0), xy.mean(axis=0), (xy.min(axis=0) + xy.max(axis=0)) / 2]
