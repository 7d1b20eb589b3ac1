"""Keys of one's own: stored, and put in force."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from handwrite_app.ui.actions import Actions
from handwrite_app.ui.settings import Settings

_KEY = "shortcuts"


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
            return QCoreApplication.translate("Preferences", "the label {label}").format(label=text)
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
