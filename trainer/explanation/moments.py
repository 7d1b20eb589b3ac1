"""Moments of a drawing: how much of it was there at a time. No torch: the window shows the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.explanation.cutting import length_of
from trainer.picture.strokes import Drawing, Stroke

Floats = NDArray[np.float64]

_LONGEST_PAUSE = 0.5  # seconds between two strokes
_UNKNOWN_PAUSE = 0.25  # where the times of every stroke begin at 0
_LONGEST = 60.0  # seconds of a drawing whose times are believed
_SECONDS = 2.4  # of a drawing without times
_FEWEST = 24  # points of a stroke that is played


def partial_drawing(drawing: Drawing, strokes: float, fraction: float) -> Drawing:
    """The drawing with so many whole strokes and this fraction, by points, of the next one."""
    whole = int(strokes)
    shown = list(drawing.strokes[:whole])
    if whole < len(drawing.strokes) and fraction > 0:
        stroke = drawing.strokes[whole]
        count = max(1, round(fraction * len(stroke.points)))
        shown.append(
            Stroke(
                points=stroke.points[:count],
                pressure=None if stroke.pressure is None else stroke.pressure[:count],
                times=None if stroke.times is None else stroke.times[:count],
                width=stroke.width,
            )
        )
    return Drawing(tuple(shown), drawing.image)


def timeline(drawing: Drawing) -> tuple[list[Floats], bool]:
    """The second at which each point of each stroke was drawn, from 0; and whether the pen told.

    Pauses between strokes are shortened. Without times, or with times that make no sense, the pen moves
    evenly. A stroke of few points gets more of them first (`dense`).
    """
    told = _told(drawing.strokes)
    if told is not None:
        return told, True
    lengths = [length_of(stroke) for stroke in drawing.strokes]
    total = sum(lengths)
    seconds: list[Floats] = []
    at = 0.0
    for stroke, length in zip(drawing.strokes, lengths, strict=True):
        steps = np.hypot(*np.diff(stroke.points.astype(np.float64), axis=0).T)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        duration = _SECONDS * length / total if total > 0 else _SECONDS / len(lengths)
        seconds.append(at + along * (duration / along[-1] if along[-1] > 0 else 0.0))
        at += duration + 0.15
    return seconds, False


def _told(strokes: Sequence[Stroke]) -> list[Floats] | None:
    if not strokes or any(stroke.times is None for stroke in strokes):
        return None
    found: list[Floats] = []
    at = 0.0
    before: float | None = None
    for stroke in strokes:
        times = np.asarray(stroke.times, np.float64)
        if len(times) > 1 and ((np.diff(times) < 0).any() or times[-1] <= times[0]):
            return None
        if before is not None:
            pause = times[0] - before
            at += min(pause, _LONGEST_PAUSE) if pause >= 0 else _UNKNOWN_PAUSE
        found.append(at + times - times[0])
        before, at = float(times[-1]), float(found[-1][-1])
    return found if 0 < at <= _LONGEST else None


def dense(drawing: Drawing) -> Drawing:
    """The drawing with at least _FEWEST points a stroke, so that a straight line of two points grows too. Its
    own points stay; what lies between them has their time and pressure by the way from one to the next."""
    return Drawing(tuple(map(_dense, drawing.strokes)), drawing.image)


def _dense(stroke: Stroke) -> Stroke:
    points = stroke.points.astype(np.float64)
    if not 2 <= len(points) < _FEWEST or length_of(stroke) <= 0:
        return stroke
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.union1d(way, np.linspace(0, way[-1], _FEWEST))

    def between(values: NDArray[np.floating]) -> Floats:
        found: Floats = np.interp(at, way, values)
        return found

    return Stroke.make(
        np.stack([between(points[:, 0]), between(points[:, 1])], axis=1),
        pressure=None if stroke.pressure is None else between(stroke.pressure),
        times=None if stroke.times is None else between(stroke.times),
        width=stroke.width,
    )


def place_at(seconds: Sequence[Floats], at: float) -> tuple[float, float]:
    """Whole strokes, and the fraction of the points of the next, at a time."""
    for place, of in enumerate(seconds):
        if at < of[-1]:
            drawn = int(np.searchsorted(of, at, side="right"))
            return float(place), drawn / len(of)
    return float(len(seconds)), 0.0
