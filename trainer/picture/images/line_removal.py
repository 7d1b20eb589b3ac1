"""Ruled lines of a sheet or a table in an image: found, and painted over with what lies beside them.

A ruled line is straight and thin, runs from edge to edge of the image and has one colour. Writing may cross
it. Nothing here knows what is ink: lines may be darker than what lies beside them, or lighter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.picture.resampling import reduced

Plane = NDArray[np.float32]  # (H, W), 0…255

_LEAST_SIDE = 24  # pixels: in smaller images nothing is surely a line
_STRIPS = 24  # across which a line is followed, each the mean of its columns
_STEEPEST = 0.12  # of a line's slope against the image's edges, in either direction
_THICKEST = 0.055  # of the image's shorter side
_COVERED = 0.86  # of the strips in which a line can be seen at all
_VISIBLE = 0.5  # of the strips in which it can be seen: elsewhere writing lies over it
_LONG = 0.55  # of the image's extent: a line that leaves it through another edge is shorter
_EVEN = 0.45  # of the usual contrast has a line in four of five strips, at least
_AT_ENDS = 0.4  # of the usual contrast has a line in the outermost strips
_ENDS = 0.15  # of its contrast is left where a line ends
_OWN = 1.45  # times as strong as the line is what was written over it
_LEAST_CONTRAST = 6.0  # of 255, in the mean of a strip
_MOST_LINES = 60
_SEARCHED = 480  # pixels a side at which lines are looked for
_THUMB = 48  # places at which a profile's background is estimated


@dataclass(frozen=True, slots=True, eq=False)
class RuledLine:
    """A line that crosses the image from left to right, or from top to bottom where upright.

    top, bottom: (n,) the rows (columns where upright) on either side of the line that are not its own, at
    each column (row); −1 or the image's height where the line is cut by the edge. contrast: how much it is
    darker than what lies beside it (lighter where negative).
    """

    upright: bool
    top: NDArray[np.float32]
    bottom: NDArray[np.float32]
    contrast: float

    @property
    def thickness(self) -> float:
        """In pixels, of what is inside of the image."""
        return float(np.median(self.bottom - np.maximum(self.top, -1))) - 1

    def depth(self, shape: tuple[int, ...]) -> float:
        """How far inside the image (H, W) it lies, as a fraction of that: ½ in the middle."""
        extent = shape[1] if self.upright else shape[0]
        middle = float(np.median(self.top + self.bottom)) / 2
        return min(middle, extent - 1 - middle) / extent


def find_lines(grey: Plane, *, thickest: float = _THICKEST) -> list[RuledLine]:
    """The ruled lines of an image, none in an image of less than 24 pixels a side.

    thickest: as a fraction of the image's shorter side.
    """
    if min(grey.shape) < _LEAST_SIDE:
        return []
    factor = -(-max(grey.shape) // _SEARCHED)
    thumb = reduced(grey, factor)
    dark, light = (
        _crossing(thumb, False, sign, thickest)
        + _crossing(np.ascontiguousarray(thumb.T), True, sign, thickest)
        for sign in (1.0, -1.0)
    )
    # A sheet has lines of one kind: what is like the other lies between a line and something else.
    strength = [sum(abs(line.contrast) for line in lines) for lines in (dark, light)]
    lines = (dark if strength[0] >= strength[1] else light)[:_MOST_LINES]
    return [_enlarged(line, factor, grey.shape) for line in lines] if factor > 1 else lines


def _enlarged(line: RuledLine, factor: int, shape: tuple[int, ...]) -> RuledLine:
    """A line of a shrunk image in the image itself: of the pixels in question all are the line's."""
    columns = np.arange(shape[0] if line.upright else shape[1])
    middles = (np.arange(len(line.top)) + 0.5) * factor - 0.5
    top = np.interp(columns, middles, (line.top + 1) * factor - 1)
    bottom = np.interp(columns, middles, line.bottom * factor)
    return RuledLine(line.upright, top.astype(np.float32), bottom.astype(np.float32), line.contrast)


def without_lines(grey: Plane, lines: list[RuledLine]) -> Plane:
    """The image with the lines painted over: across each of them, from what lies on one side to the other.

    Where a pixel of a line is much stronger than the line is, writing lies over it, and it stays.
    """
    result = grey.copy()
    for line in lines:
        _paint_over(result.T if line.upright else result, line)
    return result


def covered_by(lines: list[RuledLine], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """The pixels (H, W) that lie under one of the lines."""
    mask = np.zeros(shape, np.bool_)
    for line in lines:
        plane = mask.T if line.upright else mask
        rows = np.arange(plane.shape[0], dtype=np.float32)[:, None]
        plane |= (rows > line.top) & (rows < line.bottom)
    return mask


# --- finding


def _crossing(plane: Plane, upright: bool, sign: float, part: float) -> list[RuledLine]:
    """The lines from left to right that are darker (sign 1) or lighter (−1) than what lies beside them."""
    height, width = plane.shape
    count = min(_STRIPS, width // 3)
    ends = np.linspace(0, width, count + 1).astype(int)
    sums = np.add.reduceat(plane, ends[:-1], axis=1) / np.diff(ends).astype(np.float32)
    profiles = np.asarray(sign * sums.T, np.float32)  # (strips, H): a line is low in it
    middles = (ends[:-1] + ends[1:] - 1) / 2
    thickest = max(2, round(part * min(plane.shape)))
    least = max(_LEAST_CONTRAST, 3.0 * _roughness(profiles))
    contrast, veiled = _contrasts(profiles, thickest)
    veiled &= contrast <= least
    found: list[RuledLine] = []
    taken = np.zeros(height, np.bool_)
    for at, slope in _candidates(contrast > least, veiled, middles, width):
        rows = np.clip(np.rint(at + slope * middles).astype(int), 0, height - 1)
        if taken[rows].mean() > 0.5:
            continue
        line = _traced(profiles, contrast, veiled, middles, at + slope * middles, thickest, width)
        if line is None:
            taken[rows] = True
            continue
        top, bottom, level = line
        for low, high in zip(top[middles.astype(int)], bottom[middles.astype(int)], strict=True):
            taken[max(int(low) - 2, 0) : max(int(high) + 3, 0)] = True
        found.append(RuledLine(upright, top, bottom, sign * level))
    return found


def _contrasts(
    profiles: NDArray[np.float32], thickest: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """How much lower each place of each profile is than both sides of it (the one inside at an edge), and
    where that cannot be told, as everything around is as low: writing lies there."""
    height = profiles.shape[1]
    best = np.full(profiles.shape, -np.inf, np.float32)
    for step in sorted({2, max(3, thickest // 2 + 1), thickest + 2}):
        wide = np.pad(profiles, ((0, 0), (step, step)), constant_values=np.inf)
        lower = np.minimum(wide[:, :height], wide[:, 2 * step :])
        np.maximum(best, np.where(np.isfinite(lower), lower - profiles, 0), out=best)
    below = _usual(profiles) - profiles
    # What lies between a line and the edge stands out from the line only, and not from the paper.
    contrast = np.where(below > 0.3 * best, np.clip(best, 0, None), 0)
    return contrast, (best < 0.3 * below) & (below > _LEAST_CONTRAST)


def _usual(profiles: NDArray[np.float32]) -> NDArray[np.float32]:
    """The paper in each profile: the median of a third of it around each place."""
    factor = -(-profiles.shape[1] // _THUMB)
    coarse = profiles[:, ::factor]
    reach = max(1, coarse.shape[1] // 6)
    wide = np.pad(coarse, ((0, 0), (reach, reach)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(wide, 2 * reach + 1, axis=1)
    usual = np.repeat(np.median(windows, axis=2), factor, axis=1)
    return np.asarray(usual[:, : profiles.shape[1]], np.float32)


def _roughness(profiles: NDArray[np.float32]) -> float:
    """Standard deviation of the profiles' noise from pixel to pixel."""
    curved = profiles[:, :-2] - 2 * profiles[:, 1:-1] + profiles[:, 2:]
    return float(np.median(np.abs(curved)) / (0.6745 * np.sqrt(6)))


def _candidates(
    hit: NDArray[np.bool_], veiled: NDArray[np.bool_], middles: NDArray[np.float64], width: int
) -> Iterator[tuple[float, float]]:
    """(row at the left edge, slope) of what is like a line, the clearest first."""
    strips, height = hit.shape
    reach = int(np.ceil(_STEEPEST * width)) + 1
    margin = ((0, 0), (2 * reach, 2 * reach))
    # A line lies between two rows as well, and is not of one row in a strip where it is slanted.
    near = hit | np.pad(hit[:, 1:], ((0, 0), (0, 1))) | np.pad(hit[:, :-1], ((0, 0), (1, 0)))
    layers = np.stack(
        [
            np.pad(layer, margin).astype(np.int16)
            for layer in (near, hit, near | ~veiled, np.ones_like(hit))
        ]
    )
    starts = np.arange(-reach, height + reach)
    scores, places = [], []
    for slope in np.linspace(-_STEEPEST, _STEEPEST, 2 * max(4, round(_STEEPEST * width / 2)) + 1):
        offsets = np.rint(slope * middles).astype(int) + reach
        total = np.zeros((4, len(starts)), np.int16)
        for strip, offset in enumerate(offsets):
            total += layers[:, strip, offset : offset + len(starts)]
        hits, exact, known, chord = total
        good = (
            (chord >= _LONG * strips)
            & (known >= np.maximum(_VISIBLE * chord, 4))
            & (hits >= _COVERED * known)
        )
        at = np.flatnonzero(good)
        scores.append(hits[at] + 0.5 * exact[at])
        places.append(np.stack([starts[at], np.full(len(at), slope)], 1))
    order = np.argsort(-np.concatenate(scores), kind="stable")
    for place in np.concatenate(places)[order]:
        yield float(place[0]), float(place[1])


def _traced(
    profiles: NDArray[np.float32],
    contrast: NDArray[np.float32],
    veiled: NDArray[np.bool_],
    middles: NDArray[np.float64],
    rows: NDArray[np.float64],
    thickest: int,
    width: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32], float] | None:
    """Both borders of a line at each column, and how much it stands out. None where it is none: too thick,
    or not of one colour. rows: where it is thought to lie in each strip."""
    height = profiles.shape[1]
    strip = np.arange(len(middles))[:, None]
    # To the lowest place near by, …
    offsets = np.arange(-2, 3)
    around = np.rint(rows[:, None]).astype(int) + offsets
    inside = (around >= 0) & (around < height)
    values = np.where(inside, contrast[strip, np.clip(around, 0, height - 1)], -1)
    level_of = values.max(1)
    known = inside.any(1) & ~veiled[strip[:, 0], np.clip(np.rint(rows).astype(int), 0, height - 1)]
    if known.sum() < 4:
        return None
    level = float(np.median(level_of[known]))
    if np.percentile(level_of[known], 20) < _EVEN * level:
        return None
    # From edge to edge: a stroke ends before that.
    # (Where another line crosses it there, nothing of it is seen.)
    outermost = max(1, len(middles) // 10)
    ends = level_of[known][:outermost], level_of[known][-outermost:]
    if min(float(end.max()) for end in ends) < _AT_ENDS * level:
        return None
    deepest = np.take_along_axis(around, values.argmax(1)[:, None], 1)[:, 0]
    # … and from there to where it ends on both sides: where little of its depth is left.
    outwards = np.arange(thickest + 3)
    borders, seen = [], []
    floor = profiles[strip[:, 0], np.clip(deepest, 0, height - 1)]
    for direction in (-1, 1):
        places = deepest[:, None] + direction * outwards
        within = (places >= 0) & (places < height)
        depth = floor[:, None] + level_of[:, None] - profiles[strip, np.clip(places, 0, height - 1)]
        ended = (depth < _ENDS * level_of[:, None]) & within
        first = np.where(ended.any(1), ended.argmax(1), len(outwards))
        borders.append(deepest + direction * first)
        seen.append(known & ended.any(1))
    edges = [_curve(middles, b, s, width) for b, s in zip(borders, seen, strict=True)]
    top, bottom = edges
    if top is None and bottom is None:
        return None
    if top is None or bottom is None:
        # It goes on beyond the image there, if that is not farther than a line is thick.
        other = bottom if top is None else top
        assert other is not None
        depth_inside = other if top is None else height - 1 - other
        if float(np.median(depth_inside)) > thickest + 2:
            return None
        beyond = np.full(width, -1.0 if top is None else float(height))
        top, bottom = (beyond, other) if top is None else (other, beyond)
    elif float(np.median(bottom - top)) - 1 > thickest + 1:
        return None
    else:
        if np.median(top) < 2:
            top = np.minimum(top, -1.0)
        if np.median(bottom) > height - 3:
            bottom = np.maximum(bottom, float(height))
    return top.astype(np.float32), bottom.astype(np.float32), level


def _curve(
    x: NDArray[np.float64], y: NDArray[np.intp], use: NDArray[np.bool_], width: int
) -> NDArray[np.float64] | None:
    """A curve through most of the places, at each column: straight, or bent a little as by a lens. None
    where there are too few of them."""
    if use.sum() < max(4, 0.4 * len(x)):
        return None
    x, wanted = x[use], y[use].astype(np.float64)
    keep = np.ones(len(x), np.bool_)
    coefficients = np.zeros(1)
    for degree in (1, 1, 2):
        if keep.sum() < 6:
            degree = 1
        coefficients = np.polyfit(x[keep], wanted[keep], degree)
        off = np.abs(np.polyval(coefficients, x) - wanted)
        keep = off <= max(1.0, 2.5 * float(np.median(off)))
        if keep.sum() < 4:
            return None
    return np.asarray(np.polyval(coefficients, np.arange(width)), np.float64)


# --- painting over


def _paint_over(plane: Plane, line: RuledLine) -> None:
    """Paints over a line from left to right, in place."""
    height, width = plane.shape
    columns = np.arange(width)
    top = np.floor(line.top).astype(int)  # the last row on either side that is not the line's
    bottom = np.ceil(line.bottom).astype(int)
    sides = []
    for places in ((top, top - 1), (bottom, bottom + 1)):
        one, two = (plane[np.clip(rows, 0, height - 1), columns] for rows in places)
        sides.append((one + two) / 2)
    upper, lower = sides
    upper, lower = np.where(top < 0, lower, upper), np.where(bottom > height - 1, upper, lower)
    for step in range(1, int((bottom - top).max())):
        rows = top + step
        use = (rows >= 0) & (rows < height) & (rows < bottom)
        portion = step / np.maximum(bottom - top, 1)
        between = upper * (1 - portion) + lower * portion
        rows = np.clip(rows, 0, height - 1)
        old = plane[rows, columns]
        stronger = between - old if line.contrast > 0 else old - between
        is_line = stronger < _OWN * abs(line.contrast) + _LEAST_CONTRAST
        plane[rows, columns] = np.where(use & is_line, between, old)
