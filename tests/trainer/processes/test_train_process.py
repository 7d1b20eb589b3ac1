"""Training in a process of its own: supervised, niced, and never worth more than its last best weights."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from trainer.base.errors import InputError, RunError
from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Note,
    RunCancelled,
    RunContinued,
    RunFinished,
    RunPaused,
    RunStarted,
    RunStoppedEarly,
)
from trainer.base.paths import runs_folder
from trainer.models.weights import load_weights
from trainer.processes import job_process
from trainer.processes.train_process import TrainingProcess
from trainer.runs.config import TrainConfig

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
Start = Callable[..., TrainingProcess]


def _config(**changed: Any) -> TrainConfig:
    return TrainConfig(
        **{
            "network": "lenet5",
            "epochs": 1000,
            "batch_size": 32,
            "augmentation": "none",
            "device": "cpu",
            "precision": "float32",
            "validation": 200,
            "limit": 320,
            "threads": 1,
            **changed,
        }
    )


@pytest.fixture
def start(bars: Path) -> Iterator[Start]:
    processes: list[TrainingProcess] = []

    def start_one(config: TrainConfig, **rest: Any) -> TrainingProcess:
        processes.append(TrainingProcess(config, data_folder=bars, **rest))
        return processes[-1]

    yield start_one
    for process in processes:
        process.kill()
        process.close()


def _until(events: Iterator[Event], kind: type[Event]) -> Event:
    return next(event for event in events if isinstance(event, kind))


def _has_ended(pid: int, *, within: float = 120) -> bool:
    """Whether a process that is nobody's child here any more is gone, or a zombie."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            if sys.platform == "linux":
                state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
                if state == "Z":
                    return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


@posix
@pytest.mark.parametrize(
    ("setting", "niceness"), [(None, 19), ("0", 0), ("7", 7), ("20", 19), ("-1", 19), ("x", 19)]
)
def test_niceness(setting: str | None, niceness: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(job_process.NICENESS)
    if setting is not None:
        monkeypatch.setenv(job_process.NICENESS, setting)
    assert job_process.niceness() == niceness


def test_a_run_from_its_start_to_its_stop(
    start: Start, lenet_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(job_process.NICENESS, "3")
    process = start(_config(), compare_with=lenet_file)
    events: list[Event] = []
    for event in process.events():
        events.append(event)
        if isinstance(event, RunStarted) and sys.platform == "linux":
            fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            # Its niceness, the nineteenth field of the line, is on top of this process's own.
            assert int(fields[16]) == min(19, os.nice(0) + 3)
            os.kill(process.pid, signal.SIGINT)  # Ctrl+C in a shared terminal is not its affair
        if isinstance(event, EpochFinished) and event.epoch == 2:
            process.stop()
            process.stop()
    kinds = [type(event) for event in events if not isinstance(event, BatchProgress)]
    assert kinds[:3] == [RunStarted, EpochFinished, EpochFinished]
    assert any(isinstance(event, BatchProgress) for event in events)
    result = events[-1]
    assert isinstance(result, RunFinished)
    assert result.reason == "stopped"
    assert result.compared is not None
    assert Path(result.run).parent == runs_folder()
    assert load_weights(Path(result.weights))[1].metrics["validation_pictures"] == 200
    assert _has_ended(process.pid)
    process.stop()  # whoever is late does no harm
    process.kill()
    process.close()


@posix
def test_a_run_that_is_killed_says_so_and_its_weights_stay(start: Start) -> None:
    process = start(_config())
    events = process.events()
    started = _until(events, RunStarted)
    assert isinstance(started, RunStarted)
    _until(events, EpochFinished)
    process.kill()
    with pytest.raises(RunError, match=r"was ended by SIGKILL \(often: the machine ran out of mem"):
        list(events)
    _, card = load_weights(Path(started.run) / "best.safetensors")
    assert card.metrics["epoch"] >= 1


@posix
def test_a_run_that_crashed_is_told_by_its_signal(start: Start) -> None:
    process = start(_config())
    os.kill(process.pid, signal.SIGSEGV)
    with pytest.raises(RunError, match=r"was ended by SIGSEGV\.") as caught:
        list(process.events())
    assert "Nothing that was in use has changed" in str(caught.value)


def test_wrong_input_is_told_as_such(start: Start, tmp_path: Path) -> None:
    process = start(_config(), compare_with=tmp_path / "absent.safetensors")
    with pytest.raises(InputError, match=r"absent\.safetensors cannot be opened"):
        list(process.events())
    assert not runs_folder().exists()
    assert _has_ended(process.pid)


SUPERVISOR = """
import sys, time
from pathlib import Path
from trainer.runs.config import TrainConfig
from trainer.base.events import EpochFinished, RunStarted
from trainer.processes.train_process import TrainingProcess

process = TrainingProcess(TrainConfig.from_json({config}), data_folder=Path({data!r}))
for event in process.events():
    if isinstance(event, RunStarted):
        print(process.pid, flush=True)
        print(event.run, flush=True)
    if isinstance(event, EpochFinished):
        print("epoch", flush=True)
"""


@posix
def test_a_run_whose_supervisor_was_killed_ends_with_its_weights_whole(bars: Path) -> None:
    program = SUPERVISOR.format(config=_config().to_json(), data=str(bars))
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        pid, run, _ = (supervisor.stdout.readline().strip() for _ in range(3))
        supervisor.kill()
    try:
        assert _has_ended(int(pid))
    finally:
        if not _has_ended(int(pid), within=0.1):
            os.kill(int(pid), signal.SIGKILL)
    folder = Path(run)
    _, card = load_weights(folder / "best.safetensors")
    assert card.metrics["epoch"] >= 1
    assert not list(folder.glob("*.part"))
    assert '"event": "RunFinished"' in (folder / "metrics.jsonl").read_text().splitlines()[-1]


# --- with another module in the place of trainer.training.train, so that no torch is needed


@pytest.fixture
def training_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Processes that start from now on find this source under the name of trainer.training.train."""

    def put(source: str) -> None:
        (tmp_path / "instead.py").write_text(source)
        (tmp_path / "sitecustomize.py").write_text(
            "import sys\n"
            "class Finder:\n"
            "    def find_spec(self, name, path=None, target=None):\n"
            "        if name == 'trainer.training.train':\n"
            "            from importlib.util import spec_from_file_location\n"
            f"            return spec_from_file_location(name, {str(tmp_path / 'instead.py')!r})\n"
            "sys.meta_path.insert(0, Finder())\n"
        )
        before = os.environ.get("PYTHONPATH")
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(tmp_path), before])))

    return put


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("1 / 0", r"unexpected error \(ZeroDivisionError: division by zero\)"),
        ("raise MemoryError", r"unexpected error \(MemoryError: \)"),
        (
            "import os; os.write(2, b'first\\nboom\\n'); os._exit(3)",
            r"ended with exit code 3\. .* It said: boom",
        ),
        ("import os; os._exit(0)", r"ended with exit code 0\."),
        # What a library prints is not taken for an event.
        ("print('hello'); raise ValueError('x')", r"ValueError: x"),
    ],
)
def test_what_nobody_foresaw(
    start: Start, training_is: Callable[[str], None], source: str, told: str
) -> None:
    training_is(source)
    process = start(_config())
    with pytest.raises(RunError, match=told):
        list(process.events())
    assert _has_ended(process.pid)


TALKATIVE = """
from pathlib import Path
from trainer.base.events import Note, RunStoppedEarly
from trainer.base.messages import Message

def train(config, *, should_stop, **rest):
    while not should_stop():
        yield Note(message=Message.of("x.y", "x" * 1000))
    yield RunStoppedEarly(run="", seconds=0)
    Path({mark!r}).write_text("to its end")
"""


def test_a_listener_that_leaves_lets_the_run_come_to_its_end(
    start: Start, training_is: Callable[[str], None], tmp_path: Path
) -> None:
    """Also where the pipe is full, and the process waits for somebody to read from it."""
    mark = tmp_path / "mark"
    training_is(TALKATIVE.format(mark=str(mark)))
    process = start(_config())
    events = process.events()
    next(events)
    time.sleep(0.3)
    events.close()  # type: ignore[attr-defined]
    assert _has_ended(process.pid)
    assert mark.read_text() == "to its end"


LINGERING = """
import time
from trainer.base.events import Note, RunStoppedEarly
from trainer.base.messages import Message

def train(config, **rest):
    yield RunStoppedEarly(run="", seconds=0)
    yield Note(message=Message.of("x.y", "still here"))
    time.sleep(600)
"""


def test_a_process_that_does_not_end_after_its_result_is_ended(
    start: Start, training_is: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_process, "LINGER_SECONDS", 0.2)
    monkeypatch.setattr(job_process, "END_SECONDS", 0.2)
    training_is(LINGERING)
    process = start(_config())
    events = process.events()
    assert not process.has_result
    assert isinstance(next(events), RunStoppedEarly)
    assert process.has_result
    assert [type(event) for event in events] == [Note]  # and no error: there was a result
    assert _has_ended(process.pid)


def test_pause_step_continue(start: Start) -> None:
    process = start(_config())
    events = process.events()
    _until(events, BatchProgress)
    process.pause()
    paused = _until(events, RunPaused)
    assert isinstance(paused, RunPaused)
    process.step()
    batch = _until(events, BatchProgress)
    assert isinstance(batch, BatchProgress)
    assert batch.step == paused.step + 1
    assert next(events) == RunPaused(step=batch.step, epoch=batch.epoch)
    process.go_on()
    assert next(events) == RunContinued(step=batch.step)
    process.pause()
    _until(events, RunPaused)
    process.stop()  # a run that waits can be stopped, and has a result
    result = _until(events, RunFinished)
    assert isinstance(result, RunFinished)
    assert result.reason == "stopped"


@pytest.mark.parametrize("paused", [False, True])
def test_a_cancelled_run_leaves_nothing(start: Start, paused: bool) -> None:
    process = start(_config())
    events = process.events()
    _until(events, EpochFinished)
    (folder,) = runs_folder().iterdir()
    if paused:
        process.pause()
        _until(events, RunPaused)
    (folder / "mine.txt").write_text("kept")
    process.cancel()
    cancelled = _until(events, RunCancelled)
    assert cancelled == RunCancelled(run=str(folder), left=("mine.txt",))
    assert [entry.name for entry in folder.iterdir()] == ["mine.txt"]
    assert list(events) == []


@posix
def test_a_killed_run_goes_on_in_another_process(start: Start) -> None:
    process = start(_config(epochs=3))
    events = process.events()
    started = _until(events, RunStarted)
    assert isinstance(started, RunStarted)
    _until(events, EpochFinished)
    process.kill()
    with pytest.raises(RunError):
        list(events)
    again = start(_config(epochs=3), resume=Path(started.run))
    told = list(again.events())
    assert isinstance(told[-1], RunFinished)
    assert told[-1].run == started.run
    assert told[-1].epochs == 3
