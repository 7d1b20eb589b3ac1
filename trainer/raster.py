"""From pen strokes to ink: lines with round caps and joins, of a width that may change along the way.

The drawing is first brought to the size that it has in the picture (``lay_out``) and only then made of
pixels, so the window, the zoom, the place on the paper and the pen's colour cannot matter. Coverage is
computed from the distance of every pixel to every segment instead of by a drawing library: it varies
smoothly with the coordinates and is the same everywhere, and a network's picture must not change with
somebody's library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.strokes import Stroke

#: Thickness in final pixels given to strokes of unknown width, and the range that known widths are
#: brought into: the median and the 5th and 95th percentile of MNIST's training images.
THICKNESS = 2.5
THINNEST = 1.7
THICKEST = 3.9

_POINT_STEP = 0.2  # final pixels: of points nearer than this along the line, one is enough
_MOST_SEGMENTS = 8000  # on 20×20 pixels more of them cannot be told apart
_CHUNK = 1 << 20  # pixel-segment pairs held in memory at a time

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Strokes brought to the size of the picture: segments, radii and box in final pixels.

    starts, ends: float64 (N, 2). start_radii, end_radii: float64 (N,). box: left, top, right and
    bottom of the inked area. scale: final pixels per unit of the drawing. The coordinates are the
    drawing's own times scale.
    """

    starts: Floats
    ends: Floats
    start_radii: Floats
    end_radii: Floats
    box: tuple[float, float, float, float]
    scale: float


def lay_out(strokes: Sequence[Stroke], side: float) -> Layout | None:
    """The strokes scaled so that their ink is ``side`` final pixels long, or None where no ink is seen.

    Nothing is seen where the points span no more than the pen's own width (a dot, a tick) or, with
    unknown width, where they are all the same.
    """
    if not strokes:
        return None
    points = np.concatenate([s.points for s in strokes]).astype(np.float64)
    points -= points.min(axis=0)
    lengths = [len(s.points) for s in strokes]
    widths, unknown = _widths(strokes, lengths)
    extent = float(points.max())
    known = widths[~unknown]
    if not extent > (float(np.median(known)) if known.size else 0.0):
        return None

    # Once with the widths as drawn, to see how thick they come out, once with the thickness they get.
    scale = _fit(points, np.where(unknown, 0, widths / 2), np.where(unknown, THICKNESS / 2, 0), side)
    thickness = np.where(unknown, THICKNESS, np.clip(scale * widths, THINNEST, THICKEST))
    radii = thickness / 2
    scale = _fit(points, np.zeros_like(radii), radii, side)

    points *= scale
    inked = (points - radii[:, None]).min(axis=0), (points + radii[:, None]).max(axis=0)
    starts, ends, first, second = _segments(points, lengths)
    return Layout(
        starts=starts,
        ends=ends,
        start_radii=radii[first],
        end_radii=radii[second],
        box=(float(inked[0][0]), float(inked[0][1]), float(inked[1][0]), float(inked[1][1])),
        scale=scale,
    )
