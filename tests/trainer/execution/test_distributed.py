"""A run in two processes that torchrun starts: the same training, one folder, and no orphans."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import torch

from tests.trainer.programs import group, wait_for
from tests.trainer.run_folders import note
from trainer.base.errors import ConfigError
from trainer.base.events import Event, RunFinished, RunStarted, event_from_json
from trainer.execution.distributed import Group
from trainer.runs.config import TrainConfig
from trainer.training import train as module
from trainer.training.train import train

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="torchrun's gloo is tried on POSIX")

SETTINGS = [
    "--network=lenet5",
    "--epochs=2",
    "--batch-size=64",
    "--limit=1280",
    "--validation=200",
    "--augmentation=none",
    "--precision=float32",
    "--threads=1",
    "--learning-rate=0.003",
    "--device=cpu",
    "--json",
]


@pytest.fixture
def alone(bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFinished:
    """The end of the same run in one process."""
    with monkeypatch.context() as patch:
        patch.setenv("HANDWRITE_HOME", str(tmp_path / "one"))
        (end,) = (
            event
            for event in train(config_of(SETTINGS), data_folder=bars)
            if isinstance(event, RunFinished)
        )
    return end


def config_of(settings: Sequence[str]) -> TrainConfig:
    hints = get_type_hints(TrainConfig)
    pairs = (setting.removeprefix("--").split("=") for setting in settings if "=" in setting)
    named = ((name.replace("-", "_"), value) for name, value in pairs)
    return TrainConfig(**{name: hints[name](value) for name, value in named})


def told(lines: Sequence[str]) -> list[Event]:
    return [event_from_json(line) for line in lines]


def test_two_processes_learn_what_one_learns(
    bars: Path, tmp_path: Path, alone: RunFinished
) -> None:
    """As torchrun starts them."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    process = subprocess.run(
        [*command, "-m", "trainer", "train", "--data", str(bars), *SETTINGS],
        env={**os.environ, "HANDWRITE_HOME": str(tmp_path), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-2000:]
    events = told(process.stdout.splitlines())
    # One of them tells, and writes.
    assert [type(event) for event in events].count(RunStarted) == 1
    (folder,) = (tmp_path / "runs").iterdir()
    assert len((folder / "metrics.jsonl").read_text().splitlines()) == len(events)
    end = events[-1]
    assert isinstance(end, RunFinished)
    # The gradients of two halves add up to those of the batch, up to rounding.
    assert end.validation.loss == pytest.approx(alone.validation.loss, abs=0.02)
    assert end.validation.accuracy == pytest.approx(alone.validation.accuracy, abs=0.02)


def test_a_dead_process_ends_the_run(bars: Path, tmp_path: Path) -> None:
    leader, other = group(
        2, [*SETTINGS, "--epochs=1000"], folder=tmp_path, home=tmp_path, data=bars
    )
    wait_for(lambda: any("BatchProgress" in line for line in leader.out))
    other.send(signal.SIGKILL)
    assert leader.code(timeout=30) == 1
    assert "another process of this run has ended" in leader.err.replace("\n", " ")
    # What was there before stays: a folder that can be gone on from or looked at.
    (folder,) = (tmp_path / "runs").iterdir()
    assert (folder / "config.json").is_file()
    assert not list(folder.glob("*.part"))


def test_stopped_they_stop_at_the_same_step(bars: Path, tmp_path: Path) -> None:
    leader, other = processes = group(
        2, [*SETTINGS, "--epochs=1000"], folder=tmp_path, home=tmp_path, data=bars
    )
    wait_for(lambda: any("EpochFinished" in line for line in leader.out))
    other.send(signal.SIGINT)  # one that has heard it is enough
    assert [process.code(timeout=30) for process in processes] == [130, 130]
    end = told(leader.out)[-1]
    assert isinstance(end, RunFinished)
    assert end.reason == "stopped"
    assert other.out == []


def test_a_time_budget_ends_for_all_at_once(bars: Path, tmp_path: Path) -> None:
    settings = [*SETTINGS, "--minutes=0.03", "--augmentation=strong", "--limit=641"]
    leader, other = processes = group(2, settings, folder=tmp_path, home=tmp_path, data=bars)
    assert [process.code(timeout=60) for process in processes] == [0, 0], leader.err + other.err
    end = told(leader.out)[-1]
    assert isinstance(end, RunFinished)
    assert end.reason == "completed"


def test_who_waits_for_a_download_hears_that_it_goes_on(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []

    class Told(Group):
        def from_leader(self, values: Sequence[Any]) -> list[Any]:
            if self.leads:
                heard.append(values[0])
                return list(values)
            return [words.pop(0)]

    events = [note("a part"), note("another")]
    monkeypatch.setattr("trainer.datasets.fetch", lambda *_: iter(events))
    monkeypatch.setattr(module, "_SIGN_EVERY", 0.0)

    def outcome(rank: int, *, stop: bool = False) -> bool:
        fetching = module._fetch(config_of(SETTINGS), bars, Told(rank=rank, size=2), lambda: stop)
        while True:
            try:
                next(fetching)
            except StopIteration as end:
                return bool(end.value)

    assert outcome(0)
    assert heard == [None, None, False]
    words = [None, None, False]
    assert outcome(1)
    words = [None, True]
    assert not outcome(1)
    assert not outcome(0, stop=True)


def test_more_processes_than_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.device_count", lambda: 1)
    first, second = (Group(rank=rank, size=2, local_rank=rank) for rank in range(2))
    assert first.device(torch.device("cuda")) == torch.device("cuda", 0)
    with pytest.raises(ConfigError, match="there are 1 GPUs"):
        second.device(torch.device("cuda"))
    assert second.device(torch.device("mps")) == second.device(torch.device("cpu"))
