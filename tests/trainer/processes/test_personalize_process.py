"""Personalization in a process of its own: however it ends, network and drawings stay as they were."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.trainer.personalize.jobs import job, keep, swapped
from trainer.base.errors import InputError, RunError
from trainer.base.paths import drawings_file
from trainer.drawings import open_store
from trainer.models.weights import load_weights
from trainer.personalize.events import (
    PersonalizationFinished,
    PersonalizationProgress,
    PersonalizationRefused,
    PersonalizationStarted,
    PersonalizationStopped,
)
from trainer.personalize.job import PersonalizationJob
from trainer.processes.personalize_process import PersonalizationProcess

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
Start = Callable[[PersonalizationJob], PersonalizationProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    processes: list[PersonalizationProcess] = []

    def start_one(job: PersonalizationJob) -> PersonalizationProcess:
        processes.append(PersonalizationProcess(job))
        return processes[-1]

    yield start_one
    for process in processes:
        process.kill()
        process.close()


def _state(network: Path) -> tuple[bytes, list[object]]:
    """All that a personalization must not change."""
    with open_store(daily=False) as store:
        return network.read_bytes(), [
            (entry, store.drawing(entry.id).strokes[0].points.tobytes())
            for entry in store.entries()
        ]


def test_from_its_start_to_its_end(
    start: Start, lenet_file: Path, bars: Path, tmp_path: Path
) -> None:
    keep(swapped(20))
    before = _state(lenet_file)
    process = start(job(lenet_file, tmp_path, data=bars))
    events = list(process.events())
    assert isinstance(events[0], PersonalizationStarted)
    fractions = [event.fraction for event in events if isinstance(event, PersonalizationProgress)]
    assert fractions == sorted(fractions)
    finished = events[-1]
    assert isinstance(finished, PersonalizationFinished)
    load_weights(Path(finished.weights))
    assert _state(lenet_file) == before
    process.stop()  # whoever is late does no harm
    process.kill()
    process.close()


def test_stopped_in_the_middle(start: Start, lenet_file: Path, bars: Path, tmp_path: Path) -> None:
    keep(swapped(20))
    process = start(job(lenet_file, tmp_path, data=bars))
    last = None
    for event in process.events():
        last = event
        if isinstance(event, PersonalizationStarted):
            process.stop()
    assert isinstance(last, PersonalizationStopped)
    assert not list(tmp_path.iterdir())


@posix
def test_a_crash_is_reported_by_its_signal(start: Start, lenet_file: Path, tmp_path: Path) -> None:
    process = start(job(lenet_file, tmp_path))
    os.kill(process.pid, signal.SIGSEGV)
    with pytest.raises(
        RunError, match=r"^The personalization process was ended by SIGSEGV\. The active network"
    ):
        list(process.events())


def test_bad_input_is_told_as_such(start: Start, lenet_file: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there are no drawings: .* does not exist"):
        list(start(job(lenet_file, tmp_path)).events())
    assert not drawings_file().exists()
    keep([])
    (refused,) = start(job(lenet_file, tmp_path)).events()
    assert isinstance(refused, PersonalizationRefused)
    with pytest.raises(InputError, match=r"absent\.safetensors cannot be opened"):
        list(start(job(tmp_path / "absent.safetensors", tmp_path)).events())
    drawings_file().unlink()
    with closing(sqlite3.connect(drawings_file())) as other:
        other.execute("CREATE TABLE recipes (cake TEXT)")
    with pytest.raises(InputError, match="is a database of another program"):
        list(start(job(lenet_file, tmp_path)).events())


def test_a_target_that_cannot_be_written(
    start: Start, lenet_file: Path, bars: Path, tmp_path: Path
) -> None:
    keep(swapped(20))
    (tmp_path / "file").write_bytes(b"")
    wanted = job(lenet_file, tmp_path / "file", data=bars)
    with pytest.raises(RunError, match="could not be written"):
        list(start(wanted).events())


def test_no_torch_in_the_windows_process() -> None:
    program = "import sys, trainer.processes.personalize_process; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
