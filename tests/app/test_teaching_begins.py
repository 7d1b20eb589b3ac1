"""What a lesson needs before it begins is waited for where nobody notices."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from handwrite_app.main_window import MainWindow
from tests.app.correcting import load
from tests.app.lessons import FakeLesson
from trainer import scratch


def test_the_window_does_not_wait_for_a_folder(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may be making one, or there may be much to remove."""
    monkeypatch.setattr("trainer.teach_launch.LessonProcess", FakeLesson)
    load(quiet_window)
    may_go_on = threading.Event()
    makers: list[threading.Thread] = []

    class Slow(scratch.Scratch):
        def __init__(self) -> None:
            makers.append(threading.current_thread())
            assert may_go_on.wait(10)
            super().__init__()

    monkeypatch.setattr(scratch, "Scratch", Slow)
    quiet_window.actions_["Teach"].trigger()
    qtbot.waitUntil(lambda: bool(makers))
    assert not quiet_window.teaching.is_running
    may_go_on.set()
    qtbot.waitUntil(lambda: quiet_window.teaching.is_running, timeout=10_000)
    assert makers[0] is not threading.main_thread()
    assert FakeLesson.latest.job.target.parent.is_dir()
