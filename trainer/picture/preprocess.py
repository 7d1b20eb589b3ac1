"""Preprocessing: the 28×28 input of every network, made as MNIST was.

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
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainer.picture.raster import ink_of, scale_strokes, square_around
from trainer.picture.resampling import averages, enlarged, shrunk
from trainer.picture.spec import SPEC
from trainer.picture.strokes import Drawing, InkImage, Stroke
from trainer.picture.thickness import natural

if TYPE_CHECKING:
    from PIL import Image

#: Side of the picture, and of the box that the ink fills, in pixels.
SIZE = SPEC.size
BOX = SPEC.box

#: Written into every weights file: a network reads inputs that are made the way it was trained on.
PREPROCESSING = SPEC.version

Picture = NDArray[np.uint8]  # (28, 28), 255 where there is ink
Pixels = tuple[int, int, int, int]  # left, top, right and bottom, the last two exclusive

_INDEX = np.arange(BOX)


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """What the picture is made through, so that it can be shown. All ink is 0…255.

    crop: (H, W), the raster of the ink within its bounding box. box: (20, 20), the same brought to that size.
    left, top: where the box lies in the picture, in its pixels. picture: uint8 (28, 28). frame: left, top
    and side of the picture in the drawing's units; (0, 0, 0) where it is not known.
    """

    crop: NDArray[Any]
    box: NDArray[np.float64]
    left: int
    top: int
    picture: Picture
    frame: tuple[float, float, float] = (0.0, 0.0, 0.0)


def picture_from_drawing(drawing: Drawing) -> Picture | None:
    """The picture of what is on the paper, uint8 (28, 28), or None where (nearly) nothing is drawn.
    `stages_of_drawing` makes it, and says more of it."""
    stages = stages_of_drawing(drawing)
    return None if stages is None else stages.picture


def stages_of_drawing(drawing: Drawing) -> Stages | None:
    """The picture of what is on the paper and what it is made through, or None where (nearly) nothing is
    drawn.

    Strokes of known width are as thick as they were drawn within the range that MNIST has, those of
    unknown width as thick as it has them on average. A dot, or a tick no longer than the pen is wide,
    counts as nothing.
    """
    image = drawing.image
    found = None if image is None else ink_box(image.ink)
    if image is None or found is None or not (image.width > 0 and image.height > 0):
        scaled = scale_strokes(drawing.strokes, BOX)
        if scaled is None:
            return None
        ink = ink_of(scaled, BOX, SPEC.samples)
        stages = _finished(ink * 255, (0, 0, ink.shape[1], ink.shape[0]))
        x, y = scaled.origin
        left, top, right, bottom = (side / scaled.scale for side in scaled.box)
        return _framed(stages, (left + x, top + y, right + x, bottom + y))
    return _with_image(drawing.strokes, image, found)


def _framed(stages: Stages | None, box: tuple[float, float, float, float]) -> Stages | None:
    """The stages with their frame. box: left, top, right and bottom of the ink in the drawing's units."""
    if stages is None:
        return None
    side = max(box[2] - box[0], box[3] - box[1])
    left, top = square_around(box, side)
    pixel = side / BOX
    frame = (left - stages.left * pixel, top - stages.top * pixel, SIZE * pixel)
    return replace(stages, frame=frame)


def _with_image(strokes: Sequence[Stroke], image: InkImage, found: Pixels) -> Stages | None:
    """The picture of an image with strokes over it. found: the box of its ink in its own pixels."""
    left, top, right, bottom = found
    ink = image.ink[top:bottom, left:right]
    wide, high = image.width / image.ink.shape[1], image.height / image.ink.shape[0]
    box = (
        image.left + left * wide,
        image.top + top * high,
        image.left + right * wide,
        image.top + bottom * high,
    )
    scaled = scale_strokes(strokes, BOX, beside=box)
    if scaled is None and abs(wide - high) < 1e-3 * high:
        return _framed(_finished_image(ink), box)
    scale = scaled.scale if scaled is not None else BOX / max(box[2] - box[0], box[3] - box[1])
    thick = natural(ink, 1 / (scale * math.sqrt(wide * high)))
    grown_wide = wide * (thick.shape[1] - ink.shape[1]) / 2
    grown_high = high * (thick.shape[0] - ink.shape[0]) / 2
    box = (box[0] - grown_wide, box[1] - grown_high, box[2] + grown_wide, box[3] + grown_high)

    # Both on one raster, whose pixels are a fraction of the picture's.
    pixels = BOX * SPEC.fine_samples
    scaled = scale_strokes(strokes, BOX, beside=box)
    if scaled is None:
        scale, origin = BOX / max(box[2] - box[0], box[3] - box[1]), (box[0], box[1])
        inked = (0.0, 0.0, (box[2] - box[0]) * scale, (box[3] - box[1]) * scale)
        raster = np.zeros((pixels, pixels))
    else:
        scale, origin, inked = scaled.scale, scaled.origin, scaled.box
        raster = ink_of(scaled, BOX, SPEC.fine_samples).astype(np.float64) * 255
    corner = square_around(inked, BOX)
    step = 1 / (scale * SPEC.fine_samples)  # of the raster, in the drawing's units
    first_row = (corner[1] / scale + origin[1] - box[1]) / high
    first_column = (corner[0] / scale + origin[0] - box[0]) / wide
    rows = averages(first_row, step / high, thick.shape[0], pixels)
    columns = averages(first_column, step / wide, thick.shape[1], pixels)
    box = (
        inked[0] / scale + origin[0],
        inked[1] / scale + origin[1],
        inked[2] / scale + origin[0],
        inked[3] / scale + origin[1],
    )
    return _framed(_finished(np.maximum(raster, rows @ thick @ columns.T), None), box)


def picture_from_image(image: Image.Image) -> Picture | None:
    """The picture of an image of any mode and size, uint8 (28, 28), or None where it shows nothing.

    Dark ink on light and light on dark are the same. Raises PictureError where the image cannot be
    decoded or has more than 64 million pixels.
    """
    ink = ink_from_image(image)
    stages = None if ink is None else _finished_image(ink.ink)
    return None if stages is None else stages.picture


def picture_from_ink(ink: NDArray[np.uint8]) -> Picture | None:
    """The picture of ink uint8 (H, W) that was found in an image, 255 where there is most."""
    found = ink_box(ink)
    if found is None:
        return None
    left, top, right, bottom = found
    stages = _finished_image(ink[top:bottom, left:right])
    return None if stages is None else stages.picture


def _finished_image(ink: NDArray[np.uint8]) -> Stages | None:
    per_pixel = max(ink.shape) / BOX
    if not SPEC.native_below < per_pixel < 2:
        return _finished(natural(ink, per_pixel), None)
    # Pixels this large cannot be made a little thicker. They are divided first, but only if they need it.
    divided = np.rint(enlarged(ink, 3)).astype(np.uint8)
    thick = natural(divided, 3 * per_pixel)
    return _finished(ink if thick is divided else thick, None)


def ink_from_image(image: Image.Image) -> InkImage | None:
    """The ink of an image, cropped to its bounding box, at most 512 pixels a side: to lay on the paper.

    It lies at (0, 0) and is as wide and high as it has pixels; ``dataclasses.replace`` puts it elsewhere.
    None where the image shows nothing. Raises PictureError as picture_from_image does.
    """
    from trainer.picture.images.image_file import grey_of
    from trainer.picture.images.ink import written

    grey = grey_of(image)
    ink = None if grey is None else written(grey)
    if ink is None:
        return None
    factor = -(-max(ink.shape) // SPEC.largest_image)
    if factor > 1:
        # A hairline would turn grey: its strength is brought back to full.
        smaller = shrunk(ink, factor)
        smaller *= 255 / np.percentile(smaller[smaller > 0], 90)
        ink = np.rint(np.minimum(smaller, 255)).astype(np.uint8)
    height, width = ink.shape
    return InkImage(ink, 0.0, 0.0, float(width), float(height))


def finish(
    ink: NDArray[Any], *, box: tuple[float, float, float, float] | None = None
) -> Picture | None:
    """The picture of a raster of ink, the last step for strokes and images alike. None where it is blank.

    ink: (H, W) of any real dtype, 0…255. box: left, top, right and bottom of the inked area in raster
    pixels, where it is known better than from the pixels that are not 0.
    """
    stages = _finished(ink, box)
    return None if stages is None else stages.picture


def _finished(ink: NDArray[Any], box: tuple[float, float, float, float] | None) -> Stages | None:
    field = ink
    if box is None:
        found = ink_box(ink)
        if found is None:
            return None
        left, top, right, bottom = found
        field = ink[top:bottom, left:right]
        if max(field.shape) < SPEC.enlarged_below:
            field = _from_few_pixels(field)
        box = (0, 0, field.shape[1], field.shape[0])
    step = max(box[2] - box[0], box[3] - box[1]) / BOX
    first_column, first_row = square_around(box, BOX * step)
    if step == 1:
        # A picture of the right size stays as it is, be its shorter side odd or even.
        first_column, first_row = math.floor(first_column), math.floor(first_row)
    rows = averages(first_row, step, field.shape[0], BOX)
    columns = averages(first_column, step, field.shape[1], BOX)
    return _placed(field, rows @ field @ columns.T)


def _from_few_pixels(ink: NDArray[Any]) -> NDArray[np.float64]:
    """The ink on a raster of at least twice the box. Edges stay as soft as they come out.

    Of 400 of the program's own digits, eight pixels high, 94.8 % are read so, and 92.2 % with edges that are
    half as wide, which fill loops.
    """
    return enlarged(ink, -(-2 * BOX // max(ink.shape))) * (255 / float(ink.max()))


def ink_box(ink: NDArray[Any]) -> Pixels | None:
    """Left, top, right and bottom (the last two exclusive) of the pixels that are not 0."""
    rows = np.flatnonzero(ink.any(axis=1))
    if not rows.size:
        return None
    columns = np.flatnonzero(ink.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _placed(crop: NDArray[Any], box: NDArray[np.float64]) -> Stages | None:
    """A BOX×BOX field of ink 0…255 at its place in the picture."""
    mass = float(box.sum())
    if not mass > 0:
        return None
    row = math.floor(SPEC.centre + SPEC.tie - float(box.sum(axis=1) @ _INDEX) / mass)
    column = math.floor(SPEC.centre + SPEC.tie - float(box.sum(axis=0) @ _INDEX) / mass)
    top, left = (min(max(at, 0), SIZE - BOX) for at in (row, column))
    picture = np.zeros((SIZE, SIZE), np.uint8)
    picture[top : top + BOX, left : left + BOX] = np.rint(box)
    return Stages(crop=crop, box=box, left=left, top=top, picture=picture)
