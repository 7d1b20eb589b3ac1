"""Confirms labels: a toast with "Undo", and a few words above the reading."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow, QWidget

from handwrite_app.labelling.label_actions import DIGITS, in_words
from handwrite_app.labelling.saved_drawings import LabelChange
from handwrite_app.labelling.writers import Writers
from handwrite_app.reading.reading_panel import PANEL_WIDTH
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.toast import Toast

#: After so many labels the hint on how to correct is not shown any more.
_LEARNED = 3


class LabelFeedback(QObject):
    """Signals:
    remarked(text): how the drawing on the paper is saved, or how to correct its reading; "": neither.
    dismissed(): the toast is gone.
    """

    remarked = Signal(str)
    dismissed = Signal()

    def __init__(
        self,
        window: QMainWindow,
        actions: Actions,
        home: QWidget,
        writers: Writers,
        settings: Settings,
    ) -> None:
        """home: has the focus after the toast's button had it."""
        super().__init__(window)
        self.labels: tuple[str, ...] = DIGITS  # the network's
        self.told: LabelChange | None = None  # by the toast
        self._window = window
        self._actions = actions
        self._home = home
        self._writers = writers
        self._writer = ""
        self._settings = settings
        self._labelled = settings.labelled
        self._toast: Toast | None = None
        self._card: tuple[QWidget, Callable[[], int]] | None = None

    @property
    def toast(self) -> Toast:
        """Made on first use: the first paint does not wait for it."""
        if self._toast is None:
            self._toast = Toast(self._window, width=PANEL_WIDTH - 2 * SPACE, home=self._home)
            if self._card is not None:
                self._toast.set_card(*self._card)
            self._toast.actionChosen.connect(self._actions["UndoKeep"].trigger)
            self._toast.dismissed.connect(self.dismissed)
            QWidget.setTabOrder(self._home, self._toast.button)
        return self._toast

    def place_toast(self, card: QWidget, covered: Callable[[], int]) -> None:
        """See Toast.set_card. To be called before the first toast."""
        self._card = card, covered

    @property
    def is_shown(self) -> bool:
        return self._toast is not None and not self._toast.isHidden()

    def tell(self, change: LabelChange, writer: str) -> None:
        """The change is on the disk. writer: the drawing's; "" where the store has only one."""
        self.told, self._writer = change, writer
        self.toast.tell(self._words(change), self.tr("Undo"))
        if self._labelled < _LEARNED:
            self._labelled += 1
            self._settings.labelled = self._labelled

    def dismiss(self) -> None:
        if self._toast is not None:
            self._toast.dismiss()

    def remark(self, label: str | None, *, can_correct: bool) -> None:
        """label: of the drawing on the paper in the store; None where it is not there. can_correct: it has
        been read, and can be labelled."""
        words = ""
        if label is not None:
            words = self.tr("Saved as {label}").format(label=in_words(label, self.labels))
        elif can_correct and self._labelled < _LEARNED:
            words = self.tr("Wrong? Press what it is")
        self.remarked.emit(words)

    def retranslate(self) -> None:
        if self.told is not None:
            self.toast.set_words(self._words(self.told), self.tr("Undo"))

    def _words(self, change: LabelChange) -> str:
        label = in_words(change.label, self.labels)
        if self._writer:
            return self.tr("Saved as {label} for {writer}").format(
                label=label, writer=self._writers.shown(self._writer)
            )
        return self.tr("Saved as {label}").format(label=label)
