"""Painting ink with Qt: finished strokes, the stroke under the pen, and opened pictures.

All painting is in drawing units; the caller's painter carries the scale.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, qRgba

from handwrite_app.canvas.document import DEFAULT_PEN_WIDTH
from handwrite_app.canvas.ink.outline import NEAR, Outline, Polygon, Smoother, samples_of
from trainer.picture.strokes import Drawing, InkImage, Stroke


class InkShape:
    """The ink of one stroke as paths to be filled, made point by point.

    It comes in lengths: a long path that overlaps itself is slow to fill, and this way the stroke under
    the pen is added to the paper length by length, and looks the same when it is painted again.
    `lengths` are final. What follows them is `rest`, up to the newest point; the next point changes it.
    """

    #: Samples of the middle line in one length.
    _LONG = 32

    def __init__(self) -> None:
        self.lengths: list[QPainterPath] = []
        self._smoother = Smoother()
        self._outline = Outline()
        self._widest = 0.0

    @classmethod
    def of(cls, stroke: Stroke) -> InkShape:
        """The shape of a whole stroke."""
        shape = cls()
        for x, y, radius in samples_of(stroke, DEFAULT_PEN_WIDTH):
            shape.add(x, y, radius)
        return shape

    def add(self, x: float, y: float, radius: float) -> None:
        """One more point and the radius of the ink there."""
        self._widest = max(self._widest, radius)
        for sample in self._smoother.add((x, y, radius)):
            self._outline.add(sample)
            if self._outline.count >= self._LONG:
                self.lengths.append(_path(self._outline.polygons([])))
                self._outline = Outline()
                self._outline.add(sample)

    def loose(self) -> QRectF:
        """The part of the paper where the ink is not final, empty before the first point. The next point
        changes nothing outside of it but what then is loose."""
        smoother = self._smoother
        known = [p for p in (smoother.middle, smoother.last, smoother.point) if p is not None]
        if not known:
            return QRectF()
        xs, ys = [p[0] for p in known], [p[1] for p in known]
        reach = self._widest + NEAR
        left, top = min(xs) - reach, min(ys) - reach
        return QRectF(left, top, max(xs) + reach - left, max(ys) + reach - top)

    def rest(self) -> QPainterPath:
        """The ink from the end of the last length to the newest point."""
        return _path(self._outline.polygons(self._smoother.tail()))


class InkPainter:
    """Paints drawings and remembers the shapes of their strokes while these are on the paper."""

    def __init__(self) -> None:
        self._paths: dict[Stroke, list[tuple[QPainterPath, QRectF]]] = {}
        self._image: tuple[InkImage, QColor, QImage] | None = None

    def paint(
        self, painter: QPainter, drawing: Drawing, ink: QColor, part: QRectF | None = None
    ) -> None:
        """Paint the drawing, or what of it lies in a part (drawing units; the painter's clip is the
        caller's affair)."""
        self._forget_all_but(drawing)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if drawing.image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            image = drawing.image
            place = QRectF(image.left, image.top, image.width, image.height)
            painter.drawImage(place, self._tinted(image, ink))
        for stroke in drawing.strokes:
            for path, box in self._paths_of(stroke):
                if part is None or box.intersects(part):
                    painter.fillPath(path, ink)

    def keep(self, stroke: Stroke, shape: InkShape) -> None:
        """Take over the shape of a stroke that was just drawn."""
        paths = [*shape.lengths, shape.rest()]
        self._paths[stroke] = [(path, path.controlPointRect()) for path in paths]

    def _paths_of(self, stroke: Stroke) -> list[tuple[QPainterPath, QRectF]]:
        if stroke not in self._paths:
            self.keep(stroke, InkShape.of(stroke))
        return self._paths[stroke]

    def _tinted(self, image: InkImage, ink: QColor) -> QImage:
        if self._image is None or self._image[0] is not image or self._image[1] != ink:
            self._image = (image, QColor(ink), tinted(image, ink))
        return self._image[2]

    def _forget_all_but(self, drawing: Drawing) -> None:
        if len(self._paths) > 2 * len(drawing.strokes) + 32:
            kept = set(drawing.strokes)
            self._paths = {key: paths for key, paths in self._paths.items() if key in kept}


def tinted(image: InkImage, ink: QColor) -> QImage:
    """An opened picture in a colour of ink on nothing, as ARGB32_Premultiplied."""
    rows, columns = image.ink.shape
    data = image.ink.tobytes()
    indexed = QImage(data, columns, rows, columns, QImage.Format.Format_Indexed8)
    red, green, blue = ink.red(), ink.green(), ink.blue()
    indexed.setColorTable([qRgba(red, green, blue, alpha) for alpha in range(256)])
    # The conversion copies: the bytes need not outlive this function.
    return indexed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _path(polygons: list[Polygon]) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for polygon in polygons:
        path.moveTo(*polygon[0])
        for x, y in polygon:
            path.lineTo(x, y)
        path.closeSubpath()
    return path
