"""What can be done with a network of the family tree: renamed, deleted, exported, shown in its folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from handwrite_app.models import network_menu
from handwrite_app.models.lineage_dialog import LineageDialog
from handwrite_app.ui.dialogs.name_dialog import NameDialog
from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.job import ExportWorker
from tests.app.correcting import warning
from tests.app.models.lineage_window import (
    BASE,
    in_the_window,
    items,
    loaded,
    opened,
    settle,
)
from tests.trainer.family import network, personalized
from trainer.base.paths import models_folder
from trainer.models import active_model
from trainer.processes.export_process import Exported


def _choose(dialog: LineageDialog, name: str) -> None:
    dialog.tree.setFocus()
    dialog.tree.setCurrentItem(items(dialog)[name])


def test_one_is_renamed_with_a_key(window: MainWindow) -> None:
    """The one in use, too: it reads on under its new name."""
    ada = personalized("ada", BASE)
    personalized("me", ada)
    loaded(window, ada)
    active_model.activate(ada)
    dialog = opened(window)
    _choose(dialog, "ada")
    QTest.keyClick(dialog.tree, Qt.Key.Key_F2)
    names = dialog.findChild(NameDialog, "renameNetwork")
    assert names is not None
    assert names.line.text() == names.line.selectedText() == "ada"
    assert not names.take_button.isEnabled()
    QTest.keyClicks(names.line, "Lovelace")
    QTest.keyClick(names.line, Qt.Key.Key_Return)
    settle(window)
    new = models_folder() / "Lovelace.safetensors"
    assert new.is_file()
    assert not ada.exists()
    assert active_model.active_model() == new
    assert in_the_window(window) == "Lovelace"
    found = items(dialog)
    assert found["Lovelace"].text(0) == "Lovelace · in use"
    assert dialog.tree.currentItem() is found["Lovelace"]
    assert found["me"].parent() is found["Lovelace"]  # its card knows the parent's hash
    assert found["Lovelace"].parent() is found["scribe"]


def test_a_name_that_is_taken_is_told(window: MainWindow, qtbot: QtBot) -> None:
    ada = personalized("ada", BASE)
    dialog = opened(window)
    _choose(dialog, "ada")
    dialog.menu.rename.trigger()
    names = dialog.findChild(NameDialog, "renameNetwork")
    assert names is not None
    names.line.setText("scribe")
    names.take_button.click()
    box = warning(window, qtbot)
    assert "there is a network" in box.text().lower()
    box.accept()
    assert ada.is_file()


def test_one_is_deleted_after_a_question_whose_default_is_no(window: MainWindow) -> None:
    ada = personalized("ada", BASE)
    dialog = opened(window)
    for answer, is_there in ((Qt.Key.Key_Return, True), (Qt.Key.Key_Tab, False)):
        _choose(dialog, "ada")
        QTest.keyClick(dialog.tree, Qt.Key.Key_Delete)
        box = dialog.findChild(QMessageBox, "deleteNetwork")
        assert box is not None
        if answer == Qt.Key.Key_Return:
            QTest.keyClick(box, answer)
        else:
            button = box.findChild(QPushButton, "deleteNetworkDo")
            assert button is not None
            button.click()
        box.setObjectName("answered")
        settle(window)
        assert ada.exists() is is_there
        assert ("ada" in items(dialog)) is is_there


def test_what_ships_or_is_in_use_is_not_deleted(window: MainWindow, tmp_path: Path) -> None:
    ada = personalized("ada", BASE)
    loaded(window, ada)
    network("orphan", parent="lost", parent_hash="ab" * 32)
    dialog = opened(window)
    menu = dialog.menu
    for name, rename, delete, reveal, export in (
        ("scribe", "It ships", "It ships", "", ""),
        ("ada", "", "It is in use", "", ""),
        ("lost", "Its file is gone", "Its file is gone", "Its file is gone", "Its file is gone"),
        ("orphan", "", "", "", ""),
    ):
        _choose(dialog, name)
        reasons = ((menu.rename, rename), (menu.delete, delete), (menu.reveal, reveal))
        for action, reason in (*reasons, (menu.export, export)):
            assert action.isEnabled() is not bool(reason)
            assert action.toolTip().startswith(reason)
    _choose(dialog, "ada")
    QTest.keyClick(dialog.tree, Qt.Key.Key_Delete)
    assert dialog.findChild(QMessageBox, "deleteNetwork") is None
    menu._delete(ada)  # made the active one by another window meanwhile
    assert ada.exists()
    dialog.setObjectName("old")
    dialog.close()
    loaded(window, network("elsewhere", tmp_path))
    dialog = opened(window)
    _choose(dialog, "elsewhere")
    assert "not in the models folder" in dialog.menu.rename.toolTip()


def test_it_is_shown_in_its_folder_and_exported(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ada = personalized("ada", BASE)
    shown: list[Path] = []
    monkeypatch.setattr(network_menu, "show_folder", lambda _, folder: shown.append(folder))
    targets = [tmp_path / "copy.safetensors", tmp_path / "ada.ONNX", None]
    monkeypatch.setattr(network_menu, "ask_where", lambda *_: targets.pop(0))
    started: list[tuple[Path, Path]] = []
    monkeypatch.setattr(ExportWorker, "start", lambda _, *paths: started.append(paths))
    dialog = opened(window)
    _choose(dialog, "ada")
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(dialog.tree, Qt.Key.Key_R, control)
    assert shown == [models_folder()]
    QTest.keyClick(dialog.tree, Qt.Key.Key_E, control)
    settle(window)
    assert (tmp_path / "copy.safetensors").read_bytes() == ada.read_bytes()
    assert dialog.detail.text() == "copy.safetensors is written."
    dialog.menu.export.trigger()
    assert started == [(ada, tmp_path / "ada.ONNX")]
    exporter = window.lineage.exporter
    exporter._worker.eventHappened.emit(
        Exported(path=tmp_path / "ada.onnx", bytes=10, compared=120)
    )
    assert (
        dialog.detail.text() == "ada.onnx is written; it answers 120 drawings as this program does."
    )
    dialog.menu.export.trigger()  # and cancelled
    assert len(started) == 1


def test_the_menu_opens_with_the_button_and_on_the_tree(window: MainWindow) -> None:
    dialog = opened(window)
    dialog.more.click()
    assert dialog.menu.isVisible()
    assert dialog.menu.toolTipsVisible()
    dialog.menu.close()
    place = dialog.tree.visualItemRect(items(dialog)["scribe"]).center()
    dialog.tree.customContextMenuRequested.emit(place)
    assert dialog.menu.isVisible()
    dialog.menu.close()
