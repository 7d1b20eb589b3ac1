"""The description of the preprocessing: every constant that a network's 28×28 input depends on.

Reading (trainer.picture.preprocess, raster, thickness) and training (trainer.datasets.augmentation.redrawing)
both take them from here. A change of one changes what shipped networks see: it needs another version, and
the golden pictures of tests/golden fail without.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Preprocessing:
    """Lengths are in pixels of the input unless said otherwise.

    version: written into every weights file, as a network reads only inputs that are made the way it was
    trained on. size, box: sides of the input, and of the square within that the ink fills. centre: where the
    ink's centre of mass goes, rounded to whole pixels; tie: what is added before rounding, so that rounding
    errors do not choose for a symmetric shape. samples: of the raster of strokes to a pixel, along each
    axis; fine_samples: the same where an opened image lies beneath. usual, thinnest, thickest: the thickness
    of a line of unknown width, and the range of known ones (measured: trainer.picture.thickness).
    most_eroded: what may be taken from each side of an image's line. line_level: from this fraction of the
    ink's full strength on an image's pixel counts as the line. largest_image: pixels a side of the ink that
    is taken from an image. native_below: pixels of an image's ink to one of the input up to which they are
    the input's own. enlarged_below: pixels a side below which ink is enlarged before it is averaged.
    """

    version: str
    size: int
    box: int
    centre: float
    tie: float
    samples: int
    fine_samples: int
    usual: float
    thinnest: float
    thickest: float
    most_eroded: float
    line_level: float
    largest_image: int
    native_below: float
    enlarged_below: int


SPEC = Preprocessing(
    version="mnist-1",
    size=28,
    box=20,
    centre=14.0,
    tie=0.5 + 1e-4,
    samples=2,
    fine_samples=8,
    usual=2.4,
    thinnest=1.6,
    thickest=3.7,
    most_eroded=1.0,
    line_level=0.3,
    largest_image=512,
    native_below=1.1,
    enlarged_below=20,
)
