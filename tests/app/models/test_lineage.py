"""Family tree and the way back, in a window behind which the test says what is loaded."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_app.ui.settings import Settings
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import warning
from tests.app.models.lineage_window import (
    BASE,
    cells,
    in_the_window,
    items,
    loaded,
    opened,
    settle,
)
from tests.trainer.family import network, personalized
from trainer.base.paths import models_folder
from trainer.models import active_model


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
    assert (name, accuracy, hand, count) == ("ada", "–", "Ada", "30")
    assert (this, others) == ("90.00 % → 96.00 %", "99.00 % → 98.50 %")
    assert "26" in date
    assert cells(found["me"])[2:6] == ["Me", "–", "–", "–"]
    assert cells(found["scribe"])[1] == "99.43 %"
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
