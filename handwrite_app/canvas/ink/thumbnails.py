"""A drawing as a small picture for the gallery. Paints on images only, so that any thread may do it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from handwrite_app.canvas.document import bounds
from handwrite_app.canvas.ink.ink_painter import tinted
from trainer.picture.strokes import Drawing, InkImage, Stroke

_FILLED = 0.84  # share of the side that the ink takes, …
_THICKEST = 0.16  # … unless the pen would be thicker than this share of it: a dot stays a dot
_USUAL = 0.1  # thickness of strokes that know none, as a share of the drawing's longer side
_MOST_POINTS = 160  # of a stroke: more cannot be told apart at this size
_MOST_PIXELS = 512  # a side, of an opened picture


def thumbnail(drawing: Drawing, side: int, ink: QColor) -> QImage:
    """The ink on nothing, as large as fits, side × side pixels of ARGB32_Premultiplied.

    Strokes are straight from point to point: the canvas's smooth outline costs ten times as much, and
    looks the same here.
    """
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    box = bounds(drawing)
    if box is None:
        return image
    left, top, right, bottom = box
    longer = max(right - left, bottom - top)
    usual = _USUAL * longer or 1.0
    widest = max((_widest(stroke, usual) for stroke in drawing.strokes), default=0.0)
    scale = _FILLED * side / (longer + widest or 1.0)
    if widest:
        scale = min(scale, _THICKEST * side / widest)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(side / 2, side / 2)
        painter.scale(scale, scale)
        painter.translate(-(left + right) / 2, -(top + bottom) / 2)
        if drawing.image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            found = _coarse(drawing.image)
            place = QRectF(found.left, found.top, found.width, found.height)
            painter.drawImage(place, tinted(found, ink))
        for stroke in drawing.strokes:
            _paint(painter, stroke, usual, ink)
    return image


def _paint(painter: QPainter, stroke: Stroke, usual: float, ink: QColor) -> None:
    count = len(stroke.points)
    kept = np.append(np.arange(0, count - 1, -(-count // _MOST_POINTS)), count - 1)
    points = [QPointF(x, y) for x, y in stroke.points[kept].tolist()]
    pen = QPen(ink, stroke.width or usual)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    widths = stroke.widths() if stroke.pressure is not None else None
    if len(points) == 1:
        painter.drawPoint(points[0])
    elif widths is None:
        painter.drawPolyline(QPolygonF(points))
    else:
        thick = widths[kept]
        for i, width in enumerate(((thick[1:] + thick[:-1]) / 2).tolist()):
            pen.setWidthF(width)
            painter.setPen(pen)
            painter.drawLine(points[i], points[i + 1])


def _widest(stroke: Stroke, usual: float) -> float:
    widths = stroke.widths()
    return usual if widths is None else float(widths.max())


def _coarse(image: InkImage) -> InkImage:
    """The same picture with fewer pixels, where it has very many."""
    step = -(-max(image.ink.shape) // _MOST_PIXELS)
    return replace(image, ink=np.ascontiguousarray(image.ink[::step, ::step]))
