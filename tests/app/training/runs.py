"""Runs whose events a test tells, and the window that they run in."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from typing import Any

from pytestqt.qtbot import QtBot

from handwrite_app.training.panel import TrainingPanel
from handwrite_app.window.main_window import MainWindow
from trainer.base.errors import RunError
from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Metrics,
    RunCancelled,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
)
from trainer.runs.config import TrainConfig

METRICS = Metrics(loss=0.1, accuracy=0.97, count=5000)


class ToldRun:
    """In the place of trainer.processes.train_process.TrainingProcess."""

    latest: ToldRun
    pid = 0
    has_result = False

    def __init__(self, config: TrainConfig, **given: Any) -> None:
        self.config, self.given = config, given
        self.commands: list[str] = []
        self._events: queue.SimpleQueue[Event | RunError | None] = queue.SimpleQueue()
        ToldRun.latest = self

    def happen(self, event: Event | RunError) -> None:
        self._events.put(event)

    def events(self) -> Iterator[Event]:
        while (event := self._events.get()) is not None:
            if isinstance(event, RunError):
                raise event
            self.has_result = isinstance(event, RunFinished | RunStoppedEarly | RunCancelled)
            yield event

    def tell(self, command: str) -> None:
        self.commands.append(command)

    def stop(self) -> None:
        self.commands.append("stop")
        self._events.put(None)

    def kill(self) -> None:
        self._events.put(None)

    def close(self) -> None:
        """Nothing to free."""


def started(run: str = "a run", *, epochs: int = 2) -> RunStarted:
    return RunStarted(
        run=run,
        network="cnn",
        parameters=1,
        training_pictures=25600,
        validation_pictures=5000,
        epochs=epochs,
        steps=100 * epochs,
        device="cpu",
        precision="float32",
        threads=2,
    )


def batch(step: int = 50, *, loss: float = 0.4) -> BatchProgress:
    return BatchProgress(
        step=step,
        epoch=step / 100,
        loss=loss,
        accuracy=0.9,
        learning_rate=0.002,
        images_per_second=100.0,
        seconds=4.0,
        seconds_left=42.0,
        memory=300_000_000,
    )


def epoch(number: int, *, loss: float = 0.1) -> EpochFinished:
    return EpochFinished(
        epoch=number,
        step=100 * number,
        training=METRICS,
        validation=Metrics(loss=loss, accuracy=0.97, count=5000),
        is_best=number == 1,
        seconds=1.0,
    )


def finished(run: str = "a run") -> RunFinished:
    return RunFinished(
        reason="completed",
        run=run,
        weights=f"{run}/best.safetensors",
        best_epoch=1,
        epochs=1,
        validation=METRICS,
        seconds=4.0,
    )


def panel_of(window: MainWindow) -> TrainingPanel:
    panel = window.training.panel
    assert panel is not None
    return panel


def tell(window: MainWindow, qtbot: QtBot, *events: Event) -> None:
    """The run says so, and the window has seen it."""
    seen: list[Event] = []
    window.training.eventHappened.connect(seen.append)
    for event in events:
        ToldRun.latest.happen(event)
    qtbot.waitUntil(lambda: len(seen) >= len(events), timeout=10_000)
    window.training.eventHappened.disconnect(seen.append)


def fail(window: MainWindow, qtbot: QtBot, code: str, text: str) -> None:
    ToldRun.latest.happen(RunError(code, text))
    qtbot.waitUntil(lambda: not window.training.is_running, timeout=10_000)
