"""Characters put on a line, and the line on the paper."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.picture.strokes import Drawing, Stroke

Floats = NDArray[np.float64]

#: Side of the paper, in drawing units.
PAPER = 280.0

_MARGIN = 20.0
_TALLEST = 150.0  # units of a digit at most: a lone one does not fill the paper
_GAP = 0.12  # of paper between the ink of two characters, of a digit's height
_SPACE = 0.45  # of a blank
_SMALL = 0.62  # height of letters without ascender, of a digit's
_FLAT = 0.35  # height by width below which a sign is a dash
#: Signs that are not as high as a digit: height, and how far the lower end hangs below the line.
_SIGNS = {
    **dict.fromkeys(".…", (0.1, 0.0)),
    **dict.fromkeys(",;", (0.3, 0.18)),
    ":": (0.5, -0.05),
    **dict.fromkeys("'’‘`´\"“”^", (0.3, -0.7)),
    **dict.fromkeys("*°", (0.35, -0.6)),
    "·": (0.1, -0.45),
    **dict.fromkeys("+×÷±<>≤≥≈=", (0.6, -0.2)),
}
_SIGNS |= {";": (0.68, 0.18), "=": (0.3, -0.35), "≈": (0.3, -0.35)}
_TINY = 0.35  # height of a sign up to which its size says nothing about the pen
_USUAL_WIDTH = 0.1  # of the pen, of a digit's height, where it is unknown
_WOBBLE = 0.02  # of the baseline


def on_paper(
    characters: Sequence[tuple[str, Drawing | None]], random: np.random.Generator
) -> Drawing:
    """(label, drawing in any units; None: a blank) in a row, as large as the paper allows, in its middle.

    Digits and capitals stand on the line and are 1 high, small letters are lower, and those with a tail hang;
    dots and other small signs have their own height and place, dashes lie in the middle.
    """
    placed: list[tuple[Drawing, Floats, float, Floats]] = []  # drawing, its corner, scale, place
    pen = _pen_width(
        [
            drawing
            for label, drawing in characters
            if drawing is not None and _place(label)[0] > _TINY
        ]
    )
    gap = _GAP + pen
    x = 0.0
    for label, drawing in characters:
        if drawing is None:
            x += _SPACE
            continue
        points = np.concatenate([s.points for s in drawing.strokes]).astype(np.float64)
        low, high = points.min(0), points.max(0)
        wide, tall = np.maximum(high - low, 1e-9)
        height, bottom = _place(label)
        if label in _SIGNS:
            scale = min(height / tall, max(height, 0.6) / wide)
            bottom += (scale * tall - height) / 2
        elif tall < _FLAT * wide:
            scale = 0.5 / wide
            bottom = 0.1 if label == "_" else -0.5 + scale * tall / 2
        else:
            scale = min(height / tall, 1.1 * height / wide)
            if bottom == 0 and scale * tall < 0.95 * height:
                bottom += (scale * tall - height) / 2  # a wide one lies in the middle of the line
        y = bottom - scale * tall + random.normal(0, _WOBBLE)
        placed.append((drawing, low, scale, np.array([x, y])))
        x += scale * wide + gap
    if not placed:
        return Drawing()
    total = max(x - gap, 1e-9)
    size = min((PAPER - 2 * _MARGIN) / total, _TALLEST)
    strokes = [
        Stroke.make(
            ((stroke.points.astype(np.float64) - low) * scale + place) * size,
            pressure=stroke.pressure,
            width=pen * size,
        )
        for drawing, low, scale, place in placed
        for stroke in drawing.strokes
    ]
    every = np.concatenate([stroke.points for stroke in strokes]).astype(np.float64)
    shift = PAPER / 2 - (every.min(0) + every.max(0)) / 2
    return Drawing(
        tuple(
            Stroke.make(stroke.points + shift, pressure=stroke.pressure, width=stroke.width)
            for stroke in strokes
        )
    )


def _place(label: str) -> tuple[float, float]:
    """Height of a character, of a digit's, and how far its lower end hangs below the line."""
    if label in _SIGNS:
        return _SIGNS[label]
    if label in "gpqyj":
        return 0.95, 0.3
    if label in "acemnorsuvwxz":
        return _SMALL, 0.0
    return 1.0, 0.0


def _pen_width(drawings: Sequence[Drawing]) -> float:
    """Of the whole line, for a digit of height 1: the median of what the characters were drawn with."""
    widths = []
    for drawing in drawings:
        points = np.concatenate([stroke.points for stroke in drawing.strokes])
        size = max(float((points.max(0) - points.min(0)).max()), 1e-9)
        widths += [stroke.width / size for stroke in drawing.strokes if stroke.width is not None]
    return min(max(float(np.median(widths)), 0.04), 0.16) if widths else _USUAL_WIDTH
