"""Calls that wait for the pen: a box or dialog that opens under it would cut its stroke short."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from handwrite_app.canvas.canvas import Canvas

_LOOK_MS = 100  # a gesture that left nothing on the paper ends without a signal


class PenUpQueue(QObject):
    """Calls when the pen is lifted, at once where it is."""

    def __init__(self, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._waiting: list[Callable[[], object]] = []
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._call)
        canvas.strokeFinished.connect(self._call)

    def then(self, call: Callable[[], object]) -> None:
        """Calls it once, in the order of the requests."""
        self._waiting.append(call)
        self._look.start()
        self._call()

    def forget(self) -> None:
        """Drops the calls that wait."""
        self._waiting.clear()
        self._look.stop()

    def _call(self) -> None:
        if not self._canvas.is_drawing():
            waiting = list(self._waiting)
            self.forget()
            for call in waiting:
                call()
