"""Recognition whose process ends, hangs or cannot be started: it recovers, or says so and waits for a choice."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from handwrite_app.workers.recognition import Limits, RecognitionWorker
from trainer.picture.strokes import Drawing, Stroke
from trainer.processes.recognition_messages import (
    Loaded,
    LoadRequest,
    PageReading,
    PageRequest,
    Reading,
    ReadRequest,
    RecognitionAnswer,
    RecognitionRequest,
    Refused,
    decode_request,
    encode_answer,
)

LINE = Drawing((Stroke.make([(60, 60), (160, 200)], width=20),))
GOOD = Path("good.safetensors")

_NUMBERS = itertools.count(1)

Behaviour = Callable[[RecognitionRequest], RecognitionAnswer | None]


def answer(request: RecognitionRequest) -> RecognitionAnswer:
    """As a healthy process does."""
    if isinstance(request, LoadRequest):
        return Loaded(
            path=str(request.weights),
            name="network",
            architecture="scribe",
            labels=("0",),
            device="cpu",
            wanted_device=request.device,
            devices=(),
        )
    return Reading(number=request.number, labels=("0",), picture=bytes(784), probabilities=(1.0,))


def die(_: RecognitionRequest) -> None:
    return None


def die_of_reading(request: RecognitionRequest) -> RecognitionAnswer | None:
    return answer(request) if isinstance(request, LoadRequest) else None


def hang_in_reading(request: RecognitionRequest) -> RecognitionAnswer | None:
    if isinstance(request, LoadRequest):
        return answer(request)
    raise _HangError


def hang(_: RecognitionRequest) -> None:
    raise _HangError


class _HangError(Exception):
    """The process does not answer until it is killed."""


class _Processes:
    """In the place of RecognitionProcess: each that is started behaves as the next of `next`, then as `then`."""

    def __init__(self) -> None:
        self.next: list[Behaviour | Exception] = []
        self.then: Behaviour = answer
        self.started: list[_Process] = []
        self.asked: queue.SimpleQueue[RecognitionRequest] = queue.SimpleQueue()

    def __call__(self) -> _Process:
        behaviour = self.next.pop(0) if self.next else self.then
        if isinstance(behaviour, Exception):
            raise behaviour
        self.started.append(_Process(behaviour, self.asked))
        return self.started[-1]


class _Process:
    def __init__(self, behaviour: Behaviour, asked: queue.SimpleQueue[RecognitionRequest]) -> None:
        self._behaviour = behaviour
        self._asked = asked
        self._killed = threading.Event()

    def ask(self, line: bytes) -> bytes:
        request = decode_request(line)
        self._asked.put(request)
        if self._killed.is_set():
            return b""
        try:
            found = self._behaviour(request)
        except _HangError:
            assert self._killed.wait(60)
            return b""
        return b"" if found is None else encode_answer(found)

    def kill(self) -> None:
        self._killed.set()

    def close(self) -> int:
        self._killed.set()
        return -9


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> _Processes:
    found = _Processes()
    monkeypatch.setattr("handwrite_app.workers.recognition.RecognitionProcess", found)
    return found


@pytest.fixture
def worker(qtbot: QtBot, processes: _Processes) -> Iterator[RecognitionWorker]:
    limits = Limits(load_seconds=0.4, read_seconds=0.2, pause=0.01)
    worker = RecognitionWorker(limits=limits)
    yield worker
    worker.close()


def _read(worker: RecognitionWorker) -> int:
    """Requests a reading; its number."""
    number = next(_NUMBERS)
    worker.read(ReadRequest(number=number, drawing=LINE))
    return number


def _told(worker: RecognitionWorker) -> list[object]:
    found: list[object] = []
    for signal in (worker.loaded, worker.refused, worker.readingReady):
        signal.connect(found.append)
    worker.restarted.connect(lambda text: found.append(f"restarted: {text}"))
    worker.failed.connect(lambda text: found.append(f"failed: {text}"))
    return found


def _kinds(told: list[object]) -> list[str]:
    return [what.split(":")[0] if isinstance(what, str) else type(what).__name__ for what in told]


def test_after_giving_up_another_network_is_loaded(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    processes.next = [die, die, die]
    told = _told(worker)
    with qtbot.waitSignal(worker.failed):
        worker.start(None, "cpu")
    assert _kinds(told) == ["restarted", "restarted", "failed"]
    with qtbot.waitSignal(worker.loaded):
        worker.load(GOOD, "cpu")
    with qtbot.waitSignal(worker.readingReady):
        _read(worker)
    assert len(processes.started) == 4


def test_after_giving_up_a_restart_loads_the_same_network(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    processes.next = [die, die, die]
    with qtbot.waitSignal(worker.failed):
        worker.start(GOOD, "cpu")
    with qtbot.waitSignal(worker.loaded) as told:
        worker.restart()
    assert told.args[0].path == str(GOOD)


def test_giving_up_again_is_told_again(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    processes.then = die
    with qtbot.waitSignal(worker.failed):
        worker.start(None, "cpu")
    with qtbot.waitSignal(worker.failed):
        worker.load(GOOD, "cpu")
    assert len(processes.started) == 6


def test_a_reading_that_hangs_is_ended(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    processes.next = [hang_in_reading]
    told = _told(worker)
    with qtbot.waitSignal(worker.loaded):
        worker.start(GOOD, "cpu")
    number = _read(worker)
    with qtbot.waitSignal(worker.loaded):
        pass
    assert _kinds(told) == ["Loaded", "Reading", "restarted", "Loaded"]
    assert isinstance(told[1], Reading)
    assert (told[1].number, bool(told[1].error)) == (number, True)
    assert "did not answer" in str(told[2])
    with qtbot.waitSignal(worker.readingReady) as read:
        _read(worker)
    assert read.args[0].probabilities == (1.0,)


def test_a_reading_goes_before_the_rest_of_a_page_and_a_page_can_be_given_up(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    parts = 0

    def in_parts(request: RecognitionRequest) -> RecognitionAnswer | None:
        nonlocal parts
        if not isinstance(request, PageRequest):
            return answer(request)
        parts += 1
        if parts == 2:
            _read(worker)  # while the page is read
        if parts == 6:
            worker.read_page(None)
            _read(worker)
        return PageReading(number=request.number, unfinished=parts not in (4, 7))

    processes.then = in_parts
    told = _told(worker)
    worker.pageRead.connect(told.append)
    worker.start(GOOD, "cpu")
    with qtbot.waitSignal(worker.pageRead):
        worker.read_page(PageRequest(number=1, path=Path("page.png")))
    assert _kinds(told) == ["Loaded", "Reading", "PageReading"]
    with qtbot.waitSignal(worker.readingReady):
        worker.read_page(PageRequest(number=2, path=Path("page.png")))
    with qtbot.waitSignal(worker.readingReady):
        _read(worker)
    assert parts == 6  # the rest of it is not asked for


def test_a_network_that_hangs_is_refused_and_the_one_before_stays(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    def hang_with_another(request: RecognitionRequest) -> RecognitionAnswer | None:
        if isinstance(request, LoadRequest) and request.weights != GOOD:
            raise _HangError
        return answer(request)

    processes.then = hang_with_another
    told = _told(worker)
    with qtbot.waitSignal(worker.loaded):
        worker.start(GOOD, "cpu")
    worker.load(Path("hangs.safetensors"), "cpu")
    with qtbot.waitSignal(worker.loaded) as loaded:
        pass
    assert loaded.args[0].path == str(GOOD)
    assert _kinds(told) == ["Loaded", "Refused", "restarted", "Loaded"]
    assert isinstance(told[1], Refused)
    assert told[1].weights == "hangs.safetensors"


def test_a_process_that_always_hangs_is_given_up(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    """However long each of them takes: the rule of so many deaths within half a minute never sees them."""
    processes.then = hang
    told = _told(worker)
    with qtbot.waitSignal(worker.failed, timeout=20_000):
        worker.start(None, "cpu")
    assert _kinds(told) == ["restarted", "restarted", "failed"]


def test_a_drawing_that_ends_the_process_is_tried_twice(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    processes.next = [die_of_reading, die_of_reading]
    told = _told(worker)
    worker.start(GOOD, "cpu")
    _read(worker)
    with qtbot.waitSignal(worker.readingReady):
        pass
    qtbot.waitUntil(lambda: _kinds(told)[-1] == "Loaded")
    assert _kinds(told) == ["Loaded", "restarted", "Loaded", "Reading", "restarted", "Loaded"]
    with qtbot.waitSignal(worker.readingReady) as read:
        _read(worker)
    assert read.args[0].error is None


def test_restarting_an_idle_process(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    told = _told(worker)
    with qtbot.waitSignal(worker.loaded):
        worker.start(GOOD, "cpu")
    with qtbot.waitSignal(worker.loaded):
        worker.restart()
    assert _kinds(told) == ["Loaded", "Loaded"]
    assert len(processes.started) == 2


def test_restarting_a_busy_process(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    """It is no death: any number of times."""
    processes.next = [hang_in_reading] * 5
    told = _told(worker)
    with qtbot.waitSignal(worker.loaded):
        worker.start(GOOD, "cpu")
    _read(worker)
    for _ in range(5):
        while not isinstance(processes.asked.get(timeout=20), ReadRequest):
            pass
        worker.restart()
    with qtbot.waitSignal(worker.readingReady):
        pass
    assert "failed" not in _kinds(told)


def test_a_process_that_cannot_be_started(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    processes.next = [
        OSError(12, "Cannot allocate memory"),
        MemoryError(),
        OSError(24, "Too many open files"),
    ]
    with qtbot.waitSignal(worker.failed) as failed:
        worker.start(None, "cpu")
    assert "Too many open files" in failed.args[0]
    with qtbot.waitSignal(worker.loaded):
        worker.restart()


def test_an_unforeseen_error_is_no_silent_end(
    worker: RecognitionWorker, processes: _Processes, qtbot: QtBot
) -> None:
    processes.next = [ZeroDivisionError("unforeseen")]
    with capture_exceptions() as caught, qtbot.waitSignal(worker.failed) as failed:
        worker.start(None, "cpu")
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]
    assert "ZeroDivisionError: unforeseen" in failed.args[0]
    with qtbot.waitSignal(worker.loaded):
        worker.load(GOOD, "cpu")
