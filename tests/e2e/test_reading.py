"""Someone draws in the real window, and it is read by the real network in its own process."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from handwrite_app.reading.verdict import State
from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.recognition import Limits
from tests.drawings import DIGITS
from tests.e2e.conftest import draw_with_mouse, draw_with_pen, held_mouse


def _answer(window: MainWindow) -> str:
    label = window.findChild(QLabel, "prediction")
    assert label is not None
    return label.text()


def _wait_for(qtbot: QtBot, window: MainWindow, answer: str) -> None:
    qtbot.waitUntil(lambda: _answer(window) == answer, timeout=60_000)


@pytest.mark.parametrize("draw", [draw_with_mouse, draw_with_pen], ids=["mouse", "pen"])
def test_drawn_digits_are_read(qtbot: QtBot, window: MainWindow, draw: Callable[..., None]) -> None:
    for digit, strokes in DIGITS.items():
        window.actions_["Clear"].trigger()
        draw(window, strokes)
        _wait_for(qtbot, window, digit)
        probabilities = window.reading.bars.probabilities
        assert probabilities is not None
        best = max(range(10), key=probabilities.__getitem__)
        assert window.reading.bars.labels[best] == digit
        picture = window.reading.network_input.picture
        assert picture is not None
        assert len(picture) == 784


def test_answers_come_while_the_pen_moves(qtbot: QtBot, window: MainWindow) -> None:
    numbers: list[int] = []
    window.recognition.readingReady.connect(lambda reading: numbers.append(reading.number))
    points = itertools.cycle(DIGITS["3"][0])
    with held_mouse(window, next(points)) as move:

        def three_came() -> bool:
            move(next(points))
            return len(numbers) >= 3

        qtbot.waitUntil(three_came, timeout=20_000)
        assert window.canvas.is_drawing()
    qtbot.waitUntil(lambda: bool(numbers) and numbers[-1] == window.asking.newest, timeout=10_000)
    assert numbers == sorted(numbers)


def test_the_last_stroke_gets_its_answer(qtbot: QtBot, window: MainWindow) -> None:
    got: list[int] = []
    window.recognition.readingReady.connect(lambda reading: got.append(reading.number))
    for _ in range(5):
        draw_with_mouse(window, DIGITS["1"])
    qtbot.waitUntil(lambda: bool(got) and got[-1] == window.asking.newest, timeout=60_000)


def test_clear_and_undo_change_the_answer(qtbot: QtBot, window: MainWindow) -> None:
    draw_with_mouse(window, DIGITS["0"])
    _wait_for(qtbot, window, "0")
    window.actions_["Clear"].trigger()
    qtbot.waitUntil(lambda: window.reading.state is State.EMPTY, timeout=1000)
    qtbot.wait(100)  # an answer to the old drawing may come now, and must be dropped
    assert window.reading.state is State.EMPTY
    assert window.reading.network_input.picture is None
    window.actions_["Undo"].trigger()
    _wait_for(qtbot, window, "0")


def test_a_dot_is_too_little_to_read(qtbot: QtBot, window: MainWindow) -> None:
    draw_with_mouse(window, [[(140.0, 140.0)]])
    got: list[object] = []
    window.recognition.readingReady.connect(got.append)
    draw_with_mouse(window, [[(140.0, 140.0)]])
    qtbot.waitUntil(lambda: bool(got), timeout=60_000)
    assert window.reading.state is State.TOO_LITTLE


def test_an_opened_picture_is_read(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.canvas.hide()
    window.canvas.show()
    draw_with_mouse(window, DIGITS["2"])
    _wait_for(qtbot, window, "2")
    from handwrite_app.canvas.files.drawing_files import save_drawing

    path = tmp_path / "two.png"
    save_drawing(window.canvas.current_drawing(), path)
    window.actions_["Clear"].trigger()
    window.open_file(path)
    _wait_for(qtbot, window, "2")


def test_an_unreadable_picture_is_refused_and_the_drawing_stays(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    draw_with_mouse(window, DIGITS["7"])
    broken = tmp_path / "broken.png"
    Image.new("L", (40, 40), 200).save(broken)
    broken.write_bytes(broken.read_bytes()[:60])
    before = window.canvas.current_drawing()
    window.open_file(broken)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "warning") is not None, timeout=60_000)
    warning = window.findChild(QMessageBox, "warning")
    assert warning is not None
    assert warning.text()
    warning.accept()
    assert window.canvas.current_drawing() is before


@pytest.mark.parametrize("content", [b"", b"\x80\x04\x95rubbish", b"\xff" * 64])
def test_a_foreign_network_is_refused_and_the_old_one_stays(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "foreign.safetensors"
    path.write_bytes(content)
    before = window.loaded
    window.open_file(path)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "warning") is not None, timeout=60_000)
    warning = window.findChild(QMessageBox, "warning")
    assert warning is not None
    assert "foreign.safetensors" in warning.text()
    warning.accept()
    assert window.loaded is before
    draw_with_mouse(window, DIGITS["0"])
    _wait_for(qtbot, window, "0")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_killed_recognition_process_is_replaced(qtbot: QtBot, own_window: MainWindow) -> None:
    window = own_window
    process = window.recognition._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    with qtbot.waitSignal(window.recognition.loaded, timeout=60_000):
        draw_with_mouse(window, DIGITS["2"])
    _wait_for(qtbot, window, "2")


def test_absent_devices_say_why(qtbot: QtBot, window: MainWindow) -> None:
    assert window.loaded is not None
    absent = [state for state in window.loaded.devices if not state.available]
    if not absent:
        pytest.skip("this machine has every device")
    window.network.use_device(absent[0].name)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "warning") is not None, timeout=60_000)
    warning = window.findChild(QMessageBox, "warning")
    assert warning is not None
    assert str(absent[0].detail) in warning.text()
    warning.accept()
    assert window.loaded.device == "cpu"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_hung_recognition_process_is_replaced(
    qtbot: QtBot, own_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = own_window
    monkeypatch.setattr(window.recognition, "_limits", Limits(read_seconds=1.0))
    process = window.recognition._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    with qtbot.waitSignals(
        [window.recognition.restarted, window.recognition.loaded], timeout=120_000
    ):
        draw_with_mouse(window, DIGITS["2"])
    _wait_for(qtbot, window, "2")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_recognition_that_was_given_up_is_restarted_from_the_menu(
    qtbot: QtBot, own_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = own_window
    monkeypatch.setattr(window.recognition, "_limits", Limits(deaths=1))
    process = window.recognition._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    with qtbot.waitSignal(window.recognition.failed, timeout=60_000):
        draw_with_mouse(window, DIGITS["2"])
    assert "Restart recognition" in window.status.text()
    with qtbot.waitSignal(window.recognition.loaded, timeout=120_000):
        window.actions_["RestartRecognition"].trigger()
    _wait_for(qtbot, window, "2")
    assert "Reading with" in window.status.text()
