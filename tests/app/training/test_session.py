"""What a training run comes to is told in the window, and not under a moving pen."""

from __future__ import annotations

import queue
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from tests.app.pointers import move, press, release
from trainer.base.errors import RunError
from trainer.base.events import Event, Metrics, RunFinished
from trainer.runs.config import TrainConfig

_FINISHED = RunFinished(
    reason="completed",
    run="a run",
    weights="a run/best.safetensors",
    best_epoch=1,
    epochs=1,
    validation=Metrics(loss=0.1, accuracy=0.97, count=5000),
    seconds=4.0,
)


class _FakeRun:
    """In the place of trainer.processes.train_process.TrainingProcess."""

    latest: _FakeRun
    pid = 0
    has_result = False

    def __init__(self, *_: object, **__: object) -> None:
        self._told: queue.SimpleQueue[Event | RunError | None] = queue.SimpleQueue()
        _FakeRun.latest = self

    def end(self, event: Event | RunError) -> None:
        self._told.put(event)
        self._told.put(None)

    def events(self) -> Iterator[Event]:
        while (event := self._told.get()) is not None:
            if isinstance(event, RunError):
                raise event
            self.has_result = isinstance(event, RunFinished)
            yield event

    def stop(self) -> None:
        self._told.put(None)

    kill = stop


@pytest.mark.parametrize(
    ("end", "opened"),
    [(_FINISHED, "comparisonDialog"), (RunError("ended by SIGKILL"), "trainingFailed")],
)
def test_nothing_opens_under_a_moving_pen(
    quiet_window: MainWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    end: Event | RunError,
    opened: str,
) -> None:
    monkeypatch.setattr("trainer.processes.train_process.TrainingProcess", _FakeRun)
    load(quiet_window)
    quiet_window.training.start(TrainConfig())
    assert quiet_window.training.is_running
    press(quiet_window.canvas, (200, 100))
    move(quiet_window.canvas, (260, 140))
    _FakeRun.latest.end(end)
    qtbot.waitUntil(lambda: not quiet_window.training.is_running, timeout=10_000)
    assert quiet_window.findChildren(QDialog) == []
    assert quiet_window.canvas.is_drawing()
    release(quiet_window.canvas, (260, 140))
    assert [dialog.objectName() for dialog in quiet_window.findChildren(QDialog)] == [opened]
    quiet_window.findChildren(QDialog)[0].reject()
