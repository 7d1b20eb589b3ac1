"""A run in two processes that torchrun starts: the same training, one folder, and no orphans."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from trainer.events import Event, RunFinished, RunStarted, event_from_json

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="torchrun's gloo is tried on POSIX")

SETTINGS = (
    "--network lenet5 --epochs 2 --batch-size 64 --limit 1280 --validation 200 --augmentation none "
    "--precision float32 --threads 1 --learning-rate 0.003 --device cpu --json"
)


def launch(bars: Path, home: Path, processes: int, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m"]
    if processes > 1:
        command += ["torch.distributed.run", "--standalone", f"--nproc-per-node={processes}", "-m"]
    command += ["trainer", "train", "--data", str(bars), *SETTINGS.split(), *more]
    return subprocess.Popen(
        command,
        env={**os.environ, "HANDWRITE_HOME": str(home), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(process: subprocess.Popen[str]) -> list[Event]:
    out, error = process.communicate(timeout=180)
    assert process.returncode == 0, error[-2000:]
    return [event_from_json(line) for line in out.splitlines()]


def test_two_processes_learn_what_one_learns(bars: Path, tmp_path: Path) -> None:
    ends: dict[int, Any] = {}
    for processes in (1, 2):
        events = told(launch(bars, tmp_path / str(processes), processes))
        # One of them tells, and writes.
        assert [type(event) for event in events].count(RunStarted) == 1
        (folder,) = (tmp_path / str(processes) / "runs").iterdir()
        assert len((folder / "metrics.jsonl").read_text().splitlines()) == len(events)
        ends[processes] = events[-1]
        assert isinstance(events[-1], RunFinished)
    # The gradients of two halves add up to those of the batch, up to rounding.
    assert ends[2].validation.loss == pytest.approx(ends[1].validation.loss, abs=0.02)
    assert ends[2].validation.accuracy == pytest.approx(ends[1].validation.accuracy, abs=0.02)


def test_a_dead_process_ends_the_run(bars: Path, tmp_path: Path) -> None:
    process = launch(bars, tmp_path, 2, "--epochs", "1000")
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["event"] == "BatchProgress":
                break
        children = _children(process.pid)
        assert len(children) == 2
        os.kill(max(children), signal.SIGKILL)
        _, error = process.communicate(timeout=60)
        assert process.returncode != 0
        assert error
    finally:
        process.kill()
    deadline = time.monotonic() + 20
    while any(_alive(child) for child in children):
        assert time.monotonic() < deadline, "a process of the run is still there"
        time.sleep(0.1)
    # What was there before stays: a folder that can be gone on from or looked at.
    (folder,) = (tmp_path / "runs").iterdir()
    assert (folder / "config.json").is_file()
    assert not list(folder.glob("*.part"))


def _children(pid: int) -> list[int]:
    text = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return [int(line) for line in text.split()]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")
