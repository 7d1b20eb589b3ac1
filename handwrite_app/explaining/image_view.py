"""A small grey image, pixel for pixel: a stage of the preprocessing, a feature map, an example, a map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_app.ui.theme import Theme, scaled


class ImageView(QWidget):
    """White on black as the network sees it, never smoothed. A chosen one has a border in the accent.

    Signals:
        clicked(): with the mouse, or Space or Enter; only where `can_open`.
    """

    clicked = Signal()

    def __init__(
        self,
        theme: Theme,
        side: int,
        *,
        can_open: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """can_open: it can be clicked and has the focus by Tab."""
        super().__init__(parent)
        self._theme = theme
        self._image: NDArray[np.uint8] | None = None
        self._box: QRect | None = None
        self._is_chosen = False
        self._can_open = can_open
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._side = side
        self._fit()
        if can_open:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self._fit)

    def _fit(self) -> None:
        """In the application's scale."""
        self.setFixedSize(QSize(scaled(self._side), scaled(self._side)))
        self.update()

    @property
    def image(self) -> NDArray[np.uint8] | None:
        return self._image

    def set_image(
        self, image: NDArray[np.uint8] | None, *, box: tuple[int, int, int] | None = None
    ) -> None:
        """image: uint8 (H, W). box: left, top and side of a square to mark, in its pixels."""
        self._image = image
        self._box = None if box is None else QRect(box[0], box[1], box[2], box[2])
        self.update()

    @property
    def is_chosen(self) -> bool:
        return self._is_chosen

    def set_chosen(self, chosen: bool) -> None:
        if chosen != self._is_chosen:
            self._is_chosen = chosen
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._can_open and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._can_open and event.key() in (
            Qt.Key.Key_Space,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
        ):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(tokens.network_ground))
            if self._image is not None:
                rows, columns = self._image.shape
                data = np.ascontiguousarray(self._image).tobytes()
                image = QImage(data, columns, rows, columns, QImage.Format.Format_Grayscale8)
                place = self._place(columns, rows)
                painter.drawImage(place, image)
                if self._box is not None:
                    scale = place.width() / columns
                    corner = place.topLeft() + QPoint(0, 0)
                    painter.setPen(QPen(QColor(DARK_ACCENT), 1))
                    painter.drawRect(
                        QRectF(
                            corner.x() + self._box.x() * scale,
                            corner.y() + self._box.y() * scale,
                            self._box.width() * scale - 1,
                            self._box.height() * scale - 1,
                        )
                    )
            if self._is_chosen or self.hasFocus():
                painter.setPen(QPen(QColor(tokens.accent), 3))
                painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
            elif tokens.dark:
                painter.setPen(QPen(QColor(tokens.border), 1))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _place(self, columns: int, rows: int) -> QRectF:
        side = min(self.width() / columns, self.height() / rows)
        wide, high = side * columns, side * rows
        return QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)


#: On the black ground of every theme.
DARK_ACCENT = "#8fb3ff"
