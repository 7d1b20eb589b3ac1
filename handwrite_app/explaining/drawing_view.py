"""A small picture of a drawing as it is on the paper."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.document import PAPER
from handwrite_app.canvas.ink.ink_painter import InkPainter
from handwrite_app.ui.theme import Theme, scaled
from trainer.picture.strokes import Drawing


class DrawingView(QWidget):
    """The whole paper, with a frame (left, top, side in drawing units) marked on it where there is one."""

    def __init__(self, theme: Theme, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ink = InkPainter()
        self._drawing = Drawing()
        self._frame: tuple[float, float, float] | None = None
        self._side = side
        self._fit()
        theme.changed.connect(self._fit)

    def _fit(self) -> None:
        """In the application's scale."""
        self.setFixedSize(QSize(scaled(self._side), scaled(self._side)))
        self.update()

    def set_drawing(
        self, drawing: Drawing, frame: tuple[float, float, float] | None = None
    ) -> None:
        self._drawing, self._frame = drawing, frame
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(tokens.paper))
            painter.setPen(QPen(QColor(tokens.outline), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.setClipRect(self.rect().adjusted(1, 1, -1, -1))
            reach = [float(s.points.max()) for s in self._drawing.strokes]  # on a wide paper
            scale = self.width() / max(PAPER, *reach, 0.0)
            painter.scale(scale, scale)
            self._ink.paint(painter, self._drawing, QColor(tokens.ink))
            if self._frame is not None:
                left, top, side = self._frame
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(tokens.accent), 1.5 / scale))
                painter.drawRect(QRectF(left, top, side, side))
