"""What an image would be without its ink: one grey, or paper under uneven light."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FLAT = 3  # levels by which a flat background may vary
_FLAT_SHARE = 0.3  # of all pixels lie on a background that counts as flat
_THUMB = 96  # pixels a side at which a shaded background is estimated
_WIDEST = 0.25  # of the image's side: what is narrower may be ink, what is wider is light and shade

Plane = NDArray[np.float32]  # (H, W), 0…255


def flat_level(grey: Plane) -> float | None:
    """The grey of a flat background, or None where the background is not flat.

    Of the greys that cover enough, it is the one with the most of the border and the area.
    """
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    share = _near(grey) / grey.size
    score = np.where(share >= _FLAT_SHARE, share + _near(border) / border.size, 0)
    best = int(score.argmax())
    if score[best] == 0:
        return None
    return float(np.median(grey[np.abs(grey - np.float32(best)) <= _FLAT]))


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


def shaded(grey: Plane) -> tuple[Plane, Plane]:
    """The background under uneven light: for light ink on it, and for dark ink on it.

    Ink is narrow: opening (or closing) with a window wider than any line removes it and follows the
    edges of shadows, which smoothing would not.
    """
    from scipy import ndimage

    factor = -(-max(grey.shape) // _THUMB)
    thumb = _medians(grey, factor)
    window = max(3, round(_WIDEST * max(thumb.shape)))
    results = []
    for filtered in (
        ndimage.grey_opening(thumb, size=window, mode="nearest"),
        ndimage.grey_closing(thumb, size=window, mode="nearest"),
    ):
        smooth = ndimage.gaussian_filter(filtered, 1, mode="nearest")
        background = _enlarged(smooth, factor, grey.shape)
        # Of noise the filters keep the extremes; most of the image lies on the background by definition.
        background += np.median(grey - background)
        results.append(background)
    return results[0], results[1]


def _medians(grey: Plane, factor: int) -> Plane:
    """The medians of factor×factor pixels: ink thinner than half of that is gone, and most noise."""
    height, width = (-(-n // factor) for n in grey.shape)
    missing = (0, height * factor - grey.shape[0]), (0, width * factor - grey.shape[1])
    padded = np.pad(grey, missing, mode="edge")
    tiles = padded.reshape(height, factor, width, factor)
    return np.median(tiles, axis=(1, 3)).astype(np.float32)


def _enlarged(plane: Plane, factor: int, shape: tuple[int, int]) -> Plane:
    """The plane at factor times its size, linearly between its values, cut to the shape."""
    from scipy import ndimage

    rows, columns = ((np.arange(n) + 0.5) / factor - 0.5 for n in shape)
    grid = np.meshgrid(rows, columns, indexing="ij")
    return np.asarray(ndimage.map_coordinates(plane, grid, order=1, mode="nearest"), np.float32)
