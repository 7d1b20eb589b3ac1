"""What a person sees of an unforeseen error, in the application's own style."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from handwrite_app import crash
from handwrite_app.crash import CrashHandler
from handwrite_app.window.main_window import MainWindow
from handwrite_app.window.menus.about import versions
from trainer.base.errors import RunError
from trainer.base.paths import user_folder
from trainer.picture.strokes import Drawing, Stroke
from trainer.picture.strokes_files import write_strokes_file

LINE = Drawing((Stroke.make([(60, 60), (160, 200)], width=20),))


@pytest.fixture
def now() -> list[float]:
    """The handler's clock, to be set."""
    return [1000.0]


@pytest.fixture
def handler(
    quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch, now: list[float]
) -> CrashHandler:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
    return crash.install(quiet_window, clock=lambda: now[0])


def _box() -> QMessageBox | None:
    found = [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QMessageBox) and widget.objectName() == "crash" and widget.isVisible()
    ]
    assert len(found) <= 1
    return found[0] if found else None


def _box_closed(box: QMessageBox) -> None:
    box.accept()
    QApplication.processEvents()


def _fail_in_a_slot(error: BaseException, qtbot: QtBot) -> None:
    fired = []

    def fail() -> None:
        fired.append(True)
        raise error

    QTimer.singleShot(0, fail)
    qtbot.waitUntil(lambda: bool(fired))


def _reports() -> str:
    path = user_folder() / "crash-reports.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


pytestmark = pytest.mark.qt_no_exception_capture


def test_the_box_is_seen(handler: CrashHandler, quiet_window: MainWindow, qtbot: QtBot) -> None:
    quiet_window.canvas.set_drawing(LINE)
    _fail_in_a_slot(ZeroDivisionError("in a slot"), qtbot)
    box = _box()
    assert box is not None
    assert box.parent() is quiet_window
    assert "ZeroDivisionError: in a slot" in box.detailedText()
    assert "rescued-drawing.jsonl" in box.text()
    assert crash.rescued_file().is_file()
    assert "ZeroDivisionError: in a slot" in _reports()
    _box_closed(box)
    assert _box() is None


def test_the_report_can_be_copied(
    handler: CrashHandler, quiet_window: MainWindow, qtbot: QtBot
) -> None:
    """What, where and which versions; the box stays open, and nothing names the person's folder."""
    _fail_in_a_slot(ZeroDivisionError(f"in {Path.home()}/somewhere"), qtbot)
    _fail_in_a_slot(RunError("test.full", "the disk of {name} is full", name="Anna"), qtbot)
    box = _box()
    assert box is not None
    copy = box.findChild(QPushButton, "copyReport")
    assert copy is not None
    assert not copy.isDefault()
    copy.click()
    QApplication.processEvents()
    assert _box() is box
    assert copy.text() == "Copied"
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines()[0] == versions()
    assert "Traceback" in copied
    assert "in ~/somewhere" in copied
    assert "the disk of Anna is full" in copied
    assert str(Path.home()) not in copied
    _box_closed(box)
    _fail_in_a_slot(ValueError("another"), qtbot)
    box = _box()
    assert box is not None
    copy = box.findChild(QPushButton, "copyReport")
    assert copy is not None
    copy.click()
    assert "ZeroDivisionError" not in QGuiApplication.clipboard().text()


def test_a_guests_drawing_is_not_rescued(
    handler: CrashHandler, quiet_window: MainWindow, qtbot: QtBot
) -> None:
    quiet_window.correction.writers.be_guest()
    quiet_window.canvas.set_drawing(LINE)
    _fail_in_a_slot(ZeroDivisionError("in a slot"), qtbot)
    assert _box() is not None
    assert not crash.rescued_file().exists()


def test_no_console_is_needed(
    handler: CrashHandler, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)  # as in a Windows program
    _fail_in_a_slot(ZeroDivisionError("in a slot"), qtbot)
    assert _box() is not None


def test_a_sentence_for_people_stays_one(handler: CrashHandler, qtbot: QtBot) -> None:
    _fail_in_a_slot(RunError("test.full", "the disk of {name} is full", name="Anna"), qtbot)
    box = _box()
    assert box is not None
    assert box.detailedText().strip() == "the disk of Anna is full"
    assert "Traceback" in _reports()


def test_the_box_lies_over_a_modal_dialog(
    handler: CrashHandler, quiet_window: MainWindow, qtbot: QtBot
) -> None:
    dialog = QDialog(quiet_window)
    dialog.open()
    _fail_in_a_slot(ZeroDivisionError("below a dialog"), qtbot)
    box = _box()
    assert box is not None
    assert box.parent() is dialog
    dialog.close()
    dialog.deleteLater()
    QApplication.processEvents()
    del box  # it went with the dialog, and does not keep the next one away
    _fail_in_a_slot(ValueError("after the dialog"), qtbot)
    assert _box() is not None


class _Broken(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        raise ZeroDivisionError("while painting")


def test_an_error_in_a_paint_event_opens_one_box(
    handler: CrashHandler, quiet_window: MainWindow, qtbot: QtBot, now: list[float]
) -> None:
    broken = _Broken(quiet_window)
    broken.setGeometry(0, 0, 200, 200)
    broken.show()
    for _ in range(30):
        broken.update()
        QApplication.processEvents()
    box = _box()
    assert box is not None
    assert _reports().count("ZeroDivisionError: while painting") == 1
    _box_closed(box)
    for _ in range(30):  # whatever the closed box has uncovered is painted again
        broken.update()
        QApplication.processEvents()
    assert _box() is None
    now[0] += 61.0
    broken.update()
    QApplication.processEvents()
    assert _box() is not None
    broken.hide()
    broken.deleteLater()


def test_another_error_is_told_in_the_open_box(handler: CrashHandler, qtbot: QtBot) -> None:
    _fail_in_a_slot(ZeroDivisionError("the first"), qtbot)
    _fail_in_a_slot(ValueError("the second"), qtbot)
    box = _box()
    assert box is not None
    assert "the first" in box.detailedText()
    assert "the second" in box.detailedText()
    assert "the second" in _reports()


def test_an_error_of_the_handler_itself_ends_there(
    handler: CrashHandler, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    for name in ("_rescue", "_write_report", "_show"):
        monkeypatch.setattr(handler, name, broken)
    _fail_in_a_slot(ZeroDivisionError("once"), qtbot)
    assert _box() is None
    monkeypatch.undo()


def test_reports_are_bounded(
    handler: CrashHandler, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, now: list[float]
) -> None:
    monkeypatch.setattr(crash, "REPORTS_BYTES", 20_000)
    for number in range(12):
        now[0] += 61.0
        _fail_in_a_slot(ZeroDivisionError(f"number {number}: " + 100_000 * "x"), qtbot)
        box = _box()
        assert box is not None
        assert len(box.detailedText()) < 60_000
        _box_closed(box)
    files = sorted(path.name for path in user_folder().glob("crash-reports*"))
    assert files == ["crash-reports.old.txt", "crash-reports.txt"]
    for path in user_folder().glob("crash-reports*"):
        assert path.stat().st_size < 60_000
    assert "number 11" in _reports()


def test_an_error_in_a_thread_is_seen_too(
    handler: CrashHandler, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("in a thread")

    with caplog.at_level(logging.ERROR):
        thread = threading.Thread(target=broken, name="lookup")
        thread.start()
        thread.join()
    qtbot.waitUntil(lambda: _box() is not None)
    box = _box()
    assert box is not None
    assert "in a thread" in box.detailedText()
    assert "lookup" in caplog.text


def test_an_earlier_rescued_drawing_is_kept(
    handler: CrashHandler, quiet_window: MainWindow, qtbot: QtBot, now: list[float]
) -> None:
    before = _rescued().read_bytes()
    quiet_window.canvas.set_drawing(Drawing((Stroke.make([(20, 20), (30, 30)], width=20),)))
    for _ in range(2):
        _fail_in_a_slot(ZeroDivisionError("in a slot"), qtbot)
        box = _box()
        assert box is not None
        _box_closed(box)
        now[0] += 61.0
    assert crash.rescued_file().read_bytes() != before
    assert crash.rescued_file().with_name("rescued-drawing.old.jsonl").read_bytes() == before


# --- the rescued drawing ------------------------------------------------------------------------------


def _rescued() -> Path:
    path = crash.rescued_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_strokes_file(path, [(LINE, None)])
    return path


def _offer(window: MainWindow) -> QMessageBox:
    crash.offer_rescued(window)
    box = window.findChild(QMessageBox, "rescued")
    assert box is not None
    assert not box.isModal()
    return box


def _press(box: QMessageBox, name: str) -> None:
    button = box.findChild(QPushButton, name)
    assert button is not None
    button.click()
    QApplication.processEvents()


def test_nothing_is_offered_where_nothing_was_rescued(quiet_window: MainWindow) -> None:
    crash.offer_rescued(quiet_window)
    assert quiet_window.findChild(QMessageBox) is None


def test_a_drawing_that_the_autosave_has_brought_back_is_not_offered(
    quiet_window: MainWindow,
) -> None:
    path = _rescued()
    quiet_window.canvas.set_drawing(LINE)
    crash.offer_rescued(quiet_window)
    assert quiet_window.findChild(QMessageBox) is None
    assert not path.exists()


def test_the_rescued_drawing_is_opened(quiet_window: MainWindow) -> None:
    path = _rescued()
    _press(_offer(quiet_window), "openRescued")
    assert _same(quiet_window.canvas.current_drawing(), LINE)
    assert not path.exists()


def test_the_rescued_drawing_is_discarded(quiet_window: MainWindow) -> None:
    path = _rescued()
    _press(_offer(quiet_window), "discardRescued")
    assert quiet_window.canvas.is_empty()
    assert not path.exists()


def test_the_rescued_drawing_stays_until_it_is_decided(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    path = _rescued()
    box = _offer(quiet_window)
    box.reject()
    qtbot.waitUntil(lambda: quiet_window.findChild(QMessageBox, "rescued") is None)
    assert path.exists()


def test_a_rescued_drawing_that_cannot_be_read_stays(quiet_window: MainWindow) -> None:
    path = _rescued()
    path.write_text("not strokes\n", encoding="utf-8")
    _press(_offer(quiet_window), "openRescued")
    assert path.exists()
    warning = quiet_window.findChild(QMessageBox, "warning")
    assert warning is not None
    warning.accept()


def _same(one: Drawing, other: Drawing) -> bool:
    return [stroke.points.tolist() for stroke in one.strokes] == [
        stroke.points.tolist() for stroke in other.strokes
    ]
