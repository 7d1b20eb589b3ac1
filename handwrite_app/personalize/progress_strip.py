"""How far teaching is, in the status line: one draws on meanwhile."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from handwrite_app.reading.verdict import percent
from handwrite_app.ui.theme import figures_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE

_BAR_WIDTH = 12 * SPACE


class PersonalizationStrip(QWidget):
    """A few words, a thin bar, and the button that stops it. It is no higher than the status line, so that
    the paper keeps its size when it comes and goes.

    Signals:
        stopRequested().
    """

    stopRequested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("teachingStrip")
        self._count = 0
        self._share = 0.0
        self.words = QLabel()
        self.words.setObjectName("teachingWords")
        self.words.setFont(figures_font(SIZE_TEXT))
        self.bar = QProgressBar()
        self.bar.setObjectName("teachingProgress")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self.stop_button = QPushButton()
        self.stop_button.setObjectName("stopTeaching")
        self.stop_button.setProperty("compact", True)
        self.stop_button.clicked.connect(self._on_stop_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self.words)
        row.addWidget(self.bar)
        row.addWidget(self.stop_button)
        self.begin()

    def begin(self) -> None:
        """A lesson begins; it is not known yet with how many drawings."""
        self._count, self._share = 0, 0.0
        self._stopping = False
        self.stop_button.setEnabled(True)
        self._retranslate()

    def set_count(self, drawings: int) -> None:
        self._count = drawings
        self._retranslate()

    def set_share(self, share: float) -> None:
        """0…1."""
        self._share = share
        self._retranslate()

    def show_stopping(self) -> None:
        """The wish to stop is under way."""
        self._stopping = True
        self.stop_button.setEnabled(False)
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.bar.setValue(round(1000 * self._share))
        if self._stopping:
            words = self.tr("Stopping…")
        elif not self._count:
            words = self.tr("Teaching…")
        else:
            words = self.tr("Teaching {count} drawings… {percent}").format(
                count=QLocale().toString(self._count), percent=percent(self._share)
            )
        self.words.setText(words)
        self.setAccessibleName(words)
        self.bar.setAccessibleName(self.tr("Progress of the teaching"))
        self.stop_button.setText(self.tr("Stop"))
        self.stop_button.setAccessibleName(self.tr("Stop teaching"))
        self.stop_button.setToolTip(self.tr("Stop teaching; the network in use stays"))

    def _on_stop_clicked(self) -> None:
        self.stopRequested.emit()
