"""A written text as a file: SVG, PNG, or strokes."""

from __future__ import annotations

import io
import json

import numpy as np

from trainer.handwriting.layout import PAPER
from trainer.picture.strokes import Drawing, drawing_to_json

SUFFIXES = (".svg", ".png", ".jsonl")

_PIXELS = 4  # of a PNG to a unit of the paper
_MARGIN = 12.0  # around the ink, units


def content_of(drawing: Drawing, suffix: str, *, text: str = "") -> bytes:
    """The content of a file with one of SUFFIXES. text: the label of the strokes, the title of an SVG."""
    if suffix == ".svg":
        return svg(drawing, title=text).encode()
    if suffix == ".png":
        return png(drawing)
    if suffix == ".jsonl":
        label = text.strip() or None
        return (json.dumps(drawing_to_json(drawing, label=label)) + "\n").encode()
    raise ValueError(f"no format of a written text: {suffix}")


def svg(drawing: Drawing, *, title: str = "") -> str:
    """Round black lines; of a line whose pressure varies the mean width."""
    from xml.sax.saxutils import escape

    left, top, wide, high = _view(drawing)
    title = "".join(one if one.isprintable() else " " for one in title)  # XML has no form feed
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.2f} {top:.2f} {wide:.2f} {high:.2f}">',
        *([f"<title>{escape(title)}</title>"] if title else []),
        '<g fill="none" stroke="#17191d" stroke-linecap="round" stroke-linejoin="round">',
    ]
    for stroke in drawing.strokes:
        points = stroke.points
        if len(points) == 1:
            points = np.repeat(points, 2, axis=0)
        path = " ".join(f"{x:.2f},{y:.2f}" for x, y in points.tolist())
        widths = stroke.widths()
        width = 8.0 if widths is None else float(widths.mean())
        lines.append(f'<polyline stroke-width="{width:.2f}" points="{path}"/>')
    return "\n".join([*lines, "</g>", "</svg>", ""])


def png(drawing: Drawing) -> bytes:
    """Black ink on white, cropped to the ink with a margin."""
    from PIL import Image

    from trainer.picture.raster import coverage

    left, top, wide, high = _view(drawing)
    shape = (max(1, round(high * _PIXELS)), max(1, round(wide * _PIXELS)))
    image = np.zeros(shape, np.float32)
    for stroke in drawing.strokes:
        points = (stroke.points.astype(np.float64) - (left, top)) * _PIXELS
        widths = stroke.widths()
        radii = np.full(len(points), 4.0) if widths is None else widths.astype(np.float64) / 2
        radii = radii * _PIXELS
        if len(points) == 1:
            points, radii = np.repeat(points, 2, axis=0), np.repeat(radii, 2)
        np.maximum(
            image,
            coverage(points[:-1], points[1:], radii[:-1], radii[1:], shape),
            out=image,
        )
    output = io.BytesIO()
    Image.fromarray(np.rint(255 * (1 - image)).astype(np.uint8)).save(output, "PNG")
    return output.getvalue()


def _view(drawing: Drawing) -> tuple[float, float, float, float]:
    """Left, top, width and height around the ink; the paper where there is none."""
    if not drawing.strokes:
        return 0.0, 0.0, PAPER, PAPER
    points = np.concatenate([stroke.points for stroke in drawing.strokes]).astype(np.float64)
    reach = max((stroke.width or 8.0) for stroke in drawing.strokes) / 2 + _MARGIN
    low, high = points.min(0) - reach, points.max(0) + reach
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])
