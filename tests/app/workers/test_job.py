"""A job is over with its result, and always has one: the process may linger, die, or never begin."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from handwrite_app.workers.job import TrainingWorker
from trainer.base.errors import RunError
from trainer.base.events import Event, Metrics, Note, RunFinished
from trainer.base.messages import Message
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
_NOTE = Note(message=Message.of("test.note", "a note"))


class _Run:
    """In the place of TrainingProcess: tells what the test says, and lingers until it is killed or ended."""

    all: list[_Run]
    pid = 0

    def __init__(self, *_: object, **__: object) -> None:
        self.has_result = False
        self.killed = threading.Event()
        self.told: queue.SimpleQueue[Event | Exception | None] = queue.SimpleQueue()
        _Run.all.append(self)

    def events(self) -> Iterator[Event]:
        while (event := self.told.get()) is not None:
            if isinstance(event, Exception):
                raise event
            self.has_result = self.has_result or isinstance(event, RunFinished)
            yield event

    def stop(self) -> None:
        """Lingers on."""

    def kill(self) -> None:
        self.killed.set()
        self.told.put(None)

    def close(self) -> None:
        """Nothing to free."""


@pytest.fixture
def worker(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingWorker]:
    _Run.all = []
    monkeypatch.setattr("trainer.processes.train_process.TrainingProcess", _Run)
    monkeypatch.setattr(TrainingWorker, "patience", 0.05)
    worker = TrainingWorker()
    yield worker
    worker.close()


def _start(worker: TrainingWorker) -> _Run:
    worker.start(TrainConfig(), data_folder=Path())
    return _Run.all[-1]


def test_the_job_is_over_with_its_result(worker: TrainingWorker, qtbot: QtBot) -> None:
    events: list[Event] = []
    worker.eventHappened.connect(events.append)
    run = _start(worker)
    with qtbot.waitSignal(worker.ended):
        run.told.put(_FINISHED)
    assert events == [_FINISHED]
    assert not worker.is_running
    assert not run.killed.is_set()
    again = _start(worker)
    run.told.put(_NOTE)  # of the first, on its report, in the time of the second
    run.told.put(None)
    qtbot.waitUntil(lambda: not worker._lingering)
    assert worker.is_running
    with qtbot.waitSignal(worker.ended):
        again.told.put(_FINISHED)
    assert events == [_FINISHED, _FINISHED]


def test_a_window_that_closes_ends_what_lingers(worker: TrainingWorker, qtbot: QtBot) -> None:
    first = _start(worker)
    with qtbot.waitSignal(worker.ended):
        first.told.put(_FINISHED)
    second = _start(worker)
    worker.close()
    assert first.killed.is_set()
    assert second.killed.is_set()
    assert not worker.is_running


@pytest.mark.parametrize("error", [MemoryError(), ZeroDivisionError("unforeseen")])
def test_an_unforeseen_error_is_a_failure(
    worker: TrainingWorker, qtbot: QtBot, error: Exception
) -> None:
    failed: list[RunError] = []
    worker.failed.connect(failed.append)
    with capture_exceptions() as caught, qtbot.waitSignal(worker.ended):
        _start(worker).told.put(error)
    assert [kind for kind, *_ in caught] == [type(error)]
    assert [error.code for error in failed] == ["app.unforeseen"]
    assert not worker.is_running


def test_an_error_after_the_result_is_no_failure(worker: TrainingWorker, qtbot: QtBot) -> None:
    run = _start(worker)
    with (
        qtbot.assertNotEmitted(worker.failed),
        capture_exceptions() as caught,
        qtbot.waitSignal(worker.ended),
    ):
        run.told.put(_FINISHED)
        run.told.put(ZeroDivisionError("after it"))
        qtbot.waitUntil(lambda: not worker._lingering and not worker.is_running)
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(12, "Cannot allocate memory"), "Cannot allocate memory"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_a_process_that_cannot_be_started(
    worker: TrainingWorker,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    error: Exception,
    reason: str,
) -> None:
    def no_process(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as context:
        context.setattr("trainer.processes.train_process.TrainingProcess", no_process)
        with pytest.raises(RunError, match=reason):
            _start(worker)
    assert not worker.is_running
    with qtbot.waitSignal(worker.ended):
        _start(worker).told.put(_FINISHED)


def test_no_thread_for_it(worker: TrainingWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as context:
        context.setattr(threading.Thread, "start", no_thread)
        with pytest.raises(RunError, match="can't start new thread"):
            _start(worker)
    assert not worker.is_running
    assert _Run.all[-1].killed.is_set()
