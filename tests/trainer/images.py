"""Images as people have them, the pictures made of them, and how far apart two pictures are."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tests.drawings import Strokes, painted
from trainer.picture.preprocess import Picture, picture_from_drawing, picture_from_image
from trainer.picture.strokes import Drawing, Stroke

Plane = NDArray[Any]


def of_strokes(strokes: Strokes, width: float = 18) -> Picture:
    result = picture_from_drawing(Drawing(tuple(Stroke.make(s, width=width) for s in strokes)))
    assert result is not None
    return result


def of_image(image: Image.Image) -> Picture:
    result = picture_from_image(image)
    assert result is not None
    return result


def difference(a: Picture, b: Picture) -> float:
    """Mean over the pixels, in grey levels. Two writers' digits of a class differ by some 40.

    Whole pixels of shift are not counted: a trace of ink decides to which side a centre of mass is rounded
    that lies between two pixels.
    """
    wide = np.pad(a.astype(float), 1)
    return min(
        float(np.abs(wide[y : y + 28, x : x + 28] - b).mean()) for y in range(3) for x in range(3)
    )


def image_of(plane: Plane) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(plane), 0, 255).astype(np.uint8))


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue()))


def photographed(strokes: Strokes, size: int, width: float, *, noise: float = 6) -> Image.Image:
    """Ink on paper in uneven light with the soft edge of a shadow, noisy, a little out of focus, as JPEG."""
    ink = painted(strokes, size=size, width=width).filter(ImageFilter.GaussianBlur(size / 300))
    y, x = np.mgrid[0:size, 0:size] / size
    light = 230 - 90 * x - 60 * y - 50 / (1 + np.exp(-40 * (x + y / 2 - 0.9)))
    grain = np.random.default_rng(size).normal(0, noise, (size, size))
    return jpeg(image_of(light * (0.25 + 0.75 * np.asarray(ink) / 255) + grain), 70)
