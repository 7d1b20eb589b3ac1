"""What is not on the disk is not said to be kept."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing

import pytest
from PySide6.QtWidgets import QFrame, QMessageBox
from pytestqt.qtbot import QtBot

from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import (
    accept,
    draw,
    entries,
    keep,
    labels_kept,
    load,
    marked,
    press_key,
    read,
    undo,
    wait_for_toast,
    warning,
)
from tests.app.pointers import press, release
from trainer.base.errors import RunError
from trainer.base.paths import drawings_file
from trainer.drawings import DrawingStore, Filter, open_store


def _fail_on(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RunError("the disk is full")

    monkeypatch.setattr(DrawingStore, name, fail)


def test_a_store_that_cannot_be_opened(quiet_window: MainWindow, qtbot: QtBot) -> None:
    drawings_file().mkdir(parents=True)
    draw(quiet_window)
    drawn = quiet_window.canvas.current_drawing()
    press_key(quiet_window, "7")
    box = warning(quiet_window, qtbot)
    assert box.windowTitle() == "The drawing was not saved"
    assert str(drawings_file()) in box.text()
    assert quiet_window.status.text() == "The drawing was not saved"
    accept(box, quiet_window, qtbot)
    assert quiet_window.findChild(QFrame, "toast") is None
    assert marked(quiet_window) == []
    assert not quiet_window.actions_["UndoKeep"].isEnabled()
    assert quiet_window.canvas.current_drawing() is drawn
    draw(quiet_window, 200)  # what is not kept is gone on with
    assert len(quiet_window.canvas.current_drawing().strokes) == 2
    drawings_file().rmdir()
    keep(quiet_window, qtbot, "7")
    assert labels_kept() == ["7"]


def test_a_file_of_a_newer_release_is_left_alone(quiet_window: MainWindow, qtbot: QtBot) -> None:
    with open_store(daily=False) as store:
        path = store.path
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    draw(quiet_window)
    press_key(quiet_window, "7")
    box = warning(quiet_window, qtbot)
    assert "newer release" in box.text()
    accept(box, quiet_window, qtbot)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="this user may write everywhere"
)
def test_a_file_that_cannot_be_written(quiet_window: MainWindow, qtbot: QtBot) -> None:
    with open_store(daily=False) as store:
        path = store.path
    path.chmod(0o400)
    draw(quiet_window)
    press_key(quiet_window, "7")
    accept(warning(quiet_window, qtbot), quiet_window, qtbot)
    assert marked(quiet_window) == []


def test_a_relabel_that_fails_leaves_the_old_label(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    _fail_on(monkeypatch, "relabel")
    press_key(quiet_window, "1")
    box = warning(quiet_window, qtbot)
    assert box.windowTitle() == "The drawing is still saved as it was"
    accept(box, quiet_window, qtbot)
    assert labels_kept() == ["7"]
    assert marked(quiet_window) == ["7"]


def test_an_undo_that_fails_is_said(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    with monkeypatch.context() as broken:
        _fail_on(broken, "delete")
        quiet_window.actions_["UndoKeep"].trigger()
        box = warning(quiet_window, qtbot)
    assert box.windowTitle() == "The drawing is still saved"
    accept(box, quiet_window, qtbot)
    assert marked(quiet_window) == ["7"]
    assert quiet_window.actions_["UndoKeep"].isEnabled()
    undo(quiet_window, qtbot)
    assert entries() == []


def test_a_full_disk_is_told_when_the_pen_is_lifted(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fail_on(monkeypatch, "add")
    draw(quiet_window)
    press_key(quiet_window, "7")
    press(quiet_window.canvas, (200, 300))  # before the answer is there
    qtbot.waitUntil(
        lambda: quiet_window.status.text() == "The drawing was not saved", timeout=10_000
    )
    assert quiet_window.findChild(QMessageBox, "warning") is None
    release(quiet_window.canvas, (200, 300))
    accept(warning(quiet_window, qtbot), quiet_window, qtbot)


def test_a_damaged_file_is_restored_and_told(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    with open_store() as store:
        path = store.path
    content = bytearray(path.read_bytes())
    content[:100] = bytes(100)
    path.write_bytes(content)
    draw(quiet_window)
    read(quiet_window, "7")  # a store that is there is opened as soon as there is something to keep
    box = warning(quiet_window, qtbot)
    assert "damaged" in box.text()
    accept(box, quiet_window, qtbot)
    keep(quiet_window, qtbot, "7")
    assert labels_kept() == ["7"]


def test_what_takes_long_is_said_and_the_window_goes_on(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program is writing into the file."""
    with open_store(daily=False) as store:
        path = store.path
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        draw(quiet_window)
        press_key(quiet_window, "7")
        qtbot.waitUntil(lambda: quiet_window.status.text() == "Saving the drawing…", timeout=3000)
        assert quiet_window.findChild(QFrame, "toast") is None
        draw(quiet_window, 200)  # nothing stands still
        assert len(quiet_window.canvas.current_drawing().strokes) == 1
    finally:
        other.execute("ROLLBACK")
        other.close()
    wait_for_toast(quiet_window, qtbot, "7")
    assert labels_kept() == ["7"]


def test_what_was_given_before_closing_is_kept(quiet_window: MainWindow) -> None:
    draw(quiet_window)
    press_key(quiet_window, "7")
    quiet_window.close()
    assert labels_kept() == ["7"]


def test_nothing_is_written_by_drawing_alone(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    draw(quiet_window)
    read(quiet_window, "7")
    qtbot.wait(50)
    assert not drawings_file().exists()


def test_whose_they_are(quiet_window: MainWindow, qtbot: QtBot) -> None:
    with open_store(daily=False) as store:
        anna = store.add_writer("Anna")
    quiet_window.correction.writers._on_chosen("Anna")
    draw(quiet_window)
    press_key(quiet_window, "7")
    qtbot.waitUntil(
        lambda: (
            quiet_window.findChild(QFrame, "toast") is not None
            and quiet_window.correction.toast.text == "Saved as 7 for Anna"
        ),
        timeout=10_000,
    )
    with open_store(daily=False) as store:
        assert store.counts().of(Filter(writer=anna.id)) == 1
