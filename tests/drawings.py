"""Digits as a person writes them (trainer.synthetic.synthetic_digits), and images of them.

DIGITS holds the plainest form of each digit, STYLES every form, the plainest first.
"""

from __future__ import annotations

from PIL import Image, ImageDraw

from trainer.synthetic.synthetic_digits import DIGITS, PAPER, STYLES, Point, Strokes, curve

__all__ = ["DIGITS", "PAPER", "STYLES", "Color", "Point", "Strokes", "curve", "painted"]

Color = int | float | tuple[int, ...]


def painted(
    strokes: Strokes,
    *,
    size: int = 280,
    width: float = 18,
    ink: Color = 0,
    paper: Color = 255,
    mode: str = "L",
    at: Point = (0, 0),
    scale: float | None = None,
) -> Image.Image:
    """The strokes painted with Pillow (and not with our own raster), as somebody's image would show them.

    scale: pixels of the image to one unit of the paper; without it the paper fills the image.
    """
    scale = size / PAPER if scale is None else scale
    image = Image.new(mode, (size, size), paper)
    pen = ImageDraw.Draw(image)
    for stroke in strokes:
        points = [(at[0] + x * scale, at[1] + y * scale) for x, y in stroke]
        pen.line(points, fill=ink, width=round(width))
        if width > 2:
            half = (width - 1) / 2
            for x, y in points:
                pen.ellipse((x - half, y - half, x + half, y + half), fill=ink)
    return image
