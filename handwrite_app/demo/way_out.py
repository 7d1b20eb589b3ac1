"""The hidden way out of demo mode: four taps into a corner, and a fifth that is held."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

#: Taps before the one that is held, the time in which they all have to come, and how long to hold.
TAPS = 4
WITHIN_MS = 4000
HOLD_MS = 2000


class Knocks:
    """Counts presses. Knows no Qt; times are milliseconds of any clock."""

    def __init__(self, taps: int = TAPS, within_ms: float = WITHIN_MS) -> None:
        self._taps = taps
        self._within = within_ms
        self._times: list[float] = []

    def press(self, ms: float) -> bool:
        """Whether this press is the one that has to be held."""
        self._times = [one for one in self._times if 0 <= ms - one <= self._within]
        is_last = len(self._times) >= self._taps
        self._times.append(ms)
        return is_last


class WayOut(QWidget):
    """An invisible corner, 96 pixels a side, for a mouse, a pen or a finger.

    Signals:
        opened(): the taps and the hold have come.
    """

    opened = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("wayOut")
        self.setFixedSize(96, 96)
        self.move(0, 0)
        self._knocks = Knocks()
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.timeout.connect(self.opened)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if self._knocks.press(event.timestamp()):
            self._hold.start(HOLD_MS)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)  # two quick taps

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._hold.stop()
