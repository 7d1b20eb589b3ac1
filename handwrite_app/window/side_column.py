"""The column beside the paper: the reading, or the one mode that stands in its place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from handwrite_app.ui.theme import scaled
from handwrite_app.ui.watched import watch

#: Where the paper leaves room the column becomes so wide, in device-independent pixels.
MOST_WIDTH = 420
#: What stands above and below the paper, and beside it without the column.
_ABOVE_AND_BELOW, _BESIDE = 130, 90


class SideColumn(QStackedWidget):
    """Shows the reading panel, or one other panel at a time ("why", two networks, a number's characters).

    Signals:
        modeChanged(): the panel on show is another one.
    """

    modeChanged = Signal()

    def __init__(self, reading: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sideColumn")
        self._reading = reading
        self._least = reading.minimumWidth()
        self.addWidget(reading)
        self.setFixedWidth(self._least)

    @property
    def mode(self) -> QWidget | None:
        """The panel in place of the reading; None while the reading is on show."""
        shown = self.currentWidget()
        return None if shown is self._reading else shown

    def show_mode(self, panel: QWidget | None) -> None:
        """Shows this panel, which the column then owns, in the reading's place; None: the reading again."""
        wanted = self._reading if panel is None else panel
        if self.indexOf(wanted) < 0:
            self.addWidget(wanted)
        if wanted is not self.currentWidget():
            self.setCurrentWidget(wanted)
            self.modeChanged.emit()

    def follow_escape(self, canvas: QWidget) -> None:
        """Esc on the paper leaves the mode that is on show, if it has a signal closeRequested."""
        watch(canvas, [QEvent.Type.KeyPress], self._on_key)

    def _on_key(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and (close := getattr(self.mode, "closeRequested", None)) is not None
        ):
            close.emit()
            return True
        return False

    def fit(self, window: QSize) -> None:
        """Takes a part of what a square paper leaves of a window of this size."""
        paper = window.height() - scaled(_ABOVE_AND_BELOW)
        room = window.width() - paper - scaled(_BESIDE)
        width = max(scaled(self._least), min(room * 3 // 5, scaled(MOST_WIDTH)))
        if width != self.width():
            self.setFixedWidth(width)
