"""Where one stroke may be the end of a character and the beginning of the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Of a stroke that may be two characters, in heights of the line.
LEAST_WIDTH = 0.7
_COLUMNS = 40  # of a stroke's width, in which its crossings are counted
_RIM = 0.16  # of the line's height: nearer to the stroke's side is no cut
_APART = 0.12  # of that height: cuts lie farther apart, along the stroke
_MOST_WIDTH = 6.0  # heights of the line: a wider stroke is a bar, or shading, and no characters
_MOST = 5  # cuts of a stroke for each height of the line that it is wide
_CORNER = 0.35  # cosine between the ways in and out: a sharper turn is a corner
_STEP = 0.1  # of the height: the way over which a turn is measured

Points = NDArray[np.float32]


def cuts_of(points: Points, height: float) -> list[int]:
    """Indices of points, ascending, before which a stroke (N, 2) may be cut; none of a stroke that is
    too narrow for two characters, or wider than characters that are joined.

    height: of the line's characters. Candidates are columns that the pen crossed once, corners, and places
    where the stroke is lowest between two rises.
    """
    left, right = float(points[:, 0].min()), float(points[:, 0].max())
    width = right - left
    if height <= 0 or not LEAST_WIDTH <= width / height <= _MOST_WIDTH or len(points) < 6:
        return []
    steps = np.hypot(*np.diff(points.astype(np.float64), axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    inside = (points[:, 0] > left + _RIM * height) & (points[:, 0] < right - _RIM * height)
    inside &= (way > _RIM * height) & (way < way[-1] - _RIM * height)
    found: list[tuple[float, int]] = []  # price, index
    crossings = _crossings(points[:, 0], left, width)
    column = np.minimum(((points[:, 0] - left) / width * _COLUMNS).astype(int), _COLUMNS - 1)
    single = crossings[column]
    for first, last in _runs((single == single.min()) & inside):
        price = float(single[first]) - 1
        found.append((price, (first + last) // 2))
        if way[last] - way[first] > 3 * _APART * height:
            found += [(price + 0.2, first + 1), (price + 0.2, last)]
    turn = _turns(points, way, _STEP * height)
    for first, last in _runs((turn < _CORNER) & inside):
        sharpest = first + int(turn[first : last + 1].argmin())
        found.append((float(single[sharpest]) - 1 + 0.3 * float(turn[sharpest]), sharpest))
    chosen: list[int] = []
    for _, index in sorted(found):
        if 2 <= index <= len(points) - 3 and all(
            abs(way[index] - way[other]) > _APART * height for other in chosen
        ):
            chosen.append(index)
    most = max(2, round(_MOST * width / height))
    return sorted(chosen[: min(most, 24)])


def _crossings(x: NDArray[np.float32], left: float, width: float) -> NDArray[np.int64]:
    """How often the pen crossed the middle of each column."""
    middles = left + (np.arange(_COLUMNS) + 0.5) / _COLUMNS * width
    low, high = np.minimum(x[:-1], x[1:]), np.maximum(x[:-1], x[1:])
    counts = ((low[:, None] <= middles) & (middles < high[:, None])).sum(axis=0)
    return np.asarray(np.maximum(counts, 1), np.int64)


def _turns(points: Points, way: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """The cosine between where the pen came from and where it went, over `step` along the way."""
    xy = points.astype(np.float64)
    before, after = np.maximum(way - step, 0), np.minimum(way + step, way[-1])
    come = xy - np.stack([np.interp(before, way, xy[:, i]) for i in (0, 1)], axis=1)
    gone = np.stack([np.interp(after, way, xy[:, i]) for i in (0, 1)], axis=1) - xy
    lengths = np.hypot(*come.T) * np.hypot(*gone.T)
    return np.asarray((come * gone).sum(axis=1) / np.maximum(lengths, 1e-9))


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last index of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
