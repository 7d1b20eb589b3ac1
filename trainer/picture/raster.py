"""Rasterisation of pen strokes: lines with round caps and joins, of a width that can vary along the line.

The drawing is first scaled to the size that it has in the picture (``scale_strokes``) and only then made of
pixels, so the window, the zoom, the place on the paper and the pen's colour cannot matter. Coverage is
computed from the distance of every pixel to every segment instead of by a drawing library: it varies
smoothly with the coordinates and is the same everywhere: a network's input must not change with the version
of a library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.picture.spec import SPEC
from trainer.picture.strokes import Stroke

_MANY_POINTS = 1000  # in a drawing: from here on those that cannot matter are left out
_POINT_STEP = 0.1  # final pixels: of points nearer than this along the line, one is enough
_MOST_POINTS = 8000  # more of them cannot be told apart in the box
_PIECE = 2  # raster pixels: the length into which long segments are cut
_CHUNK = 1 << 19  # pairs of a pixel and a piece that are held in memory at a time

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True, eq=False)
class ScaledStrokes:
    """Strokes brought to the size of the picture: segments, radii and box in final pixels.

    starts, ends: float64 (N, 2). start_radii, end_radii: float64 (N,). box: the inked area. A point of
    the drawing lies at (point - origin)·scale; scale is in final pixels per unit of the drawing.
    """

    starts: Floats
    ends: Floats
    start_radii: Floats
    end_radii: Floats
    box: Box
    origin: tuple[float, float]
    scale: float


def scale_strokes(
    strokes: Sequence[Stroke], side: float, *, beside: Box | None = None
) -> ScaledStrokes | None:
    """The strokes scaled so that their ink is ``side`` final pixels long, or None where no ink is seen.

    Nothing is seen where the points span no more than the pen's own width (a dot, a tick) or, with
    unknown width, where they are all the same. beside: where other ink lies, in the drawing's units; it
    is scaled with them.
    """
    if not strokes:
        return None
    points, lengths, widths = _joined(strokes)
    radii = np.full(len(points), SPEC.usual / 2)
    corners = np.empty((0, 2)) if beside is None else np.array(beside, np.float64).reshape(2, 2)
    points = np.concatenate([points, corners])
    origin = points.min(axis=0)
    points -= origin
    extent = float(points.max())
    no_radius = np.zeros(len(corners))
    if widths is not None:
        unknown = widths == 0
        # The widest first, as a median takes long.
        if extent <= widths.max() and extent <= float(np.median(widths[~unknown])):
            return None
        # With the widths as drawn, to see how thick they come out.
        fixed = np.where(unknown, SPEC.usual / 2, 0)
        scale = _fit(
            points,
            np.concatenate([widths / 2, no_radius]),
            np.concatenate([fixed, no_radius]),
            side,
        )
        radii = (
            np.where(unknown, SPEC.usual, np.clip(scale * widths, SPEC.thinnest, SPEC.thickest)) / 2
        )
    elif extent == 0:
        return None

    reach = np.concatenate([radii, no_radius])
    scale = _fit(points, np.zeros_like(reach), reach, side)
    points *= scale
    left, top = (points - reach[:, None]).min(axis=0)
    right, bottom = (points + reach[:, None]).max(axis=0)
    first, second = _segments(lengths)
    return ScaledStrokes(
        starts=points[first],
        ends=points[second],
        start_radii=radii[first],
        end_radii=radii[second],
        box=(float(left), float(top), float(right), float(bottom)),
        origin=(float(origin[0]), float(origin[1])),
        scale=scale,
    )


def ink_of(scaled: ScaledStrokes, side: int, per_pixel: int) -> NDArray[np.float32]:
    """The ink of the strokes in a square of ``side`` final pixels, box centred, float32 (n, n) in 0…1.

    n is side·per_pixel. The long side of the box fills the square; the short one lies in its middle, as
    in MNIST.
    """
    origin = np.array(square_around(scaled.box, side))
    count = side * per_pixel
    return coverage(
        (scaled.starts - origin) * per_pixel,
        (scaled.ends - origin) * per_pixel,
        scaled.start_radii * per_pixel,
        scaled.end_radii * per_pixel,
        (count, count),
    )


def square_around(box: Box, side: float) -> tuple[float, float]:
    """Left and top of a square of the given side with the box in its middle."""
    left, top, right, bottom = box
    return (left + right - side) / 2, (top + bottom - side) / 2


def coverage(
    starts: Floats,
    ends: Floats,
    start_radii: Floats,
    end_radii: Floats,
    shape: tuple[int, int],
) -> NDArray[np.float32]:
    """How much of each pixel lies under the segments, float32 of the given (rows, columns), 0…1.

    starts, ends: (N, 2) in pixels; start_radii, end_radii: (N,). A pixel is covered by 0.5 + the depth
    of its middle under the line's edge, cut to 0…1: exact for an edge along the rows or columns, within
    0.06 for any other.
    """
    rows, columns = shape
    starts, ends, start_radii, end_radii = _pieces(starts, ends, start_radii, end_radii)
    # A piece can only touch the pixels of a small window around it. A margin as wide as the window
    # saves the test for those that leave the raster.
    reach = float(np.maximum(start_radii, end_radii).max()) + 0.5
    window = int(np.ceil(2 * reach + _PIECE)) + 1
    depth = np.full((rows + 2 * window, columns + 2 * window), -1, np.float32)
    offsets = np.arange(window)
    chunk = max(1, _CHUNK // window**2)
    for begin in range(0, len(starts), chunk):
        part = slice(begin, begin + chunk)
        corner = np.floor(np.minimum(starts[part], ends[part]) - reach).astype(np.intp)
        np.clip(corner, -window, (columns, rows), out=corner)
        own = _depth(
            (starts[part] - corner).astype(np.float32),
            (ends[part] - corner).astype(np.float32),
            start_radii[part].astype(np.float32),
            end_radii[part].astype(np.float32),
            window,
        )
        row = (corner[:, 1, None] + (window + offsets)) * depth.shape[1]
        column = corner[:, 0, None] + (window + offsets)
        np.maximum.at(depth.reshape(-1), row[:, :, None] + column[:, None, :], own)
    inside = depth[window : window + rows, window : window + columns]
    return np.asarray(np.clip(inside + np.float32(0.5), 0, 1), np.float32)


def _pieces(
    starts: Floats, ends: Floats, start_radii: Floats, end_radii: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """The same segments, those longer than _PIECE pixels cut into equal parts."""
    length = np.hypot(*(ends - starts).T)
    parts = np.maximum(1, np.ceil(length / _PIECE)).astype(np.intp)
    of = np.repeat(np.arange(len(starts)), parts)
    number = np.arange(len(of)) - np.repeat(np.cumsum(parts) - parts, parts)
    begin, end = number / parts[of], (number + 1) / parts[of]
    along, growth = (ends - starts)[of], (end_radii - start_radii)[of]
    return (
        starts[of] + along * begin[:, None],
        starts[of] + along * end[:, None],
        start_radii[of] + growth * begin,
        start_radii[of] + growth * end,
    )


def _depth(
    starts: NDArray[np.float32],
    ends: NDArray[np.float32],
    start_radii: NDArray[np.float32],
    end_radii: NDArray[np.float32],
    window: int,
) -> NDArray[np.float32]:
    """How deep each pixel of a window lies under the edge of its own segment, float32 (N, rows, columns)."""
    middles = np.arange(window, dtype=np.float32) + np.float32(0.5)
    along = ends - starts
    length = np.hypot(along[:, 0], along[:, 1])
    unit = along / np.maximum(length, np.float32(1e-12))[:, None]
    unit[length == 0] = (1, 0)
    ux, uy = unit[:, 0, None], unit[:, 1, None]
    dx, dy = middles - starts[:, 0, None], middles - starts[:, 1, None]
    # In the segment's own frame: how far along it a pixel is, and how far beside it.
    t = (dy * uy)[:, :, None] + (dx * ux)[:, None, :]
    beside = (dy * ux)[:, :, None] - (dx * uy)[:, None, :]
    nearest = np.clip(t, 0, length[:, None, None])
    t -= nearest
    t *= t
    beside *= beside
    t += beside
    np.sqrt(t, out=t)
    nearest *= ((end_radii - start_radii) / np.maximum(length, np.float32(1e-12)))[:, None, None]
    nearest += start_radii[:, None, None]
    nearest -= t
    return np.asarray(nearest, np.float32)


def _joined(strokes: Sequence[Stroke]) -> tuple[Floats, list[int], Floats | None]:
    """The points of all strokes, how many belong to each, and the width of the ink at each point.

    Widths are 0 where they are unknown, and None where all are. Of very many points those are left out
    that cannot matter.
    """
    lengths = [len(s.points) for s in strokes]
    points = np.concatenate([s.points for s in strokes]).astype(np.float64)
    widths: Floats | None = None
    if any(stroke.width is not None for stroke in strokes):
        parts = (stroke.widths() for stroke in strokes)
        known = [np.zeros(n) if w is None else w for w, n in zip(parts, lengths, strict=True)]
        widths = np.concatenate(known).astype(np.float64)
    if len(points) > _MANY_POINTS:
        kept = _that_matter(points, lengths)
        ends = np.cumsum(lengths)
        lengths = np.diff(np.searchsorted(kept, ends), prepend=0).tolist()
        points = points[kept]
        widths = None if widths is None else widths[kept]
    return points, lengths, widths


def _that_matter(points: Floats, lengths: Sequence[int]) -> NDArray[np.intp]:
    """Indices of the points that show: the ends of the strokes, the outermost, and one a step between."""
    last = np.cumsum(lengths) - 1
    must = np.zeros(len(points), np.bool_)
    must[last] = True
    must[last - np.asarray(lengths) + 1] = True
    must[points.argmin(axis=0)] = True
    must[points.argmax(axis=0)] = True
    step = float((points.max(axis=0) - points.min(axis=0)).max()) / SPEC.box * _POINT_STEP
    if step > 0:
        moved = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
        cell = np.floor(np.cumsum(moved / step))
        must[1:] |= np.diff(cell) > 0
    kept = np.flatnonzero(must)
    if len(kept) > _MOST_POINTS + 2 * len(lengths) + 4:
        ends = np.concatenate([last, last - np.asarray(lengths) + 1])
        outermost = np.concatenate([points.argmin(axis=0), points.argmax(axis=0)])
        some = kept[:: -(-len(kept) // _MOST_POINTS)]
        kept = np.unique(np.concatenate([some, ends, outermost]))
    return kept


def _fit(points: Floats, growing: Floats, fixed: Floats, side: float) -> float:
    """The scale at which the inked box of the points is ``side`` long.

    A point's radius is scale·growing + fixed. With one radius for all, the answer is
    (side - 2·fixed) / (extent + 2·growing). Otherwise the box's length is convex and piecewise linear in
    the scale, and Newton's method from above ends exactly on it.
    """
    extent = float((points.max(axis=0) - points.min(axis=0)).max())
    if (growing == growing[0]).all() and (fixed == fixed[0]).all():
        return (side - 2 * float(fixed[0])) / (extent + 2 * float(growing[0]))
    scale = side / extent
    axes = np.arange(2)
    for _ in range(30):
        high = (scale * (points + growing[:, None]) + fixed[:, None]).argmax(axis=0)
        low = (scale * (points - growing[:, None]) - fixed[:, None]).argmin(axis=0)
        slope = points[high, axes] + growing[high] - points[low, axes] + growing[low]
        rest = fixed[high] + fixed[low]
        length = scale * slope + rest
        axis = int(length.argmax())
        if length[axis] <= side * (1 + 1e-12):
            break
        scale = (side - float(rest[axis])) / float(slope[axis])
    return scale


def _segments(lengths: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices of the two ends of every segment. A lone point is a segment of no length."""
    counts = np.asarray(lengths)
    last = np.cumsum(counts) - 1
    joined = np.ones(int(last[-1]) + 1, np.bool_)
    joined[last[counts > 1]] = False
    first = np.flatnonzero(joined)
    second = first + 1
    lone = last[counts == 1]
    second[np.searchsorted(first, lone)] = lone
    return first, second
