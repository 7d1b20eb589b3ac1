"""How thick a line is in the picture, and lines of images brought into MNIST's range.

The thickness of a raster's ink is measured as 4 times the mean distance of its pixels from the edge: in a
strip of half-width w that distance averages w/2. Over MNIST's training images (6,000 of them, enlarged
8 times) its percentiles 5, 50 and 95 are 1.66, 2.53 and 3.93 pixels. Digits of tablet pens drawn with a
thickness of 1.6, 2.4 and 3.7 measure the same, as crossings and bends add a little; at 2.4 their mean ink
is that of MNIST as well: 33.3 of 255.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trainer.picture.spec import SPEC


def natural(ink: NDArray[np.uint8], per_pixel: float) -> NDArray[np.uint8]:
    """The ink with its lines made thicker or thinner where they would leave the natural range.

    ink: (H, W), 0…255. per_pixel: pixels of the ink to one of the picture, if the whole ink is what the
    picture shows. Lines of a raster that is hardly larger than the picture are left as they are: they
    cannot be lost any more, and a picture stays the picture it is. The result may be larger, with the old
    ink in its middle; it is the very same array where nothing had to be done.
    """
    from scipy import ndimage

    if per_pixel < 2:
        return ink
    if not ink.any():
        return ink
    line = ink >= SPEC.line_level * np.percentile(ink[ink > 0], 90)
    # Closed, so that grains in a line do not make it look thin.
    line = ndimage.binary_closing(np.pad(line, 1), np.ones((3, 3)))[1:-1, 1:-1]
    inner = ndimage.distance_transform_edt(np.pad(line, 1))[1:-1, 1:-1]
    thickness = 4 * float((inner[line] - 0.5).mean())
    wanted = min(max(thickness, SPEC.thinnest * per_pixel), SPEC.thickest * per_pixel)
    if wanted == thickness:
        return ink
    # Growing lengthens the whole as well, which is then shrunk the more: solved for both at once.
    side = max(ink.shape)
    box = side / per_pixel
    target = wanted / per_pixel
    radius = (target * side - box * thickness) / (2 * (box - target))
    if radius < 0:
        return _eroded(ink, line, inner, min(-radius, SPEC.most_eroded * per_pixel))
    margin = int(np.ceil(radius)) + 1
    outside = np.pad(~line, margin, constant_values=True)
    distance = ndimage.distance_transform_edt(outside)
    grown = np.clip(radius + 1 - distance, 0, 1) * 255
    return np.asarray(np.rint(grown), np.uint8)


def _eroded(
    ink: NDArray[np.uint8], line: NDArray[np.bool_], inner: NDArray[np.float64], radius: float
) -> NDArray[np.uint8]:
    """The ink without a rim of the given width, or as it was where that would tear it or lose a part."""
    from scipy import ndimage

    around = np.ones((3, 3))
    left = inner > radius + 0.5
    if ndimage.label(left, around)[1] != ndimage.label(line, around)[1]:
        return ink
    return np.asarray(np.rint(np.clip(inner - radius, 0, 1) * 255), np.uint8)
