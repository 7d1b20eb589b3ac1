"""The 28×28 picture that every network gets, made by MNIST's own recipe.

MNIST (LeCun, Cortes, Burges): the ink's bounding box is scaled into 20×20 keeping its aspect, with
anti-aliasing, and its centre of mass is put at the centre of 28×28. Strokes and images end in the same
code, and drawing, training, command line and tests all call it.

What "MNIST's own" means was measured on its 60,000 training images:

- The longer side of the ink is exactly 20 pixels in 59,987 of them, 19 in the rest.
- The centre of mass lies at row 14.00 ± 0.29 and column 14.01 ± 0.29, evenly spread over 13.5…14.5:
  a shift by whole pixels that brings it nearest to the middle of pixel (14, 14), not to 13.5.
- The shorter side keeps its true aspect and lies in the middle of the 20×20 box: the outermost rows along
  the longer side are crisp (median of their maximum 253), the outermost columns along the shorter one are
  any grey (5 % … 95 %: 22 … 248).
- The edges are those of area averaging: a straight edge is one grey pixel wide, not two.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainer.raster import ink_of, lay_out
from trainer.strokes import Drawing, InkImage

if TYPE_CHECKING:
    from PIL import Image

#: Side of the picture, and of the box that the ink fills, in pixels.
SIZE = 28
BOX = 20

#: Written into every weights file: a network reads pictures that were made the way it was taught.
PREPROCESSING = "mnist-1"

Picture = NDArray[np.uint8]  # (28, 28), 255 where there is ink

_CENTRE = 14.0  # where the centre of mass goes: the middle of the pixel of this index
_INDEX = np.arange(BOX)
_LARGEST = 512  # pixels a side of the ink taken from an image
_PER_PIXEL = 2  # pixels of the strokes' raster to one of the picture


def picture_from_drawing(drawing: Drawing) -> Picture | None:
    """The picture of what is on the paper, or None where (nearly) nothing is drawn."""
    layout = lay_out(drawing.strokes, BOX)
    if layout is None:
        return None
    ink = ink_of(layout, BOX, _PER_PIXEL)
    return finish(ink * 255, box=(0, 0, ink.shape[1], ink.shape[0]))


def picture_from_image(image: Image.Image) -> Picture | None:
    """The picture of an image of any mode and size, or None where it shows (nearly) nothing.

    Raises PictureError where the image cannot be decoded.
    """
    ink = ink_from_image(image)
    return None if ink is None else finish(ink.ink)


def ink_from_image(image: Image.Image) -> InkImage | None:
    """The ink of an image, cropped to its bounding box, at most 512 pixels a side: to lay on the paper."""
    from trainer.image_file import grey_of
    from trainer.image_ink import written

    grey = grey_of(image)
    ink = None if grey is None else written(grey)
    if ink is None:
        return None
    factor = -(-max(ink.shape) // _LARGEST)
    if factor > 1:
        ink = np.rint(_shrunk(ink, factor)).astype(np.uint8)
    height, width = ink.shape
    return InkImage(ink, 0.0, 0.0, float(width), float(height))


def _shrunk(ink: NDArray[Any], factor: int) -> NDArray[np.float64]:
    """The averages of factor×factor pixels; what is missing at the right and the bottom is blank."""
    height, width = (-(-n // factor) for n in ink.shape)
    padded = np.zeros((height * factor, width * factor), np.float64)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    averages: NDArray[np.float64] = padded.reshape(height, factor, width, factor).mean(axis=(1, 3))
    return averages


def finish(
    ink: NDArray[Any], *, box: tuple[float, float, float, float] | None = None
) -> Picture | None:
    """The picture of a raster of ink, the last step of every way to a picture. None where it is blank.

    ink: (H, W) of any real dtype, 0…255. box: left, top, right and bottom of the inked area in raster
    pixels, where it is known better than from the pixels that are not 0.
    """
    field = ink.astype(np.float64)
    if box is None:
        found = ink_box(field)
        if found is None:
            return None
        left, top, right, bottom = found
        field = field[top:bottom, left:right]
        box = (0, 0, right - left, bottom - top)
    left_, top_, right_, bottom_ = box
    step = max(right_ - left_, bottom_ - top_) / BOX
    rows = _averages(top_, bottom_, step, field.shape[0])
    columns = _averages(left_, right_, step, field.shape[1])
    return _place(rows @ field @ columns.T)


def ink_box(ink: NDArray[Any]) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom (the last two exclusive) of the pixels that are not 0."""
    rows = np.flatnonzero(ink.any(axis=1))
    if not rows.size:
        return None
    columns = np.flatnonzero(ink.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@lru_cache(maxsize=64)
def _averages(begin: float, end: float, step: float, count: int) -> NDArray[np.float64]:
    """Weights (BOX, count) that average ``count`` raster pixels over BOX cells of ``step`` pixels.

    The middle of begin…end comes to lie in the middle of the box. At a step of exactly 1 it is moved by
    the half pixel that may be missing, so that a picture of the right size stays as it is.
    """
    first = (begin + end - BOX * step) / 2
    if step == 1:
        first = np.floor(first)
    edges = first + step * np.arange(BOX + 1)
    pixels = np.arange(count)
    low = np.maximum(edges[:-1, None], pixels)
    high = np.minimum(edges[1:, None], pixels + 1)
    weights: NDArray[np.float64] = np.maximum(high - low, 0) / step
    weights.flags.writeable = False
    return weights


def _place(box: NDArray[np.float64]) -> Picture | None:
    """A BOX×BOX field of ink 0…255 at its place in the picture."""
    mass = float(box.sum())
    if not mass > 0:
        return None
    row = math.floor(_CENTRE - float(box.sum(axis=1) @ _INDEX) / mass + 0.5)
    column = math.floor(_CENTRE - float(box.sum(axis=0) @ _INDEX) / mass + 0.5)
    top, left = (min(max(at, 0), SIZE - BOX) for at in (row, column))
    picture = np.zeros((SIZE, SIZE), np.uint8)
    picture[top : top + BOX, left : left + BOX] = np.rint(box)
    return picture
