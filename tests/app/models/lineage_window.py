"""What the tests of the family tree read off the window."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QTreeWidgetItem

from handwrite_app.models.lineage_dialog import LineageDialog
from handwrite_app.window.main_window import MainWindow
from trainer.base.paths import shipped_weights_folder
from trainer.processes.recognition_messages import Loaded

BASE = shipped_weights_folder() / "scribe.safetensors"


def settle(window: MainWindow) -> None:
    """Until it is known where going back leads."""
    deadline = time.monotonic() + 20
    while not window.lineage.is_settled:
        assert time.monotonic() < deadline
        QTest.qWait(1)


def loaded(window: MainWindow, path: Path) -> None:
    window.recognition.loaded.emit(
        Loaded(
            path=str(path),
            name=path.stem,
            architecture="scribe",
            labels=tuple("0123456789"),
            device="cpu",
            wanted_device="auto",
            devices=(),
        )
    )
    settle(window)


def in_the_window(window: MainWindow) -> str:
    assert window.loaded is not None
    return window.loaded.name


def opened(window: MainWindow) -> LineageDialog:
    window.actions_["Lineage"].trigger()
    settle(window)
    dialog = window.findChild(LineageDialog, "lineageDialog")
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def items(dialog: LineageDialog) -> dict[str, QTreeWidgetItem]:
    """Every item by the first word of its name."""
    found = {}
    waiting = [dialog.tree.topLevelItem(i) for i in range(dialog.tree.topLevelItemCount())]
    while waiting:
        item = waiting.pop(0)
        assert item is not None
        found[item.text(0).split(" ")[0]] = item
        waiting = [item.child(i) for i in range(item.childCount())] + waiting
    return found


def cells(item: QTreeWidgetItem) -> list[str]:
    return [item.text(column) for column in range(item.columnCount())]


def model_menu(window: MainWindow) -> QMenu:
    (menu,) = (m for m in window.actions_["Rollback"].associatedObjects() if isinstance(m, QMenu))
    return menu
