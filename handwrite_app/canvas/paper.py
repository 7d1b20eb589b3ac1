"""The paper as a widget: its looks, its hint, and where it lies."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_app.canvas.document import WIDE
from handwrite_app.canvas.ink.ink_layer import PaperPlace, PaperView


class Paper(QWidget):
    """What is drawn on it is its subclass's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = PaperView()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 240)

    def set_colors(
        self,
        paper: QColor,
        ink: QColor,
        hint: QColor,
        outline: QColor,
        accent: QColor | None = None,
    ) -> None:
        """hint is also the colour of the brush, outline that of the paper's border, accent that of the paper
        while a file is dragged over it (None: hint's)."""
        self._view.accent = QColor(hint if accent is None else accent)
        self._view.paper, self._view.ink = QColor(paper), QColor(ink)
        self._view.hint_color, self._view.outline = QColor(hint), QColor(outline)
        self.update()

    @property
    def is_wide(self) -> bool:
        return self._view.wide > 1

    def set_wide(self, wide: bool) -> None:
        """A paper for a line of writing, twice as wide as high; what is drawn stays where it is."""
        self._view.wide = WIDE if wide else 1.0
        self.updateGeometry()
        self.update()

    def set_hint(self, text: str) -> None:
        """The words on the empty paper."""
        self._view.hint = text
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 560)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 240)

    def place(self) -> PaperPlace:
        """Where the paper lies in this widget."""
        return self._view.place(self.size(), self.devicePixelRatioF())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.update()
        return super().event(event)

    def _update_part(self, part: QRectF) -> None:
        """Repaints a part of the paper, in drawing units."""
        rect = self.place().to_widget(part).adjusted(-2, -2, 2, 2)
        self.update(rect.toAlignedRect())

    def _to_paper(self, position: QPointF) -> tuple[float, float]:
        return self.place().to_paper(position)
