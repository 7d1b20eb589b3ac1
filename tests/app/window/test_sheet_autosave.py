"""What is on the paper is there again at the next start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.files.sheet_file import sheets_folder
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.window import sheet_autosave
from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.recognition import RecognitionWorker
from tests.app.correcting import draw, keep, load, press_key, undo
from tests.app.pointers import move, press, release
from tests.app.sampling import begin

_PATIENCE = 10_000


@pytest.fixture
def start(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], MainWindow]]:
    """Starts the app once more: a window, without recognition."""
    monkeypatch.setattr(RecognitionWorker, "start", lambda *_: None)
    monkeypatch.setattr(sheet_autosave, "DELAY_MS", 1)
    windows: list[MainWindow] = []

    def begin_window() -> MainWindow:
        theme = Theme("light")
        theme.apply(qapp)
        window = MainWindow(theme, Settings())
        windows.append(window)
        window.resize(1024, 640)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        window.canvas.setFocus()
        window.autosave.start()
        qtbot.waitUntil(lambda: window.autosave.is_open, timeout=_PATIENCE)
        return window

    yield begin_window
    for window in windows:
        window.close()
        window.deleteLater()


def _sheets() -> list[Path]:
    return list(sheets_folder().glob("*.sheet")) if sheets_folder().exists() else []


def _points(window: MainWindow) -> list[bytes]:
    return [stroke.points.tobytes() for stroke in window.canvas.current_drawing().strokes]


def test_it_is_there_again_at_the_next_start(start: Callable[[], MainWindow]) -> None:
    window = start()
    draw(window)
    drawn = _points(window)
    window.close()
    again = start()
    assert _points(again) == drawn
    assert again.status.text() == "Your last sheet is on the paper again."
    assert not again.canvas.document.can_undo


def test_it_is_saved_while_one_draws(start: Callable[[], MainWindow], qtbot: QtBot) -> None:
    window = start()
    draw(window)
    qtbot.waitUntil(lambda: len(_sheets()) == 1, timeout=_PATIENCE)
    window.canvas.clear()
    qtbot.waitUntil(lambda: not _sheets(), timeout=_PATIENCE)


def test_nothing_is_saved_under_the_pen(start: Callable[[], MainWindow], qtbot: QtBot) -> None:
    window = start()
    press(window.canvas, (200, 100))
    move(window.canvas, (250, 150))
    qtbot.wait(50)
    assert not _sheets()
    release(window.canvas, (250, 150))
    qtbot.waitUntil(lambda: len(_sheets()) == 1, timeout=_PATIENCE)


def test_an_empty_sheet_leaves_nothing(start: Callable[[], MainWindow]) -> None:
    window = start()
    draw(window)
    window.canvas.undo()
    window.close()
    assert not sheets_folder().exists() or not list(sheets_folder().iterdir())


def test_what_is_in_my_drawings_is_not_saved_once_more(
    start: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = start()
    draw(window)
    qtbot.waitUntil(lambda: len(_sheets()) == 1, timeout=_PATIENCE)
    keep(window, qtbot, "7")
    qtbot.waitUntil(lambda: not _sheets(), timeout=_PATIENCE)
    undo(window, qtbot)
    qtbot.waitUntil(lambda: len(_sheets()) == 1, timeout=_PATIENCE)


def test_what_was_on_the_paper_before_samples_is_saved(start: Callable[[], MainWindow]) -> None:
    window = start()
    load(window)
    draw(window)
    drawn = _points(window)
    begin(window)
    window.close()
    assert _points(start()) == drawn


def test_who_draws_before_it_is_there_gets_it_with_undo(
    start: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window = start()
    draw(window)
    drawn = _points(window)
    window.close()
    begin_saving = sheet_autosave.SheetAutosave.start

    def start_late(self: sheet_autosave.SheetAutosave) -> None:
        draw(self.parent(), 200)  # type: ignore[arg-type]
        begin_saving(self)

    monkeypatch.setattr(sheet_autosave.SheetAutosave, "start", start_late)
    again = start()
    assert len(_points(again)) == 1
    assert _points(again) != drawn
    press_key(again, Qt.Key.Key_Escape)
    again.canvas.undo()
    again.canvas.undo()
    assert _points(again) == drawn


def test_two_windows_keep_a_sheet_each(start: Callable[[], MainWindow]) -> None:
    first = start()
    draw(first)
    second = start()
    assert second.canvas.is_empty()
    draw(second, 200)
    wanted = {*_points(first), *_points(second)}
    first.close()
    second.close()
    assert {*_points(start()), *_points(start())} == wanted


def test_a_sheet_that_cannot_be_saved_is_told_once(
    start: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = start()
    sheets_folder().parent.mkdir(parents=True, exist_ok=True)
    sheets_folder().touch()
    draw(window)
    qtbot.waitUntil(lambda: "The sheet is not saved" in window.status.text(), timeout=_PATIENCE)
    window.say("")
    draw(window, 200)
    qtbot.wait(50)
    assert window.status.text() == ""
    sheets_folder().unlink()
    draw(window, 150)
    qtbot.waitUntil(lambda: len(_sheets()) == 1, timeout=_PATIENCE)
