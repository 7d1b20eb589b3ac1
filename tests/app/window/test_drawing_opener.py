"""Pictures are decoded beside the window's thread: one draws on, and the newest request wins."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.files.opened import Opened
from handwrite_app.window.drawing_opener import DrawingOpener
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import draw
from tests.app.pointers import move, press, release
from trainer.base.errors import PictureError
from trainer.picture.strokes import Drawing, Stroke
from trainer.picture.strokes_files import write_strokes_file

_PATIENCE = 10_000


def _opened() -> Opened:
    return Opened(Drawing((Stroke.make([[50, 50], [200, 200]], width=20.0),)))


@pytest.fixture
def opener(canvas: Canvas) -> Iterator[DrawingOpener]:
    made = DrawingOpener(canvas, canvas)
    yield made
    made.close()


def test_it_is_decoded_in_another_thread(opener: DrawingOpener, qtbot: QtBot) -> None:
    threads: list[threading.Thread] = []

    def decode() -> Opened:
        threads.append(threading.current_thread())
        return _opened()

    with qtbot.waitSignal(opener.opened, timeout=_PATIENCE) as told:
        opener.open(decode, "seven.png")
    assert told.args is not None
    assert told.args[1] == "seven.png"
    assert threads != [threading.main_thread()]
    assert not opener.is_busy


def test_the_newest_wins(opener: DrawingOpener, qtbot: QtBot) -> None:
    begun, go_on = threading.Event(), threading.Event()
    names: list[str] = []
    opener.opened.connect(lambda _, name: names.append(name))
    opener.failed.connect(lambda _, name: names.append(name))

    def slow() -> Opened:
        begun.set()
        go_on.wait(10)
        raise PictureError("x.y", "too late")

    decoded: list[str] = []

    def second() -> Opened:
        decoded.append("second")
        return _opened()

    opener.open(slow, "first")
    assert begun.wait(10)
    opener.open(second, "second")
    opener.open(_opened, "third")
    go_on.set()
    qtbot.waitUntil(lambda: names == ["third"], timeout=_PATIENCE)
    assert decoded == []  # it was superseded before it was begun


def test_what_takes_long_is_told(opener: DrawingOpener, qtbot: QtBot) -> None:
    go_on = threading.Event()

    def slow() -> Opened:
        go_on.wait(10)
        return _opened()

    with qtbot.waitSignal(opener.slow, timeout=_PATIENCE) as told:
        opener.open(slow, "large.png")
    assert told.args == ["large.png"]
    with qtbot.waitSignals([opener.ended, opener.opened], timeout=_PATIENCE):
        go_on.set()


def test_it_waits_for_the_pen(opener: DrawingOpener, canvas: Canvas, qtbot: QtBot) -> None:
    press(canvas, (100, 100))
    move(canvas, (150, 150))
    done = threading.Event()

    def decode() -> Opened:
        done.set()
        return _opened()

    with qtbot.assertNotEmitted(opener.opened, wait=100):
        opener.open(decode, "seven.png")
        assert done.wait(10)
    with qtbot.waitSignal(opener.opened, timeout=_PATIENCE):
        release(canvas, (150, 150))


def test_the_decoders_are_imported_before_they_are_needed(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    opener = quiet_window.files._opener
    quiet_window.canvas.fileOver.emit(True)
    qtbot.waitUntil(lambda: opener._worker.is_idle, timeout=_PATIENCE)
    assert {"PIL.JpegImagePlugin", "scipy.ndimage"} <= sys.modules.keys()
    quiet_window.canvas.fileOver.emit(True)
    assert opener._worker.is_idle  # once is enough


def test_a_failure_is_told(opener: DrawingOpener, qtbot: QtBot) -> None:
    def decode() -> Opened:
        raise PictureError("x.y", "it is damaged")

    with qtbot.waitSignal(opener.failed, timeout=_PATIENCE) as told:
        opener.open(decode, "seven.png")
    assert told.args is not None
    assert str(told.args[0]) == "it is damaged"


# --- in the window


def test_an_empty_sheet_can_be_neither_saved_nor_copied(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    actions = [quiet_window.actions_[name] for name in ("Save", "Copy", "Clear")]
    assert not any(action.isEnabled() for action in actions)
    draw(quiet_window)
    assert all(action.isEnabled() for action in actions)
    quiet_window.canvas.undo()
    assert not any(action.isEnabled() for action in actions)


def _picture(path: Path) -> Path:
    image = QImage(120, 120, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for y in range(20, 100):
        for x in range(50, 62):
            image.setPixelColor(x, y, QColor("black"))
    assert image.save(str(path))
    return path


def test_a_picture_comes_to_the_paper(
    quiet_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    quiet_window.files.open_file(_picture(tmp_path / "one.png"))
    qtbot.waitUntil(lambda: quiet_window.status.text() == "Opened one.png", timeout=_PATIENCE)
    assert quiet_window.canvas.current_drawing().image is not None


def test_a_picture_is_pasted(quiet_window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setImageData(QImage(str(_picture(tmp_path / "one.png"))))
    QGuiApplication.clipboard().setMimeData(mime)
    quiet_window.actions_["Paste"].trigger()
    qtbot.waitUntil(
        lambda: quiet_window.canvas.current_drawing().image is not None, timeout=_PATIENCE
    )
    QGuiApplication.clipboard().clear()
    quiet_window.actions_["Paste"].trigger()
    assert quiet_window.status.text() == "There is no picture to paste."


def test_of_several_files_the_first_is_opened_and_told(
    quiet_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = [_picture(tmp_path / name) for name in ("one.png", "two.png")]
    quiet_window.canvas.filesDropped.emit(paths)
    qtbot.waitUntil(
        lambda: quiet_window.status.text().startswith("Opened one.png, the first of 2 files"),
        timeout=_PATIENCE,
    )


def test_of_many_drawings_the_first_is_opened_and_told(
    quiet_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "many.jsonl"
    write_strokes_file(path, [(_opened().drawing, "1")] * 3)
    quiet_window.files.open_file(path)
    qtbot.waitUntil(
        lambda: "the first drawing of many.jsonl" in quiet_window.status.text(), timeout=_PATIENCE
    )
    assert len(quiet_window.canvas.current_drawing().strokes) == 1


def test_a_network_that_is_dropped_is_loaded(
    quiet_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "MINE.SAFETENSORS"
    with qtbot.waitSignal(quiet_window.files.networkChosen) as told:
        quiet_window.canvas.filesDropped.emit([path])
    assert told.args == [path]


def test_what_cannot_be_opened_is_told_by_name(
    quiet_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "text.png"
    path.write_text("no picture")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    QGuiApplication.clipboard().setMimeData(mime)
    quiet_window.actions_["Paste"].trigger()
    qtbot.waitUntil(
        lambda: quiet_window.findChild(QMessageBox, "warning") is not None, timeout=_PATIENCE
    )
    box = quiet_window.findChild(QMessageBox, "warning")
    assert box is not None
    assert box.windowTitle() == "Cannot open “text.png”"
    box.accept()
    QGuiApplication.clipboard().clear()
