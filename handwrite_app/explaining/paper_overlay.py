"""Something drawn over the paper: a ghost of other ink, a map, or another drawing in the place of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.document import PAPER, WIDE
from handwrite_app.canvas.ink.ink_layer import PaperPlace
from handwrite_app.canvas.ink.ink_painter import InkPainter
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.watched import watch
from trainer.picture.strokes import Drawing

Frame = tuple[float, float, float]  # left, top, side in drawing units

_PALE = 34  # of 255: ink that would go
_MAP_STRENGTH = 190  # of the strongest place of a map, of 255


class PaperOverlay(QWidget):
    """Covers the canvas, lets every pointer through, and is hidden while it has nothing to show."""

    def __init__(self, canvas: Canvas, theme: Theme) -> None:
        super().__init__(canvas)
        self.setObjectName("paperOverlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canvas = canvas
        self._theme = theme
        self._ink, self._ghosts = InkPainter(), InkPainter()
        self._instead: Drawing | None = None
        self._removed = self._added = Drawing()
        self._map: tuple[NDArray[np.uint8], Frame] | None = None
        self.hide()
        watch(canvas, [QEvent.Type.Resize], self._on_resized)
        theme.changed.connect(self.update)

    @property
    def instead(self) -> Drawing | None:
        """The drawing that is shown in the place of the paper's."""
        return self._instead

    @property
    def ghost(self) -> tuple[Drawing, Drawing]:
        """The ink that would go, and the ink that would come."""
        return self._removed, self._added

    @property
    def has_map(self) -> bool:
        return self._map is not None

    def show_instead(self, drawing: Drawing) -> None:
        """Shows another drawing on the paper, without changing the paper's own."""
        self._begin()
        self._instead = drawing
        self._show()

    def show_ghost(self, *, rest: Drawing, removed: Drawing, added: Drawing) -> None:
        """rest: ink that stays; removed: ink that would go; added: ink that would come."""
        self._begin()
        self._instead = rest
        self._removed, self._added = removed, added
        self._show()

    def show_map(self, values: NDArray[np.uint8], frame: Frame) -> None:
        """values: (H, W), 0…255, shown where the frame says, in pixels as they are."""
        self._begin()
        self._map = (values, frame)
        self._show()

    def clear(self) -> None:
        self._begin()
        self.hide()

    def _on_resized(self, _event: QEvent) -> bool:
        self.setGeometry(self._canvas.rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        wide = WIDE if self._canvas.is_wide else 1.0
        place = PaperPlace(QSizeF(self.size()), self.devicePixelRatioF(), wide)
        with QPainter(self) as painter:
            painter.setClipRect(place.rect)
            painter.translate(place.rect.topLeft())
            painter.scale(place.scale, place.scale)
            if self._instead is not None:
                painter.fillRect(QRectF(0, 0, wide * PAPER, PAPER), QColor(tokens.paper))
                self._ink.paint(painter, self._instead, QColor(tokens.ink))
            if self._map is not None:
                self._paint_map(painter, *self._map)
            if self._removed.strokes:
                pale = QColor(tokens.ink)
                pale.setAlpha(_PALE)
                self._ghosts.paint(painter, self._removed, pale)
                _outline(painter, self._removed, QColor(tokens.red), dashed=True)
            if self._added.strokes:
                ghost = QColor(tokens.accent)
                ghost.setAlpha(150)
                self._ghosts.paint(painter, self._added, ghost)
                _outline(painter, self._added, QColor(tokens.accent), dashed=False)

    def _paint_map(self, painter: QPainter, values: NDArray[np.uint8], frame: Frame) -> None:
        left, top, side = frame
        colour = QColor(self._theme.tokens.accent)
        rows, columns = values.shape
        pixels = np.empty((rows, columns, 4), np.uint8)
        pixels[..., 0], pixels[..., 1], pixels[..., 2] = colour.blue(), colour.green(), colour.red()
        pixels[..., 3] = (values.astype(np.uint16) * _MAP_STRENGTH // 255).astype(np.uint8)
        data = pixels.tobytes()
        image = QImage(data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(QRectF(left, top, side, side * rows / columns), image)
        painter.setPen(QPen(QColor(self._theme.tokens.outline), 0.8, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, top, side, side))

    def _begin(self) -> None:
        self._instead = None
        self._removed = self._added = Drawing()
        self._map = None

    def _show(self) -> None:
        self.setGeometry(self._canvas.rect())
        self.show()
        self.raise_()
        self.update()


def _outline(painter: QPainter, drawing: Drawing, colour: QColor, *, dashed: bool) -> None:
    """The middle line of the strokes, so that a ghost is seen without its colour, too."""
    pen = QPen(colour, 2.0, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in drawing.strokes:
        painter.drawPolyline([QPointF(x, y) for x, y in stroke.points.tolist()])
