"""Demo mode: visitors draw, nothing of theirs stays, and only who knows the way leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from handwrite_app.demo import screen as demo_screen
from handwrite_app.demo import way_out
from handwrite_app.demo.attract import written
from handwrite_app.demo.controller import DemoMode
from handwrite_app.demo.screen import DemoScreen
from handwrite_app.demo.supervisor import CHILD_VARIABLE, supervise
from handwrite_app.demo.way_out import Knocks
from handwrite_app.ui import language
from handwrite_app.ui.dialogs.message_boxes import announce
from handwrite_app.ui.settings import Settings
from handwrite_app.window.main_window import MainWindow
from tests.app.pointers import drag
from trainer.picture.strokes import Drawing, Stroke
from trainer.processes.recognition_messages import Loaded, Reading

pytestmark = pytest.mark.usefixtures("english_afterwards")

LOADED = Loaded(
    path="scribe.safetensors",
    name="scribe",
    architecture="scribe",
    labels=tuple("0123456789"),
    device="cpu",
    wanted_device="auto",
    devices=(),
)


@pytest.fixture
def demo(quiet_window: MainWindow, qtbot: QtBot) -> Iterator[DemoScreen]:
    quiet_window.settings.demo_clear_ms = 500
    quiet_window.recognition.loaded.emit(LOADED)
    mode = quiet_window.feature(DemoMode)
    mode.start()
    assert mode.screen is not None
    yield mode.screen
    mode.stop()


def _read(window: MainWindow, screen: DemoScreen) -> None:
    screen.asking.ask()
    window.recognition.readingReady.emit(
        Reading(
            number=screen.asking.newest,
            labels=LOADED.labels,
            picture=bytes(784),
            probabilities=tuple(0.97 if i == 7 else 0.03 / 9 for i in range(10)),
        )
    )


def _draw(screen: DemoScreen) -> None:
    middle = screen.canvas.rect().center()
    drag(
        screen.canvas,
        (middle.x() - 60, middle.y() - 60),
        (middle.x() + 60, middle.y() - 60),
        (middle.x(), middle.y() + 60),
    )


def test_the_screen_takes_the_windows_place(quiet_window: MainWindow, demo: DemoScreen) -> None:
    assert demo.isVisible()
    assert demo.isFullScreen()
    assert not quiet_window.isVisible()
    assert not demo.canvas.acceptDrops()
    assert demo.attract.is_running
    assert not demo.canvas.is_empty()  # without motion its first drawing is there at once
    assert "Touch the paper" in demo.words.text()


def test_other_windows_are_out_of_reach_meanwhile(quiet_window: MainWindow) -> None:
    """One could start a training from some of them."""
    actions = quiet_window.actions_
    actions["Inspector"].trigger()
    actions["Runs"].trigger()
    open_before = {one for one in QApplication.topLevelWidgets() if one.isVisible()}
    assert len(open_before) == 3
    mode = quiet_window.feature(DemoMode)
    mode.start()
    assert [one for one in QApplication.topLevelWidgets() if one.isVisible()] == [mode.screen]
    mode.stop()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert {one for one in QApplication.topLevelWidgets() if one.isVisible()} == open_before


def test_what_opens_later_waits_for_the_end(quiet_window: MainWindow) -> None:
    mode = quiet_window.feature(DemoMode)
    mode.start()
    announce(quiet_window, "A title", "A text.", name="later")
    box = quiet_window.findChild(QMessageBox, "later")
    assert box is not None
    assert not box.isVisible()  # not for a moment
    mode.stop()
    assert box.isVisible()
    assert quiet_window.isVisible()
    box.close()


def test_the_screen_reads_as_the_window_does(
    quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    pen = replace(quiet_window.canvas.pen_settings, fixed_width=True, pen_only=True)
    quiet_window.canvas.pen_settings = pen
    quiet_window.asking.mode = "letters"
    asked: list[object] = []
    monkeypatch.setattr(quiet_window.recognition._desk, "put_read", asked.append)
    mode = quiet_window.feature(DemoMode)
    mode.start()
    screen = mode.screen
    assert screen is not None
    assert screen.canvas.pen_settings == pen
    assert screen.asking.mode == "letters"
    assert "letter" in screen.words.text()
    asked.clear()
    quiet_window.asking.ask()  # one number could be two questions' then
    assert asked == []
    screen.asking.ask()
    mode.stop()
    assert len(asked) == 2  # the screen's, and the window's at the end


def test_recognition_that_gave_up_is_tried_again(
    quiet_window: MainWindow, demo: DemoScreen, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo._again.setInterval(0)
    with qtbot.waitSignal(demo.recognitionWanted):
        quiet_window.recognition.failed.emit("It gave up.")
        assert demo.reading.words.text() == "No reading"
    _draw(demo)
    _read(quiet_window, demo)
    assert demo.reading.answer.text() == "7"


def test_what_a_visitor_draws_is_read_and_goes(
    quiet_window: MainWindow, demo: DemoScreen, qtbot: QtBot
) -> None:
    _draw(demo)
    assert not demo.attract.is_running
    assert len(demo.canvas.current_drawing().strokes) == 1
    _read(quiet_window, demo)
    assert demo.reading.answer.text() == "7"
    qtbot.waitUntil(demo.canvas.is_empty)
    demo.canvas.undo()
    assert demo.canvas.is_empty()


def test_a_pen_that_comes_back_keeps_the_paper(demo: DemoScreen, qtbot: QtBot) -> None:
    _draw(demo)
    qtbot.wait(300)
    _draw(demo)
    qtbot.wait(300)  # 600 ms after the first
    assert len(demo.canvas.current_drawing().strokes) == 2


def test_nothing_is_left_behind(quiet_window: MainWindow, demo: DemoScreen, qtbot: QtBot) -> None:
    sheet = quiet_window.canvas.current_drawing()
    quiet_window.autosave.start()
    qtbot.waitUntil(lambda: quiet_window.autosave.is_open)
    home = Path(os.environ["HANDWRITE_HOME"])

    def files() -> set[str]:
        return {str(one) for one in home.rglob("*") if "log" not in str(one)}

    before = files()
    _draw(demo)
    _read(quiet_window, demo)
    for key in (Qt.Key.Key_7, Qt.Key.Key_Backspace):
        QTest.keyClick(demo, key)
    control = Qt.KeyboardModifier.ControlModifier
    for key in (Qt.Key.Key_T, Qt.Key.Key_G, Qt.Key.Key_O, Qt.Key.Key_D):
        QTest.keyClick(demo, key, control)
    QTest.keyClick(demo, Qt.Key.Key_T, control | Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.activeModalWidget() is None  # a guest trains and opens nothing
    assert not quiet_window.training.is_running
    assert not quiet_window.personalization.is_running
    qtbot.wait(900)
    assert files() == before
    assert demo.asking.memory is None
    assert quiet_window.canvas.current_drawing() is sheet
    assert quiet_window.asking.answer is None


def test_the_next_visitor_finds_the_first_language(
    quiet_window: MainWindow, demo: DemoScreen, qtbot: QtBot
) -> None:
    quiet_window.settings.language = "en"
    demo._first_language = "en"
    language.install("en")
    demo.language.click()
    assert language.current() == "zh_CN"
    QApplication.sendPostedEvents()
    assert demo.words.text() == "触摸纸面，写一个数字"
    assert demo.language.text() == "English"
    _draw(demo)
    demo._idle.setInterval(50)
    demo._idle.start()
    qtbot.waitUntil(lambda: demo.attract.is_running)
    assert language.current() == "en"


def test_no_key_and_no_close_leaves(demo: DemoScreen) -> None:
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_F11, Qt.Key.Key_Q):
        QTest.keyClick(demo, key)
        QTest.keyClick(demo, key, Qt.KeyboardModifier.ControlModifier)
    demo.close()
    assert demo.isVisible()


def test_four_taps_and_a_hold_leave(
    quiet_window: MainWindow, demo: DemoScreen, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way_out, "HOLD_MS", 100)
    corner = demo.findChild(way_out.WayOut)
    assert corner is not None
    QTest.mousePress(corner, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    qtbot.wait(200)  # a hold without the taps
    QTest.mouseRelease(corner, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    assert demo.isVisible()
    for _ in range(3):
        QTest.mouseClick(corner, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    QTest.mousePress(corner, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    qtbot.waitUntil(quiet_window.isVisible)
    assert quiet_window.feature(DemoMode).screen is None
    assert not Settings().demo_is_running
    assert Settings().text("demo/running") == ""


def test_answers_are_the_windows_again(quiet_window: MainWindow, demo: DemoScreen) -> None:
    _draw(demo)
    last = demo.asking.newest
    quiet_window.feature(DemoMode).stop()
    assert quiet_window.asking.newest > last


def test_taps_have_to_come_together() -> None:
    knocks = Knocks(taps=2, within_ms=1000)
    assert [knocks.press(ms) for ms in (0, 400, 800)] == [False, False, True]
    knocks = Knocks(taps=2, within_ms=1000)
    assert [knocks.press(ms) for ms in (0, 1500, 3000)] == [False, False, False]


def test_a_pen_writes_stroke_by_stroke() -> None:
    first = Stroke.make([(0, 0), (50, 0), (100, 0)], width=9)
    second = Stroke.make([(0, 50), (100, 50)], width=9)
    drawing = Drawing((first, second))
    assert written(drawing, 0).strokes[0].points.tolist() == [[0, 0]]
    part = written(drawing, 60)
    assert part.strokes[0].points.tolist() == [[0, 0], [50, 0]]
    assert written(drawing, 120).strokes == (first,)  # the pen is in the air
    last = written(drawing, 1000, (first,))
    assert last.strokes[0] is first
    assert last.strokes[1] is second
    assert np.array_equal(written(drawing, 200).strokes[1].points, [[0, 50]])


def test_with_motion_the_pen_is_seen_to_write(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handwrite_app.demo.attract.SPEED", 0.4)
    quiet_window.theme.reduced_motion = False
    mode = quiet_window.feature(DemoMode)
    mode.start()
    assert mode.screen is not None
    lengths: list[int] = []
    mode.screen.attract.drawn.connect(
        lambda drawing: lengths.append(sum(len(s.points) for s in drawing.strokes))
    )
    with qtbot.waitSignal(mode.screen.attract.finished):
        pass
    assert lengths == sorted(lengths)
    assert len(set(lengths)) > 3
    mode.stop()


def test_type_grows_with_the_screen(quiet_window: MainWindow, demo: DemoScreen) -> None:
    demo.resize(1920, 1080)
    QApplication.sendPostedEvents()
    assert demo.reading.answer.font().pixelSize() >= 190
    demo.resize(800, 600)


def test_settings_hold_the_times(quiet_window: MainWindow) -> None:
    settings = quiet_window.settings
    assert settings.demo_clear_ms == 2200
    settings.set_text("demo/idle_seconds", "nonsense")
    assert settings.demo_idle_seconds == 45
    assert demo_screen._USUAL_HEIGHT == 720


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_a_demo_that_is_killed_starts_again(tmp_path: Path) -> None:
    script = tmp_path / "child.py"
    script.write_text(
        textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        assert os.environ["{CHILD_VARIABLE}"]
        runs = Path(r"{tmp_path}/runs")
        before = runs.read_text() if runs.exists() else ""
        runs.write_text(before + "x")
        if len(before) < 2:
            os.kill(os.getpid(), signal.SIGKILL)
        """)
    )
    assert supervise([sys.executable, str(script)], pause=0.0) == 0
    assert (tmp_path / "runs").read_text() == "xxx"


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_a_demo_that_fails_at_its_start_is_given_up(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert supervise([sys.executable, "-c", "raise SystemExit(3)"], pause=0.0) == 3
    assert "5 times" in capfd.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_ending_the_supervisor_ends_the_demo(tmp_path: Path) -> None:
    started = tmp_path / "started"
    child = f"open(r'{started}', 'w').close(); import time; time.sleep(60)"
    program = (
        "import sys; from handwrite_app.demo.supervisor import supervise; "
        f"sys.exit(supervise([sys.executable, '-c', {child!r}]) != 0)"
    )
    process = subprocess.Popen([sys.executable, "-c", program])
    end = time.monotonic() + 30
    while not started.exists() and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_ending_it_between_two_starts_starts_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = tmp_path / "runs"
    child = f"open(r'{runs}', 'a').write('x'); raise SystemExit(3)"

    def wait(_event: Event, _seconds: float) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(Event, "wait", wait)
    assert supervise([sys.executable, "-c", child]) == 3
    assert runs.read_text() == "x"


def test_a_closing_window_ends_the_demo(quiet_window: MainWindow) -> None:
    mode = quiet_window.feature(DemoMode)
    mode.start()
    screen = mode.screen
    assert screen is not None
    quiet_window.close_at_once()
    assert not screen.isVisible()
    assert not quiet_window.isVisible()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
