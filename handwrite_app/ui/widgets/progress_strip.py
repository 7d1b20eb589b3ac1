"""How far a long job is, in the status line: one draws on meanwhile."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from handwrite_app.ui.dialogs.dialog import quiet_click
from handwrite_app.ui.theme import figures_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE

_BAR_WIDTH = 12 * SPACE


class ProgressStrip(QWidget):
    """A few words, a thin bar, and small buttons. No higher than the status line, so that the paper keeps its
    size when it comes and goes. Subclasses say the words, in ``retranslate``.

    Signals:
        stopRequested().
    """

    stopRequested = Signal()

    def __init__(self, name: str) -> None:
        """name: prefix of the objectNames."""
        super().__init__()
        self.setObjectName(f"{name}Strip")
        self.words = QLabel()
        self.words.setObjectName(f"{name}Words")
        self.words.setFont(figures_font(SIZE_TEXT))
        self.bar = QProgressBar()
        self.bar.setObjectName(f"{name}Progress")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2 * SPACE, 0, 0, 0)
        self._row.setSpacing(SPACE)
        self._row.addWidget(self.words)
        self._row.addWidget(self.bar)
        self.stop_button = self.add_button(f"stop{name.capitalize()}")
        self.stop_button.clicked.connect(self._on_stop_clicked)

    def add_button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        button.setProperty("compact", True)
        quiet_click(button)
        self._row.addWidget(button)
        return button

    def retranslate(self) -> None:
        """Says everything in the window's language."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _on_stop_clicked(self) -> None:
        self.stopRequested.emit()
