"""The window's actions and its menu bar: one action, one name and one place for every command."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from handwrite_app.ui.icons import bind_icon
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.widgets.menus import align_entries

_Keys = QKeySequence.StandardKey


def _noop(text: str) -> str:
    """Marks a text of this table for translation; `translate` looks it up where it is shown."""
    return text


#: name, text, icon, shortcuts. The objectName is "action" + name.
_ACTIONS: tuple[tuple[str, str, str, tuple[QKeySequence.StandardKey | str, ...]], ...] = (
    ("Open", _noop("&Open…"), "open", (_Keys.Open,)),
    ("Save", _noop("&Save drawing…"), "save", (_Keys.Save,)),
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
    ("OwnSign", _noop("Add a sign of your &own…"), "", ("Ctrl+K",)),
    ("UseMemory", _noop("&Remember my drawings when reading"), "", ()),
    ("Gallery", _noop("&My drawings…"), "", ("Ctrl+D",)),
    ("Sampler", _noop("Write &samples…"), "", ("Ctrl+G",)),
    ("WriteInHand", _noop("Write in my &hand"), "", ("Ctrl+H",)),
    ("Why", _noop("&Why?"), "", ("Ctrl+E", "F3")),
    ("Inside", _noop("Insid&e the network"), "", ("Ctrl+I",)),
    ("Replay", _noop("&Replay"), "", ("Ctrl+R",)),
    ("FullScreen", _noop("&Full screen"), "", ("F11",)),
    ("Demo", _noop("&Demo mode…"), "", ("Shift+F11",)),
    ("Settings", _noop("&Settings…"), "settings", ("Ctrl+,",)),
    ("Inspector", _noop("&Input inspector…"), "", ()),
    ("ReadPage", _noop("Read a &page…"), "", ("Ctrl+Shift+O",)),
    ("ReadNumbers", _noop("Read &numbers"), "", ()),
    ("ReadSums", _noop("Read &sums"), "", ()),
    ("WordList", _noop("Compare with a w&ord list…"), "", ()),
    ("WidePaper", _noop("Wide &paper"), "", ("Ctrl+Shift+W",)),
    ("ShowTraining", _noop("&Training panel"), "", ()),
    ("ReadingLeft", _noop("Readin&g on the left"), "", ()),
    ("LoadWeights", _noop("&Load a network from a file…"), "", ()),
    ("Lineage", _noop("Family &tree…"), "", ("Ctrl+B",)),
    ("Rollback", _noop("Go &back to the previous network"), "", ()),
    ("RestartRecognition", _noop("&Restart recognition"), "", ()),
    ("Compare", _noop("&Compare two networks"), "", ()),
    ("BreakIt", _noop("Brea&k it…"), "", ()),
    ("Train", _noop("&Train a network…"), "train", ("Ctrl+T",)),
    ("StopTraining", _noop("&Stop training"), "stop", ()),
    ("TrainingResult", _noop("Last &result…"), "", ()),
    ("Report", _noop("R&eport of the last run…"), "", ()),
    ("Watch", _noop("&Watch it learn"), "", ()),
    ("Personalize", _noop("Learn my &handwriting"), "", ("Ctrl+Shift+T",)),
    ("StopPersonalizing", _noop("St&op learning"), "", ()),
    ("Runs", _noop("Ru&ns…"), "", ("Ctrl+Shift+R",)),
    ("OpenRuns", _noop("Open the r&uns folder"), "", ()),
    ("Experiments", _noop("&Experiments…"), "", ()),
    ("Manual", _noop("&Manual"), "", ("F1",)),
    ("Shortcuts", _noop("&Keyboard shortcuts"), "", ("Ctrl+?",)),
    ("OpenLogs", _noop("Open &log folder"), "", ()),
    ("About", _noop("&About Handwrite"), "", ()),
)

#: Commands that open something over the paper: not while the pen is down, or its stroke would end there.
_OPENING = {
    *("Open", "Save", "Quit", "Gallery", "Sampler", "LoadWeights", "Lineage", "Compare", "Train"),
    *("TrainingResult", "Personalize", "Runs", "Shortcuts", "About", "Paste", "OwnSign"),
    *("BreakIt", "Experiments", "Report", "WriteInHand", "ReadPage"),
    *("Demo", "Settings", "Inspector", "Manual"),
}

_CHECKABLE = {
    *("UseMemory", "Eraser", "FullScreen", "ShowTraining", "ReadingLeft"),
    *("ReadNumbers", "ReadSums", "WordList", "WidePaper"),
}

#: title, then action names; "-" is a separator, a word in <> a submenu that the window fills.
_MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_noop("&File"), ("Open", "ReadPage", "Save", "-", "Quit")),
    (
        _noop("&Edit"),
        (
            "Undo",
            "Redo",
            "-",
            "Copy",
            "Paste",
            "-",
            "Clear",
            "-",
            "Eraser",
            "Thinner",
            "Thicker",
            "-",
            "Settings",
        ),
    ),
    (
        _noop("&View"),
        (
            "Why",
            "Inside",
            "Replay",
            "-",
            "ReadNumbers",
            "ReadSums",
            "WordList",
            "WidePaper",
            "-",
            "ShowTraining",
            "<place>",
            "ReadingLeft",
            "FullScreen",
            "Demo",
            "-",
            "<theme>",
            "<language>",
            "-",
            "Inspector",
        ),
    ),
    (
        _noop("&Drawings"),
        (
            "<correct>",
            "OwnSign",
            "UndoKeep",
            "-",
            "Gallery",
            "Sampler",
            "WriteInHand",
            "-",
            "<writer>",
            "UseMemory",
        ),
    ),
    (
        _noop("&Model"),
        (
            "<written>",
            "-",
            "<network>",
            "LoadWeights",
            "Compare",
            "BreakIt",
            "-",
            "Lineage",
            "Rollback",
            "-",
            "<device>",
            "RestartRecognition",
        ),
    ),
    (
        _noop("&Train"),
        (
            "Train",
            "StopTraining",
            "TrainingResult",
            "Report",
            "Watch",
            "-",
            "Personalize",
            "StopPersonalizing",
            "-",
            "Runs",
            "OpenRuns",
        ),
    ),
    (_noop("&Help"), ("Manual", "Experiments", "-", "Shortcuts", "-", "OpenLogs", "-", "About")),
)

_SUBMENUS = {
    "<place>": _noop("Pla&ce of the training panel"),
    "<theme>": _noop("T&heme"),
    "<language>": _noop("&Language"),
    "<correct>": _noop("Keep &as"),
    "<writer>": _noop("&Writer"),
    "<written>": _noop("&What is written"),
    "<network>": _noop("&Network"),
    "<device>": _noop("&Device"),
}


def translate(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


class Actions:
    """All actions by name, in a menu bar. ``menus`` holds the submenus that the window fills."""

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        self._by_name: dict[str, QAction] = {}
        #: Calls a command that opens something, now or when the pen is lifted.
        self.when_lifted: Callable[[Callable[[], object]], object] = lambda call: call()
        #: Called before a command is carried out: what connects its slot may not have been built yet.
        self.before_command: Callable[[], object] = lambda: None
        self._slots: dict[str, list[Callable[..., object]]] = {}
        self._menus: list[tuple[QMenu, str]] = []
        self.menus: dict[str, QMenu] = {}
        for name, _text, icon_name, keys in _ACTIONS:
            action = QAction(window)
            action.setObjectName(f"action{name}")
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setCheckable(name in _CHECKABLE)
            action.setIconVisibleInMenu(False)
            action.triggered.connect(
                lambda checked=False, name=name: self._carry_out(name, checked)
            )
            if icon_name:
                bind_icon(action, icon_name, theme)
            window.addAction(action)
            self._by_name[name] = action
        self._by_name["Quit"].setMenuRole(QAction.MenuRole.QuitRole)
        self._by_name["Settings"].setMenuRole(QAction.MenuRole.PreferencesRole)
        self._by_name["About"].setMenuRole(QAction.MenuRole.AboutRole)
        bar = window.menuBar()
        for title, names in _MENUS:
            menu = bar.addMenu("")
            menu.setToolTipsVisible(True)  # why a command cannot be chosen
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
        for menu, _title in self._menus:
            align_entries(menu)
        self.retranslate()

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def names(self) -> list[str]:
        """The commands of the table, in its order."""
        return list(self._by_name)

    def set_shortcuts(self, name: str, keys: Sequence[QKeySequence]) -> None:
        """Other keys for a command. Its tooltip names them, unless that gives a reason."""
        action = self._by_name[name]
        is_told = action.toolTip() == self._tooltip(name)
        action.setShortcuts(list(keys))
        if is_told:
            action.setToolTip(self._tooltip(name))

    def connect(self, **slots: Callable[..., object]) -> None:
        """name=slot: called when the action is triggered (with its state, where it is checkable)."""
        for name, slot in slots.items():
            self._slots.setdefault(name, []).append(slot)

    def _carry_out(self, name: str, checked: bool) -> None:
        self.before_command()
        self._by_name[name].setChecked(checked)  # whatever the stored setting was
        for slot in tuple(self._slots.get(name, ())):
            if self._by_name[name].isCheckable():
                slot(checked)
            elif name in _OPENING:
                self.when_lifted(slot)
            else:
                slot()

    def allow(self, name: str, reason: str) -> None:
        """Enables a command, or disables it and says in its tooltip why. reason: "" enables."""
        action = self._by_name[name]
        action.setEnabled(not reason)
        action.setToolTip(reason or self._tooltip(name))

    def _tooltip(self, name: str) -> str:
        return with_keys(self.plain(name), self._by_name[name].shortcut())

    def retranslate(self) -> None:
        for name, text, _, _ in _ACTIONS:
            action = self._by_name[name]
            action.setText(translate(text))
            action.setToolTip(self._tooltip(name))
        for menu, title in self._menus:
            menu.setTitle(translate(title))

    def plain(self, name: str) -> str:
        """An action's text without its mnemonic (in brackets in Chinese) and its dots."""
        return re.sub(r"\(&.\)|&", "", self._by_name[name].text()).rstrip("…")

    def is_taken(self, keys: QKeySequence) -> bool:
        """Whether a command of this table has this shortcut."""
        return any(keys in action.shortcuts() for action in self._by_name.values())

    def shortcuts(self, names: Sequence[str]) -> list[tuple[str, list[str]]]:
        """(what, keys) of each of these that has keys, for the list that people can open."""
        return [
            (self.plain(name), [key_name(key) for key in keys])
            for name in names
            if (keys := self._by_name[name].shortcuts())
        ]


def key_name(keys: QKeySequence) -> str:
    """As the platform writes it. Qt's own Chinese has one word for both Enter keys."""
    if keys == QKeySequence(Qt.Key.Key_Enter):
        return translate("Enter (keypad)")
    return keys.toString(QKeySequence.SequenceFormat.NativeText)


def with_keys(text: str, keys: QKeySequence) -> str:
    """A tooltip that ends with the keys, where there are any."""
    if keys.isEmpty():
        return text
    shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
    return translate("{name} ({keys})").format(name=text, keys=shown)


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
