"""Keys of one's own: stored, put in force, and edited in rows of the settings' window."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit

from handwrite_app.preferences.rows import Row
from handwrite_app.ui.actions import Actions, key_name
from handwrite_app.ui.dialogs.dialog import dress
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme

_KEY = "shortcuts"
_GOING_ON = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)


class Shortcuts:
    """The window's commands with the keys that they have now, and had at first.

    taken: keys that are no command's: those of labels.
    """

    def __init__(
        self, actions: Actions, settings: Settings, taken: Callable[[], Sequence[str]]
    ) -> None:
        self._actions = actions
        self._settings = settings
        self._taken = taken
        self.apply()

    @cached_property
    def _first(self) -> dict[str, list[QKeySequence]]:
        """Those that the commands had at first: looked up before one is changed, and not before the first
        paint where none ever was."""
        return {name: self._actions[name].shortcuts() for name in self._actions.names()}

    def apply(self) -> None:
        """Puts the stored keys in force; names and keys that are nonsense are passed over."""
        for name, keys in self._stored().items():
            if name in self._first:
                self._actions.set_shortcuts(name, [QKeySequence(one) for one in keys])

    def names(self) -> list[str]:
        return self._actions.names()

    def title(self, name: str) -> str:
        return self._actions.plain(name)

    def keys(self, name: str) -> QKeySequence:
        return self._actions[name].shortcut()

    def is_changed(self, name: str) -> bool:
        return self._actions[name].shortcuts() != self._first[name]

    def owner(self, keys: QKeySequence, but: str) -> str:
        """What these keys do already, in words; "" where they are free."""
        for name in self._first:
            if name != but and keys in self._actions[name].shortcuts():
                return self._actions.plain(name)
        text = keys.toString()
        if text.casefold() in [one.casefold() for one in self._taken()]:
            return tr("the label {label}").format(label=text)
        return ""

    def set(self, name: str, keys: QKeySequence | None) -> None:
        """None: those it had at first. No keys at all: none."""
        first, stored = self._first[name], self._stored()
        if keys is None:
            stored.pop(name, None)
            self._actions.set_shortcuts(name, first)
        else:
            wanted = [] if keys.isEmpty() else [keys]
            stored[name] = [one.toString() for one in wanted]
            self._actions.set_shortcuts(name, wanted)
        self._settings.set_text(_KEY, json.dumps(stored))

    def reset(self) -> None:
        """All as they were at first."""
        self._settings.set_text(_KEY, "{}")
        for name, keys in self._first.items():
            self._actions.set_shortcuts(name, keys)

    def _stored(self) -> dict[str, list[str]]:
        try:
            stored = json.loads(self._settings.text(_KEY) or "{}")
        except ValueError:
            return {}
        if not isinstance(stored, dict):
            return {}
        return {
            name: [one for one in keys if isinstance(one, str)]
            for name, keys in stored.items()
            if isinstance(keys, list)
        }


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
    """The keys of one command. Keys that another one has are refused, and it says whose they are."""

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
        if not keys.isEmpty() and (owner := self._shortcuts.owner(keys, self._name)):
            text = tr("{keys} is taken by “{owner}”.")
            self._warn(text.format(keys=key_name(keys), owner=owner))
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
