"""Family tree and the way back, in a window behind which the test says what is loaded."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QMessageBox, QPushButton, QTreeWidgetItem
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from handwrite_app.models import network_menu
from handwrite_app.models.lineage_dialog import LineageDialog
from handwrite_app.ui import language
from handwrite_app.ui.dialogs.name_dialog import NameDialog
from handwrite_app.ui.settings import Settings
from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.job import ExportWorker
from handwrite_app.workers.lookup import LookupWorker
from tests.app.correcting import warning
from tests.trainer.family import network, personalized
from trainer.base.paths import models_folder, shipped_weights_folder
from trainer.models import active_model
from trainer.processes.export_process import Exported
from trainer.processes.recognition_messages import Loaded

BASE = shipped_weights_folder() / "scribe.safetensors"


@pytest.fixture
def window(quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """Whatever is to be loaded is loaded at once."""

    def load(path: Path | None, _device: str) -> None:
        loaded(quiet_window, path or BASE)

    monkeypatch.setattr(quiet_window.recognition, "load", load)
    loaded(quiet_window, BASE)
    return quiet_window


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


# --- the tree


def test_what_the_tree_shows(window: MainWindow) -> None:
    ada = personalized("ada", BASE, created="2026-02-03T12:00:00+00:00")
    personalized("me", ada, writer="Me", metrics={"hand_right": 0.5})
    network("orphan", parent="lost", parent_hash="ab" * 32)
    (models_folder() / "broken.safetensors").write_bytes(b"no")
    dialog = opened(window)
    found = items(dialog)
    shipped = ["characters", "scribe", "ada", "me", "scribe-tiny"]
    assert list(found) == [*shipped, "broken", "lost", "orphan"]
    assert found["ada"].parent() is found["scribe"]
    assert found["me"].parent() is found["ada"]
    assert found["orphan"].parent() is found["lost"]
    name, accuracy, hand, count, this, others, date = cells(found["ada"])
    assert (name, accuracy, hand, count) == ("ada", "", "Ada", "30")
    assert (this, others) == ("90.00 % → 96.00 %", "99.00 % → 98.50 %")
    assert "26" in date
    assert cells(found["me"])[2:6] == ["Me", "", "", ""]
    assert cells(found["scribe"])[1] == "99.57 %"
    assert [item.text(0) for item in found.values() if item.font(0).bold()] == ["scribe · in use"]
    assert dialog.tree.currentItem() is found["scribe"]
    for name, why in (("broken", "too short"), ("lost", "no longer in the models folder")):
        assert why in found[name].toolTip(0)
        assert found[name].foreground(0) != found["ada"].foreground(0)
        dialog.tree.setCurrentItem(found[name])
        assert why in dialog.detail.text()
        assert not dialog.use.isEnabled()


def test_words_of_a_foreign_file_are_shown_not_obeyed(window: MainWindow) -> None:
    network("odd", data="<b>bold</b>")
    dialog = opened(window)
    item = items(dialog)["odd"]
    assert "&lt;b&gt;bold" in item.toolTip(0)
    dialog.tree.setCurrentItem(item)
    assert "<b>bold</b>" in dialog.detail.text()
    assert dialog.detail.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.parametrize("how", ["button", "double click", "enter"])
def test_one_is_chosen(window: MainWindow, qtbot: QtBot, how: str) -> None:
    ada = personalized("ada", BASE)
    dialog = opened(window)
    item = items(dialog)["ada"]
    dialog.tree.setCurrentItem(item)
    place: QPoint = dialog.tree.visualItemRect(item).center()
    if how == "button":
        dialog.use.click()
    elif how == "enter":
        QTest.keyClick(dialog.tree, Qt.Key.Key_Return)
    else:
        left = Qt.MouseButton.LeftButton
        QTest.mouseClick(dialog.tree.viewport(), left, pos=place)
        QTest.mouseDClick(dialog.tree.viewport(), left, pos=place)
    assert in_the_window(window) == "ada"
    assert not dialog.isVisible()
    assert Settings().weights == active_model.active_model() == ada


def test_the_one_in_use_and_a_missing_one_are_not_chosen(window: MainWindow) -> None:
    network("orphan", parent="lost", parent_hash="ab" * 32)
    dialog = opened(window)
    for name in ("scribe", "lost"):
        item = items(dialog)[name]
        dialog.tree.setCurrentItem(item)
        assert not dialog.use.isEnabled()
        dialog.tree.itemDoubleClicked.emit(item, 0)
        assert dialog.isVisible()
    assert in_the_window(window) == "scribe"


def test_one_that_was_removed_meanwhile_is_told(window: MainWindow, qtbot: QtBot) -> None:
    ada = personalized("ada", BASE)
    dialog = opened(window)
    dialog.tree.setCurrentItem(items(dialog)["ada"])
    ada.unlink()
    dialog.use.click()
    box = warning(window, qtbot)
    assert "The network in use stays" in box.text()
    assert "ada" in box.text()
    box.accept()
    assert dialog.isVisible()
    settle(window)
    assert list(items(dialog)) == ["characters", "scribe", "scribe-tiny"]
    assert in_the_window(window) == "scribe"


def test_the_rows_are_of_one_height(window: MainWindow) -> None:
    """Also where the network in use is not the first row, on which the tree is measured before it is shown."""
    loaded(window, personalized("ada", BASE))
    dialog = opened(window)
    heights = {dialog.tree.visualItemRect(item).height() for item in items(dialog).values()}
    assert len(heights) == 1
    assert heights.pop() >= 32


def test_files_are_hashed_in_a_thread(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    from trainer.models import lineage

    where: list[threading.Thread] = []
    hashed = lineage.file_hash

    def watched(path: Path) -> str:
        where.append(threading.current_thread())
        return hashed(path)

    monkeypatch.setattr(lineage, "file_hash", watched)
    lineage._hash_of_state.cache_clear()
    personalized("ada", BASE)
    dialog = opened(window)
    assert "ada" in items(dialog)
    assert where
    assert threading.current_thread() not in where
    window._theme.set_mode("dark")  # what was read is shown again
    window._theme.set_mode("light")
    assert threading.current_thread() not in where


def test_the_one_in_use_may_be_removed_too(window: MainWindow) -> None:
    ada = personalized("ada", BASE)
    loaded(window, ada)
    ada.unlink()
    dialog = opened(window)
    assert list(items(dialog)) == ["characters", "scribe", "scribe-tiny"]
    dialog.tree.setCurrentItem(items(dialog)["scribe"])
    dialog.use.click()
    assert in_the_window(window) == "scribe"


def test_back_from_the_dialog(window: MainWindow) -> None:
    dialog = opened(window)
    assert not dialog.back.isEnabled()
    assert "no parent" in dialog.back.toolTip()
    dialog.close()
    dialog.setObjectName("old")
    loaded(window, personalized("ada", BASE))
    dialog = opened(window)
    assert dialog.back.text() == "Go back to scribe"
    dialog.back.click()
    assert not dialog.isVisible()
    settle(window)
    assert in_the_window(window) == "scribe"


def test_a_foreign_files_place_and_a_theme_that_changes(window: MainWindow, tmp_path: Path) -> None:
    loaded(window, network("elsewhere", tmp_path, parent="scribe"))
    dialog = opened(window)
    item = items(dialog)["elsewhere"]
    assert item.text(0) == "elsewhere · in use"
    assert item.parent() is items(dialog)["scribe"]
    dialog.tree.setCurrentItem(items(dialog)["scribe"])
    window._theme.set_mode("dark")
    try:
        current = dialog.tree.currentItem()
        assert current is not None
        assert current.text(0) == "scribe"
    finally:
        window._theme.set_mode("light")


# --- what can be done with a network


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
    targets = [tmp_path / "copy.safetensors", tmp_path / "ada.onnx", None]
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
    assert started == [(ada, tmp_path / "ada.onnx")]
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


# --- the way back


def test_one_click_goes_back(window: MainWindow) -> None:
    loaded(window, personalized("ada", BASE))
    action = window.actions_["Rollback"]
    assert action.isEnabled()
    assert action.toolTip() == "Go back to scribe"
    assert action.text() == "Go &back to scribe"
    action.trigger()
    settle(window)
    assert in_the_window(window) == "scribe"
    assert window.status.text() == "Went back to scribe: it reads from now on."
    assert Settings().weights == BASE
    assert not action.isEnabled()
    assert action.text() == "Go &back to the previous network"
    assert "not made from another network" in action.toolTip()
    # Once only: to load it by hand is not to go back.
    loaded(window, BASE)
    assert window.status.text() == "Reading with scribe on CPU"


def test_why_it_cannot_is_shown_in_the_menu(quiet_window: MainWindow) -> None:
    action = quiet_window.actions_["Rollback"]
    assert not action.isEnabled()
    assert action.toolTip() == "The network is still loading."
    assert model_menu(quiet_window).toolTipsVisible()


def test_a_parent_that_is_gone_when_the_menu_opens(window: MainWindow) -> None:
    parent = network("parent", parent="absent")
    child = personalized("child", parent)
    loaded(window, child)
    active_model.active_model_file().unlink()  # none was in use before it
    action = window.actions_["Rollback"]
    assert action.isEnabled()
    parent.unlink()
    model_menu(window).aboutToShow.emit()
    settle(window)
    assert not action.isEnabled()
    window.lineage.roll_back()
    settle(window)
    assert "child was not made from another network that is here" in window.status.text()
    assert in_the_window(window) == "child"


def test_the_window_does_not_wait_for_the_disk(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = personalized("ada", BASE)
    found = active_model.way_back
    disk = threading.Event()
    where: list[threading.Thread] = []

    def slow(path: Path | None = None) -> Path:
        where.append(threading.current_thread())
        assert disk.wait(20)
        return found(path)

    monkeypatch.setattr(active_model, "way_back", slow)
    action = window.actions_["Rollback"]
    QTimer.singleShot(0, lambda: (model_menu(window).aboutToShow.emit(), disk.set()))
    loaded(window, ada)
    assert action.text() == "Go &back to scribe"
    action.trigger()
    settle(window)
    assert in_the_window(window) == "scribe"
    assert threading.current_thread() not in where
    assert len(where) >= 3


def test_what_was_asked_before_the_end_is_not_answered(qtbot: QtBot) -> None:
    lookup = LookupWorker()
    told: list[object] = []
    lookup.ask(lambda: 1, told.append)
    qtbot.waitUntil(lambda: told == [1])
    lookup.ask(lambda: 2, told.append)
    lookup.close()
    lookup.ask(lambda: 3, told.append)
    qtbot.wait(20)
    assert told == [1]
    with capture_exceptions() as caught:
        other = LookupWorker()
        other.ask(lambda: 1 // 0, told.append)
        qtbot.waitUntil(lambda: other.is_idle)
        other.close()
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]


def test_the_reason_in_another_language(
    window: MainWindow,
    qtbot: QtBot,
    english_afterwards: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window.lineage, "tr", lambda text: f"«{text}»")
    language.install("zh_CN")
    action = window.actions_["Rollback"]
    qtbot.waitUntil(lambda: action.toolTip().startswith("«scribe was not made"))


# --- what is remembered


def test_a_choice_of_the_command_line_is_the_windows(qapp: object) -> None:
    active_model.activate(network("mine"))
    assert Settings().weights == models_folder() / "mine.safetensors"
    assert Settings().keep_weights(None)
    assert active_model.active_model() is None


def test_the_same_network_on_another_device_is_no_new_choice(window: MainWindow) -> None:
    mine = network("mine")
    active_model.activate(mine)
    loaded(window, BASE)  # as when the device was changed
    assert active_model.active_model() == mine


def test_what_older_settings_remember_counts_once(qapp: object) -> None:
    mine, other = network("mine"), network("other")
    settings = Settings()
    settings.set_text("weights", str(mine))
    assert settings.weights == mine
    assert active_model.active_model() == mine
    active_model.activate(other)
    assert settings.weights == other
    settings.set_text("weights", str(mine))
    assert settings.weights == other
    assert settings.text("weights") == ""


def test_a_disk_that_cannot_be_written_keeps_nobody_waiting(window: MainWindow) -> None:
    active_model.active_model_file().unlink()
    active_model.active_model_file().mkdir()
    loaded(window, network("mine"))
    assert in_the_window(window) == "mine"
    assert window.findChild(QMessageBox, "warning") is None
