"""The sampler's banner above the paper: the choice before a session, and the label to write.

Imported with the first session and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QLocale,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.labelling.label_actions import are_digits
from handwrite_app.sampler.score_panel import ScorePanel
from handwrite_app.sampler.widgets import Head, column_of, push_button, title_label, with_key
from handwrite_app.ui.dialogs.dialog import WheelGuard
from handwrite_app.ui.sample_rounds import FEW, ROUNDS
from handwrite_app.ui.theme import Theme, figures_font
from handwrite_app.ui.tokens import SIZE_TITLE, SPACE
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel, MenuButton

NEXT_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
BACK_KEY = Qt.Key.Key_Backspace
STOP_KEY = Qt.Key.Key_Escape

#: The request has to be readable from where one writes.
_SIZE_PROMPT = 32


class Banner(QFrame):
    """Above the paper; one of the three panels is to be seen, or none.

    Signals:
        escaped(): the key with which one stops was pressed.
    """

    escaped = Signal()

    def __init__(self, theme: Theme, writers: QMenu) -> None:
        """writers: the menu in which one is chosen."""
        super().__init__()
        self.setObjectName("sampler")
        self.setProperty("card", True)
        # Never wider than the paper: what does not fit is put under what does, or ends in ….
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.start = StartPanel(theme, writers)
        self.ask = AskPanel()
        self.score = ScorePanel(theme)
        self._panels = (self.start, self.ask, self.score)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, SPACE, SPACE, SPACE)
        for panel in self._panels:
            panel.hide()
            column.addWidget(panel)
        QShortcut(QKeySequence(STOP_KEY), self, self.escaped.emit)
        self.hide()

    def show_panel(self, wanted: QWidget | None) -> None:
        for panel in self._panels:
            panel.setVisible(panel is wanted)
        self.setVisible(wanted is not None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            for panel in self._panels:
                panel.retranslate()


class StartPanel(QWidget):
    """The number of rounds, and the writer.

    Signals:
        startRequested(): with what is chosen. closeRequested().
    """

    startRequested = Signal()
    closeRequested = Signal()

    def __init__(self, theme: Theme, writers: QMenu) -> None:
        super().__init__()
        self._labels: tuple[str, ...] = ()
        self._writer = ""
        self.title = title_label(SIZE_TITLE)
        self._gloss = ElidedLabel()
        self._gloss.setProperty("role", "small")
        self._rounds = QComboBox()
        self._rounds.setObjectName("sampleRounds")
        WheelGuard(self).guard(self._rounds)
        self._writers = MenuButton("pen", "", theme, menu=writers)
        self._writers.setObjectName("sampleWriter")
        self.start = push_button("sampleStart", self.startRequested, primary=True)
        self._close = push_button("sampleCancel", self.closeRequested, quiet=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self._gloss)
        column = column_of(self)
        column.addLayout(words)
        row = QHBoxLayout()
        row.setSpacing(SPACE // 2)
        row.addWidget(self._rounds)
        row.addWidget(self._writers)
        row.addStretch(1)
        row.addWidget(self._close)
        row.addWidget(self.start)
        column.addLayout(row)

    @property
    def rounds(self) -> int:
        return int(self._rounds.currentData())

    def show_choice(self, labels: Sequence[str], rounds: int, writer: str) -> None:
        """labels: the network's. rounds: what was chosen last time. writer: as the window says the name."""
        self._labels = tuple(labels)
        self._writer = writer
        with QSignalBlocker(self._rounds):
            self._rounds.clear()
            for count in ROUNDS:
                self._rounds.addItem("", count)
            self._rounds.setCurrentIndex(ROUNDS.index(rounds))
        self._rounds.setVisible(len(labels) <= FEW)
        self.retranslate()

    def retranslate(self) -> None:
        self.title.setText(self.tr("Write samples of your handwriting"))
        if len(self._labels) > FEW:
            gloss = self.tr("Each of {count} once, in random order. At the end you see your score.")
            gloss = gloss.format(count=QLocale().toString(len(self._labels)))
        else:
            gloss = self.tr("In random order. At the end you see your score.")
        self._gloss.setText(gloss)
        if self._labels:
            first, last = self._labels[0], self._labels[-1]
            for index, text in enumerate(
                (
                    self.tr("{first}–{last} once"),
                    self.tr("{first}–{last} three times"),
                    self.tr("{first}–{last} five times"),
                )
            ):
                self._rounds.setItemText(index, text.format(first=first, last=last))
        self._rounds.setAccessibleName(self.tr("How often"))
        self._writers.setText(self._writer)
        self._writers.setAccessibleName(self.tr("Writer"))
        self._writers.setToolTip(self.tr("Writer"))
        self.start.setText(self.tr("Start"))
        self._close.setText(self.tr("Cancel"))


class AskPanel(QWidget):
    """The label to write now, and the progress.

    Signals:
        nextRequested(), backRequested(), skipRequested(), stopRequested(): by a button.
        byItselfChanged(on): whether it goes on by itself.
    """

    nextRequested = Signal()
    backRequested = Signal()
    skipRequested = Signal()
    stopRequested = Signal()
    byItselfChanged = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._asked = ""
        self._labels: tuple[str, ...] = ()
        self._say_progress: Callable[[], str] = str
        self._say_hint: Callable[[], str] | None = None
        self.prompt = title_label(_SIZE_PROMPT)
        self.prompt.setObjectName("samplePrompt")
        self.words = ElidedLabel()
        self.words.setObjectName("sampleWords")
        self.words.setFont(figures_font(14))
        self.progress = QProgressBar()
        self.progress.setObjectName("sampleProgress")
        self.progress.setTextVisible(False)
        self.by_itself = QCheckBox()
        self.by_itself.setObjectName("sampleByItself")
        self.by_itself.toggled.connect(self.byItselfChanged)
        self.by_itself.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back = push_button("sampleBack", self.backRequested)
        self.skip = push_button("sampleSkip", self.skipRequested)
        self.next = push_button("sampleNext", self.nextRequested, primary=True)
        self.stop = push_button("sampleStop", self.stopRequested, quiet=True)
        self._head = Head(self.prompt, (self.stop, self.back, self.skip, self.next))
        below = QHBoxLayout()
        below.setSpacing(SPACE)
        below.addWidget(self.words, 1)
        below.addWidget(self.by_itself)
        column = column_of(self)
        column.setSpacing(SPACE // 2)
        column.addWidget(self._head)
        column.addLayout(below)
        column.addWidget(self.progress)
        self.retranslate()

    def show_place(
        self,
        asked: str,
        labels: Sequence[str],
        *,
        place: int,
        total: int,
        writer: str,
    ) -> None:
        """asked: one of the labels. place: 0 … total - 1. writer: "" where that goes without saying."""
        self._asked, self._labels = asked, tuple(labels)

        def progress() -> str:
            numbers = {
                "place": QLocale().toString(place + 1),
                "total": QLocale().toString(total),
            }
            if writer:
                return self.tr("{place} of {total} · {writer}").format(writer=writer, **numbers)
            return self.tr("{place} of {total}").format(**numbers)

        self._say_progress = progress
        self._say_hint = None
        self.progress.setRange(0, total)
        self.progress.setValue(place)
        self.back.setEnabled(place > 0)
        self._say()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(
                QAccessibleAnnouncementEvent(self, self.prompt.full_text)
            )

    def show_hint(self, say: Callable[[], str] | None) -> None:
        """A remark in the place of "12 of 30"; None: no more of it."""
        if say is not self._say_hint:
            self._say_hint = say
            self._say()

    def retranslate(self) -> None:
        self.back.setText(self.tr("Back"))
        self.back.setToolTip(with_key(self.tr("Write the previous one again"), BACK_KEY))
        self.skip.setText(self.tr("Skip"))
        self.skip.setToolTip(self.tr("Leave this one out"))
        self.next.setText(self.tr("Next"))
        self.next.setToolTip(with_key(self.tr("Save it and go on"), NEXT_KEYS[0]))
        self.stop.setText(self.tr("Stop"))
        self.stop.setToolTip(with_key(self.tr("End here; what you wrote stays saved"), STOP_KEY))
        self.by_itself.setText(self.tr("Go on by itself"))
        self.by_itself.setToolTip(
            self.tr("Saves what you wrote when the pen has rested for a moment")
        )
        self.progress.setAccessibleName(self.tr("How far you are"))
        self._say()

    def _say(self) -> None:
        self.prompt.setText(prompt(self._asked, self._labels))
        self.words.setText(self._say_progress() if self._say_hint is None else self._say_hint())
        self._head.arrange()


def prompt(label: str, labels: Sequence[str]) -> str:
    """The request to write a label, in which a 0 cannot be taken for an O. labels: all of the session's."""
    if are_digits(labels) or len(label) != 1 or not label.isalnum():
        text = translate("Write {label}")
    elif label.isdecimal():
        text = translate("Write the digit {label}")
    elif label.isupper() and label.lower() in labels:
        text = translate("Write the capital {label}")
    elif label.islower() and label.upper() in labels:
        text = translate("Write the small {label}")
    else:
        text = translate("Write the letter {label}")
    return text.format(label=label)


def translate(text: str) -> str:
    return QCoreApplication.translate("SamplePrompt", text)
