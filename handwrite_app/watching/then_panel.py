"""In the reading's place: what the network of an earlier moment says of the drawing, while one draws."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from handwrite_app.reading.probability_bars import ProbabilityBars
from handwrite_app.reading.reading_panel import NOTHING
from handwrite_app.reading.verdict import State, Verdict, verdict_of
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
        self._say_words: Callable[[], str] = str
        self._in_use = ""
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
        self._show(NOTHING, lambda: self.tr("Draw a digit"))

    def show_answer(self, probed: Probed) -> None:
        """What the network of that moment reads."""

        def verdict_now() -> Verdict:
            return verdict_of(
                probed.labels,
                probed.probabilities[0],
                drawing=False,
                not_a_digit=probed.refused[0],
            )

        verdict = verdict_now()
        self.bars.set_labels(probed.labels)
        self._show(
            NOTHING if verdict.headline else verdict.answer,
            lambda: verdict_now().headline or verdict_now().words,
        )
        self.bars.set_probabilities(probed.probabilities[0], state=verdict.state)

    def show_problem(self, say: Callable[[], str]) -> None:
        self._show(NOTHING, say)

    def show_in_use(self, label: str) -> None:
        """What the network in use reads; "" where it gives no answer."""
        self._in_use = label
        words = self.tr("The network in use reads {label}.").format(label=label)
        self.now.setText(words if label else "")

    def _show(self, answer: str, say_words: Callable[[], str]) -> None:
        self._say_words = say_words
        self.answer.setText(answer)
        self.words.setText(say_words())
        self.bars.set_probabilities(None, state=State.EMPTY)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.title.setText(self._say_title())
        self.words.setText(self._say_words())
        self.show_in_use(self._in_use)
        self.back_button.setText(self.tr("Back to the network in use"))
