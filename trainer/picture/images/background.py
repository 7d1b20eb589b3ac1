"""What an image would be without its ink: one grey, or paper under uneven light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trainer.picture.resampling import enlarged

_FLAT = 3  # levels by which a flat background may vary
_FLAT_SHARE = 0.3  # of all pixels lie on a background that counts as flat
_BESIDE = 0.3  # times as many pixels may be a little off: edges, ruled lines, traces of JPEG
_THUMB = 96  # pixels a side at which a shaded background is estimated
_WIDEST = 0.25  # of the image's side: what is narrower may be ink, what is wider is light and shade

Plane = NDArray[np.float32]  # (H, W), 0…255


def flat_level(grey: Plane) -> float | None:
    """The grey of a flat background, or None where the background is not flat.

    Of the greys that cover enough, it is the one with the most of the border and the area. It is flat if
    few pixels lie beside it: what differs from a flat background is ink, and differs much.
    """
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    share = _near(grey) / grey.size
    score = np.where(share >= _FLAT_SHARE, share + _near(border) / border.size, 0)
    best = int(score.argmax())
    if score[best] == 0:
        return None
    apart = np.abs(grey - np.float32(best))
    near = apart <= _FLAT
    beside = np.count_nonzero(~near & (apart < 0.3 * float(apart.max())))
    if beside > _BESIDE * np.count_nonzero(near):
        return None
    return float(np.median(grey[near]))


def is_untouched(grey: Plane, level: float) -> bool:
    """Whether the flat background is one grey exactly, so that whatever differs from it was drawn."""
    same = np.abs(grey - np.float32(level)) < 0.5
    for axis in (0, 1):
        same = same & np.roll(same, 1, axis) & np.roll(same, -1, axis)
    return float(same.mean()) > 0.1


def _near(values: NDArray[np.float32]) -> NDArray[np.intp]:
    """For each of the levels 0…255, how many values lie within _FLAT of it."""
    counts = np.bincount(np.rint(values).astype(np.intp).ravel(), minlength=256)
    total = np.concatenate([np.zeros(1, np.intp), np.cumsum(counts)])
    levels = np.arange(256)
    return np.asarray(
        total[np.minimum(levels + _FLAT + 1, 256)] - total[np.maximum(levels - _FLAT, 0)], np.intp
    )


def ink_is_dark(grey: Plane, level: float | None, least: float) -> bool:
    """Whether it is dark ink that stands out from the background, by more than ``least``, or light ink.

    level: the grey of the background where it is flat.
    """
    if level is None:
        # This background need not be exact, for shade is smooth and only what lies at an edge is asked.
        factor = -(-max(grey.shape) // _THUMB)
        difference = grey - _enlarged(_median_around(_medians(grey, factor)), factor, grey.shape)
        difference -= np.median(difference[::3, ::3])
        difference[~_at_edges(grey)] = 0
    else:
        difference = grey - np.float32(level)
    difference[np.abs(difference) < least] = 0
    strength = np.square(difference)
    return bool(strength[difference < 0].sum() >= strength[difference > 0].sum())


def _at_edges(grey: Plane) -> NDArray[np.bool_]:
    """Where the image is steep, but for its outermost parts, which may show the table under the paper."""
    from scipy import ndimage

    rows, columns = (slice(n // 8, n - n // 8) for n in grey.shape)
    steepness = ndimage.gaussian_gradient_magnitude(grey, 1, mode="nearest")
    steep = np.zeros(grey.shape, np.bool_)
    inner = steepness[rows, columns]
    steep[rows, columns] = inner > 0.25 * np.percentile(inner, 99.5)
    return steep


def shaded(grey: Plane, *, dark_ink: bool) -> Plane:
    """The background under uneven light.

    Ink is narrow: closing (opening where it is light) with a window wider than any line removes it and
    follows the edges of shadows, which smoothing would not.
    """
    from scipy import ndimage

    factor = -(-max(grey.shape) // _THUMB)
    thumb = _medians(grey, factor)
    window = max(3, round(_WIDEST * max(thumb.shape)))
    # Mirrored in its border and in the grey there, light that falls off towards the border goes on falling.
    thumb = ndimage.gaussian_filter(thumb, 1, mode="nearest")
    margin = min(window, *(n - 1 for n in thumb.shape))
    wide = np.pad(thumb, margin, mode="reflect", reflect_type="odd") if margin > 0 else thumb
    without_ink = ndimage.grey_closing if dark_ink else ndimage.grey_opening
    wide = ndimage.gaussian_filter(without_ink(wide, size=window), 1)
    rows, columns = (slice(margin, margin + n) for n in thumb.shape)
    closed = wide[rows, columns]
    # Of noise the filters keep the extremes; most of any large part lies on the background.
    closed += _median_around(thumb - closed)
    return _enlarged(closed, factor, grey.shape)


def in_even_light(grey: Plane, window: int) -> Plane:
    """The grey, of dark ink, as a fraction of the paper's around it: 255 on both sides of a shadow's edge.

    window: pixels, wider than any stroke.
    """
    from scipy import ndimage

    smooth = ndimage.uniform_filter(grey, 3)
    paper = ndimage.grey_closing(smooth, size=window)
    paper -= np.median(paper - smooth)  # the filter keeps the noise's extremes
    return np.asarray(np.minimum(255 * grey / np.maximum(paper, 24), 255), np.float32)


def _median_around(thumb: Plane) -> Plane:
    """At each pixel the median of a window of half the plane's side: ink covers less than half of that."""
    from scipy import ndimage

    coarse = thumb[::2, ::2]
    medians = ndimage.median_filter(coarse, size=max(3, max(coarse.shape) // 2), mode="nearest")
    return _enlarged(medians, 2, thumb.shape)


def _medians(grey: Plane, factor: int) -> Plane:
    """The medians of factor×factor pixels: ink thinner than half of that is gone, and most noise."""
    height, width = (-(-n // factor) for n in grey.shape)
    missing = (0, height * factor - grey.shape[0]), (0, width * factor - grey.shape[1])
    padded = np.pad(grey, missing, mode="edge")
    tiles = padded.reshape(height, factor, width, factor)
    return np.median(tiles, axis=(1, 3)).astype(np.float32)


def _enlarged(plane: Plane, factor: int, shape: tuple[int, int]) -> Plane:
    """The plane at factor times its size, cut to the shape."""
    return enlarged(plane, factor)[: shape[0], : shape[1]].astype(np.float32)
