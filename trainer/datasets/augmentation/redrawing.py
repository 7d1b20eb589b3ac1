"""Redrawing: stroke augmentation and rasterisation for thousands of drawings at a time.

The result is what picture_from_drawing makes of the changed strokes, to within a few of 255 levels. Every
step is done for all drawings at once; pieces of lines are rasterised in rounds, the first of each drawing,
then the second, so that no two of a round meet in one picture.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from trainer.datasets.augmentation.spec import StrokeAugmentation
from trainer.datasets.augmentation.strokes import Lines, Segments, augmented, extremes, segments_of
from trainer.datasets.pictures import DrawingSet
from trainer.picture.preprocess import BOX, SIZE
from trainer.picture.spec import SPEC

_STEP = 0.25  # pixels of the picture: of points nearer than this along the line one is enough
_PIECE = 2.0  # raster pixels: the longest piece of a line that is laid down at once
_BATCH = 256  # drawings whose rasters are in memory at a time

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


class Redrawing:
    """Some of a file's drawings, ready to be redrawn. Holds two float32 for each visible point."""

    def __init__(self, drawings: DrawingSet, rows: Integers) -> None:
        """rows: int64 (M,), which of the drawings; those without strokes are passed over."""
        self.places = np.flatnonzero(drawings.strokes_of_drawing[rows] > 0)
        rows = rows[self.places]
        points, stroke, drawing = _gathered(drawings, rows)
        kept = _that_matter(points, stroke, drawing)
        points, stroke, drawing = points[kept], stroke[kept], drawing[kept]
        # About the middle and in final pixels, so that float32 is exact enough wherever the tablet's corner
        # was, and amounts mean the same for all.
        if len(self.places):
            low, high = extremes(points, np.searchsorted(drawing, np.arange(len(rows))))
            points -= ((low + high) / 2)[drawing]
            points *= (BOX / np.maximum((high - low).max(axis=1), 1e-12))[drawing, None]
        self._lines = Lines(points.astype(np.float32), stroke, drawing)
        self._labels = drawings.labels[rows]

    def __call__(
        self, generator: np.random.Generator, augmentation: StrokeAugmentation
    ) -> tuple[Integers, NDArray[np.uint8]]:
        """(places int64 (K,) in rows, pictures uint8 (K, 28, 28)), every drawing changed at random."""
        count = len(self.places)
        if not count:
            return self.places, np.zeros((0, SIZE, SIZE), np.uint8)
        width = generator.uniform(*augmentation.width, count)
        slant = np.tan(
            np.radians(generator.uniform(-augmentation.slant, augmentation.slant, count))
        )
        turn = np.radians(generator.uniform(-augmentation.turn, augmentation.turn, count))
        segments = augmented(self._lines, self._labels, augmentation, generator)
        return self.places, drawn(segments, count, width=width, slant=slant, turn=turn)

    def drawn(
        self, *, width: NDArray[np.float64], slant: NDArray[np.float64], turn: NDArray[np.float64]
    ) -> NDArray[np.uint8]:
        """Its drawings as they are, but for the amounts of `drawn`."""
        segments = segments_of(self._lines)
        return drawn(segments, len(self.places), width=width, slant=slant, turn=turn)


def drawn(
    segments: Segments,
    count: int,
    *,
    width: NDArray[np.float64],
    slant: NDArray[np.float64],
    turn: NDArray[np.float64],
) -> NDArray[np.uint8]:
    """uint8 (K, 28, 28) of segments of K drawings, each with at least one.

    width: times the usual; slant: x to one of y; turn: radians; all (K,).
    """
    pictures = np.zeros((count, SIZE, SIZE), np.uint8)
    if not count:
        return pictures
    cos, sin = np.cos(turn), np.sin(turn)
    change = np.array([[cos, cos * slant - sin], [sin, sin * slant + cos]], np.float32)
    starts, ends, of = segments
    matrix = change[:, :, of]
    starts, ends = (
        np.stack([matrix[0, 0] * x + matrix[0, 1] * y, matrix[1, 0] * x + matrix[1, 1] * y], 1)
        for x, y in (starts.T, ends.T)
    )
    first = np.searchsorted(of, np.arange(count))
    low = np.minimum(extremes(starts, first)[0], extremes(ends, first)[0])
    high = np.maximum(extremes(starts, first)[1], extremes(ends, first)[1])
    radius = (width * (SPEC.usual / 2)).astype(np.float32)
    extent = np.maximum((high - low).max(axis=1), np.float32(1e-12))
    scale = (BOX - 2 * radius) / extent * SPEC.samples
    # The ink's box lies in the middle of the square, and its long side fills it.
    middle = (low + high) / 2
    starts, ends = (
        (points - middle[of]) * scale[of, None] + np.float32(BOX * SPEC.samples / 2)
        for points in (starts, ends)
    )
    starts, ends, of = _pieces(starts, ends, of)
    # Lines of like width together: the window of a batch is as large as its widest line wants.
    order = np.argsort(radius)
    rank = np.argsort(order)[of]
    by_rank = np.argsort(rank, kind="stable")
    starts, ends, rank = starts[by_rank], ends[by_rank], rank[by_rank]
    for begin in range(0, len(order), _BATCH):
        batch = order[begin : begin + _BATCH]
        now = slice(*np.searchsorted(rank, (begin, begin + _BATCH)))
        pictures[batch] = _drawn(
            starts[now], ends[now], rank[now] - begin, radius[batch] * SPEC.samples
        )
    return pictures


def _gathered(
    drawings: DrawingSet, rows: Integers
) -> tuple[NDArray[np.float64], Integers, Integers]:
    """All points of the given drawings, and for each the number of its stroke and of its drawing."""
    strokes_before = np.cumsum(drawings.strokes_of_drawing) - drawings.strokes_of_drawing
    strokes = _ranges(strokes_before[rows], drawings.strokes_of_drawing[rows])
    points_before = np.cumsum(drawings.points_of_stroke) - drawings.points_of_stroke
    lengths = drawings.points_of_stroke[strokes]
    points = drawings.points[_ranges(points_before[strokes], lengths)].astype(np.float64)
    stroke = np.repeat(np.arange(len(strokes)), lengths)
    drawing = np.repeat(np.arange(len(rows)), drawings.strokes_of_drawing[rows])
    return points, stroke, drawing[stroke]


def _ranges(starts: Integers, counts: Integers) -> Integers:
    """starts[0], …, starts[0] + counts[0] - 1, starts[1], …"""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(int(counts.sum()))


def _that_matter(
    points: NDArray[np.float64], stroke: Integers, drawing: Integers
) -> NDArray[np.bool_]:
    """Which points show: both ends of every stroke, the outermost, and one a step between."""
    if not len(points):
        return np.zeros(0, np.bool_)
    first = np.searchsorted(drawing, np.arange(int(drawing[-1]) + 1))
    low, high = extremes(points, first)
    step = np.maximum((high - low).max(axis=1), 1e-12) / BOX * _STEP
    same = np.append(False, stroke[1:] == stroke[:-1])
    moved = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T) / step[drawing]
    along = np.floor(np.cumsum(np.where(same, moved, 0)))
    kept = ~same | np.append(~same[1:], True)
    kept[1:] |= along[1:] > along[:-1]
    outermost = (points == low[drawing]) | (points == high[drawing])
    return np.asarray(kept | outermost.any(axis=1))


def _pieces(starts: Floats, ends: Floats, of: Integers) -> tuple[Floats, Floats, Integers]:
    """The same segments, those longer than _PIECE cut into equal parts."""
    along = ends - starts
    parts = np.maximum(1, np.ceil(np.hypot(*along.T) / _PIECE)).astype(np.int64)
    which = np.repeat(np.arange(len(starts)), parts)
    number = (np.arange(len(which)) - np.repeat(np.cumsum(parts) - parts, parts)).astype(np.float32)
    part = (along / parts[:, None].astype(np.float32))[which]
    begin = starts[which] + part * number[:, None]
    return begin, begin + part, of[which]


def _drawn(starts: Floats, ends: Floats, of: Integers, radius: Floats) -> NDArray[np.uint8]:
    """Pictures (K, 28, 28) of pieces that are ordered by drawing. radius: (K,) raster pixels."""
    count = len(radius)
    reach = float(radius.max()) + 0.5
    window = int(np.ceil(2 * reach + _PIECE)) + 1
    # The ink ends at the raster's border, so no window begins before it by more than the half pixel.
    before, side = 2, 2 + BOX * SPEC.samples + window
    squares = np.full(count * side * side, np.inf, np.float32)
    turn = np.arange(len(of)) - np.searchsorted(of, np.arange(count))[of]
    order = np.argsort(turn, kind="stable")
    borders = np.searchsorted(turn[order], np.arange(int(turn.max()) + 2))
    grid = (np.arange(window)[:, None] * side + np.arange(window)).reshape(-1)
    starts, ends, of = starts[order], ends[order], of[order]
    corners = np.floor(np.minimum(starts, ends) - reach)
    np.clip(corners, -before, side - before - window, out=corners)
    starts, ends = starts - corners, ends - corners
    at = corners.astype(np.int64) + before
    places = (of * side + at[:, 1]) * side + at[:, 0]
    for begin, end in itertools.pairwise(borders):
        now = slice(begin, end)
        own = _squares(starts[now], ends[now], window)
        where = places[now, None] + grid
        squares[where] = np.minimum(squares[where], own, out=own)
    inside = slice(before, before + BOX * SPEC.samples)
    distance = np.sqrt(squares.reshape(count, side, side)[:, inside, inside])
    ink = np.clip(radius[:, None, None] + np.float32(0.5) - distance, 0, 1)
    ink = ink.reshape(count, BOX, SPEC.samples, BOX, SPEC.samples).sum(axis=(2, 4))
    return _placed(ink * np.float32(255 / SPEC.samples**2))


def _squares(starts: Floats, ends: Floats, window: int) -> Floats:
    """The squared distance of each pixel of a piece's window from the piece, float32 (N, window²)."""
    middles = np.arange(window, dtype=np.float32) + np.float32(0.5)
    along = ends - starts
    length = np.hypot(along[:, 0], along[:, 1])
    unit = along / np.maximum(length, np.float32(1e-12))[:, None]
    dx, dy = middles - starts[:, 0, None], middles - starts[:, 1, None]
    t = (dy * unit[:, 1, None])[:, :, None] + (dx * unit[:, 0, None])[:, None, :]
    # The square of the distance from the start, less what the foot on the piece saves of it.
    foot = np.maximum(t, 0)
    np.minimum(foot, length[:, None, None], out=foot)
    t *= 2
    t -= foot
    t *= foot
    squares = (dy * dy)[:, :, None] + (dx * dx)[:, None, :]
    squares -= t
    np.maximum(squares, 0, out=squares)
    return squares.reshape(len(starts), -1)


def _placed(ink: Floats) -> NDArray[np.uint8]:
    """The boxes (K, 20, 20) in pictures (K, 28, 28), with the centre of mass in the middle."""
    pictures = np.zeros((len(ink), SIZE, SIZE), np.uint8)
    index = np.arange(BOX, dtype=np.float32)
    mass = np.maximum(ink.sum(axis=(1, 2)), np.float32(1e-12))
    row = np.floor(SPEC.centre + SPEC.tie - ink.sum(axis=2) @ index / mass).astype(np.int64)
    column = np.floor(SPEC.centre + SPEC.tie - ink.sum(axis=1) @ index / mass).astype(np.int64)
    inside = np.arange(BOX)
    rows = np.clip(row, 0, SIZE - BOX)[:, None, None] + inside[:, None]
    columns = np.clip(column, 0, SIZE - BOX)[:, None, None] + inside
    pictures[np.arange(len(ink))[:, None, None], rows, columns] = np.rint(ink)
    return pictures
