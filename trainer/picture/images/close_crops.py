"""Images that end about where the writing ends: there is too little paper around it to tell it by that.

Such an image has two tones. Which of them is the paper is asked of its border and its corners.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trainer.picture.images.background import Plane
from trainer.picture.resampling import reduced

Mask = NDArray[np.bool_]

TINY = 20  # pixels a side up to which every pixel counts, and an image of a digit may have hardly any paper
_LEAST_SIDE, _LEAST_TINY_SIDE = 6, 2
_THUMB = 128  # pixels a side at which the tones are looked at
_CLOSE = 0.85  # of the image's height or width is what is written in it as long, at least
_LEAST_INK, _MOST_INK = 0.06, 0.65  # of the image
_THICKEST = 0.2  # of the image's longer side: half the width of a line
_WIDEST = (
    0.13  # of the same: area to outline; a stroke has paper on both of its sides, a shadow has not
)
_MOST_BORDER = 0.6  # of the border is under ink
_SOFT = 0.6  # times as many pixels as are ink may lie between paper and ink
_CLEAN = 0.2  # of the contrast: standard deviation of the paper around an even slope


def paper_of(grey: Plane, *, panel: bool = False) -> tuple[Plane, bool] | None:
    """The paper as if nothing were written on it, and whether the ink is darker than that. None where this
    is no close crop of something written.

    panel: the image is known to be of two tones, whatever room there is around what is written. An image of
    at most TINY pixels a side is taken for one.
    """
    tiny = max(grey.shape) <= TINY
    if min(grey.shape) < (_LEAST_TINY_SIDE if tiny else _LEAST_SIDE):
        return None
    factor = -(-max(grey.shape) // _THUMB)
    thumb = reduced(grey, factor)
    light = thumb > _threshold(thumb)
    if light.all() or not light.any():
        return None
    dark = _paper_is_light(light)
    paper = light if dark else ~light
    if tiny:  # there need not be an edge or a corner without ink
        level = float(np.percentile(grey[paper], 75 if dark else 25))
        return np.full_like(grey, level), dark
    slope = np.zeros(3)
    for _ in range(3):
        if not _LEAST_INK <= 1 - paper.mean() <= _MOST_INK:
            return None
        slope = _slope(thumb, paper)
        found = _even(slope, thumb.shape)
        difference = found - thumb if dark else thumb - found
        contrast = float(np.median(difference[~paper]))
        if contrast <= 0:
            return None
        paper = difference < 0.5 * contrast
        if paper.all():
            return None
    spread = 1.4826 * float(np.median(np.abs(difference[paper])))
    soft = np.count_nonzero((difference > 0.3 * contrast) & (difference < 0.7 * contrast))
    if soft > _SOFT * np.count_nonzero(difference >= 0.7 * contrast):
        return None  # light and shade
    if spread > _CLEAN * contrast or not (panel or _is_close(~paper)):
        return None
    return _even(slope, grey.shape), dark


def _threshold(grey: Plane) -> float:
    """The grey between two tones, by Otsu (IEEE Transactions on Systems, Man and Cybernetics 9, 1979)."""
    counts = np.bincount(np.clip(np.rint(grey), 0, 255).astype(np.intp).ravel(), minlength=256)
    below = np.cumsum(counts).astype(float)
    sums = np.cumsum(counts * np.arange(256.0))
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    between = np.nan_to_num(between)
    # Of all that part the greys in the same way, the middle.
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float(best.mean()) + 0.5


def _paper_is_light(light: Mask) -> bool:
    """Whether the lighter tone is the paper: it has more of the border, the corners and the area."""
    from scipy import ndimage

    border = np.concatenate([light[0], light[-1], light[1:-1, 0], light[1:-1, -1]])
    corners = light[[0, 0, -1, -1], [0, -1, 0, -1]]
    # Lines are narrow, and what is left of the paper need not be.
    widths = [float(ndimage.distance_transform_edt(tone).max()) for tone in (light, ~light)]
    wider = 0.5 if widths[0] > widths[1] else 0.0
    return float(border.mean() + 0.5 * corners.mean() + light.mean()) + wider >= 1.5


def _slope(grey: Plane, paper: Mask) -> NDArray[np.float64]:
    """How the paper's grey slopes evenly over the image: at its middle, to the right and downward."""
    y, x = ((np.arange(n) + 0.5) / n - 0.5 for n in grey.shape)
    terms = np.stack([np.ones(grey.shape), *np.meshgrid(x, y)], axis=-1)
    found, *_ = np.linalg.lstsq(terms[paper], grey[paper].astype(np.float64), rcond=None)
    return np.asarray(found, np.float64)


def _even(slope: NDArray[np.float64], shape: tuple[int, ...]) -> Plane:
    y, x = ((np.arange(n, dtype=np.float32) + 0.5) / n - 0.5 for n in shape)
    plane: Plane = (slope[0] + slope[1] * x + slope[2] * y[:, None]).astype(np.float32)
    return plane


def _fills(ink: Mask) -> bool:
    """Whether ink fills the image in height or in width."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    high, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    return bool(high >= _CLOSE * ink.shape[0] or wide >= _CLOSE * ink.shape[1])


def _is_close(ink: Mask) -> bool:
    """Whether the largest part is made of lines and fills the image in height or in width."""
    from scipy import ndimage

    labels, count = ndimage.label(ink, np.ones((3, 3)))
    if not count:
        return False
    largest = labels == int(np.bincount(labels.ravel())[1:].argmax()) + 1
    if not _fills(largest):
        return False
    border = np.concatenate([ink[0], ink[-1], ink[1:-1, 0], ink[1:-1, -1]])
    if border.mean() > _MOST_BORDER:
        return False
    half = float(ndimage.distance_transform_edt(largest).max())
    plain = ndimage.median_filter(largest.view(np.uint8), 5, mode="nearest")  # without noise
    outline = sum(np.count_nonzero(np.diff(plain, axis=axis)) for axis in (0, 1))
    return half <= _THICKEST * max(ink.shape) and bool(
        largest.sum() <= _WIDEST * max(ink.shape) * outline
    )
