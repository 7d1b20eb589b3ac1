"""A panel in an image: a rectangle of another grey than what lies around it, on which something is written.

The display of a counter in its frame, a figure saved with a white page around it, a label on a box.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from trainer.picture.images.background import Plane
from trainer.picture.resampling import reduced

Mask = NDArray[np.bool_]

_THUMB = 112  # pixels a side at which a panel is looked for
_LEAST_SIDE = 18  # pixels: in smaller images there is no room for a panel and something in it
_LEAST_EXTENT = 0.3  # of the image's height and width each
_MOST_AREA = 0.97  # of the image: what is around it is seen
_TOLERANCES = (0.1, 0.2, 0.35)  # of the image's range, by which what lies around may vary
_RECTANGULAR = 0.93  # of its box that a panel fills
_BLURRED = 0.5  # pixels by which each of its edges is uncertain
_AROUND = 0.75  # of what is outside of the box has the grey of what lies around
_APART = 20  # of 255: by which the panel differs from what lies around it, at least
_RIM = 0.85  # of its rim has one grey
_GROUND = 0.35  # of the panel has that grey


def panel_in(grey: Plane) -> tuple[slice, slice] | None:
    """The rows and columns of the panel without its edge, or None where there is none."""
    if min(grey.shape) < _LEAST_SIDE:
        return None
    factor = -(-max(grey.shape) // _THUMB)
    thumb = _calm(reduced(grey, factor))
    for mask, level in _around(thumb):
        box = _rectangle(~mask, mask)
        if box is None:
            continue
        found = _within(thumb, box, level)
        if found is not None:
            (top, bottom), (left, right) = found
            return (
                slice(top * factor, min(bottom * factor, grey.shape[0])),
                slice(left * factor, min(right * factor, grey.shape[1])),
            )
    return None


def _calm(grey: Plane) -> Plane:
    from scipy import ndimage

    return np.asarray(ndimage.median_filter(grey, 3, mode="nearest"), np.float32)


def _around(thumb: Plane) -> Iterator[tuple[Mask, float]]:
    """What may lie around a panel: regions of about one grey along the image's edges, and their grey."""
    from scipy import ndimage

    border = np.concatenate([thumb[0], thumb[-1], thumb[:, 0], thumb[:, -1]])
    middle = (float(border.min()) + float(border.max())) / 2
    levels = [float(np.median(border))]
    for half in (border[border <= middle], border[border > middle]):
        if half.size > 0.15 * border.size and abs(float(np.median(half)) - levels[0]) > _APART:
            levels.append(float(np.median(half)))
    for level in levels:
        apart = np.abs(thumb - np.float32(level))
        most = float(np.percentile(apart, 98))
        if most < _APART:
            continue
        for tolerance in _TOLERANCES:
            labels, _ = ndimage.label(apart <= tolerance * most)
            edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
            outer = np.isin(labels, np.unique(edge[edge > 0]))
            yield np.asarray(outer, np.bool_), level


def _rectangle(inner: Mask, around: Mask) -> tuple[int, int, int, int] | None:
    """Top, bottom, left and right of the largest region, which has no holes, if that is a rectangle."""
    from scipy import ndimage

    labels, count = ndimage.label(inner)
    if not count:
        return None
    sizes = np.bincount(labels.ravel())[1:]
    rows, columns = ndimage.find_objects(labels)[int(sizes.argmax())]
    box = inner[rows, columns]
    if any(
        n < max(_LEAST_EXTENT * whole, 6) for n, whole in zip(box.shape, inner.shape, strict=True)
    ):
        return None
    # Of a few pixels the corners are lost in noise and blur.
    lost = max((1 - _RECTANGULAR) * box.size, _BLURRED * 2 * sum(box.shape))
    if box.size - sizes.max() > lost or box.size > _MOST_AREA * inner.size:
        return None
    if around.sum() - around[rows, columns].sum() < _AROUND * (inner.size - box.size):
        return None
    return rows.start, rows.stop, columns.start, columns.stop


def _within(
    thumb: Plane, box: tuple[int, int, int, int], level: float
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The panel without its blurred edge, where its rim has one grey that is not what lies around."""
    height, width = thumb.shape
    for inset in (1, 2, 3, 4):
        # At an edge of the image there is none of its own, but a trace of what lies around, maybe.
        top = box[0] + inset if box[0] > 0 else inset - 1
        bottom = box[1] - inset if box[1] < height else height - inset + 1
        left = box[2] + inset if box[2] > 0 else inset - 1
        right = box[3] - inset if box[3] < width else width - inset + 1
        panel = thumb[top:bottom, left:right]
        if min(panel.shape) < 6:
            return None
        rim = np.concatenate([panel[0], panel[-1], panel[:, 0], panel[:, -1]])
        ground = float(np.median(rim))
        apart = abs(ground - level)
        if apart < _APART:
            continue
        reach = 0.3 * apart
        if (np.abs(rim - ground) <= reach).mean() < _RIM:
            continue
        if (np.abs(panel - ground) <= reach).mean() < _GROUND:
            continue
        return (top, bottom), (left, right)
    return None
