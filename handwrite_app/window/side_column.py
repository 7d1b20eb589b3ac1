"""The column beside the paper: the reading, or the one mode that stands in its place."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget


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
        self.addWidget(reading)
        self.setFixedWidth(reading.minimumWidth())

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
