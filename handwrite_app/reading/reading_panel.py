"""The column beside the paper: the answer, how sure it is, and the network's input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QLabel,
    QLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.reading.density import DENSITIES, REMARK, Density, density_of
from handwrite_app.reading.network_input import NetworkInput
from handwrite_app.reading.probability_bars import ProbabilityBars
from handwrite_app.reading.state_colours import colour_text, state_colours
from handwrite_app.reading.verdict import State, Verdict, verdict_of
from handwrite_app.ui.theme import Theme, figures_font, scaled, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SIZE_TITLE, SPACE
from handwrite_app.ui.widgets.labels_and_buttons import Chip, ElidedLabel
from handwrite_app.ui.widgets.layouts import empty

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Least width of the column, and the height from which on it shows everything. It grows where
#: the paper leaves room.
PANEL_WIDTH = 304
PANEL_HEIGHT = 512
#: A wait shorter than this gets no words.
PATIENCE_MS = 300
NOTHING = "–"


class ShownReading(Protocol):
    """One probability for each label, and the 28×28 input of the network."""

    @property
    def labels(self) -> Sequence[str]: ...
    @property
    def probabilities(self) -> Sequence[float]: ...
    @property
    def picture(self) -> bytes | NDArray[np.uint8] | None: ...


class ReadingPanel(QFrame):
    """Shows one reading at a time, or honestly that there is none.

    It grows with the window in steps, and asks for no more room than the smallest needs. What else there is
    to say of a reading goes into `set_notes`, as chips beside the input.

    Signals:
        startOverRequested(): by the button of "two digits". stateChanged(): it shows something else.
    """

    startOverRequested = Signal()
    stateChanged = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readingPanel")
        self.setProperty("card", True)
        self.setMinimumWidth(PANEL_WIDTH)
        self._theme = theme
        self._state = State.EMPTY
        self._density: Density | None = None
        self._again: Callable[[], None] = self.show_empty
        self._notes: tuple[str, ...] = ()

        self.remark = ElidedLabel()
        self.remark.setObjectName("readingRemark")
        self.remark.setProperty("role", "small")
        self.answer = QLabel(NOTHING)
        self.answer.setObjectName("prediction")
        self.answer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        self.headline = QLabel()
        self.headline.setObjectName("headline")
        self.headline.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.headline.setWordWrap(True)
        self.headline.hide()
        self.start_over = QPushButton()
        self.start_over.setObjectName("startOver")
        self.start_over.setProperty("quiet", True)
        self.start_over.setAutoDefault(False)
        self.start_over.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.start_over.clicked.connect(self.startOverRequested)
        self.start_over.hide()
        self.words = ElidedLabel()
        self.words.setObjectName("certainty")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bars = ProbabilityBars(theme)
        self.message = QLabel()
        self.message.setObjectName("readingMessage")
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.bars)
        self._stack.addWidget(self.message)
        self.network_input = NetworkInput(theme)
        self._title = ElidedLabel()
        self._explanation = QLabel()
        self._explanation.setProperty("role", "small")
        self._explanation.setWordWrap(True)
        self._reason = QVBoxLayout()
        self._has_reason = False
        self._chips = QVBoxLayout()
        self._chips.setSpacing(SPACE // 2)
        self._seen = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()

        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience_over)
        self._waiting_text = ""
        theme.changed.connect(self._on_theme_changed)
        self._retranslate()
        self._set_density(DENSITIES[-1])
        self.show_empty()

    @property
    def state(self) -> State:
        return self._state

    @property
    def is_waiting(self) -> bool:
        """Whether it says what it waits for, or soon will."""
        return self._state is State.WAITING or self._patience.isActive()

    def show_empty(self) -> None:
        """Nothing is drawn."""
        self._again = self.show_empty
        self._show_nothing(State.EMPTY, self.tr("Nothing drawn yet"))
        self.network_input.set_picture(None)

    def show_too_little(self, picture: bytes | NDArray[np.uint8] | None = None) -> None:
        """There is ink, but the network finds nothing to read in it: a dot, say."""
        self._again = lambda: self.show_too_little(picture)
        self._show_nothing(State.TOO_LITTLE, self.tr("Too little to read"))
        self.network_input.set_picture(picture)

    def show_waiting(self, text: str) -> None:
        """There is no reading yet: the network is loading, a file is being opened, an answer is on its way.
        The words appear only if that lasts longer than 300 ms."""
        self._waiting_text = text
        if self._state is State.WAITING:
            self._on_patience_over()
        elif not self._patience.isActive():
            self._patience.start()

    def content_height(self) -> int:
        """How much of the panel's height is taken, from the top, in device-independent pixels."""
        shown = [w for w in self.findChildren(QWidget) if w.parent() is self and w.isVisible()]
        return max((one.geometry().bottom() for one in shown), default=0)

    def set_remark(self, text: str) -> None:
        """A few words above the answer: under which label the drawing is saved, or how to correct it."""
        self.remark.setText(text)

    def set_reason(self, widget: QWidget | None) -> None:
        """Puts a widget beside the network's input: why it reads as it does. The panel owns it."""
        empty(self._reason)
        self._has_reason = widget is not None
        if widget is not None:
            self._reason.addWidget(widget)
        self._show_explanation()

    def _show_explanation(self) -> None:
        """What the network's input is, where there is nothing of more interest."""
        self._explanation.setVisible(not self._notes and not self._has_reason)

    def show_reading(
        self,
        reading: ShownReading,
        *,
        drawing: bool = False,
        not_a_digit: bool = False,
        several: bool = False,
        notes: Sequence[str] = (),
    ) -> None:
        """A reading. drawing: the pen is down. not_a_digit: the network refuses. several: and it looks like
        two digits. notes: remarks on the picture, such as "too thin".

        Raises ValueError where labels, probabilities or picture do not fit together.
        """
        verdict = verdict_of(
            reading.labels,
            reading.probabilities,
            drawing=drawing,
            not_a_digit=not_a_digit,
            several=several,
        )
        self._again = lambda: self.show_reading(
            reading, drawing=drawing, not_a_digit=not_a_digit, several=several, notes=notes
        )
        self.bars.set_labels(reading.labels)
        self._set_bars_height()
        self.bars.set_probabilities(reading.probabilities, state=verdict.state)
        self.network_input.set_picture(reading.picture)
        self._show_verdict(verdict)
        self.start_over.setVisible(bool(verdict.headline) and several)
        self.set_notes(notes)

    def show_failed(self, text: str) -> None:
        """There will be no reading. text: what happened, what was kept, what to do."""
        self._again = lambda: self.show_failed(text)
        self._show_nothing(State.FAILED, self.tr("No reading"))
        self.message.setText(text)
        self.message.setAccessibleName(text)
        self._stack.setCurrentWidget(self.message)

    def set_notes(self, notes: Sequence[str]) -> None:
        """Chips beside the picture; at most three are shown."""
        if tuple(notes) == self._notes:
            return
        self._notes = tuple(notes)
        empty(self._chips)
        for note in self._notes[:3]:
            self._chips.addWidget(Chip(note), 0, Qt.AlignmentFlag.AlignLeft)
        self._show_explanation()

    def sizeHint(self) -> QSize:
        return QSize(PANEL_WIDTH, PANEL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_density(density_of(self.width(), self.height(), self._theme.scale))
        self._fit_answer()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            # What is waited for is said by the one who knows; it is no reading that could be shown again.
            if not self.is_waiting:
                self._again()

    def _lay_out(self) -> None:
        head = QGridLayout()
        for widget in (self.answer, self.headline):
            head.addWidget(widget, 0, 0)
        head.addWidget(
            self.start_over, 0, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        )
        rule = QFrame()
        rule.setProperty("rule", True)
        rule.setFixedHeight(1)
        beside = QVBoxLayout()
        beside.setSpacing(SPACE // 2)
        beside.addWidget(self._title)
        beside.addWidget(self._explanation)
        beside.addLayout(self._chips)
        beside.addLayout(self._reason)
        beside.addStretch(1)
        self._seen.setSpacing(2 * SPACE)
        corner = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        self._seen.addWidget(self.network_input, 0, corner)
        self._seen.addLayout(beside, 1)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # or it could not shrink
        column.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(0)
        column.addWidget(self.remark)
        column.addLayout(head)
        column.addWidget(self.words)
        column.addSpacing(SPACE)
        column.addWidget(self._stack)
        column.addSpacing(2 * SPACE)
        column.addWidget(rule)
        column.addSpacing(2 * SPACE)
        column.addLayout(self._seen)
        column.addStretch(1)

    def _set_density(self, density: Density) -> None:
        if density == self._density:
            return
        self._density = density
        # The smallest has no room for it.
        self.remark.setVisible(density.height > 0)
        self.remark.setFixedHeight(scaled(REMARK))
        self.headline.setFont(text_font(SIZE_TITLE, bold=True))
        self.words.setFont(figures_font(SIZE_TEXT))
        self.words.setFixedHeight(scaled(3 * SPACE))
        self._title.setFont(text_font(SIZE_TEXT, bold=True))
        self._fit_answer()
        self.answer.setFixedHeight(density.answer + SPACE // 2)
        self.bars.set_row_height(density.row)
        self._set_bars_height()
        self.network_input.set_side(density.preview)
        across = QBoxLayout.Direction.LeftToRight
        down = QBoxLayout.Direction.TopToBottom
        self._seen.setDirection(down if density.stacked else across)

    def _fit_answer(self) -> None:
        """The answer as large as the window's height allows, smaller where a name would not fit."""
        if self._density is None:
            return
        size = round(self._density.answer / self._theme.scale)  # the font is scaled
        room = max(PANEL_WIDTH, self.width()) - 4 * SPACE
        width = QFontMetrics(figures_font(size)).horizontalAdvance(self.answer.text())
        if width > room:
            size = max(SIZE_TITLE, size * room // width)
        self.answer.setFont(figures_font(size))

    def _set_bars_height(self) -> None:
        self._stack.setFixedHeight(self.bars.height())

    def _show_nothing(self, state: State, words: str) -> None:
        self.bars.set_probabilities(None)
        self._show_verdict(Verdict(state=state, answer=NOTHING, words=words))
        self.set_notes(())

    def _show_verdict(self, verdict: Verdict) -> None:
        self._patience.stop()
        self._state = verdict.state
        self._stack.setCurrentWidget(self.bars)
        self.answer.setText("" if verdict.headline else verdict.answer)
        self._fit_answer()
        self.headline.setText(verdict.headline)
        self.headline.setVisible(bool(verdict.headline))
        self.start_over.hide()
        self.words.setText(verdict.words)
        said = verdict.headline or verdict.answer
        spoken = verdict.words if said == NOTHING else f"{said}. {verdict.words}"
        self.answer.setAccessibleName(spoken)
        self._colour()
        self.stateChanged.emit()

    def _colour(self) -> None:
        answer, words = state_colours(self._state, self._theme.tokens)
        colour_text(self.answer, answer)
        colour_text(self.headline, answer)
        colour_text(self.words, words)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Reading"))
        self.start_over.setText(self.tr("Start over"))
        self._title.setText(self.tr("The network sees"))
        self._explanation.setText(
            self.tr("Your drawing, cropped, centred and shrunk to 28 × 28 pixels")
        )

    def _on_patience_over(self) -> None:
        self._show_nothing(State.WAITING, self._waiting_text)

    def _on_theme_changed(self) -> None:
        # Another style sheet has brought back the fonts that labels had when they were first shown.
        self._density = None
        self._set_density(density_of(self.width(), self.height(), self._theme.scale))
        self._colour()
