"""A run that was broken off goes on, and ends as if it had not been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.trainer.runs import of_kind, result_of, run_all, small, stop_after
from trainer import run as run_module
from trainer.checkpoint import read_checkpoint
from trainer.errors import InputError
from trainer.events import BatchProgress, EpochFinished, Event, Note, event_from_json
from trainer.training import resume, train
from trainer.weights import load_weights

pytestmark = pytest.mark.usefixtures("one_thread")

#: All that has a state of its own: augmentation, dropout, averages, an optimizer with moments.
CHANGED: dict[str, Any] = {
    "network": "cnn-dropout",
    "epochs": 3,
    "limit": 320,
    "augmentation": "strong",
    "averaging": 0.9,
    "patience": 5,
}


def figures(events: list[Event]) -> list[tuple[Any, ...]]:
    return [
        (e.epoch, e.step, e.training, e.validation, e.is_best)
        for e in of_kind(events, EpochFinished)
    ]


def logged(folder: Path) -> list[Event]:
    return [event_from_json(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def whole(bars: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """A run that nothing interrupts."""
    return run_all(bars, small(**CHANGED), runs=tmp_path_factory.mktemp("whole"))


def same_weights(here: Path, there: Path) -> bool:
    one, other = load_weights(here)[0].state_dict(), load_weights(there)[0].state_dict()
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("steps", [1, 10, 25])
def test_broken_off_anywhere_it_ends_the_same(
    bars: Path, tmp_path: Path, whole: list[Event], steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listener is gone after so many steps of thirty; ten are an epoch."""
    monkeypatch.setattr(run_module, "_REPORT_EVERY", 0.0)
    monkeypatch.setattr(run_module, "_CHECKPOINT_EVERY", 0.0)
    events = train(small(**CHANGED), data_folder=bars, runs=tmp_path)
    for event in events:
        if isinstance(event, BatchProgress) and event.step == steps + 1:
            break
    events.close()  # type: ignore[attr-defined]
    (folder,) = tmp_path.iterdir()
    rest = list(resume(folder, data_folder=bars))
    assert figures(logged(folder)) == figures(whole)
    assert result_of(rest).validation == result_of(whole).validation
    assert same_weights(folder / "best.safetensors", Path(result_of(whole).weights))
    steps_told = [e.step for e in of_kind(logged(folder), BatchProgress)]
    assert steps_told == list(range(1, 31))
    assert not (folder / "checkpoint.safetensors").exists()


def test_stopped_it_can_go_on(bars: Path, tmp_path: Path, whole: list[Event]) -> None:
    events = run_all(bars, small(**CHANGED), runs=tmp_path, should_stop=stop_after(15))
    assert result_of(events).reason == "stopped"
    folder = Path(result_of(events).run)
    rest = list(resume(folder, data_folder=bars))
    assert result_of(rest).reason == "completed"
    assert figures(rest)[-1][1:4] == figures(whole)[-1][1:4]


def test_a_complete_run_has_nowhere_to_go(whole: list[Event], bars: Path) -> None:
    with pytest.raises(InputError, match="complete"):
        list(resume(Path(result_of(whole).run), data_folder=bars))


@pytest.fixture
def stopped(bars: Path, tmp_path: Path) -> Path:
    events = run_all(bars, small(epochs=2), runs=tmp_path, should_stop=stop_after(25))
    return Path(result_of(events).run)


def test_a_damaged_checkpoint_is_refused(stopped: Path, bars: Path) -> None:
    path = stopped / "checkpoint.safetensors"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(InputError, match="damaged"):
        list(resume(stopped, data_folder=bars))


def test_other_data_is_refused(stopped: Path, bars: Path) -> None:
    path = stopped / "checkpoint.safetensors"
    content = path.read_bytes()
    assert b'pictures\\": 640' in content
    path.write_bytes(content.replace(b'pictures\\": 640', b'pictures\\": 641'))
    with pytest.raises(InputError, match="641 pictures, here are 640"):
        list(resume(stopped, data_folder=bars))


def test_a_full_disk_is_told_once_and_the_run_goes_on(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trainer.errors import RunError

    def full(*_: object) -> None:
        raise RunError("the disk is full")

    monkeypatch.setattr(run_module, "write_checkpoint", full)
    events = run_all(bars, small(epochs=3), runs=tmp_path)
    assert [note.text for note in of_kind(events, Note)] == [
        "The run goes on, but it could not be resumed: the disk is full"
    ]
    assert result_of(events).reason == "completed"


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
@pytest.mark.parametrize("seconds", [0.3])
def test_killed_the_process_goes_on(
    bars: Path, tmp_path: Path, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real process, a real SIGKILL, and --resume, against the same command left alone."""
    monkeypatch.setenv("HANDWRITE_HOME", str(tmp_path))
    command = [sys.executable, "-m", "trainer", "train", "--data", str(bars), "--json"]
    # 300 steps, so that there is something left to do when it is killed.
    settings = "--network lenet5 --epochs 15 --batch-size 32 --limit 640 --validation 200"
    settings += " --augmentation shift --precision float32 --threads 1"
    left_alone = subprocess.run(
        [*command, *settings.split()], capture_output=True, text=True, check=True, timeout=120
    )
    with subprocess.Popen(
        [*command, *settings.split()], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if '"EpochFinished"' in line:
                break
        next(
            process.stdout
        )  # the checkpoint of the epoch is there when the next one tells of itself
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.stdout.read()
    killed = max((tmp_path / "runs").iterdir(), key=lambda folder: folder.stat().st_mtime_ns)
    before = read_checkpoint(killed / "checkpoint.safetensors").facts["place"]["seen"]
    assert 0 < before < 15 * 640
    subprocess.run(
        [*command, "--resume", killed.name], capture_output=True, check=True, timeout=120
    )
    alone = [event_from_json(line) for line in left_alone.stdout.splitlines()]
    assert figures(logged(killed)) == figures(alone)
