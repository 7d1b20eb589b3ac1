"""The 28×28 picture that the network is given, pixel for pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from handwrite_app.ui.theme import Theme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE = 28


class NetworkInput(QWidget):
    """Shows the picture, white ink on black, in squares of whole screen pixels, never smoothed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkInput")
        self._theme = theme
        self._picture: bytes | None = None
        self.set_side(4 * SIDE)
        self._describe()
        theme.changed.connect(self._on_theme_changed)

    @property
    def picture(self) -> bytes | None:
        """The 784 bytes shown, row by row, 255 where there is ink; None where nothing is shown."""
        return self._picture

    def set_picture(self, picture: bytes | NDArray[np.uint8] | None) -> None:
        """Show 784 bytes or a uint8 (28, 28) array, 255 where there is ink, or nothing.

        Raises ValueError on any other size or type.
        """
        if picture is not None and not isinstance(picture, bytes):
            if picture.shape != (SIDE, SIDE) or picture.dtype.name != "uint8":
                raise ValueError(f"not a uint8 (28, 28) picture: {picture.dtype} {picture.shape}")
            picture = picture.tobytes()
        if picture is not None and len(picture) != SIDE * SIDE:
            raise ValueError(f"a picture has 784 bytes, not {len(picture)}")
        if picture == self._picture:
            return
        self._picture = picture
        self._describe()
        self.update()

    def set_side(self, side: int) -> None:
        """The side in device-independent pixels: a multiple of 28 is filled at most scales."""
        self.setFixedSize(QSize(side, side))

    def pixel_rect(self) -> QRect:
        """Where the picture lies, in device pixels; its side is a multiple of 28."""
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        side = max(1, min(width, height) // SIDE) * SIDE
        return QRect((width - side) // 2, (height - side) // 2, side, side)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        ratio = self.devicePixelRatioF()
        rect = self.pixel_rect()
        painter = QPainter(self)
        # The corner may lie between two screen pixels where the scale is not whole: move onto one.
        corner = painter.combinedTransform().map(QPointF(0, 0))
        painter.translate(
            (round(corner.x()) - corner.x()) / ratio, (round(corner.y()) - corner.y()) / ratio
        )
        painter.scale(1 / ratio, 1 / ratio)
        if self._picture is None:
            painter.fillRect(rect, QColor(tokens.track))
        else:
            image = QImage(self._picture, SIDE, SIDE, SIDE, QImage.Format.Format_Grayscale8)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(rect, image)
        if tokens.dark:  # black on a dark card: a hairline shows where the picture ends
            painter.setPen(QPen(QColor(tokens.border), 1))
            painter.drawRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _describe(self) -> None:
        self.setAccessibleName(self.tr("The network sees"))
        if self._picture is None:
            self.setAccessibleDescription(self.tr("Nothing yet"))
        else:
            text = self.tr("28 by 28 pixels, white ink on black")
            self.setAccessibleDescription(text)

    def _on_theme_changed(self) -> None:
        self.update()
