"""Which snapshots of a run stay, and what becomes of strange files among them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trainer.base.errors import RunError
from trainer.runs.names import is_own_file
from trainer.runs.snapshots import (
    Snapshot,
    is_early_step,
    list_snapshots,
    most_snapshots,
    nearest,
    snapshot_file,
    superfluous,
    thin,
)
from trainer.runs.wall import COUNT, choose_wall, read_wall, write_wall


def test_early_steps_are_powers_of_two() -> None:
    assert [step for step in range(70) if is_early_step(step)] == [1, 2, 4, 8, 16, 32, 64]


def test_names_say_step_and_epoch(tmp_path: Path) -> None:
    for step, epoch in ((0, 0.0), (4, 0.0042), (938, 1.0), (100_000_000, 1000.0)):
        snapshot_file(tmp_path, step, epoch).touch()
    (tmp_path / "snapshot-x-epoch-1.safetensors").touch()
    (tmp_path / "best.safetensors").touch()
    found = list_snapshots(tmp_path)
    assert [(one.step, one.epoch) for one in found] == [
        (0, 0.0),
        (4, 0.0042),
        (938, 1.0),
        (100_000_000, 1000.0),
    ]
    assert all(is_own_file(one.path) for one in found)  # a deleted run takes them along
    assert not is_own_file(tmp_path / "snapshot-x-epoch-1.safetensors")


def test_a_folder_that_is_gone_has_none(tmp_path: Path) -> None:
    assert list_snapshots(tmp_path / "gone") == []


def test_the_first_and_the_last_stay_and_early_ones_are_worth_more(tmp_path: Path) -> None:
    steps = [0, 1, 2, 4, 8, *range(100, 2000, 100)]
    gone = superfluous(steps, 12)
    left = [step for step in steps if step not in gone]
    assert len(left) == 12
    assert left[0] == 0
    assert left[-1] == 1900
    assert left[1:5] == [1, 2, 4, 8]
    for step in steps:
        snapshot_file(tmp_path, step, step / 100).touch()
    thin(tmp_path, 12)
    assert [one.step for one in list_snapshots(tmp_path)] == left


def test_a_huge_network_gets_none() -> None:
    assert most_snapshots(1_000_000) == 40
    assert most_snapshots(20_000_000) == 10
    assert most_snapshots(540_000_000) == 0


def test_the_nearest_to_an_epoch() -> None:
    found = [Snapshot(path=Path(), step=s, epoch=s / 10) for s in (0, 1, 10, 20)]
    assert nearest(found, 2.0) == 3
    assert nearest(found, 0.04) == 0
    assert nearest([], 1.0) is None


def test_a_wall_shows_every_label_in_turns(tmp_path: Path) -> None:
    targets = np.array([0] * 100 + [1] * 100 + [2] * 5 + [3] * 7, np.int64)  # 3: no label
    pictures = np.arange(len(targets), dtype=np.uint8)[:, None, None] * np.ones((28, 28), np.uint8)
    wall = choose_wall(pictures, targets, ("a", "b", "c"))
    assert len(wall.targets) == COUNT
    assert wall.targets[:6] == ("a", "b", "c", "a", "b", "c")
    assert wall.targets.count("c") == 5
    assert wall.pictures[1, 0, 0] == 100
    write_wall(tmp_path, wall)
    again = read_wall(tmp_path)
    assert again is not None
    assert again.targets == wall.targets
    assert np.array_equal(again.pictures, wall.pictures)


def test_no_wall_and_a_damaged_one(tmp_path: Path) -> None:
    assert read_wall(tmp_path) is None
    (tmp_path / "wall.safetensors").write_bytes(b"\x01" * 100)
    with pytest.raises(RunError, match="damaged"):
        read_wall(tmp_path)
