"""The column beside the paper while several characters are on it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from handwrite_app.lines.number_text import NumberText
from handwrite_app.lines.verdict import is_unsure, spoken, state_of, words_for
from handwrite_app.reading.density import density_of
from handwrite_app.reading.network_input import SIDE, NetworkInput
from handwrite_app.reading.probability_bars import ProbabilityBars
from handwrite_app.reading.state_colours import colour_text, state_colours
from handwrite_app.reading.verdict import State, percent
from handwrite_app.ui.theme import Theme, figures_font, scaled, text_font
from handwrite_app.ui.tokens import SIZE_ANSWER, SIZE_TEXT, SIZE_TITLE, SPACE
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel
from trainer.segmentation.reading import Line

#: From this height of the panel on, in device-independent pixels, the characters are as large as this.
_HIGH, _LARGEST = 720, 128


class LinePanel(QFrame):
    """The number large, what is said of it, and the bars of one of its characters.

    Signals:
        chosen(index): a character was chosen in the number.
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("linePanel")
        self.setProperty("card", True)
        self._theme = theme
        self._line: Line | None = None
        self._labels: tuple[str, ...] = ()
        self._current = -1
        self._drawing = False
        self.number = NumberText(theme)
        self.number.chosen.connect(self.chosen)
        self.answer = ElidedLabel()
        self.answer.setObjectName("sumAnswer")
        self.answer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.answer.setFont(figures_font(2 * SIZE_TITLE))
        self.words = ElidedLabel()
        self.words.setObjectName("lineCertainty")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setFont(figures_font(SIZE_TEXT))
        self._title = ElidedLabel()
        self._title.setObjectName("characterTitle")
        self._title.setFont(text_font(SIZE_TEXT, bold=True))
        self.bars = ProbabilityBars(theme)
        self.bars.setObjectName("characterProbabilities")
        self.network_input = NetworkInput(theme)
        self.network_input.setObjectName("characterInput")
        self._hint = QLabel()
        self._hint.setProperty("role", "small")
        self._hint.setWordWrap(True)
        self._lay_out()
        theme.changed.connect(self._colour)
        theme.changed.connect(self._fit)
        self._retranslate()

    @property
    def current(self) -> int:
        """The character whose bars are shown; −1: none."""
        return self._current

    def show_line(
        self, line: Line, labels: tuple[str, ...], current: int, *, drawing: bool
    ) -> None:
        """labels: of the probabilities. current: whose bars are shown. drawing: the pen is down."""
        self._line, self._labels, self._current, self._drawing = line, labels, current, drawing
        words = words_for(line, drawing=drawing)
        shown = ["?" if one.refused else one.label for one in line.characters]
        unsure = [not drawing and is_unsure(one) for one in line.characters]
        self.number.set_characters(shown, unsure, current, spoken(line, drawing=drawing))
        self.answer.setText(f"= {line.answer}" if line.answer else "")
        self.answer.setVisible(bool(line.answer))
        self.words.setText(words)
        one = line.characters[current]
        self.bars.set_labels(labels)
        fits = len(one.probabilities) == len(labels)
        state = (
            State.NOT_A_DIGIT if one.refused else State.UNSURE if unsure[current] else State.SURE
        )
        self.bars.set_probabilities(one.probabilities if fits else None, state=state)
        self.network_input.set_picture(one.picture or None)
        words = self.tr("Character {number} of {count}: {percent}")
        self._title.setText(
            words.format(
                number=current + 1,
                count=len(line.characters),
                percent=percent(one.probability),
            )
        )
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Larger on a large screen, as the reading of one character is."""
        scale = self._theme.scale
        density = density_of(self.width(), self.height(), scale)
        is_high = self.height() >= _HIGH * scale
        self.number.set_largest(_LARGEST if is_high else SIZE_ANSWER)
        self.words.setFixedHeight(scaled(3 * SPACE))
        self.bars.set_row_height(density.row)
        is_large = is_high and not density.stacked
        self.network_input.set_side(density.preview if is_large else round(3 * scale) * SIDE)

    def _lay_out(self) -> None:
        rule = QFrame()
        rule.setProperty("rule", True)
        rule.setFixedHeight(1)
        seen = QHBoxLayout()
        seen.setSpacing(2 * SPACE)
        corner = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        seen.addWidget(self.network_input, 0, corner)
        seen.addWidget(self._hint, 1, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(0)
        column.addWidget(self.number)
        column.addWidget(self.answer)
        column.addWidget(self.words)
        column.addSpacing(SPACE)
        column.addWidget(rule)
        column.addSpacing(SPACE)
        column.addWidget(self._title)
        column.addSpacing(SPACE // 2)
        column.addWidget(self.bars)
        column.addSpacing(SPACE)
        column.addLayout(seen)
        column.addStretch(1)

    def _colour(self) -> None:
        state = State.SURE
        if self._line is not None:
            state = state_of(self._line, drawing=self._drawing)
        colour_text(self.words, state_colours(state, self._theme.tokens)[1])

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Number"))
        self._hint.setText(
            self.tr("Point at a character, or click it above, and press what it is to correct it")
        )
        if self._line is not None:
            self.show_line(self._line, self._labels, self._current, drawing=self._drawing)
