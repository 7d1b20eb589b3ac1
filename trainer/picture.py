"""The 28×28 picture that every network gets, made by MNIST's own recipe.

MNIST (LeCun, Cortes, Burges): the ink's bounding box is scaled into 20×20 keeping its aspect, with
anti-aliasing, and its centre of mass is put at the centre of 28×28. Strokes and images end in the same
code, and drawing, training, command line and tests all call it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.strokes import Drawing, InkImage

if TYPE_CHECKING:
    from PIL import Image

#: Side of the picture, and of the box that the ink fills, in pixels.
SIZE = 28
BOX = 20

#: Written into every weights file: a network reads pictures that were made the way it was taught.
PREPROCESSING = "mnist-1"

Picture = NDArray[np.uint8]  # (28, 28), 255 where there is ink


def picture_from_drawing(drawing: Drawing) -> Picture | None:
    """The picture of what is on the paper, or None where (nearly) nothing is drawn."""
    raise NotImplementedError


def picture_from_image(image: Image.Image) -> Picture | None:
    """The picture of an image of any mode and size, or None where it shows (nearly) nothing.

    Raises PictureError where the image cannot be decoded.
    """
    raise NotImplementedError


def ink_from_image(image: Image.Image) -> InkImage | None:
    """The ink of an image, cropped to its bounding box, at most 512 pixels a side: to lay on the paper."""
    raise NotImplementedError
