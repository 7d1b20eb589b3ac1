"""Planes of ink at another size: area averages when shrinking, straight lines between when enlarging.

Where sizes are no multiples of each other, these are matrices that are multiplied from the left for the
rows and, transposed, from the right for the columns. They are exact at any offset and scale, and
no release of a library can change them (scipy.ndimage.zoom interpolates and does not average areas).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@lru_cache(maxsize=16)
def averages(first: float, step: float, count: int, cells: int) -> Matrix:
    """Weights (cells, count) that average pixels over cells.

    Cell i reaches from first + i·step to first + (i + 1)·step, in pixels; outside of the ``count`` pixels
    there is nothing, which counts as 0.
    """
    edges = first + step * np.arange(cells + 1)
    pixels = np.arange(count)
    low = np.maximum(edges[:-1, None], pixels)
    high = np.minimum(edges[1:, None], pixels + 1)
    weights: Matrix = np.maximum(high - low, 0) / step
    weights.flags.writeable = False
    return weights


def shrunk(plane: NDArray[Any], factor: int) -> Matrix:
    """The averages of factor×factor pixels; what is missing at the right and the bottom counts as 0."""
    height, width = (-(-n // factor) for n in plane.shape)
    missing = (0, height * factor - plane.shape[0]), (0, width * factor - plane.shape[1])
    tiles = np.pad(plane, missing).reshape(height, factor, width, factor)
    return np.asarray(tiles.mean(axis=(1, 3), dtype=np.float64), np.float64)


def reduced(plane: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """The averages of whole tiles of factor×factor pixels; a rest at the right and the bottom is left out."""
    if factor == 1:
        return plane
    height, width = (n // factor for n in plane.shape)
    tiles = plane[: height * factor, : width * factor].reshape(height, factor, width, factor)
    return np.asarray(tiles.mean(axis=3).mean(axis=1), np.float32)


def enlarged(plane: NDArray[Any], factor: int) -> Matrix:
    """factor×factor pixels for each one, linearly between the middles of the old ones."""
    rows, columns = (_between(n, factor) for n in plane.shape)
    return np.asarray(rows @ plane @ columns.T, np.float64)


def _between(count: int, factor: int) -> Matrix:
    at = np.clip((np.arange(count * factor) + 0.5) / factor - 0.5, 0, count - 1)
    weights: Matrix = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(count)))
    return weights
