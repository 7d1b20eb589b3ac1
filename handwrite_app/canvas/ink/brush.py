"""The outline of pen or eraser under the pointer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.ink.ink_layer import PaperPlace
from handwrite_app.canvas.input.gesture import CanvasInput, Tool
from handwrite_app.canvas.input.pointers import Pointers

#: A pen that is lifted out of reach sends no event: its brush goes after so many milliseconds.
_HOVER_MS = 1500
_LINE = 3.0  # logical pixels that the line and its halo take beyond the radius


class Brush(QObject):
    """Repaints the widget where the brush was and where it is. A pen that is drawing needs none."""

    def __init__(
        self,
        widget: QWidget,
        source: CanvasInput,
        pointers: Pointers,
        place: Callable[[], PaperPlace],
        radius: Callable[[], float],
    ) -> None:
        """place: where the paper is. radius: that of the tool in hand, in drawing units."""
        super().__init__(widget)
        self._widget = widget
        self._input = source
        self._pointers = pointers
        self._place = place
        self._radius = radius
        self._painted: QRectF | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_HOVER_MS)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def shown(self) -> tuple[QPointF, float] | None:
        """Middle and radius in logical pixels."""
        center = self._pointers.hover
        if self._painted is None or center is None:
            return None
        return center, self._radius() * self._place().scale

    def pen_hovers(self) -> None:
        """A tablet's event: the next one may never come."""
        self._timer.start()

    def update(self) -> None:
        """Pointer, tool or width have changed."""
        wanted = None
        center = self._pointers.hover
        is_drawing = self._input.active and self._input.tool is Tool.PEN
        if center is not None and not is_drawing:
            place = self._place()
            reach = self._radius() * place.scale + _LINE
            wanted = QRectF(center.x() - reach, center.y() - reach, 2 * reach, 2 * reach)
            if not wanted.intersects(place.rect):
                wanted = None
        for rect in (self._painted, wanted):
            if rect is not None:
                self._widget.update(rect.toAlignedRect())
        self._painted = wanted

    def _on_timeout(self) -> None:
        if self._pointers.hover_is_pen and not self._input.active:
            self._pointers.hover = None
            self.update()
