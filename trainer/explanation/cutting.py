"""Strokes cut by arc length: the geometry of edits, of parts and of a replay."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trainer.picture.strokes import Stroke


def length_of(stroke: Stroke) -> float:
    """Length of the pen's way, in the drawing's units."""
    return float(np.hypot(*np.diff(stroke.points.astype(np.float64), axis=0).T).sum())


def piece_of(stroke: Stroke, begin: float, end: float) -> Stroke:
    """The part between two fractions of the arc length, 0 ≤ begin < end ≤ 1, its ends interpolated."""
    points = stroke.points.astype(np.float64)
    if len(points) < 2 or (begin <= 0 and end >= 1):
        return stroke
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    total = along[-1]
    if not total > 0:
        return stroke
    low, high = begin * total, end * total
    inner = along[(along > low) & (along < high)]
    at = np.concatenate([[low], inner, [high]])

    def take(values: NDArray[np.floating]) -> NDArray[np.float64]:
        taken: NDArray[np.float64] = np.interp(at, along, values.astype(np.float64))
        return taken

    return Stroke.make(
        np.stack([take(points[:, 0]), take(points[:, 1])], axis=1),
        pressure=None if stroke.pressure is None else take(stroke.pressure),
        times=None if stroke.times is None else take(stroke.times),
        width=stroke.width,
    )


def line_like(stroke: Stroke, start: NDArray[np.floating], end: NDArray[np.floating]) -> Stroke:
    """A straight stroke of the same pen."""
    return Stroke.make(np.stack([start, end]).astype(np.float64), width=stroke.width)


def around(stroke: Stroke, low: float, high: float) -> tuple[Stroke, ...]:
    """What is left of a stroke without the piece between two fractions of its length."""
    before = (piece_of(stroke, 0.0, low),) if low > 0 else ()
    after = (piece_of(stroke, high, 1.0),) if high < 1 else ()
    return (*before, *after)
