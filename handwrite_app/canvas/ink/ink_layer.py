"""The paper with its ink as an image at the screen's own pixels, painted once and then only added to.

Also what is shown around and above it: shadow and border, the stroke under the pen, hint, brush.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from handwrite_app.canvas.document import PAPER
from handwrite_app.canvas.ink.ink_painter import InkPainter, InkShape
from handwrite_app.ui.theme import scaled
from handwrite_app.ui.tokens import SIZE_TITLE
from trainer.picture.strokes import Drawing, Stroke

_HINT_FLAGS = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)


class PaperPlace:
    """Where the paper lies in a widget, and the way between the two systems of coordinates.

    The paper begins and ends on whole device pixels at any device pixel ratio, so that its image is shown
    pixel by pixel. Positions are never rounded.
    """

    #: Space around the paper, in logical pixels: room for its border and shadow.
    MARGIN = 10.0

    def __init__(self, size: QSizeF, ratio: float, wide: float = 1.0) -> None:
        """wide: so many times as wide as high is the paper."""
        width, height = size.width(), size.height()
        margin = 2 * self.MARGIN
        side = max(1.0, min((width - margin) / wide, height - margin))
        self.ratio = ratio
        self.pixels = max(1, math.floor(side * ratio))
        across = math.floor(self.pixels * wide)
        left = math.floor((width * ratio - across) / 2) / ratio
        top = math.floor((height * ratio - self.pixels) / 2) / ratio
        self.rect = QRectF(left, top, across / ratio, self.pixels / ratio)
        #: Logical pixels to a drawing unit.
        self.scale = self.rect.height() / PAPER

    def to_paper(self, position: QPointF) -> tuple[float, float]:
        return (
            (position.x() - self.rect.left()) / self.scale,
            (position.y() - self.rect.top()) / self.scale,
        )

    def to_widget(self, part: QRectF) -> QRectF:
        return QRectF(
            self.rect.left() + part.left() * self.scale,
            self.rect.top() + part.top() * self.scale,
            part.width() * self.scale,
            part.height() * self.scale,
        )


class PaperLayer:
    """The image of the paper. RGB32, because painting on eight bits of grey is ten times slower in Qt."""

    def __init__(self) -> None:
        self._ink_painter = InkPainter()
        self._image: QImage | None = None
        self._paper = QColor()
        self._ink = QColor()
        self._lengths = 0  # of the stroke under the pen, painted already

    def is_ready(self, pixels: int, paper: QColor, ink: QColor, wide: float = 1.0) -> bool:
        """Whether there is an image of this many pixels in height, and of this shape and colours."""
        image = self._image
        return (
            image is not None
            and image.height() == pixels
            and image.width() == math.floor(pixels * wide)
            and self._paper == paper
            and self._ink == ink
        )

    def image(self) -> QImage:
        """The image; null before the first `build`."""
        return QImage() if self._image is None else self._image

    def build(
        self, drawing: Drawing, pixels: int, paper: QColor, ink: QColor, wide: float = 1.0
    ) -> None:
        """Paint everything. The stroke under the pen must be added again."""
        self._lengths = 0
        self._paper, self._ink = QColor(paper), QColor(ink)
        self._image = QImage(math.floor(pixels * wide), pixels, QImage.Format.Format_RGB32)
        self._image.fill(paper)
        with QPainter(self._image) as painter:
            painter.scale(pixels / PAPER, pixels / PAPER)
            self._ink_painter.paint(painter, drawing, ink)

    def forget(self) -> None:
        """The drawing is another one: there is no image until the next `build`."""
        self._image = None
        self._lengths = 0

    def repaint(self, drawing: Drawing, part: QRectF) -> None:
        """The drawing is another one within a part (drawing units)."""
        image = self._image
        if image is None:
            return
        scale = image.height() / PAPER
        # Whole pixels, so that no clipped edge is blended twice.
        rect = QRectF(part.topLeft() * scale, part.size() * scale).toAlignedRect()
        rect = rect.adjusted(-1, -1, 1, 1).intersected(image.rect())
        if rect.isEmpty():
            return
        with QPainter(image) as painter:
            painter.setClipRect(rect)
            painter.fillRect(rect, self._paper)
            painter.scale(scale, scale)
            exact = QRectF(
                rect.left() / scale,
                rect.top() / scale,
                rect.width() / scale,
                rect.height() / scale,
            )
            self._ink_painter.paint(painter, drawing, self._ink, exact)

    def add(self, shape: InkShape, stroke: Stroke | None = None) -> None:
        """Paint those lengths of the stroke under the pen that are not there yet; all of it, where it is
        finished and has become a stroke."""
        if stroke is not None:
            self._ink_painter.keep(stroke, shape)
        paths = shape.lengths[self._lengths :]
        self._lengths = 0 if stroke is not None else len(shape.lengths)
        if stroke is not None:
            paths.append(shape.rest())
        if self._image is None or not paths:
            return
        with QPainter(self._image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(self._image.height() / PAPER, self._image.height() / PAPER)
            for path in paths:
                painter.fillPath(path, self._ink)


class PaperView:
    """How the paper looks: its image, the stroke under the pen, hint, border and brush."""

    def __init__(self) -> None:
        self.layer = PaperLayer()
        self.paper = QColor("#ffffff")
        self.ink = QColor("#1b1d22")
        self.hint_color = QColor("#9aa0a6")  # of the brush, too
        self.outline = QColor("#b9bec5")
        self.accent = QColor("#2a56c6")
        self.hint = self.drop_hint = ""
        self.drop_is_over = False
        self.has_ring = False  # the keyboard has brought the focus here
        self.wide = 1.0
        self._stale: QRectF | None = None
        self._place: tuple[tuple[QSize, float, float], PaperPlace] | None = None

    def place(self, size: QSize, ratio: float) -> PaperPlace:
        """Where the paper is in a widget of this size, in logical pixels."""
        key = (size, ratio, self.wide)
        known = self._place
        if known is None or known[0] != key:
            known = self._place = (key, PaperPlace(QSizeF(size), ratio, self.wide))
        return known[1]

    def hint_rect(self, place: PaperPlace, font: QFont) -> QRect:
        """Where the hint is painted, in logical pixels."""
        return _hint_rect(place, self.hint, font).toAlignedRect().adjusted(-2, -2, 2, 2)

    def forget(self) -> None:
        """The drawing is another one."""
        self.layer.forget()
        self._stale = None

    def mark_stale(self, part: QRectF) -> None:
        """The drawing is another one within a part (drawing units) only."""
        self._stale = part if self._stale is None else self._stale.united(part)

    def paint(
        self,
        painter: QPainter,
        place: PaperPlace,
        part: QRectF,
        drawing: Drawing,
        wet: InkShape | None,
        brush: tuple[QPointF, float] | None,
    ) -> None:
        """Paint a part of the widget. wet is the stroke under the pen, which the drawing lacks; brush has a
        middle and a radius in logical pixels."""
        self._prepare(place, drawing, wet)
        if not place.rect.contains(part):
            paint_desk(painter, place, self.outline, 1.0)
            if self.has_ring:
                paint_ring(painter, place, self.accent)
        image = self.layer.image()
        painter.drawImage(place.rect, image, QRectF(image.rect()))
        if wet is not None:
            painter.save()
            painter.setClipRect(place.rect)
            painter.translate(place.rect.topLeft())
            painter.scale(place.scale, place.scale)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillPath(wet.rest(), self.ink)
            painter.restore()
        elif drawing.is_empty and self.hint and not self.drop_is_over:
            paint_hint(painter, place, self.hint, self.hint_color)
        if self.drop_is_over:
            paint_drop(painter, place, self.drop_hint, self.accent, self.paper)
        if brush is not None and not self.drop_is_over:
            paint_brush(painter, *brush, self.hint_color, self.paper)

    def _prepare(self, place: PaperPlace, drawing: Drawing, wet: InkShape | None) -> None:
        """Bring the image up to date: all of it after a change of size, colours or drawing, and else what
        is stale."""
        if not self.layer.is_ready(place.pixels, self.paper, self.ink, self.wide):
            self.layer.build(drawing, place.pixels, self.paper, self.ink, self.wide)
        elif self._stale is not None:
            self.layer.repaint(drawing, self._stale)
        self._stale = None
        if wet is not None:
            self.layer.add(wet)


def paint_desk(painter: QPainter, place: PaperPlace, outline: QColor, border: float) -> None:
    """What lies around the paper: a soft shadow, and a border of so many logical pixels, at least one
    of the screen's."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 9))
    for spread in (5.0, 3.5, 2.0, 1.0):
        rect = place.rect.adjusted(-spread, -spread + 1.5, spread, spread + 1.5)
        painter.drawRoundedRect(rect, spread, spread)
    edge = max(1, round(border * place.ratio)) / place.ratio
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(place.rect.adjusted(-edge, -edge, edge, edge), outline)


def paint_ring(painter: QPainter, place: PaperPlace, accent: QColor) -> None:
    """The mark of the keyboard's focus: a line around the paper, apart from its border."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(accent, 2.0))
    painter.drawRoundedRect(place.rect.adjusted(-4, -4, 4, 4), 4, 4)


def paint_hint(painter: QPainter, place: PaperPlace, text: str, color: QColor) -> None:
    """Words in the middle of the empty paper."""
    painter.setFont(_hint_font(painter.font()))
    painter.setPen(color)
    painter.drawText(_hint_room(place), _HINT_FLAGS, text)


def paint_drop(
    painter: QPainter, place: PaperPlace, text: str, accent: QColor, paper: QColor
) -> None:
    """The paper while a file is dragged over it: tinted, with a thick border and a word."""
    wash = QColor(accent)
    wash.setAlpha(28)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(place.rect, wash)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(accent, 3.0))
    painter.drawRect(place.rect.adjusted(1.5, 1.5, -1.5, -1.5))
    font = _hint_font(painter.font())
    font.setWeight(QFont.Weight.DemiBold)
    words = _hint_rect(place, text, font).adjusted(-16, -10, 16, 10)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(paper)
    painter.drawRoundedRect(words, 8, 8)
    painter.setFont(font)
    painter.setPen(accent)
    painter.drawText(words, _HINT_FLAGS, text)


def _hint_font(font: QFont) -> QFont:
    larger = QFont(font)
    larger.setPixelSize(scaled(SIZE_TITLE))
    return larger


def _hint_room(place: PaperPlace) -> QRectF:
    return place.rect.adjusted(24, 24, -24, -24)


def _hint_rect(place: PaperPlace, text: str, font: QFont) -> QRectF:
    """The part of the paper that words in its middle take."""
    metrics = QFontMetricsF(_hint_font(font))
    return metrics.boundingRect(_hint_room(place), _HINT_FLAGS, text)


def paint_brush(
    painter: QPainter, center: QPointF, radius: float, line: QColor, halo: QColor
) -> None:
    """The size of pen or eraser under the pointer: a line with a halo, to be seen on paper and ink."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    soft = QColor(halo)
    soft.setAlpha(160)
    for color, width in ((soft, 3.0), (line, 1.2)):
        painter.setPen(QPen(color, width))
        painter.drawEllipse(center, radius, radius)
