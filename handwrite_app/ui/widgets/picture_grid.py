"""A grid of 28×28 pictures as networks see them, each with a word in its corner; one can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from handwrite_app.ui.theme import Theme, figures_font, scaled

_GAP = 2
_SIDE = 28
_FADED = 0.42
_BADGE = 11  # pixels of its type
_MARK = 3  # height of the line that says which curve is whose


@dataclass(frozen=True, kw_only=True)
class Tile:
    """picture: bytes by rows, `width` a row, 255 where there is ink. badge: in the corner. faded: it needs no
    attention. mark: the colour of a line below, "#rrggbb". words: for the tooltip and for screen readers."""

    picture: bytes
    badge: str = ""
    faded: bool = False
    mark: str = ""
    words: str = ""
    width: int = 28


class PictureGrid(QWidget):
    """Signals:
    chosen(int): the picture of this place was clicked, or Enter was pressed on it.
    """

    chosen = Signal(int)

    def __init__(
        self, theme: Theme, *, name: str, cell: int, columns: int = 0, parent: QWidget | None = None
    ) -> None:
        """cell: a picture's side in pixels of the desk. columns: 0 for as many as there is room for."""
        super().__init__(parent)
        self.setObjectName(name)
        self._theme = theme
        self._cell, self._columns = cell, columns
        self._tiles: tuple[Tile, ...] = ()
        self._images: dict[bytes, QImage] = {}
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(
            QSizePolicy.Policy.Fixed if columns else QSizePolicy.Policy.Expanding,
            QSizePolicy.Policy.Fixed if columns else QSizePolicy.Policy.Preferred,
        )
        policy.setHeightForWidth(not columns)
        self.setSizePolicy(policy)
        theme.changed.connect(self._on_theme_changed)

    @property
    def tiles(self) -> tuple[Tile, ...]:
        return self._tiles

    def set_tiles(self, tiles: Sequence[Tile]) -> None:
        count = len(self._tiles)
        self._tiles = tuple(tiles)
        kept = {tile.picture for tile in tiles}
        self._images = {key: image for key, image in self._images.items() if key in kept}
        self._current = max(0, min(self._current, len(tiles) - 1))
        self.setAccessibleDescription("; ".join(tile.words for tile in tiles if tile.words)[:500])
        if count != len(tiles):
            self.updateGeometry()
        self.update()

    def rect_of(self, index: int) -> QRect:
        """Where a picture stands."""
        row, column = divmod(index, self.columns)
        step = self._side + _GAP
        return QRect(column * step, row * step, self._side, self._side)

    @property
    def _side(self) -> int:
        """Of a picture, in the application's scale."""
        return scaled(self._cell)

    @property
    def columns(self) -> int:
        """How many stand in a row now."""
        return self._columns or max(1, (self.width() + _GAP) // (self._side + _GAP))

    def hasHeightForWidth(self) -> bool:
        return not self._columns

    def heightForWidth(self, width: int) -> int:
        columns = self._columns or max(1, (width + _GAP) // (self._side + _GAP))
        return max(1, -(-len(self._tiles) // columns)) * (self._side + _GAP) - _GAP

    def sizeHint(self) -> QSize:
        columns = self._columns or 10
        width = columns * (self._side + _GAP) - _GAP
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() if self._columns else QSize(self._side, self._side)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._index_at(event.pos())
            words = "" if index is None else self._tiles[index].words
            if words:
                QToolTip.showText(event.globalPos(), words, self)
            else:
                QToolTip.hideText()
                event.ignore()
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self._current = index
            self.chosen.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns,
            Qt.Key.Key_Down: self.columns,
        }
        key = Qt.Key(event.key())
        if key in steps and self._tiles:
            self._current = max(0, min(len(self._tiles) - 1, self._current + steps[key]))
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._tiles:
            self.chosen.emit(self._current)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        # Larger than its pixels a picture stays sharp; smaller, it would lose some of them.
        if self._side * self.devicePixelRatioF() < _SIDE:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        font = figures_font(_BADGE)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        for index, tile in enumerate(self._tiles):
            rect = self.rect_of(index)
            if rect.intersects(event.rect()):
                self._paint(painter, metrics, rect, tile)
        if self.hasFocus() and self._tiles:
            painter.setPen(QPen(QColor(self._theme.tokens.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect_of(self._current).adjusted(1, 1, -1, -1))
        painter.end()

    def _paint(self, painter: QPainter, metrics: QFontMetricsF, rect: QRect, tile: Tile) -> None:
        tokens = self._theme.tokens
        painter.setOpacity(_FADED if tile.faded else 1.0)
        painter.drawImage(rect, self._image(tile))
        painter.setOpacity(1.0)
        if tile.badge:
            width = max(metrics.height(), metrics.horizontalAdvance(tile.badge) + 4)
            badge = QRectF(
                rect.right() + 1 - width,
                rect.bottom() + 1 - metrics.height(),
                width,
                metrics.height(),
            )
            painter.fillRect(badge, QColor(tokens.accent_soft if tile.faded else tokens.accent))
            painter.setPen(QColor(tokens.text if tile.faded else tokens.accent_text))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, tile.badge)
        if tile.mark:
            painter.fillRect(rect.left(), rect.top(), _MARK, rect.height(), QColor(tile.mark))

    def _image(self, tile: Tile) -> QImage:
        image = self._images.get(tile.picture)
        if image is None:
            height = len(tile.picture) // tile.width
            image = QImage(
                tile.picture, tile.width, height, tile.width, QImage.Format.Format_Grayscale8
            ).copy()
            self._images[tile.picture] = image
        return image

    def _index_at(self, position: QPoint) -> int | None:
        step = self._side + _GAP
        column, row = position.x() // step, position.y() // step
        if not (0 <= column < self.columns and row >= 0):
            return None
        index = row * self.columns + column
        return index if index < len(self._tiles) else None

    def _on_theme_changed(self) -> None:
        self.updateGeometry()  # the scale may be another one
        self.update()
