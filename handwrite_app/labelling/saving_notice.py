"""Says that a drawing is being saved, where that takes long."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from handwrite_app.reading.reading_panel import PATIENCE_MS


class SavingNotice(QObject):
    """Signals:
    said(text): for the status line; "": nothing more to say.
    """

    said = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_said = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self._say)

    def start(self) -> None:
        """A drawing is on its way to the disk."""
        self._timer.start()

    def stop(self) -> None:
        """No longer; what was said stays until something else is."""
        self._timer.stop()

    def forget(self) -> None:
        """No longer, and something else is said in its place."""
        self._timer.stop()
        self._is_said = False

    def end(self) -> None:
        """No longer, and there is nothing more to say."""
        self._timer.stop()
        if self._is_said:
            self._is_said = False
            self.said.emit("")

    def _say(self) -> None:
        self._is_said = True
        self.said.emit(self.tr("Saving the drawing…"))
