"""One of two networks that are compared: which it is, and what it reads. Widgets of one half of the panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QStackedWidget

from handwrite_app.reading.probability_bars import ProbabilityBars
from handwrite_app.reading.verdict import State, verdict_of
from handwrite_app.ui.dialogs.dialog import WheelGuard
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme, figures_font, scaled, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SIZE_TITLE, SPACE
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel
from trainer.processes.recognition_messages import Reading

NOTHING = "–"
_SIZE_ANSWER = 64


class Half(QObject):
    """A choice of networks, an answer, and its bars, which grow away from the middle of the panel.

    Signals:
        chosen(Path): this network is to read here. labelsChanged(): the bars have others.
    """

    chosen = Signal(object)
    labelsChanged = Signal()

    def __init__(self, key: str, theme: Theme, parent: QObject) -> None:
        """key: "A" (left) or "B"."""
        super().__init__(parent)
        self._key = key
        self._again: Callable[[], None] = self.show_empty
        self._answer: str | None = None
        self.networks = QComboBox()
        self.networks.setObjectName(f"compareNetwork{key}")
        self.networks.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.networks.setMinimumContentsLength(6)
        self.networks.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.networks.setFocusPolicy(
            Qt.FocusPolicy.TabFocus
        )  # a click leaves the keys to the paper
        self.networks.activated.connect(self._on_activated)
        WheelGuard(self).guard(self.networks)
        self.answer = QLabel(NOTHING)
        self.answer.setObjectName(f"compareAnswer{key}")
        self.answer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        self.answer.setFont(text_font(_SIZE_ANSWER))
        self.words = ElidedLabel()
        self.words.setObjectName(f"compareWords{key}")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setFont(figures_font(SIZE_TEXT))
        self.words.setFixedHeight(scaled(3 * SPACE))
        self.bars = ProbabilityBars(theme)
        self.bars.setObjectName(f"compareBars{key}")
        self.bars.set_mirrored(key == "A")
        self.message = QLabel()
        self.message.setObjectName(f"compareMessage{key}")
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.bars)
        self.stack.addWidget(self.message)

    @property
    def verdict(self) -> str | None:
        """The answer to a whole drawing, "" where it is none of the labels; None where there is none yet."""
        return self._answer

    def set_networks(self, networks: Sequence[tuple[Path, str]], chosen: Path) -> None:
        """(path, title) of those that can be chosen."""
        with QSignalBlocker(self.networks):
            self.networks.clear()
            for path, title in networks:
                self.networks.addItem(title, str(path))
            self.networks.setCurrentIndex(self.networks.findData(str(chosen)))
        self.networks.setToolTip(self.networks.currentText())

    def set_labels(self, labels: Sequence[str]) -> None:
        """What the network can answer."""
        if tuple(labels) != self.bars.labels:
            self.bars.set_labels(labels)
            self.labelsChanged.emit()

    def show_reading(self, reading: Reading, *, drawing: bool) -> None:
        """drawing: the pen is still on the paper."""
        if reading.error is not None:
            self.show_message(sentence(reading.error))
        elif reading.line is not None:
            self._show_line(reading.line.text, drawing)
        elif reading.probabilities is None:
            self.show_empty()
        else:
            self._show(reading, drawing)

    def show_empty(self) -> None:
        self._again = self.show_empty
        self._answer = None
        self._set_answer(NOTHING)
        self.words.setText("")
        self.bars.set_probabilities(None)
        self.stack.setCurrentWidget(self.bars)

    def show_message(self, text: str) -> None:
        """Why nothing is read."""
        self.show_empty()
        self.message.setText(text)
        self.stack.setCurrentWidget(self.message)

    def retranslate(self) -> None:
        self.networks.setAccessibleName(
            self.tr("First network") if self._key == "A" else self.tr("Second network")
        )
        if self.stack.currentWidget() is self.bars:
            self._again()

    def _show(self, reading: Reading, drawing: bool) -> None:
        assert reading.probabilities is not None
        self._again = lambda: self._show(reading, drawing)
        verdict = verdict_of(
            reading.labels, reading.probabilities, drawing=drawing, not_a_digit=reading.refused
        )
        refused = verdict.state is State.NOT_A_DIGIT
        self._answer = None if drawing else "" if refused else verdict.answer
        self._set_answer(NOTHING if verdict.headline else verdict.answer)
        self.words.setText(verdict.headline or verdict.words)
        self.set_labels(reading.labels)
        self.bars.set_probabilities(reading.probabilities, state=verdict.state)
        self.stack.setCurrentWidget(self.bars)

    def _show_line(self, text: str, drawing: bool) -> None:
        """Several characters have no bars."""
        self.show_empty()
        self._again = lambda: self._show_line(text, drawing)
        self._answer = None if drawing else text
        self._set_answer(text or NOTHING)

    def _set_answer(self, text: str) -> None:
        self.answer.setFont(text_font(_SIZE_ANSWER if len(text) == 1 else 2 * SIZE_TITLE))
        self.answer.setText(text)

    def _on_activated(self, index: int) -> None:
        self.networks.setToolTip(self.networks.currentText())
        self.chosen.emit(Path(self.networks.itemData(index)))
