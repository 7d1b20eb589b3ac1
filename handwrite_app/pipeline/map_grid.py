"""The feature maps of one layer, in rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_app.ui.theme import Theme, scaled

_GAP = 2
_COLUMNS = 8
_OPEN_COLUMNS = 4


class MapGrid(QWidget):
    """One row of maps, or all of them larger. One is chosen with a click, or with arrow keys and Space.

    Signals:
        chosen(index): this map, or none any more (-1).
    """

    chosen = Signal(int)

    def __init__(self, maps: NDArray[np.uint8], width: int, theme: Theme) -> None:
        """maps: (C, H, W)."""
        super().__init__()
        self._maps = maps
        self._width = scaled(width)
        self._theme = theme
        self._is_open = False
        self._chosen = -1
        self._cursor = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._fit()

    @property
    def count(self) -> int:
        return len(self._maps)

    @property
    def shown(self) -> int:
        """So many maps are on show."""
        return self.count if self._is_open else min(self.count, _COLUMNS)

    def set_open(self, is_open: bool) -> None:
        self._is_open = is_open
        self._cursor = min(self._cursor, self.shown - 1)
        self._fit()
        self.update()

    def choose(self, index: int) -> None:
        """-1: none."""
        if index != self._chosen:
            self._chosen = index
            self.update()
            self.chosen.emit(index)

    def forget(self) -> None:
        """None is chosen any more; says nothing."""
        self._chosen = -1
        self.update()

    def rect_of(self, index: int) -> QRect:
        side, columns = self._side()
        row, column = divmod(index, columns)
        return QRect(column * (side + _GAP), row * (side + _GAP), side, side)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        side, columns = self._side()
        at, step = event.position().toPoint(), side + _GAP
        column, row = at.x() // step, at.y() // step
        index = row * columns + column
        if 0 <= column < columns and 0 <= index < self.shown:
            self._cursor = index
            self.choose(-1 if index == self._chosen else index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._side()[1]
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }.get(Qt.Key(event.key()))
        if step is not None and 0 <= self._cursor + step < self.shown:
            self._cursor += step
            self.update()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(-1 if self._cursor == self._chosen else self._cursor)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        with QPainter(self) as painter:
            for index in range(self.shown):
                map_ = np.ascontiguousarray(self._maps[index])
                rows, columns = map_.shape
                image = QImage(
                    map_.tobytes(), columns, rows, columns, QImage.Format.Format_Grayscale8
                )
                place = self.rect_of(index)
                painter.drawImage(place, image)
                if index == self._chosen or (index == self._cursor and self.hasFocus()):
                    painter.setPen(QPen(QColor(tokens.accent), 3 if index == self._chosen else 1))
                    painter.drawRect(place.adjusted(1, 1, -2, -2))

    def _side(self) -> tuple[int, int]:
        columns = _OPEN_COLUMNS if self._is_open else _COLUMNS
        return (self._width - (columns - 1) * _GAP) // columns, columns

    def _fit(self) -> None:
        side, columns = self._side()
        rows = -(-self.shown // columns)
        self.setFixedSize(QSize(self._width, rows * (side + _GAP) - _GAP))
