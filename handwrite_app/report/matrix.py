"""The confusion matrix: a row for each true label, a column for each answer; a cell can be opened."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLocale, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from handwrite_app.ui.theme import Theme, figures_font, scaled, text_font
from handwrite_app.ui.tokens import SIZE_SMALL

_WORTH_A_NUMBER = 18  # pixels of a cell's side
#: What the words beside the rows and above the columns take, in device-independent pixels.
_CAPTION = 20


class ConfusionMatrix(QWidget):
    """Signals:
    chosen(int, int): true label and answer of a cell, as positions among the labels.
    """

    chosen = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionMatrix")
        self._theme = theme
        self._labels: tuple[str, ...] = ()
        self._counts = np.zeros((0, 0), np.int64)
        self._current = (0, 0)
        self._painted: QPixmap | None = None  # all but the frame around the current cell
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._on_theme_changed)

    def set_counts(self, labels: Sequence[str], counts: NDArray[np.int64]) -> None:
        """counts: int64 (labels, labels), as trainer.evaluation.metrics.confusion_matrix makes them."""
        self._labels, self._counts = tuple(labels), counts
        self._current = self.worst() or (0, 0)
        self._repaint()

    def worst(self) -> tuple[int, int] | None:
        """The most frequent confusion; None where there is none."""
        wrong = self._counts - np.diag(np.diag(self._counts))
        if not wrong.any():
            return None
        row, column = divmod(int(wrong.argmax()), len(self._labels))
        return row, column

    def choose(self, row: int, column: int) -> None:
        self._current = row, column
        self.update()
        self.chosen.emit(row, column)

    def rect_of(self, row: int, column: int) -> QRect:
        """Where a cell stands."""
        step, edge = self._step, scaled(_CAPTION)
        return QRect(edge + step * (column + 1), edge + step * (row + 1), step, step)

    def sizeHint(self) -> QSize:
        side = scaled(min(30 * (len(self._labels) + 1), 480) + _CAPTION)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 240)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self._cell_at(event.pos())
            if found is None:
                QToolTip.hideText()
                event.ignore()
            else:
                QToolTip.showText(event.globalPos(), self.words_of(*found), self)
            return True
        return super().event(event)

    def words_of(self, row: int, column: int) -> str:
        """A cell in a sentence."""
        words = (
            self.tr("{label}, read as it is ({count})")
            if row == column
            else self.tr("{label}, read as {answer} ({count})")
        )
        return words.format(
            label=self._labels[row],
            answer=self._labels[column],
            count=QLocale().toString(int(self._counts[row, column])),
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self._cell_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self.choose(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._labels:
            super().keyPressEvent(event)
            return
        last = len(self._labels) - 1
        row, column = (
            max(0, min(last, here + by)) for here, by in zip(self._current, step, strict=True)
        )
        self.choose(row, column)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._repaint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        size = self.size() * self.devicePixelRatioF()
        if self._painted is None or self._painted.size() != size:
            self._painted = QPixmap(size)
            self._painted.setDevicePixelRatio(self.devicePixelRatioF())
            self._painted.fill(Qt.GlobalColor.transparent)
            self._paint_cells(self._painted)
        tokens = self._theme.tokens
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._painted)
            if self._labels:
                colour = QColor(tokens.text if not self.hasFocus() else tokens.accent)
                painter.setPen(QPen(colour, 2))
                painter.drawRect(self.rect_of(*self._current).adjusted(0, 0, -2, -2))

    def _paint_cells(self, target: QPixmap) -> None:
        tokens, step = self._theme.tokens, self._step
        painter = QPainter(target)
        painter.setFont(figures_font(min(SIZE_SMALL, max(7, step - 4))))
        metrics = QFontMetricsF(painter.font())
        wrong = self._counts - np.diag(np.diag(self._counts))
        most, most_right = (
            max(1, int(wrong.max(initial=0))),
            max(1, int(self._counts.max(initial=0))),
        )
        self._paint_captions(painter)
        for place, label in enumerate(self._labels):
            painter.setPen(QColor(tokens.text_muted))
            painter.drawText(self.rect_of(place, -1), Qt.AlignmentFlag.AlignCenter, label)
            painter.drawText(self.rect_of(-1, place), Qt.AlignmentFlag.AlignCenter, label)
        for row in range(len(self._labels)):
            for column in range(len(self._labels)):
                count = int(self._counts[row, column])
                rect = self.rect_of(row, column).adjusted(0, 0, -1, -1)
                painter.fillRect(rect, QColor(tokens.surface))
                if not count:
                    continue
                right = row == column
                colour = QColor(tokens.validation if right else tokens.accent)
                strength = (
                    0.15 + 0.35 * count / most_right
                    if right
                    else 0.15 + 0.85 * math.sqrt(count / most)
                )
                colour.setAlphaF(strength)
                painter.fillRect(rect, colour)
                text = QLocale().toString(count)
                if step >= _WORTH_A_NUMBER and metrics.horizontalAdvance(text) <= step:
                    dark = not right and strength > 0.6
                    painter.setPen(QColor(tokens.accent_text if dark else tokens.text))
                    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    def _paint_captions(self, painter: QPainter) -> None:
        """What a row and a column mean."""
        font, edge = painter.font(), scaled(_CAPTION)
        length = self._step * len(self._labels)
        painter.setFont(text_font(SIZE_SMALL))
        painter.setPen(QColor(self._theme.tokens.text_muted))
        middle = Qt.AlignmentFlag.AlignCenter
        painter.drawText(QRect(edge + self._step, 0, length, edge), middle, self.tr("read as"))
        painter.save()
        painter.rotate(-90)
        painter.drawText(
            QRect(-edge - self._step - length, 0, length, edge), middle, self.tr("written")
        )
        painter.restore()
        painter.setFont(font)

    @property
    def _step(self) -> int:
        room = min(self.width(), self.height()) - scaled(_CAPTION)
        return max(4, room // (len(self._labels) + 1))

    def _cell_at(self, position: QPoint) -> tuple[int, int] | None:
        edge = scaled(_CAPTION)
        column, row = ((at - edge) // self._step - 1 for at in (position.x(), position.y()))
        if 0 <= row < len(self._labels) and 0 <= column < len(self._labels):
            return row, column
        return None

    def _on_theme_changed(self) -> None:
        self._repaint()

    def _repaint(self) -> None:
        self._painted = None
        self.update()
