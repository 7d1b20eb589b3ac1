"""In the reading's place: what the network of an earlier moment says of the drawing, while one draws."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from handwrite_app.reading.probability_bars import ProbabilityBars
from handwrite_app.reading.reading_panel import NOTHING
from handwrite_app.reading.verdict import State, judge
from handwrite_app.ui.dialogs.dialog import quiet_click
from handwrite_app.ui.theme import Theme, text_font
from handwrite_app.ui.tokens import SIZE_ANSWER, SIZE_TEXT, SPACE
from trainer.processes.probe_messages import Probed


class ThenPanel(QFrame):
    """Signals:
    closeRequested(): the network in use is to read again.
    """

    closeRequested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("thenPanel")
        self.setProperty("card", True)
        self._say_title: Callable[[], str] = str
        self.title = QLabel()
        self.title.setObjectName("thenTitle")
        self.title.setFont(text_font(SIZE_TEXT, bold=True))
        self.title.setWordWrap(True)
        self.answer = QLabel(NOTHING)
        self.answer.setObjectName("thenAnswer")
        self.answer.setFont(text_font(SIZE_ANSWER))
        self.answer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = QLabel()
        self.words.setObjectName("thenWords")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        self.bars = ProbabilityBars(theme)
        self.now = QLabel()
        self.now.setObjectName("thenNow")
        self.now.setProperty("role", "muted")
        self.now.setWordWrap(True)
        self.back_button = QPushButton()
        self.back_button.setObjectName("thenBack")
        quiet_click(self.back_button)
        self.back_button.clicked.connect(lambda: self.closeRequested.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        for widget in (self.title, self.answer, self.words, self.bars, self.now):
            column.addWidget(widget)
        column.addStretch(1)
        column.addWidget(self.back_button)
        self._retranslate()

    def begin(self, say_title: Callable[[], str]) -> None:
        """The network of another moment reads from now on."""
        self._say_title = say_title
        self.title.setText(say_title())

    def show_nothing(self) -> None:
        """The paper is empty."""
        self.answer.setText(NOTHING)
        self.words.setText(self.tr("Draw a digit"))
        self.bars.set_probabilities(None, state=State.EMPTY)
        self.now.setText("")

    def show_answer(self, probed: Probed, now: str) -> None:
        """now: what the network in use reads; "" where it gives no answer."""
        verdict = judge(
            probed.labels,
            probed.probabilities[0],
            drawing=False,
            not_a_digit=probed.refused[0],
        )
        self.answer.setText(NOTHING if verdict.headline else verdict.answer)
        self.words.setText(verdict.headline or verdict.words)
        self.bars.set_labels(probed.labels)
        self.bars.set_probabilities(probed.probabilities[0], state=verdict.state)
        self.now.setText(
            self.tr("The network in use reads {label}.").format(label=now) if now else ""
        )

    def show_problem(self, text: str) -> None:
        self.answer.setText(NOTHING)
        self.words.setText(text)
        self.bars.set_probabilities(None, state=State.EMPTY)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.title.setText(self._say_title())
        self.back_button.setText(self.tr("Back to the network in use"))
