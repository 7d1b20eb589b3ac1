"""Images of several drawings: digits beside one another, or a whole sheet of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trainer.picture.images.parts import Mask, Parts

_THUMB = 256  # pixels a side at which the parts are compared
_LEAST_SIDE = 6  # pixels: smaller parts are specks
_SMALLEST = 0.35  # of the largest part's height: what is less is a stroke of it, an accent, a dot
_OF_ALL = 0.2  # of the height of all together has the tallest part, at least
_MOST = 0.7  # of the ink is in the large parts, else these are no drawings but bits of a torn line
_ALIKE = 0.62  # of the tallest group's height is another drawing as high, at least
_GAP = 0.08  # of that height is between two drawings beside one another, at least, …
_GAP_BELOW = 0.3  # … and below one another
_THICKEST = 0.4  # of a part's longer side: half of a dot's width is more of it
_BAR = 0.22  # of its height: a part that is narrower is a bar, as two of which many signs are made


def shows_several(ink: NDArray[np.float32]) -> bool:
    """Whether ink (H, W), 0…255, is of several drawings: parts as high as one another, with room between.

    Strokes of one drawing that do not touch overlap in width and height, or one is much smaller.
    """
    parts = Parts.of(_thumb(ink > 0, -(-max(ink.shape) // _THUMB)))
    if parts is None or len(parts.areas) < 2:
        return False
    return _are_several(parts)


def _thumb(mask: Mask, factor: int) -> Mask:
    """Where there is any of the mask in factor×factor pixels and their neighbours: no line is torn."""
    from scipy import ndimage

    missing = [(0, -n % factor) for n in mask.shape]
    height, width = (-(-n // factor) for n in mask.shape)
    tiles = np.pad(mask, missing).reshape(height, factor, width, factor).any(axis=(1, 3))
    return np.asarray(ndimage.binary_closing(np.pad(tiles, 2), np.ones((3, 3))), np.bool_)


def _are_several(parts: Parts) -> bool:
    tallest = int((parts.bottoms - parts.tops).max())
    # A dotted or torn line has small parts only, unlike a few drawings on one image.
    if tallest < _OF_ALL * max(parts.bottoms.max() - parts.tops.min(), 1):
        return False
    large = (parts.sides >= max(_LEAST_SIDE, _SMALLEST * tallest)) & (
        parts.thickness < _THICKEST * parts.sides
    )
    if parts.areas[large].sum() < _MOST * parts.areas.sum():
        return False
    if large.sum() < 2:
        return False
    boxes = [
        (int(parts.lefts[i]), int(parts.rights[i]), int(parts.tops[i]), int(parts.bottoms[i]))
        for i in np.flatnonzero(large)
    ]
    columns = _groups([(left, right) for left, right, _, _ in boxes], _GAP * tallest)
    if len(columns) > 1:
        heights, widths = [], []
        for column in columns:
            own = [boxes[i] for i in column]
            heights.append(max(b[3] for b in own) - min(b[2] for b in own))
            widths.append(max(b[1] for b in own) - min(b[0] for b in own))
        alike = [h >= _ALIKE * max(heights) for h in heights]
        bars = [w <= _BAR * h for h, w in zip(heights, widths, strict=True)]
        if sum(alike) >= 2 and not all(bar for bar, a in zip(bars, alike, strict=True) if a):
            return True
        return sum(alike) >= 3
    rows = _groups([(top, bottom) for _, _, top, bottom in boxes], _GAP_BELOW * tallest)
    if len(rows) < 2:
        return False
    heights = [max(boxes[i][3] for i in row) - min(boxes[i][2] for i in row) for row in rows]
    widths = [max(boxes[i][1] for i in row) - min(boxes[i][0] for i in row) for row in rows]
    alike = [h >= _ALIKE * max(heights) for h in heights]
    upright = [h >= 0.8 * w for h, w in zip(heights, widths, strict=True)]
    return sum(a and u for a, u in zip(alike, upright, strict=True)) >= 2


def _groups(spans: list[tuple[int, int]], gap: float) -> list[list[int]]:
    """The indices of spans that overlap or lie nearer to one another than the gap, group by group."""
    groups: list[list[int]] = []
    reached = -np.inf
    for i in sorted(range(len(spans)), key=lambda i: spans[i]):
        if not groups or spans[i][0] > reached + gap:
            groups.append([])
        groups[-1].append(i)
        reached = max(reached, float(spans[i][1]))
    return groups
