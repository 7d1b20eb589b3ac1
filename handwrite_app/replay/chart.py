"""Probabilities over time as lines, the moments at which the answer changed, and the moment on show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_app.ui.theme import Theme, figures_font
from handwrite_app.ui.tokens import SIZE_SMALL
from trainer.explanation.results import Replay

_HEIGHT = 150
_EDGE = 14.0  # for the labels at the right
_LEAST = 0.15  # a label that was never more probable has no line
_MOST = 4
_STYLES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
)


@dataclass(frozen=True)
class ChartLine:
    """label: of this column of the probabilities. is_answer: it is what is read at the end."""

    label: str
    column: int
    is_answer: bool


def lines_of(replay: Replay) -> list[ChartLine]:
    """Those that are drawn: the answer at the end first, then by their highest probability."""
    highest = replay.probabilities.max(axis=0)
    answer = int(replay.probabilities[-1].argmax())
    others = [int(column) for column in np.argsort(-highest) if int(column) != answer]
    columns = [answer, *(column for column in others if highest[column] >= _LEAST)][:_MOST]
    return [ChartLine(replay.labels[column], column, column == answer) for column in columns]


class ReplayChart(QWidget):
    """Lines differ in their dashes, and carry their label where they are highest.

    Signals:
        sought(fraction): a moment was clicked, 0…1 of the time.
    """

    sought = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("replayChart")
        self._theme = theme
        self._replay: Replay | None = None
        self._at = 1.0
        self.lines: list[ChartLine] = []
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def set_replay(self, replay: Replay | None) -> None:
        self._replay = replay
        self.lines = [] if replay is None else lines_of(replay)
        self.update()

    def set_moment(self, fraction: float) -> None:
        self._at = fraction
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._seek(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek(event)

    def _seek(self, event: QMouseEvent) -> None:
        place = self._place()
        fraction = (event.position().x() - place.left()) / max(1.0, place.width())
        self.sought.emit(min(max(fraction, 0.0), 1.0))

    def _place(self) -> QRectF:
        return QRectF(self.rect()).adjusted(1, _EDGE, -1, -1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        place = self._place()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens.border), 1))
            for level in (0.0, 0.5, 1.0):
                y = place.bottom() - level * place.height()
                painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y))
            replay = self._replay
            if replay is None:
                return
            end = float(replay.times[-1]) or 1.0
            painter.setPen(QPen(QColor(tokens.amber), 1.5, Qt.PenStyle.DashLine))
            for change in replay.changes:
                x = place.left() + change.at / end * place.width()
                painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
            painter.setFont(figures_font(SIZE_SMALL))
            metrics = QFontMetricsF(painter.font())
            for order, line in reversed(list(enumerate(self.lines))):
                values = replay.probabilities[:, line.column]
                colour = QColor(tokens.accent if line.is_answer else tokens.text_muted)
                pen = QPen(colour, 2.4 if line.is_answer else 1.6, _STYLES[order])
                painter.setPen(pen)
                points = [
                    QPointF(
                        place.left() + float(at) / end * place.width(),
                        place.bottom() - float(value) * place.height(),
                    )
                    for at, value in zip(replay.times, values, strict=True)
                ]
                painter.drawPolyline(points)
                peak = points[int(values.argmax())]
                if line.is_answer:
                    peak = points[-1]
                width = metrics.horizontalAdvance(line.label)
                x = min(max(peak.x() - width / 2, place.left()), place.right() - width)
                painter.drawText(QPointF(x, peak.y() - 3), line.label)
            painter.setPen(QPen(QColor(tokens.text), 1.5))
            x = place.left() + self._at * place.width()
            painter.drawLine(QPointF(x, place.top()), QPointF(x, place.bottom()))
