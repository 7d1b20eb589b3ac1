"""The window's actions and its menu bar: one action, one name and one place for every command."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from handwrite_app.ui.icons import bind_icon
from handwrite_app.ui.theme import Theme

_Keys = QKeySequence.StandardKey


def _noop(text: str) -> str:
    """Marks a text of this table for translation; `translate` looks it up where it is shown."""
    return text


#: name, text, icon, shortcuts. The objectName is "action" + name.
_ACTIONS: tuple[tuple[str, str, str, tuple[QKeySequence.StandardKey | str, ...]], ...] = (
    ("Open", _noop("&Open…"), "open", (_Keys.Open,)),
    ("Save", _noop("&Save drawing…"), "save", (_Keys.Save, "Ctrl+Shift+S")),
    ("Quit", _noop("&Quit"), "", ("Ctrl+Q",)),
    ("Undo", _noop("&Undo"), "undo", ("Ctrl+Z",)),
    ("Redo", _noop("&Redo"), "redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    ("Copy", _noop("&Copy drawing"), "copy", (_Keys.Copy,)),
    ("Paste", _noop("&Paste picture"), "", (_Keys.Paste,)),
    ("Clear", _noop("C&lear"), "clear", ("Ctrl+L",)),
    ("Eraser", _noop("&Eraser"), "eraser", ("E",)),
    ("Thinner", _noop("&Thinner pen"), "", ("[",)),
    ("Thicker", _noop("Thic&ker pen"), "", ("]",)),
    ("UndoKeep", _noop("Undo &keeping"), "", ("Backspace",)),
    ("Gallery", _noop("&My drawings…"), "", ("Ctrl+D",)),
    ("Sampler", _noop("Write &samples…"), "", ("Ctrl+G",)),
    ("FullScreen", _noop("&Full screen"), "", ("F11",)),
    ("ShowTraining", _noop("&Training panel"), "", ()),
    ("LoadWeights", _noop("&Load a network from a file…"), "", ()),
    ("Lineage", _noop("Family &tree…"), "", ("Ctrl+B",)),
    ("Rollback", _noop("Go &back to the network before"), "", ()),
    ("RestartRecognition", _noop("&Restart recognition"), "", ()),
    ("Compare", _noop("&Compare two networks…"), "", ()),
    ("Train", _noop("&Train a network…"), "train", ("Ctrl+T",)),
    ("StopTraining", _noop("&Stop training"), "stop", ()),
    ("Teach", _noop("Teach it this &hand…"), "", ("Ctrl+Shift+T",)),
    ("StopTeaching", _noop("St&op teaching"), "", ()),
    ("OpenRuns", _noop("Show the &runs' folder"), "", ()),
    ("Shortcuts", _noop("&Keyboard shortcuts"), "", ("Ctrl+?", "F1")),
    ("OpenLogs", _noop("Open &log folder"), "", ()),
    ("About", _noop("&About Handwrite"), "", ()),
)

_CHECKABLE = {"Eraser", "FullScreen", "ShowTraining"}

#: title, then action names; "-" is a separator, a word in <> a submenu that the window fills.
_MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_noop("&File"), ("Open", "Save", "-", "Quit")),
    (
        _noop("&Edit"),
        ("Undo", "Redo", "-", "Copy", "Paste", "-", "Clear", "-", "Eraser", "Thinner", "Thicker"),
    ),
    (
        _noop("&View"),
        ("ShowTraining", "FullScreen", "-", "<theme>", "<language>"),
    ),
    (_noop("&Drawings"), ("<correct>", "UndoKeep", "-", "Gallery", "Sampler", "-", "<writer>")),
    (
        _noop("&Model"),
        (
            "<network>",
            "LoadWeights",
            "Compare",
            "-",
            "Lineage",
            "Rollback",
            "-",
            "<device>",
            "RestartRecognition",
        ),
    ),
    (_noop("&Train"), ("Train", "StopTraining", "-", "Teach", "StopTeaching", "-", "OpenRuns")),
    (_noop("&Help"), ("Shortcuts", "-", "OpenLogs", "-", "About")),
)

_SUBMENUS = {
    "<theme>": _noop("T&heme"),
    "<language>": _noop("&Language"),
    "<correct>": _noop("Keep &as"),
    "<writer>": _noop("&Writer"),
    "<network>": _noop("&Network"),
    "<device>": _noop("&Device"),
}


def translate(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


class Actions:
    """All actions by name, in a menu bar. ``menus`` holds the submenus that the window fills."""

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        self._by_name: dict[str, QAction] = {}
        self._menus: list[tuple[QMenu, str]] = []
        self.menus: dict[str, QMenu] = {}
        for name, _text, icon_name, keys in _ACTIONS:
            action = QAction(window)
            action.setObjectName(f"action{name}")
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setCheckable(name in _CHECKABLE)
            action.setIconVisibleInMenu(False)
            if icon_name:
                bind_icon(action, icon_name, theme)
            window.addAction(action)
            self._by_name[name] = action
        self._by_name["Quit"].setMenuRole(QAction.MenuRole.QuitRole)
        self._by_name["About"].setMenuRole(QAction.MenuRole.AboutRole)
        bar = window.menuBar()
        for title, names in _MENUS:
            menu = bar.addMenu("")
            self._menus.append((menu, title))
            for name in names:
                if name == "-":
                    menu.addSeparator()
                elif name in _SUBMENUS:
                    submenu = menu.addMenu("")
                    self._menus.append((submenu, _SUBMENUS[name]))
                    self.menus[name.strip("<>")] = submenu
                else:
                    menu.addAction(self._by_name[name])
        self.retranslate()

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def connect(self, **slots: Callable[..., object]) -> None:
        """name=slot: called when the action is triggered (with its state, where it is checkable)."""
        for name, slot in slots.items():
            action = self._by_name[name]
            if action.isCheckable():
                action.triggered.connect(slot)
            else:
                action.triggered.connect(lambda _checked=False, slot=slot: slot())

    def retranslate(self) -> None:
        for name, text, _, _ in _ACTIONS:
            action = self._by_name[name]
            action.setText(translate(text))
            plain = self.plain(name)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            with_keys = translate("{name} ({keys})").format(name=plain, keys=keys)
            action.setToolTip(with_keys if keys else plain)
        for menu, title in self._menus:
            menu.setTitle(translate(title))

    def plain(self, name: str) -> str:
        """An action's text without its mnemonic (in brackets in Chinese) and its dots."""
        return re.sub(r"\(&.\)|&", "", self._by_name[name].text()).rstrip("…")

    def is_taken(self, keys: QKeySequence) -> bool:
        """Whether a command of this table has this shortcut."""
        return any(keys in action.shortcuts() for action in self._by_name.values())

    def shortcuts(self) -> list[tuple[str, str]]:
        """(text, keys) of every action with shortcuts, for the list of keyboard shortcuts."""
        rows = []
        for name in self._by_name:
            keys = [
                key.toString(QKeySequence.SequenceFormat.NativeText)
                for key in self._by_name[name].shortcuts()
            ]
            if keys:
                rows.append((self.plain(name), ", ".join(keys)))
        return rows


def fill_choices(
    menu: QMenu,
    choices: Sequence[tuple[str, str, bool, str]],
    chosen: str,
    slot: Callable[[str], None],
) -> None:
    """Radio entries: (key, text, enabled, tooltip) each; slot gets the key of the one triggered."""
    menu.clear()
    menu.setToolTipsVisible(True)
    for old in menu.findChildren(QActionGroup):
        old.deleteLater()
    group = QActionGroup(menu)
    for key, text, enabled, tooltip in choices:
        action = QAction(text, group)
        action.setCheckable(True)
        action.setChecked(key == chosen)
        action.setEnabled(enabled)
        action.setToolTip(tooltip)
        action.setData(key)
        action.triggered.connect(lambda _checked=False, key=key: slot(key))
        menu.addAction(action)
