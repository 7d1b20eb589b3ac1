"""Painting ink with Qt: finished strokes, the stroke under the pen, and opened pictures.

All painting is in drawing units; the caller's painter carries the scale.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, qRgba

from handwrite_app._canvas_outline import NEAR, Outline, Sample, Smoother, outline
from handwrite_app.document import DEFAULT_PEN_WIDTH
from trainer.strokes import Drawing, InkImage, Stroke


def new_path() -> QPainterPath:
    """An empty path for outlines: they overlap themselves, so the odd-even rule would leave holes."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


def stroke_path(stroke: Stroke) -> QPainterPath:
    """The outline of a stroke's ink."""
    path = new_path()
    outline(stroke, path, DEFAULT_PEN_WIDTH)
    return path


class InkPainter:
    """Paints drawings and remembers the outlines of their strokes while these are on the paper."""

    def __init__(self) -> None:
        self._paths: dict[Stroke, QPainterPath] = {}
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
            path = self.path(stroke)
            if part is None or path.controlPointRect().intersects(part):
                painter.fillPath(path, ink)

    def path(self, stroke: Stroke) -> QPainterPath:
        path = self._paths.get(stroke)
        if path is None:
            path = self._paths[stroke] = stroke_path(stroke)
        return path

    def _tinted(self, image: InkImage, ink: QColor) -> QImage:
        if self._image is None or self._image[0] is not image or self._image[1] != ink:
            self._image = (image, QColor(ink), tinted(image, ink))
        return self._image[2]

    def _forget_all_but(self, drawing: Drawing) -> None:
        if len(self._paths) > 2 * len(drawing.strokes) + 32:
            kept = set(drawing.strokes)
            self._paths = {key: path for key, path in self._paths.items() if key in kept}


def tinted(image: InkImage, ink: QColor) -> QImage:
    """An opened picture in a colour of ink on nothing, as ARGB32_Premultiplied."""
    rows, columns = image.ink.shape
    data = image.ink.tobytes()
    indexed = QImage(data, columns, rows, columns, QImage.Format.Format_Indexed8)
    red, green, blue = ink.red(), ink.green(), ink.blue()
    indexed.setColorTable([qRgba(red, green, blue, alpha) for alpha in range(256)])
    # The conversion copies: the bytes need not outlive this function.
    return indexed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


class WetInk:
    """The stroke under the pen, painted as it grows.

    What is final is added to a path; when that has grown long it is painted into the paper once and begun
    anew, so an event costs the same at the end of a long stroke as at its start. The tip, from there to
    the newest point, is only shown, never painted into the paper: the next point will bend it.
    """

    #: Samples of the middle line after which the path is painted into the paper.
    _FULL = 32

    def __init__(self) -> None:
        self._smoother = Smoother()
        self._outline = Outline(new_path())
        self._joint: Sample | None = None
        self._tip = new_path()
        self._widest = 0.0

    def add(self, x: float, y: float, radius: float) -> QRectF:
        """One more point. Returns the part of the paper that looks different now."""
        smoother = self._smoother
        touched = [(x, y, radius)]
        for known in (smoother.middle, smoother.last, smoother.point):
            if known is not None:
                touched.append(known)
        for sample in smoother.add((x, y, radius)):
            self._outline.add(sample)
            self._joint = sample
        self._make_tip()
        self._widest = max(self._widest, radius)
        reach = self._widest + NEAR
        xs, ys, _ = zip(*touched, strict=True)
        left, top = min(xs) - reach, min(ys) - reach
        return QRectF(left, top, max(xs) + reach - left, max(ys) + reach - top)

    @property
    def is_full(self) -> bool:
        return self._outline.count >= self._FULL

    def paint(self, painter: QPainter, ink: QColor) -> None:
        """Paint what has not been painted into the paper."""
        path = QPainterPath(_path_of(self._outline))
        path.addPath(self._tip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, ink)

    def bake(self, painter: QPainter, ink: QColor) -> None:
        """Paint the final part, for good, and go on from its end."""
        if self._joint is None:
            return
        self._outline.finish()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(_path_of(self._outline), ink)
        self._outline = Outline(new_path())
        self._outline.add(self._joint)
        self._make_tip()

    def _make_tip(self) -> None:
        self._tip = new_path()
        tip = self._outline.fork(self._tip)
        for sample in self._smoother.tail():
            tip.add(sample)
        tip.finish()


def _path_of(outline: Outline) -> QPainterPath:
    path = outline.path
    assert isinstance(path, QPainterPath)
    return path
