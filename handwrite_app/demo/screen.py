"""The screen of demo mode: a paper and a large answer, and nothing that a visitor could lose or break."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.input.pen_settings import PenSettings
from handwrite_app.demo.attract import Attract
from handwrite_app.demo.way_out import WayOut
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.reading.reading_controller import ReadingController
from handwrite_app.reading.reading_panel import ReadingPanel
from handwrite_app.ui import language
from handwrite_app.ui.icons import app_icon
from handwrite_app.ui.theme import Theme, scaled, text_font
from handwrite_app.ui.tokens import SIZE_TITLE, SPACE
from trainer.picture.strokes import Drawing, Stroke
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from trainer.synthetic.synthetic_digits import Strokes

#: Height of a window in which type has its usual size; it grows with the screen.
_USUAL_HEIGHT = 720
_MOST_SCALE = 3.0
_PEN = 20.0  # drawing units
#: Recognition that gave up is tried again after so long.
AGAIN_MS = 30_000
_TOUCHED = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TabletPress,
    QEvent.Type.TouchBegin,
)


class DemoScreen(QWidget):
    """What a visitor draws is on the paper until the pen has rested, and nowhere else.

    Between visitors it writes digits by itself, and reads them.

    Signals:
        leaveRequested(): by the hidden way out. recognitionWanted(): it had failed some time ago.
    """

    leaveRequested = Signal()
    recognitionWanted = Signal()

    def __init__(
        self,
        theme: Theme,
        first_language: str,
        *,
        clear_ms: int,
        idle_ms: int,
        pen: PenSettings,
        left_handed: bool,
        mode: str,
    ) -> None:
        """first_language: that of a new visitor ("" is the system's). clear_ms: the paper clears itself so
        long after the pen rests. idle_ms: after so long without a touch the next visitor is waited for.
        mode: of trainer.models.label_modes; "" for all labels."""
        super().__init__()
        self.setObjectName("demoScreen")
        self.setWindowIcon(app_icon())
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._first_language = first_language
        self._may_close = False
        self.canvas = Canvas()
        self.canvas.setAcceptDrops(False)
        self.canvas.pen_settings = pen
        self.reading = ReadingPanel(theme)
        self.asking = ReadRequester(self.canvas, self)
        self.asking.mode = mode
        self._answers = ReadingController(self.reading, self.asking, self)
        self.words = QLabel()
        self.words.setObjectName("demoWords")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        self.language = QPushButton()
        self.language.setObjectName("demoLanguage")
        self.language.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.language.clicked.connect(self._on_language)
        self.attract = Attract(
            _letters if mode == "letters" else _digits,
            animated=not theme.reduced_motion,
            parent=self,
        )
        self.attract.drawn.connect(self._show_drawn)
        self.attract.finished.connect(self.asking.ask)
        self._clear = _timer(self, clear_ms, self.forget)
        self._idle = _timer(self, idle_ms, self.wait_for_visitors)
        self._again = _timer(self, AGAIN_MS, self._restart)
        self.canvas.installEventFilter(self)
        self.canvas.strokeFinished.connect(self._on_stroke_finished)
        self.reading.startOverRequested.connect(self.forget)
        self._lay_out(left_handed=left_handed)
        way_out = WayOut(self)
        way_out.opened.connect(self.leaveRequested)
        way_out.raise_()
        theme.changed.connect(self._dress)
        self._dress()
        self._retranslate()

    def set_active_model(self, loaded: Loaded) -> None:
        """This network reads."""
        self._again.stop()
        self._answers.set_active_model(loaded)

    def show_restarting(self, _text: str) -> None:
        """The recognition process ended, and another one takes its place."""
        self._answers.show_restarting()

    def fail(self, text: str) -> None:
        """There are no more answers for now. Nobody may be there who could do anything about it."""
        self._answers.fail(text)
        self._again.start()

    def _restart(self) -> None:
        self._answers.expect_answers()
        self.recognitionWanted.emit()

    def wait_for_visitors(self) -> None:
        """Nothing of the last one is left: paper, language."""
        self.forget()
        self._idle.stop()
        language.install(self._first_language)
        self.attract.start()
        self._show_words()

    def forget(self) -> None:
        """An empty paper that undo brings nothing back to."""
        self._clear.stop()
        self.canvas.set_drawing(Drawing(), undoable=False)

    def end(self) -> None:
        """Closes it for good."""
        self._may_close = True
        self.attract.stop()
        self._clear.stop()
        self._idle.stop()
        self._again.stop()
        self.asking.end()
        self.close()

    # --- visitors ------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A touch of the paper ends what is written by itself, before the touch becomes a stroke."""
        if watched is self.canvas and event.type() in _TOUCHED:
            self._clear.stop()
            self._idle.start()
            if self.attract.is_running:
                self.attract.stop()
                self.forget()
                self._show_words()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()  # no key leaves

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close:
            event.ignore()

    def _on_stroke_finished(self) -> None:
        if not self.attract.is_running:
            self._clear.start()
            self._idle.start()

    def _show_drawn(self, drawing: Drawing) -> None:
        self.canvas.set_drawing(drawing, undoable=False)

    def _on_language(self) -> None:
        self._idle.start()
        language.install(_other_language())

    # --- looks ---------------------------------------------------------------------------------------

    def _lay_out(self, *, left_handed: bool) -> None:
        left = QVBoxLayout()
        left.setSpacing(SPACE)
        left.addWidget(self.canvas, 1)
        left.addWidget(self.words)
        right = QVBoxLayout()
        right.setSpacing(2 * SPACE)
        right.addWidget(self.reading, 1)
        right.addWidget(self.language, 0, Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 3 * SPACE)
        row.setSpacing(3 * SPACE)
        row.addLayout(left, 1)
        row.addLayout(right)
        if left_handed:
            row.setDirection(QHBoxLayout.Direction.RightToLeft)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scale = min(self.height() / _USUAL_HEIGHT, self.width() / 1200, _MOST_SCALE)
        self._theme.set_scale(max(1.0, int(4 * scale) / 4))
        self.reading.setFixedWidth(max(304, min(scaled(420), self.width() * 2 // 5)))

    def _dress(self) -> None:
        tokens = self._theme.tokens
        self.setStyleSheet(f"QWidget#demoScreen {{ background: {tokens.desk}; }}")
        self.canvas.set_colors(
            QColor(tokens.paper),
            QColor(tokens.ink),
            QColor(tokens.text_muted),
            QColor(tokens.outline),
            QColor(tokens.accent),
        )
        self.words.setFont(text_font(SIZE_TITLE + SPACE // 2, bold=True))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Handwrite"))
        self.setAccessibleName(self.tr("Handwrite"))
        self.language.setText(language.LANGUAGES[_other_language()])
        self._answers.retranslate()
        self._show_words()

    def _show_words(self) -> None:
        waiting, drawing = {
            "letters": (
                self.tr("Touch the paper and draw a letter"),
                self.tr("Draw a letter, as you write it"),
            ),
            "all": (
                self.tr("Touch the paper and draw a digit or a letter"),
                self.tr("Draw a digit or a letter, as you write it"),
            ),
        }.get(
            self.asking.mode,
            (
                self.tr("Touch the paper and draw a digit"),
                self.tr("Draw a digit, as you write it"),
            ),
        )
        self.words.setText(waiting if self.attract.is_running else drawing)


def _timer(owner: DemoScreen, ms: int, then: Callable[[], object]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(ms)
    timer.timeout.connect(then)
    return timer


def _other_language() -> str:
    names = list(language.LANGUAGES)
    now = language.current()
    return names[(names.index(now) + 1) % len(names)] if now in names else names[0]


def _digits() -> list[Drawing]:
    """Plain digits, in an order in which neighbours differ."""
    from trainer.synthetic.synthetic_digits import STYLES  # not before it is needed

    return [_drawing(STYLES[label][0]) for label in "7253846901"]


def _letters() -> list[Drawing]:
    """Plain capitals."""
    from trainer.synthetic.letter_shapes import LETTER_SHAPES  # not before it is needed

    return [_drawing(LETTER_SHAPES[label][0]) for label in "AMKRWESBHN"]


def _drawing(strokes: Strokes) -> Drawing:
    return Drawing(tuple(Stroke.make(_even(stroke), width=_PEN) for stroke in strokes))


def _even(points: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """The same line with points a few drawing units apart, as a pen gives them."""
    line = np.asarray(points, np.float64)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.linspace(0.0, along[-1], max(2, int(along[-1] / 4)))
    return np.stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])], axis=1)
