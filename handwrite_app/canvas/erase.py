"""The geometry of the eraser: what one straight movement of it takes away. Knows no Qt."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from trainer.picture.strokes import Drawing, InkImage, Stroke

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    from trainer.base.lazy import np

#: Strokes are looked at in steps of this many drawing units near the eraser. Cuts lie between two steps
#: by linear interpolation, so they are far more exact than this.
_STEP = 1.0
#: Remains shorter than this many drawing units are dropped.
_CRUMB = 1.0

Points: TypeAlias = "NDArray[Any]"  # (N, 2)


def erase_segment(
    drawing: Drawing, start: Points, end: Points, radius: float, default_width: float
) -> Drawing:
    """The drawing after the eraser went straight from start to end, both (2,); the same object where
    nothing was touched. default_width is the width of strokes that know none."""
    strokes: list[Stroke] = []
    changed = False
    for stroke in drawing.strokes:
        pieces = _split(stroke, start, end, radius, default_width)
        if pieces is None:
            strokes.append(stroke)
        else:
            changed = True
            strokes += pieces
    image = drawing.image
    if image is not None:
        image = _wipe(image, start, end, radius)
        changed = changed or image is not drawing.image
    return Drawing(tuple(strokes), image) if changed else drawing


def _split(
    stroke: Stroke, start: Points, end: Points, radius: float, default_width: float
) -> list[Stroke] | None:
    """What is left of the stroke, or None where the eraser did not touch it.

    Ink is cut once the eraser reaches its middle, and then as far as its round end would still lie under
    the eraser. At the ends of a stroke touching is enough, so that ink can be eaten up along its length.
    """
    left, top, right, bottom = ink_box(stroke, default_width)
    (x0, y0), (x1, y1) = start.tolist(), end.tolist()
    if (
        max(x0, x1) + radius < left
        or min(x0, x1) - radius > right
        or max(y0, y1) + radius < top
        or min(y0, y1) - radius > bottom
    ):
        return None

    xy = stroke.points.astype(np.float64)
    widths = stroke.widths()
    half = np.full(len(xy), default_width / 2) if widths is None else widths / 2.0
    lengths = np.hypot(*np.diff(xy, axis=0).T)
    # Between two points the line comes at most half its length nearer than they are on average.
    away = _distance(xy, start, end)
    near = (away[:-1] + away[1:] - lengths) / 2 <= radius + half.max()
    if len(xy) > 1 and not near.any():
        return None
    at = _positions(lengths, near)
    index = np.arange(len(xy), dtype=np.float64)
    samples = np.stack([np.interp(at, index, xy[:, 0]), np.interp(at, index, xy[:, 1])], axis=1)
    distance = _distance(samples, start, end)
    clearance = distance - radius - np.interp(at, index, half)

    removed = _runs(clearance < 0)
    last = len(at) - 1
    removed = [
        (first, final)
        for first, final in removed
        if first == 0 or final == last or (distance[first : final + 1] < radius).any()
    ]
    if not removed:
        return None

    pieces = []
    begin = 0.0
    for first, final in removed:
        if first > 0:
            pieces.append(_piece(stroke, begin, _crossing(at, clearance, first - 1)))
        begin = _crossing(at, clearance, final) if final < last else np.inf
    if np.isfinite(begin):
        pieces.append(_piece(stroke, begin, float(len(xy) - 1)))
    return [piece for piece in pieces if _length(piece) >= _CRUMB]


@lru_cache(maxsize=1024)
def ink_box(stroke: Stroke, default_width: float) -> tuple[float, float, float, float]:
    """left, top, right, bottom of a box that holds all ink of a stroke. Remembered: an eraser asks this of
    every stroke whenever it moves."""
    left, top = stroke.points.min(axis=0).tolist()
    right, bottom = stroke.points.max(axis=0).tolist()
    reach = 0.75 * (stroke.width or default_width)  # a pressed pen is half as wide again
    return left - reach, top - reach, right + reach, bottom + reach


def _positions(lengths: NDArray[np.float64], near: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(M,) fractional indices along a stroke: every point, and steps in between where it is near."""
    counts = np.where(near, np.ceil(lengths / _STEP), 1).astype(np.intp).clip(1)
    owner = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.append(owner + within / counts[owner], float(len(counts)))


def _distance(points: Points, start: Points, end: Points) -> NDArray[np.float64]:
    """(N,) distance of points (N, 2) from the line segment."""
    along = end - start
    offset = points - start
    squared = float(along @ along)
    if squared > 0:
        share = np.clip(offset @ along / squared, 0, 1)
        offset = offset - share[:, None] * along
    result: NDArray[np.float64] = np.hypot(offset[:, 0], offset[:, 1])
    return result


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(first, last) index of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _crossing(at: NDArray[np.float64], clearance: NDArray[np.float64], index: int) -> float:
    """Where between the samples index and index + 1 the clearance is zero."""
    a, b = clearance[index], clearance[index + 1]
    share = a / (a - b) if a != b else 0.0
    return float(at[index] + share * (at[index + 1] - at[index]))


def _piece(stroke: Stroke, begin: float, end: float) -> Stroke:
    """The part of a stroke between two fractional indices."""
    inner = np.arange(np.floor(begin) + 1, np.ceil(end))
    at = np.concatenate([[begin], inner, [end]]) if end > begin else np.array([begin])
    index = np.arange(len(stroke.points), dtype=np.float64)

    def take(channel: NDArray[Any]) -> NDArray[np.float64]:
        values: NDArray[np.float64] = np.interp(at, index, channel)
        return values

    return Stroke.make(
        np.stack([take(stroke.points[:, 0]), take(stroke.points[:, 1])], axis=1),
        pressure=None if stroke.pressure is None else take(stroke.pressure),
        times=None if stroke.times is None else take(stroke.times),
        width=stroke.width,
    )


def _length(stroke: Stroke) -> float:
    return float(np.hypot(*np.diff(stroke.points, axis=0).T).sum())


def _wipe(image: InkImage, start: Points, end: Points, radius: float) -> InkImage | None:
    """The picture with its ink cleared under the eraser: itself where there was none, None where none
    is left."""
    rows, columns = image.ink.shape
    pixel = np.array([image.width / columns, image.height / rows])
    origin = np.array([image.left, image.top])
    reach = radius + pixel.max()
    low = np.floor((np.minimum(start, end) - reach - origin) / pixel).astype(int).clip(0)
    high = np.ceil((np.maximum(start, end) + reach - origin) / pixel).astype(int)
    high = np.minimum(high, [columns, rows])
    if (low >= high).any():
        return image
    part = (slice(low[1], high[1]), slice(low[0], high[0]))
    x = origin[0] + (np.arange(low[0], high[0]) + 0.5) * pixel[0]
    y = origin[1] + (np.arange(low[1], high[1]) + 0.5) * pixel[1]
    centres = np.stack(np.meshgrid(x, y), axis=-1)
    distance = _distance(centres.reshape(-1, 2), start, end).reshape(centres.shape[:2])
    # One pixel of soft edge. A minimum and not a product: going over it twice changes nothing.
    kept = np.clip((distance - radius) / pixel.max() + 0.5, 0, 1)
    old = image.ink[part]
    new = np.minimum(old, np.round(kept * 255).astype(np.uint8))
    if np.array_equal(old, new):
        return image
    ink = image.ink.copy()
    ink[part] = new
    if not ink.any():
        return None
    ink.flags.writeable = False
    return InkImage(ink, image.left, image.top, image.width, image.height)
