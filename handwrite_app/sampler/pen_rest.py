"""When the pen has rested for so long that what was written is whole."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from handwrite_app.canvas.canvas import Canvas

#: Milliseconds; between the strokes of a 4, a 5 or a 7 the pen rests for less.
PAUSE_MS = 1200


class PenRest(QObject):
    """Counts from the end of a stroke, as long as the paper's window is the active one: another window may
    have cut the digit short, and a rest of the pen does not mean then that it is whole.

    Signals:
        rested(): the pen has rested.
    """

    rested = Signal()

    def __init__(self, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(PAUSE_MS)
        self.timer.timeout.connect(self._on_timeout)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._on_focus_window_changed)

    def start(self) -> None:
        """The pen was lifted."""
        if self._canvas.isActiveWindow():
            self.timer.start()

    def stop(self) -> None:
        self.timer.stop()

    def _on_timeout(self) -> None:
        if self._canvas.isActiveWindow():
            self.rested.emit()

    def _on_focus_window_changed(self) -> None:
        if not self._canvas.isActiveWindow():
            self.timer.stop()
