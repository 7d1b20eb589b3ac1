"""What came of a training run, in its panel: a bar that takes no keys and covers no paper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from handwrite_app.ui.dialogs.dialog import dress, quiet_click
from handwrite_app.ui.theme import figures_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE


class ResultBar(QFrame):
    """One sentence and the choice between the two networks, of which the better one's button is coloured; or,
    of a run that was broken off, what happened and a way to go on.

    Signals:
        reportRequested(), compareRequested(), useRequested(), keepOldRequested(), resumeRequested().
    """

    reportRequested = Signal()
    compareRequested = Signal()
    useRequested = Signal()
    keepOldRequested = Signal()
    resumeRequested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("resultBar")
        self._say: Callable[[], str] = str
        self.words = QLabel()
        self.words.setObjectName("resultWords")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)  # two lines are as high as the buttons
        self.words.setFont(figures_font(SIZE_TEXT))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self.words, 1)
        self.report_button = self._button(row, "resultReport")
        self.report_button.clicked.connect(lambda: self.reportRequested.emit())
        self.compare_button = self._button(row, "resultCompare")
        self.compare_button.clicked.connect(lambda: self.compareRequested.emit())
        self.keep_button = self._button(row, "resultKeepOld")
        self.keep_button.clicked.connect(lambda: self.keepOldRequested.emit())
        self.use_button = self._button(row, "resultUse")
        self.use_button.clicked.connect(lambda: self.useRequested.emit())
        self.resume_button = self._button(row, "resumeRun")
        dress(self.resume_button, "primary", True)
        self.resume_button.clicked.connect(lambda: self.resumeRequested.emit())
        self.resume_button.hide()
        self._retranslate()
        self.hide()

    def offer_resume(self, say: Callable[[], str]) -> None:
        """A run was broken off. say: what happened."""
        for button in (
            *(self.report_button, self.compare_button),
            *(self.keep_button, self.use_button),
        ):
            button.hide()
        self.resume_button.show()
        self._say = say
        self._retranslate()
        self.show()

    def offer(self, say: Callable[[], str], *, better: bool) -> None:
        """A run has a result. say: the sentence, in the window's language. better: than the one in use."""
        for button, preferred in ((self.use_button, better), (self.keep_button, not better)):
            dress(button, "primary", preferred)
            button.show()
        self.report_button.show()
        self.compare_button.show()
        self.resume_button.hide()
        self._say = say
        self._retranslate()
        self.show()

    def settle(self, say: Callable[[], str]) -> None:
        """It was decided; the comparison can still be opened."""
        self.use_button.hide()
        self.keep_button.hide()
        self._say = say
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _button(self, row: QHBoxLayout, name: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        quiet_click(button)
        row.addWidget(button)
        return button

    def _retranslate(self) -> None:
        self.words.setText(self._say())
        self.setAccessibleName(self._say())
        self.report_button.setText(self.tr("Report…"))
        self.compare_button.setText(self.tr("Compare…"))
        self.use_button.setText(self.tr("Use it"))
        self.resume_button.setText(self.tr("Resume"))
        self.keep_button.setText(self.tr("Keep the old one"))
