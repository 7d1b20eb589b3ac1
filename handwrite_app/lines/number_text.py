"""The characters that were read, large, one of them chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_app.ui.theme import Theme, figures_font, scaled
from handwrite_app.ui.tokens import SIZE_ANSWER, SIZE_TITLE, SPACE

_SIZES = (128, SIZE_ANSWER, 72, 56, 44, 36, 28, SIZE_TITLE)
_ROWS = 3  # of characters in the smallest size; what is more is left out with an ellipsis
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class NumberText(QWidget):
    """As large as the room allows, in several rows where there are many characters.

    A click or the arrow keys choose a character.

    Signals:
        chosen(index): of the character.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("numberText")
        self._theme = theme
        self._labels: tuple[str, ...] = ()
        self._unsure: tuple[bool, ...] = ()
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._largest = SIZE_ANSWER
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @property
    def text(self) -> str:
        return "".join(self._labels)

    @property
    def current(self) -> int:
        return self._current

    def set_characters(
        self, labels: Sequence[str], unsure: Sequence[bool], current: int, spoken: str
    ) -> None:
        """spoken: what a screen reader says of all of them."""
        self._labels, self._unsure, self._current = tuple(labels), tuple(unsure), current
        self.setAccessibleName(spoken)
        self.update()

    def set_largest(self, size: int) -> None:
        """The size of type of a few characters, in pixels before the application's scale."""
        self._largest = size
        self._on_theme_changed()

    def sizeHint(self) -> QSize:
        return QSize(240, scaled(self._largest) + 2 * SPACE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if not step or not self._labels or event.modifiers() != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
            return
        self.chosen.emit(min(max(self._current + step, 0), len(self._labels) - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for i, cell in enumerate(self.cells()):
            if cell.contains(event.position()):
                self.chosen.emit(i)
                return
        super().mousePressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.update()

    def cells(self) -> list[QRectF]:
        """Where each character that is shown stands."""
        font, rows = self._fit()
        metrics = QFontMetricsF(font)
        step = metrics.height() * 0.92
        top = (self.height() - step * len(rows)) / 2
        cells = []
        for number, row in enumerate(rows):
            widths = [metrics.horizontalAdvance(self._labels[i]) for i in row]
            left = (self.width() - sum(widths)) / 2
            for width in widths:
                cells.append(QRectF(left, top + number * step, width, step))
                left += width
        return cells

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        font, rows = self._fit()
        shown = sum(map(len, rows))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(font)
            for i, cell in enumerate(self.cells()):
                is_last = i == shown - 1 and shown < len(self._labels)
                if i == self._current:
                    line = QRectF(cell.left() + 1, cell.bottom() - 3, cell.width() - 2, 3)
                    painter.fillRect(line, QColor(tokens.accent))
                painter.setPen(QColor(tokens.amber if self._unsure[i] else tokens.text))
                flags = int(Qt.AlignmentFlag.AlignCenter)
                painter.drawText(cell, flags, "…" if is_last else self._labels[i])
            if self.hasFocus():
                painter.setPen(QColor(tokens.accent))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _on_theme_changed(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def _fit(self) -> tuple[QFont, list[list[int]]]:
        """The largest font in which all characters have room, and the rows of them."""
        room = max(1.0, float(self.width() - SPACE))
        count = len(self._labels)
        for size in (one for one in _SIZES if one <= self._largest):
            font = figures_font(size)
            metrics = QFontMetricsF(font)
            rows = self._rows(metrics, room)
            if len(rows) * metrics.height() * 0.92 <= self.height() and (
                len(rows) == 1 or size <= 36
            ):
                return font, rows
        return font, rows[:_ROWS] if count else []

    def _rows(self, metrics: QFontMetricsF, room: float) -> list[list[int]]:
        rows: list[list[int]] = []
        used = room
        for i, label in enumerate(self._labels):
            width = metrics.horizontalAdvance(label)
            if not rows or used + width > room:
                rows.append([])
                used = 0.0
            rows[-1].append(i)
            used += width
        return rows


def cell_middle(text: NumberText, index: int) -> QPointF:
    """Where a click chooses a character."""
    return text.cells()[index].center()
