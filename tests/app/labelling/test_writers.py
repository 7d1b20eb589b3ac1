"""Whose hand it is: the menu of writers, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.labelling import writers
from handwrite_app.labelling.writers import Writers
from handwrite_app.ui import language
from handwrite_app.ui.dialogs.name_dialog import NameDialog
from handwrite_app.ui.settings import Settings
from handwrite_app.workers.drawings import DrawingsWorker
from trainer.drawings import open_store
from trainer.drawings.schema import FIRST_WRITER
from trainer.synthetic.synthetic_digits import synthetic_digits


@pytest.fixture
def made(qtbot: QtBot) -> Iterator[Writers]:
    window = QWidget()
    qtbot.addWidget(window)
    store = DrawingsWorker()
    made = Writers(window, QMenu(window), store, Settings())
    yield made
    store.close()


def _open_menu(made: Writers, qtbot: QtBot, names: list[str]) -> None:
    made._menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: _shown(made) == names, timeout=10_000)


def _shown(made: Writers) -> list[str]:
    return [
        action.text() for action in made._menu.actions() if action.isCheckable() and action.data()
    ]


def _checked(made: Writers) -> list[str]:
    return [action.text() for action in made._menu.actions() if action.isChecked()]


def _entry(made: Writers, name: str) -> QAction:
    return next(action for action in made._menu.actions() if action.objectName() == name)


def _choose(made: Writers, name: str) -> None:
    next(action for action in made._menu.actions() if action.data() == name).trigger()


def test_there_is_one_at_first(made: Writers, qtbot: QtBot) -> None:
    assert writers.FIRST_WRITER == FIRST_WRITER
    assert _shown(made) == ["Me"]  # before anything is opened
    _open_menu(made, qtbot, ["Me"])
    assert _checked(made) == ["Me"]
    assert _entry(made, "actionAddWriter").text() == "&Add a writer…"


def test_the_chosen_one_is_remembered(made: Writers, qtbot: QtBot) -> None:
    with open_store(daily=False) as store:
        store.add_writer("Zoë")
        store.add_writer("anna")
    _open_menu(made, qtbot, ["anna", "Me", "Zoë"])
    said: list[str] = []
    made.said.connect(said.append)
    _choose(made, "Zoë")
    assert "Zoë" in said[0]
    assert made.active == "Zoë"
    assert Settings().writer == "Zoë"
    _open_menu(made, qtbot, ["anna", "Me", "Zoë"])
    assert _checked(made) == ["Zoë"]


def test_one_that_is_gone_is_not_the_active_one(made: Writers, qtbot: QtBot) -> None:
    Settings().writer = "Nobody"
    made._settings.writer = "Nobody"
    _open_menu(made, qtbot, ["Me"])
    assert _checked(made) == ["Me"]
    assert made.active == "Me"


def test_a_new_one_is_asked_for_and_active(made: Writers, qtbot: QtBot) -> None:
    _entry(made, "actionAddWriter").trigger()
    dialog = made._window.findChild(NameDialog, "addWriter")
    assert dialog is not None
    QTest.keyClicks(dialog.line, "  Tom & Li ")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: made.active == "Tom & Li", timeout=10_000)
    _open_menu(made, qtbot, ["Me", "Tom && Li"])
    with open_store(daily=False) as store:
        assert [writer.name for writer in store.writers()] == ["Me", "Tom & Li"]


def test_the_active_one_is_renamed_and_keeps_the_drawings(made: Writers, qtbot: QtBot) -> None:
    with open_store(daily=False) as store:
        store.add(synthetic_digits(1)[0][1], label="3")
    _entry(made, "actionRenameWriter").trigger()
    dialog = made._window.findChild(NameDialog, "renameWriter")
    assert dialog is not None
    assert dialog.line.text() == "Me"
    QTest.keyClicks(dialog.line, "Ann")  # all of it was selected
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: made.active == "Ann", timeout=10_000)
    _open_menu(made, qtbot, ["Ann"])
    assert _checked(made) == ["Ann"]
    with open_store(daily=False) as store:
        assert [entry.writer.name for entry in store.entries()] == ["Ann"]


def test_one_without_drawings_is_deleted_after_a_question(made: Writers, qtbot: QtBot) -> None:
    made.add("Tom")
    qtbot.waitUntil(lambda: made.active == "Tom", timeout=10_000)
    _open_menu(made, qtbot, ["Me", "Tom"])
    _entry(made, "actionDeleteWriter").trigger()
    box = made._window.findChild(QMessageBox, "deleteWriter")
    assert box is not None
    assert "Tom" in box.windowTitle()
    QTest.keyClick(box, Qt.Key.Key_Return)  # presses the one that keeps
    assert made.active == "Tom"
    _entry(made, "actionDeleteWriter").trigger()
    (do,) = made._window.findChildren(QPushButton, "deleteWriterDo")[-1:]
    do.click()
    qtbot.waitUntil(lambda: made.active == "Me", timeout=10_000)
    _open_menu(made, qtbot, ["Me"])


@pytest.mark.parametrize(
    ("try_", "title"),
    [
        (lambda made: made.delete("Me"), "The writer was not deleted"),
        (lambda made: made.rename("Me", "x" * 200), "The writer was not renamed"),
    ],
)
def test_what_cannot_be_done_to_a_writer_is_told(
    made: Writers, qtbot: QtBot, try_: Callable[[Writers], None], title: str
) -> None:
    with open_store(daily=False) as store:
        store.add(synthetic_digits(1)[0][1], label="3")
    try_(made)
    qtbot.waitUntil(lambda: made._window.findChild(QMessageBox, "warning") is not None)
    box = made._window.findChild(QMessageBox, "warning")
    assert box is not None
    assert box.windowTitle() == title
    box.accept()
    assert made.active == ""


@pytest.mark.parametrize("name", ["me", "", " \t", "x" * 200])
def test_a_name_that_cannot_be(made: Writers, qtbot: QtBot, name: str) -> None:
    made.add(name)
    qtbot.waitUntil(lambda: made._window.findChild(QMessageBox, "warning") is not None)
    box = made._window.findChild(QMessageBox, "warning")
    assert box is not None
    assert box.windowTitle() == "The writer was not added"
    box.accept()
    assert made.active == ""


def test_a_store_that_cannot_be_opened_is_said(made: Writers, qtbot: QtBot) -> None:
    from trainer.base.paths import drawings_file

    drawings_file().mkdir(parents=True)
    said: list[str] = []
    made.said.connect(said.append)
    made._menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    assert _shown(made) == ["Me"]


def test_the_first_one_has_a_name_in_every_language(
    made: Writers, qapp: QApplication, english_afterwards: None
) -> None:
    language.install("zh_CN")
    made.retranslate()
    assert _shown(made) == ["我"]
    assert made.shown("Anna") == "Anna"
