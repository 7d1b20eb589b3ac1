"""Rows of the settings' window in which the keys of commands are edited."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QKeySequenceEdit

from handwrite_app.preferences.rows import Row
from handwrite_app.preferences.shortcuts import Shortcuts
from handwrite_app.ui.actions import key_name
from handwrite_app.ui.dialogs.dialog import dress
from handwrite_app.ui.theme import Theme

_GOING_ON = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)


class KeyEdit(QKeySequenceEdit):
    """Records all keys but those that people need to go on: Tab to the next control, Escape to close."""

    def event(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() not in _GOING_ON:
            return super().event(event)
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()  # the dialog takes it
            return False
        if event.type() == QEvent.Type.KeyPress:
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
        event.accept()
        return True


class ShortcutRow(Row):
    """The keys of one command. Keys that it cannot have are refused, and it says why."""

    def __init__(self, shortcuts: Shortcuts, name: str, theme: Theme) -> None:
        super().__init__(shortcuts.title(name), "", theme)
        self._shortcuts = shortcuts
        self._name = name
        self.control = KeyEdit()
        self.control.setObjectName(f"keys_{name}")
        self.control.setMaximumSequenceLength(1)
        self.control.setClearButtonEnabled(True)
        self.control.setAccessibleName(
            tr("Keys of {command}").format(command=shortcuts.title(name))
        )
        self.control.setFinishingKeyCombinations([])
        self.control.editingFinished.connect(self._on_edited)
        self.put(self.control)
        self.reset.clicked.connect(self.restore)
        self.refresh()

    def matches(self, words: str) -> bool:
        keys = key_name(self._shortcuts.keys(self._name))
        own = f"{tr('Keyboard shortcuts')} {self.title.text()} {keys}".casefold()
        return all(word in own for word in words.casefold().split())

    def restore(self) -> None:
        if refusal := self._shortcuts.refusal(self._name, None):
            self._warn(refusal)
            return
        self._shortcuts.set(self._name, None)
        self.refresh()
        self.changed.emit()

    def refresh(self) -> None:
        self.control.setKeySequence(self._shortcuts.keys(self._name))
        self.reset.setVisible(self._shortcuts.is_changed(self._name))
        self._warn("")

    def _on_edited(self) -> None:
        keys = self.control.keySequence()
        if keys == self._shortcuts.keys(self._name):
            self._warn("")
            return
        if refusal := self._shortcuts.refusal(self._name, keys):
            self._warn(refusal)
            return
        self._shortcuts.set(self._name, keys)
        self.refresh()
        self.changed.emit()

    def _warn(self, text: str) -> None:
        self.gloss.setText(text)
        self.gloss.setVisible(bool(text))
        dress(self.gloss, "wrong", bool(text))


def tr(text: str) -> str:
    return QCoreApplication.translate("Preferences", text)
