"""One command for every label of the active model, and one for "none of them"."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from handwrite_app.ui.actions import Actions
from trainer.base.labels import NO_LABEL

DIGITS = tuple("0123456789")


def translate(text: str) -> str:
    return QCoreApplication.translate("LabelActions", text)


def in_words(label: str, labels: Sequence[str]) -> str:
    """A label within a sentence. labels: the network's."""
    if label != NO_LABEL:
        return label
    return translate("not a digit") if are_digits(labels) else translate("none of these")


def in_menus(label: str, labels: Sequence[str]) -> str:
    """A label in a menu."""
    if label != NO_LABEL:
        return label.replace("&", "&&")
    return translate("Not a digit") if are_digits(labels) else translate("None of these")


def are_digits(labels: Sequence[str]) -> bool:
    return all(label.isdecimal() for label in labels)


def keys_of(label: str, labels: Sequence[str]) -> list[QKeySequence]:
    """The keys that give it, where the label is one letter or digit, or none of the labels. A capital letter
    wants Shift only if its small one is another label."""
    if label == NO_LABEL:
        letter = ["N"] if are_digits(labels) else []
        return [QKeySequence(key) for key in ("-", *letter)]
    if len(label) != 1 or not label.isalnum():
        return []
    shift = label != label.lower() and label.lower() in labels
    return [QKeySequence(f"Shift+{label}" if shift else label.upper())]


class LabelActions(QObject):
    """Fills the menu "Label as". A key that another command has stays that command's.

    Signals:
        chosen(label): NO_LABEL for none of the network's.
    """

    chosen = Signal(str)

    def __init__(self, window: QWidget, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self.menu = actions.menus["correct"]
        self._by_label: dict[str, QAction] = {}
        self.labels: tuple[str, ...] = ()
        self._enabled = True

    def set_labels(self, labels: Sequence[str]) -> None:
        """The same labels change nothing."""
        if tuple(labels) == self.labels:
            return
        self.labels = tuple(labels)
        for action in self._by_label.values():
            self._window.removeAction(action)
            action.deleteLater()
        self.menu.clear()
        self._by_label = {}
        for label in self.labels:
            self.menu.addAction(self._make(label))
        self.menu.addSeparator()
        self.menu.addAction(self._make(NO_LABEL))
        self.retranslate()

    def __getitem__(self, label: str) -> QAction:
        return self._by_label[label]

    def set_enabled(self, enabled: bool) -> None:
        """Whether they can be chosen."""
        self._enabled = enabled
        for action in self._by_label.values():
            action.setEnabled(enabled)

    def retranslate(self) -> None:
        for label, action in self._by_label.items():
            action.setText(in_menus(label, self.labels))

    def keys(self) -> str:
        """The first and the last key, for the list of keys; "" where there are none."""
        keys = {
            label: action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            for label, action in self._by_label.items()
            if not action.shortcut().isEmpty()
        }
        none = keys.pop(NO_LABEL, "")
        found = list(keys.values())
        labels = " … ".join(dict.fromkeys((found[0], found[-1]))) if found else ""
        return f"{labels}, {none}" if labels and none else labels or none

    def _make(self, label: str) -> QAction:
        action = QAction(self._window)
        action.setObjectName(f"actionCorrect_{label}")
        action.setAutoRepeat(False)
        action.setEnabled(self._enabled)
        action.triggered.connect(lambda: self.chosen.emit(label))
        keys = keys_of(label, self.labels)
        action.setShortcuts([key for key in keys if not self._actions.is_taken(key)])
        self._window.addAction(action)
        self._by_label[label] = action
        return action
