"""The gallery where the store or a file fails: it is said, nothing is lost, and it goes on when it can."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from handwrite_app.gallery.edits import GalleryEdits
from handwrite_app.gallery.gallery_window import Gallery
from handwrite_app.gallery.import_report import ImportReport
from handwrite_app.gallery.notice import Notice
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import entries, labels_kept
from tests.app.galleries import LABELS, gallery_of, labels_shown, put_in, settle, shown
from tests.app.pointers import move, press, release
from trainer.base.errors import RunError
from trainer.base.paths import drawings_file
from trainer.drawings import DrawingStore, open_store


@pytest.fixture
def gallery(quiet_window: MainWindow, qtbot: QtBot) -> Gallery:
    put_in(LABELS)
    return gallery_of(quiet_window, qtbot)


def _fail(*_: object, **__: object) -> NoReturn:
    raise RunError("the disk is full")


def _warning(gallery: Gallery, qtbot: QtBot) -> QMessageBox:
    qtbot.waitUntil(lambda: gallery.findChild(QMessageBox, "warning") is not None)
    box = gallery.findChild(QMessageBox, "warning")
    assert box is not None
    return box


@pytest.mark.parametrize(
    ("name", "key", "title"),
    [
        ("relabel", Qt.Key.Key_3, "The drawings keep their labels"),
        ("delete", Qt.Key.Key_Delete, "The drawings were not deleted"),
        ("get", Qt.Key.Key_Return, "The drawing cannot be put on the paper"),
    ],
)
def test_what_was_not_done_is_said(
    gallery: Gallery,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    key: Qt.Key,
    title: str,
) -> None:
    before = labels_kept()
    gallery.view.select(shown(gallery)[:1])
    with monkeypatch.context() as broken:
        broken.setattr(DrawingStore, name, _fail)
        QTest.keyClick(gallery.view, key)
        box = _warning(gallery, qtbot)
    assert box.windowTitle() == title
    assert box.text() == "the disk is full"
    box.accept()
    assert labels_kept() == before
    assert not gallery.toast.isVisible()
    assert not gallery.edits.can_undo


def test_an_undo_that_fails_can_be_tried_again(
    gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.view.select(shown(gallery)[:2])
    QTest.keyClick(gallery.view, Qt.Key.Key_Delete)
    assert not gallery.commands.undo.isEnabled()
    qtbot.waitUntil(gallery.toast.isVisible)
    assert gallery.commands.undo.isEnabled()
    with monkeypatch.context() as broken:
        broken.setattr(DrawingStore, "restore", _fail)
        gallery.toast.button.click()
        assert not gallery.commands.undo.isEnabled()
        box = _warning(gallery, qtbot)
    assert box.windowTitle() == "Nothing was taken back"
    box.accept()
    gallery.commands.undo.trigger()
    qtbot.waitUntil(lambda: len(entries()) == 11)


def test_labels_are_taken_back_at_once(
    gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All or none of them: what is said where that fails is true."""
    before = labels_kept()
    gallery.view.select(shown(gallery)[:3])
    QTest.keyClick(gallery.view, Qt.Key.Key_7)
    qtbot.waitUntil(gallery.toast.isVisible)
    assert labels_kept() != before
    writes: list[DrawingStore] = []
    write = DrawingStore._write

    def counted(store: DrawingStore) -> AbstractContextManager[sqlite3.Connection]:
        writes.append(store)
        return write(store)

    monkeypatch.setattr(DrawingStore, "_write", counted)
    gallery.toast.button.click()
    qtbot.waitUntil(lambda: labels_kept() == before)
    assert len(writes) == 1


def test_a_store_that_cannot_be_opened(quiet_window: MainWindow, qtbot: QtBot) -> None:
    drawings_file().mkdir(parents=True)
    quiet_window.actions_["Gallery"].trigger()
    gallery = quiet_window.drawings.gallery
    assert gallery is not None
    qtbot.waitUntil(lambda: gallery.notice.is_failure)
    assert gallery.notice.title.text() == "Your drawings cannot be shown"
    assert str(drawings_file()) in gallery.notice.text.text()
    drawings_file().rmdir()
    put_in("7")
    gallery.notice.button.click()
    qtbot.waitUntil(gallery.view.isVisible)
    settle(gallery, qtbot)
    assert labels_shown(gallery) == ["7", "1"]


def test_a_store_that_fails_while_pictures_are_fetched(
    gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.cells.set_look(99, gallery.palette().text().color())  # all is fetched anew
    with monkeypatch.context() as broken:
        broken.setattr(DrawingStore, "entry", _fail)
        gallery.view.grab()
        qtbot.waitUntil(lambda: gallery.notice.is_failure)
    gallery.notice.button.click()
    qtbot.waitUntil(gallery.view.isVisible)
    settle(gallery, qtbot)
    assert len(shown(gallery)) == 11


def test_one_damaged_drawing_does_not_hide_the_others(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    one, two = put_in("12")
    with closing(sqlite3.connect(drawings_file(), isolation_level=None)) as connection:
        connection.execute("UPDATE contents SET strokes = x'00' WHERE id = ?", (one,))
    gallery = gallery_of(quiet_window, qtbot)
    damaged, sound = gallery.cells.get(one), gallery.cells.get(two)
    assert damaged is not None
    assert damaged.entry is not None
    assert damaged.image is None
    assert sound is not None
    assert sound.image is not None
    gallery.view.select([one])
    gallery.commands.delete.trigger()  # as the error says
    qtbot.waitUntil(lambda: shown(gallery)[0] == two and len(shown(gallery)) == 2)


def test_what_another_window_has_deleted_is_passed_over(gallery: Gallery, qtbot: QtBot) -> None:
    gone, there = shown(gallery)[:2]
    gallery.view.select([gone, there])
    with open_store(daily=False) as store:
        store.delete([gone])
    gallery.commands.labelChosen.emit("0")
    qtbot.waitUntil(gallery.toast.isVisible)
    assert gallery.toast.text == "Drawing labelled 0"
    qtbot.waitUntil(lambda: gone not in shown(gallery))


# --- files


def _done(gallery: Gallery, qtbot: QtBot, begin: Callable[[], None]) -> None:
    # On a busy machine it is first said that it takes long.
    with qtbot.waitSignal(gallery.files.busyChanged, check_params_cb=lambda busy: not busy):
        begin()


def test_exported_and_imported_again(
    gallery: Gallery, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.jsonl"
    gallery.view.select([shown(gallery)[i] for i in (0, 2)])
    monkeypatch.setattr(
        "handwrite_app.gallery.import_export.QFileDialog.getSaveFileName",
        lambda *_: (str(file), ""),
    )
    _done(gallery, qtbot, gallery.commands.export_selected.trigger)
    assert gallery.status.full_text == "Exported 2 drawings to mine.jsonl"
    assert len(file.read_text().splitlines()) == 2
    _done(gallery, qtbot, gallery.commands.export_shown.trigger)
    assert len(file.read_text().splitlines()) == 11

    gallery.commands.delete.trigger()
    qtbot.waitUntil(lambda: len(shown(gallery)) == 9)
    lines = [*file.read_text().splitlines(), "{", '{"label": "5", "strokes": [[[1, 2], [30, 40]]]}']
    file.write_text("\n".join(lines))
    _done(gallery, qtbot, lambda: gallery.files.import_file(file))
    report = gallery.findChild(ImportReport, "importReport")
    assert report is not None
    figures = {
        name: figure.text()
        for name in ("new", "restored", "known", "refused")
        if (figure := report.findChild(QLabel, f"import_{name}")) is not None
    }
    assert figures == {"new": "1", "restored": "2", "known": "9", "refused": "1"}
    reasons = report.findChild(QPlainTextEdit, "importReasons")
    assert reasons is not None
    assert reasons.toPlainText().startswith("Line 12: the line is not valid JSON")
    report.reject()
    qtbot.waitUntil(lambda: len(shown(gallery)) == 12)


def test_one_drawing_is_no_drawings(gallery: Gallery, qtbot: QtBot, tmp_path: Path) -> None:
    said: list[str] = []
    gallery.files.said.connect(said.append)
    file = tmp_path / "one.jsonl"
    _done(gallery, qtbot, lambda: gallery.files.export_file(file, shown(gallery)[:1]))
    assert said[-1] == "Exported one drawing to one.jsonl"
    file.write_text('{"label": "5", "strokes": [[[1, 2], [30, 40]]]}\n')
    _done(gallery, qtbot, lambda: gallery.files.import_file(file))
    assert said[-1] == "Imported one drawing"


def test_its_words_change_with_the_language(
    gallery: Gallery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.view.select(shown(gallery)[:2])
    QTest.keyClick(gallery.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(gallery.toast.isVisible)
    gallery.notice.show_failure("the disk is broken")
    for kind in (GalleryEdits, Gallery, Notice):
        monkeypatch.setattr(kind, "tr", lambda _self, text: f"»{text}«")
    for window in (gallery, gallery.notice):
        QApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
    assert gallery.toast.text == "»2 drawings deleted«"
    assert gallery.toast.button.text() == "»Undo«"
    assert gallery.notice.title.text() == "»Your drawings cannot be shown«"
    assert gallery.notice.text.text() == "the disk is broken"
    assert gallery.notice.button.text() == "»Try again«"
    assert gallery.notice.is_failure


def test_a_file_that_cannot_be_imported(gallery: Gallery, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "other.jsonl"
    file.write_text("nothing of ours\n")
    gallery.files.import_file(file)
    box = _warning(gallery, qtbot)
    assert box.windowTitle() == "The drawings were not imported"
    assert "no drawing that can be used" in box.text()
    box.accept()
    assert len(entries()) == 11


@pytest.mark.parametrize("usable", [True, False])
def test_nothing_opens_under_a_moving_pen(
    gallery: Gallery, quiet_window: MainWindow, qtbot: QtBot, tmp_path: Path, usable: bool
) -> None:
    """The window is closed meanwhile, and somebody draws."""
    file = tmp_path / "other.jsonl"
    file.write_text('{"label": "5", "strokes": [[[1, 2], [30, 40]]]}\n' if usable else "nothing\n")
    gallery.close()
    with qtbot.waitActive(quiet_window):
        quiet_window.activateWindow()
    press(quiet_window.canvas, (200, 100))
    move(quiet_window.canvas, (260, 140))
    gallery.files.import_file(file)
    gallery.edits.failed.emit("The drawings were not deleted", RunError("the disk is full"))
    qtbot.waitUntil(lambda: not gallery.files.is_running, timeout=10_000)
    assert gallery.findChildren(QDialog) == []
    assert quiet_window.canvas.is_drawing()
    release(quiet_window.canvas, (260, 140))
    opened = {dialog.windowTitle() for dialog in gallery.findChildren(QDialog)}
    assert opened == {
        "The drawings were not deleted",
        "The import" if usable else "The drawings were not imported",
    }
    gallery.findChildren(QDialog)[-1].reject()


def test_a_place_that_cannot_be_written(gallery: Gallery, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    gallery.files.export_file(tmp_path / "file" / "x.jsonl", shown(gallery))
    box = _warning(gallery, qtbot)
    assert box.windowTitle() == "The drawings were not exported"
    box.accept()


def test_after_what_nobody_foresaw_there_can_be_another_file(
    gallery: Gallery, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.jsonl"

    def break_off(*_: object, **__: object) -> NoReturn:
        raise RuntimeError("nobody foresaw it")

    with monkeypatch.context() as broken, qtbot.captureExceptions() as unforeseen:
        broken.setattr("trainer.drawings.export_drawings", break_off)
        _done(gallery, qtbot, lambda: gallery.files.export_file(file, shown(gallery)))
        qtbot.waitUntil(lambda: len(unforeseen) == 1)
    assert not gallery.files.is_running
    assert gallery.status.full_text == "The drawings were not exported"
    _warning(gallery, qtbot).accept()
    _done(gallery, qtbot, lambda: gallery.files.export_file(file, shown(gallery)))
    assert gallery.status.full_text == "Exported 11 drawings to mine.jsonl"


def test_what_is_stopped_leaves_nothing(
    gallery: Gallery, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.drawings.exchange._REPORT_EVERY", 1)
    file = tmp_path / "mine.jsonl"
    progress = gallery.files._on_progress

    def stopped(count: int) -> None:
        gallery.files.stop()
        progress(count)

    monkeypatch.setattr(gallery.files, "_on_progress", stopped)
    _done(gallery, qtbot, lambda: gallery.files.export_file(file, shown(gallery)))
    assert list(tmp_path.iterdir()) == []
    assert gallery.status.full_text == "The drawings were not exported"
    assert gallery.findChild(QMessageBox, "warning") is None  # it was wanted


def test_what_was_begun_is_finished_when_the_window_closes(
    gallery: Gallery, quiet_window: MainWindow, tmp_path: Path
) -> None:
    gallery.files.export_file(tmp_path / "mine.jsonl", shown(gallery))
    quiet_window.close()
    assert len((tmp_path / "mine.jsonl").read_text().splitlines()) == 11
