"""kill -9 during personalizations, once in each of their phases; benchmarks/killed_personalization.py does it often."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import killed_personalization
from benchmarks.killed_personalization import PHASES, Ground, Killed
from benchmarks.report import Report
from trainer.base.paths import drawings_file, models_folder
from trainer.base.temp_folders import Scratch
from trainer.drawings import open_store
from trainer.models.active_model import activate

pytestmark = [
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL"),
]


@pytest.fixture
def ground(bars: Path) -> Ground:
    return killed_personalization.prepared(bars)


def test_nothing_is_harmed(ground: Ground) -> None:
    found = killed_personalization.kill_often(ground, len(PHASES), seed=1)
    assert found.faults == []
    assert dict(found.kills) == dict.fromkeys(PHASES, 1)
    killed_personalization.kill_windows(ground, 1, found, seed=1)
    assert found.faults == []
    assert found.windows == 1
    report = Report("killed while personalizing")
    killed_personalization.add(report, found)
    assert report.met


def _spoil_the_network(ground: Ground, _: Path) -> None:
    ground.network.write_bytes(ground.content[:-1] + b"x")


def _use_another(ground: Ground, folder: Path) -> None:
    other = folder / "taught.safetensors"
    other.write_bytes(ground.content)
    activate(other)


def _leave_a_half(_: Ground, __: Path) -> None:
    (models_folder() / ".base.safetensors.00000000.part").touch()


def _delete_a_drawing(_: Ground, __: Path) -> None:
    with open_store(daily=False) as store:
        store.delete([3])


def _relabel_a_drawing(_: Ground, __: Path) -> None:
    with open_store(daily=False) as store:
        store.relabel([3], "none")


def _spoil_the_store(_: Ground, __: Path) -> None:
    content = drawings_file().read_bytes()
    drawings_file().write_bytes(content[: len(content) // 2])


def _write_half_a_network(ground: Ground, folder: Path) -> None:
    (folder / "taught.safetensors").write_bytes(ground.content[:-100])


@pytest.mark.parametrize(
    "harm",
    [
        _spoil_the_network,
        _use_another,
        _leave_a_half,
        _delete_a_drawing,
        _relabel_a_drawing,
        _spoil_the_store,
        _write_half_a_network,
    ],
)
def test_harm_would_be_found(ground: Ground, harm: Callable[[Ground, Path], None]) -> None:
    found = Killed()
    with Scratch() as scratch:
        killed_personalization._look(ground, scratch.path, found)
        assert found.faults == []
        harm(ground, scratch.path)
        killed_personalization._look(ground, scratch.path, found)
    assert found.faults
    report = Report("killed while personalizing")
    killed_personalization.add(report, found)
    assert not report.met
