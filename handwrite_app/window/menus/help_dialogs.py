"""What the Help menu opens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from handwrite_app.ui.actions import Actions
from handwrite_app.window.menus.about import AboutDialog
from handwrite_app.window.menus.shortcuts_dialog import ShortcutGroup, ShortcutsDialog

#: Commands of each group; those without a key are left out.
_DRAW = ("Undo", "Redo", "Eraser", "Thinner", "Thicker", "Clear", "Copy", "Paste")
_KEEP = ("UndoKeep", "OwnSign", "Gallery", "Sampler", "WriteInHand")
_EXPLAIN = ("Why", "Inside", "Replay")
_NETWORKS = ("Train", "Personalize", "Runs", "Lineage")
_WINDOW = (
    *("Open", "ReadPage", "Save", "WidePaper", "FullScreen", "Demo"),
    *("Settings", "Manual", "Shortcuts", "Quit"),
)


def translate(text: str) -> str:
    return QCoreApplication.translate("Shortcuts", text)


def open_shortcuts(
    window: QWidget,
    actions: Actions,
    label_keys: str,
    sampler_keys: Sequence[tuple[str, Sequence[str]]],
) -> None:
    """label_keys: those that keep the drawing. sampler_keys: (what, keys) of the guided samples."""
    mouse = (translate("Erase while drawing"), [translate("right button, pen's eraser")])
    keep = [(translate("Keep the drawing as"), [label_keys])] if label_keys else []
    groups = (
        ShortcutGroup(translate("Draw"), [*actions.shortcuts(_DRAW), mouse]),
        ShortcutGroup(translate("Keep"), [*keep, *actions.shortcuts(_KEEP)]),
        ShortcutGroup(translate("Write samples"), sampler_keys),
        ShortcutGroup(translate("Explain"), actions.shortcuts(_EXPLAIN)),
        ShortcutGroup(translate("Networks"), actions.shortcuts(_NETWORKS)),
        ShortcutGroup(translate("Window and files"), actions.shortcuts(_WINDOW)),
    )
    _open(ShortcutsDialog(groups, window))


def open_about(window: QWidget) -> None:
    _open(AboutDialog(window))


def _open(dialog: AboutDialog | ShortcutsDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
