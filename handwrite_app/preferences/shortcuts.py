"""Keys of one's own: stored, and put in force."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property

from PySide6.QtCore import QCoreApplication, QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from handwrite_app.ui.actions import Actions, key_name
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
        if command := self._command(keys, but):
            return command
        text = keys.toString()
        if text.casefold() in [one.casefold() for one in self._taken()]:
            return tr("the label {label}").format(label=text)
        return ""

    def refusal(self, name: str, keys: QKeySequence | None) -> str:
        """Why a command cannot have these keys, in one sentence; "" where it can. None: those at first,
        which may stand beside labels."""
        if keys is None:
            owners = [(one, self._command(one, name)) for one in self._first[name]]
        elif keys.isEmpty():
            return ""
        else:
            owners = [(keys, self.owner(keys, name))]
        for one, owner in owners:
            if owner:
                return tr("{keys} is taken by “{owner}”.").format(keys=key_name(one), owner=owner)
        if keys is not None and keys not in self._first[name] and _is_of_paper(keys):
            return tr(
                "{keys} alone is for labels, fields and buttons: press it with Ctrl or Alt."
            ).format(keys=key_name(keys))
        return ""

    def _command(self, keys: QKeySequence, but: str) -> str:
        """The other command that has these keys."""
        for name in self._first:
            if name != but and keys in self._actions[name].shortcuts():
                return self._actions.plain(name)
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


def _is_of_paper(keys: QKeySequence) -> bool:
    """Whether a key is pressed by itself that writes, labels, or works a control."""
    # Rows take one combination. The stubs of PySide6 do not know that a sequence is indexed.
    pressed: QKeyCombination = keys[0]  # type: ignore[index]
    if pressed.keyboardModifiers() & ~(
        Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
    ):
        return False
    key = pressed.key()
    if key < Qt.Key.Key_Escape:
        return key == Qt.Key.Key_Space or chr(key).isalnum()
    return key <= Qt.Key.Key_PageDown


def tr(text: str) -> str:
    return QCoreApplication.translate("Preferences", text)
