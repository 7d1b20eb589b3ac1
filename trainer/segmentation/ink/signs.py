"""Signs of sums, told by the shape and place of their strokes: + − × ÷ = and the decimal point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PLUS, MINUS, TIMES, DIVIDE, EQUALS, POINT = "+", "−", "×", "÷", "=", "."
SIGNS = (PLUS, MINUS, TIMES, DIVIDE, EQUALS, POINT)

_LEVEL = 28.0  # degrees that a bar may rise or fall
_UPRIGHT = 58.0  # degrees from level on a stroke is upright
_SLANTED = (20.0, 75.0)  # degrees of the strokes of a ×
_STRAIGHT = 0.93  # of the way that the pen went is the distance between a straight stroke's ends
_DOT = 0.2  # of the line's height: what is smaller is a dot
_LONGEST = 1.15  # heights: of a stroke of a sign
_SHORTEST = 0.12
_MIDDLE = 0.33  # heights that the middle of a bar may lie beside the line's
_CROSSED = (0.2, 0.8)  # where strokes cross, along each of them

Points = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Band:
    """Where a line's characters stand: their top, their bottom, and their usual height, y downward."""

    top: float
    bottom: float
    height: float

    @classmethod
    def of(cls, boxes: NDArray[np.float64], height: float) -> Band | None:
        """Of the boxes (N, 4) of a line's pieces; None where there are only bars and dots."""
        tall = boxes[boxes[:, 3] - boxes[:, 1] >= 0.55 * height]
        if not len(tall):
            return None
        return cls(
            top=float(np.median(tall[:, 1])), bottom=float(np.median(tall[:, 3])), height=height
        )

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class _Bar:
    """A straight stroke. angle: degrees from level, −90 … 90, positive where it rises to the right."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    length: float
    angle: float
    straight: float

    @property
    def middle(self) -> NDArray[np.float64]:
        return (self.start + self.end) / 2


def sign_of(strokes: Sequence[Points], band: Band) -> tuple[str, float] | None:
    """The sign that one to three strokes (N, 2) are, and how well they fit it, 0…1; None: none."""
    if not 1 <= len(strokes) <= 3:
        return None
    dots = [_is_dot(points, band) for points in strokes]
    bars = [_bar(points) for points in strokes]
    if len(strokes) == 1:
        if dots[0]:
            middle = float(strokes[0][:, 1].mean())
            return (POINT, 0.9) if middle > band.bottom - 0.3 * band.height else None
        return _minus(bars[0], band)
    if len(strokes) == 2:
        return None if any(dots) else _of_two(bars[0], bars[1], band)
    return _divide(strokes, dots, bars, band)


def _is_dot(points: Points, band: Band) -> bool:
    return bool(np.ptp(points, axis=0).max() <= _DOT * band.height)


def _bar(points: Points) -> _Bar | None:
    xy = points.astype(np.float64)
    way = float(np.hypot(*np.diff(xy, axis=0).T).sum())
    start, end = xy[0], xy[-1]
    length = float(np.hypot(*(end - start)))
    if way == 0 or length < _STRAIGHT * way * 0.95:
        return None
    if end[0] < start[0]:
        start, end = end, start
    angle = float(np.degrees(np.arctan2(start[1] - end[1], end[0] - start[0])))
    return _Bar(start, end, length, angle, length / way)


def _fits_size(bar: _Bar, band: Band) -> bool:
    return _SHORTEST * band.height <= bar.length <= _LONGEST * band.height


def _minus(bar: _Bar | None, band: Band) -> tuple[str, float] | None:
    if bar is None or abs(bar.angle) > _LEVEL or not _fits_size(bar, band):
        return None
    beside = abs(float(bar.middle[1]) - band.middle) / band.height
    return (MINUS, bar.straight * 0.9) if beside <= _MIDDLE else None


def _of_two(one: _Bar | None, other: _Bar | None, band: Band) -> tuple[str, float] | None:
    if one is None or other is None or not (_fits_size(one, band) and _fits_size(other, band)):
        return None
    straight = min(one.straight, other.straight)
    ratio = min(one.length, other.length) / max(one.length, other.length)
    level = [abs(bar.angle) <= _LEVEL for bar in (one, other)]
    if all(level):
        apart = abs(float(one.middle[1] - other.middle[1])) / band.height
        shared = min(one.end[0], other.end[0]) - max(one.start[0], other.start[0])
        beside = abs(float(one.middle[1] + other.middle[1]) / 2 - band.middle) / band.height
        if ratio >= 0.5 and 0.06 <= apart <= 0.6 and beside <= _MIDDLE:
            overlap = float(shared) / min(one.length, other.length)
            return (EQUALS, straight) if overlap >= 0.6 else None
        return None
    crossing = _crossing(one, other)
    if crossing is None or not all(_CROSSED[0] <= at <= _CROSSED[1] for at in crossing):
        return None
    upright = [abs(bar.angle) >= _UPRIGHT for bar in (one, other)]
    if (level[0] and upright[1]) or (level[1] and upright[0]):
        return (PLUS, straight) if ratio >= 0.4 else None
    slanted = [_SLANTED[0] <= abs(bar.angle) <= _SLANTED[1] for bar in (one, other)]
    if all(slanted) and one.angle * other.angle < 0 and ratio >= 0.5:
        return TIMES, straight
    return None


def _divide(
    strokes: Sequence[Points], dots: Sequence[bool], bars: Sequence[_Bar | None], band: Band
) -> tuple[str, float] | None:
    if sum(dots) != 2:
        return None
    number = dots.index(False)
    bar = bars[number]
    if bar is None or abs(bar.angle) > _LEVEL or not _fits_size(bar, band):
        return None
    heights = sorted(float(strokes[i][:, 1].mean()) for i in range(3) if i != number)
    middle = float(bar.middle[1])
    return (DIVIDE, bar.straight) if heights[0] < middle < heights[1] else None


def _crossing(one: _Bar, other: _Bar) -> tuple[float, float] | None:
    """Where two bars cross, 0…1 along each; None for parallel ones."""
    a, b = one.end - one.start, other.end - other.start
    area = float(a[0] * b[1] - a[1] * b[0])
    if abs(area) < 1e-9:
        return None
    between = other.start - one.start
    return (
        float(between[0] * b[1] - between[1] * b[0]) / area,
        float(between[0] * a[1] - between[1] * a[0]) / area,
    )
