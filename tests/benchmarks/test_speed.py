"""What benchmarks/time_to_accuracy, ablation and scaling make of their measurements, and that they can measure."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks import ablation, scaling, time_to_accuracy
from trainer.datasets.idx import read_idx
from trainer.runs.config import TrainConfig

pytestmark = pytest.mark.usefixtures("one_thread")

# --- time_to_accuracy


def test_every_accuracy_has_a_recipe_that_can_be_trained() -> None:
    assert list(time_to_accuracy.RECIPES) == [0.990, 0.992, 0.995]
    for recipe in time_to_accuracy.RECIPES.values():
        config = TrainConfig(**recipe.settings(3, quick=False))
        assert (config.seed, config.threads, config.network) == (3, 1, recipe.network)
        assert TrainConfig(**recipe.settings(0, quick=True)).limit == 1000
        assert recipe.network in str(recipe)


def test_the_first_reading_that_gets_there_counts() -> None:
    run = {
        "readings": [[0.25, 10.0, 9.0, 0.98], [0.5, 20.0, 18.0, 0.991], [0.75, 30.0, 27.0, 0.99]]
    }
    assert time_to_accuracy.example_seconds(run, 0.99, "cpu") == (18.0, True)
    assert time_to_accuracy.example_seconds(run, 0.98, "wall") == (10.0, True)
    assert time_to_accuracy.example_seconds(run, 0.992, "wall") == (30.0, False)


def _ours(*tests: float) -> dict[float, list[dict[str, float]]]:
    runs = [
        {"test": test, "validation": test, "cpu": 2.0 + i, "wall": 3.0 + i}
        for i, test in enumerate(tests)
    ]
    return dict.fromkeys((0.990, 0.995), runs)


def test_ratios_are_of_medians_and_goals_of_both_clocks() -> None:
    theirs = [{"readings": [[1.0, 200.0 * k, 180.0 * k, 0.991]]} for k in (1, 2, 3)]
    report = time_to_accuracy.summary(_ours(0.996, 0.996, 0.996), theirs, data="d")
    goals = {goal.what: goal for goal in report.goals}
    assert goals["example / here to 99.0%, processor"].value == 360 / 3
    assert goals["example / here to 99.0%, wall"].value == 400 / 4
    assert goals["here to 99.5%, processor"].value == 3.0
    assert report.met
    # What is not waited for has no ratio.
    assert len(goals) == 3


def test_a_run_that_does_not_get_there_takes_forever() -> None:
    theirs = [{"readings": [[1.0, 200.0, 180.0, 0.991]]}] * 3
    missed = time_to_accuracy.summary(_ours(0.989, 0.989, 0.996), theirs)
    assert not missed.met
    assert {goal.value for goal in missed.goals if "/" in goal.what} == {0.0}
    assert max(goal.value for goal in missed.goals) == math.inf
    assert missed.figures["here, runs that reach 99.0%"]["value"] == 1
    # One of three: the median still is a run that gets there.
    once = time_to_accuracy.summary(_ours(0.989, 0.996, 0.996), theirs)
    assert {goal.what: goal.value for goal in once.goals}["here to 99.5%, processor"] == 4.0


def test_an_example_that_does_not_get_there_is_told() -> None:
    theirs = [{"readings": [[1.0, 900.0, 800.0, found]]} for found in (0.989, 0.99)]
    report = time_to_accuracy.summary(_ours(0.996), theirs)
    assert "example to 99.0%, wall (1 of 2 did not get there: at least)" in report.figures
    assert str(report)


def test_the_sides_take_turns_and_a_seed_is_a_piece() -> None:
    pieces = time_to_accuracy._pieces(2, 2, quick=False)
    sides = [(piece["seed"], piece["side"]) for piece in pieces]
    turn = ["here"] * len(time_to_accuracy.RECIPES) + ["example"]
    assert sides == [(seed, side) for seed in (0, 1) for side in turn]
    assert [
        piece["limit"]
        for piece in time_to_accuracy._pieces(1, 1, quick=True)
        if piece["side"] == "here"
    ] == [1000] * len(time_to_accuracy.RECIPES)


def test_the_example_is_read_at_parts_of_an_epoch_and_stops_its_clock(bars: Path) -> None:
    settings = time_to_accuracy.Example(enough=2.0).settings(0, quick=True)
    settings |= {"limit": 256, "test_limit": 100}
    readings = time_to_accuracy.example(settings, bars)["readings"]
    assert [reading[0] for reading in readings] == [0.5, 1.0]
    assert 0 < readings[0][1] < readings[1][1]
    enough = time_to_accuracy.example(settings | {"enough": 0.0}, bars)["readings"]
    assert len(enough) == 1


# --- ablation


def test_every_row_adds_one_thing() -> None:
    rows = [loop for name, loop in ablation.ROWS.items() if name != ablation.COMPILED]
    for before, after in itertools.pairwise(rows):
        changed = {key for key in vars(before) if getattr(before, key) != getattr(after, key)}
        # The row with pictures shifted one by one stands beside the first.
        assert len(changed) == 1 or changed == {"loader", "shift"}
    assert rows[0] == ablation.Loop()
    last = rows[-1]
    assert (last.loader, last.blocked, last.fused, last.batch_size) == (False, True, True, 256)


def test_the_tutorials_order_of_layers_is_the_same_function() -> None:
    torch.manual_seed(0)
    printed = ablation._network(ablation.Loop())
    kinds = [type(layer).__name__ for layer in printed][:6]
    assert kinds == ["Conv2d", "ReLU", "MaxPool2d"] * 2
    torch.manual_seed(0)
    ours = ablation._network(ablation.Loop(pool_first=True))
    images = torch.rand(2, 1, 28, 28)
    torch.testing.assert_close(printed(images), ours(images))


@pytest.mark.parametrize("name", ["the tutorials' loop", "+ fused optimizer"])
def test_a_loop_runs(name: str, bars: Path) -> None:
    rate = ablation.loop_rate(ablation.ROWS[name], bars, warm_s=0.0, seconds=0.05)
    assert rate["rate"] > 0


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ("aten::mkldnn_convolution", "convolution"),
        ("aten::convolution_backward", "convolution"),
        ("aten::addmm", "matrix product"),
        ("aten::mkldnn_max_pool2d_backward", "pooling"),
        ("aten::native_batch_norm_backward", "normalisation"),
        ("aten::_fused_adamw_", "optimizer"),
        ("aten::_to_copy", "layouts and number formats"),
        ("aten::to_mkldnn", "layouts and number formats"),
        ("aten::threshold_backward", "ReLU, sums and the like"),
        ("aten::add_", "ReLU, sums and the like"),
        ("aten::index", "choosing and shifting pictures"),
        ("aten::_log_softmax", "loss"),
        ("aten::empty", "memory"),
        ("Optimizer.step#AdamW.step", "optimizer"),
        ("aten::novel", "other operations"),
    ],
)
def test_operations_have_a_kind(operation: str, kind: str) -> None:
    assert ablation.kind_of(operation) == kind


def test_shares_add_up_to_all_of_the_time() -> None:
    found = ablation.shares({"aten::mm": 1.0, "aten::addmm": 1.0, "aten::copy_": 1.0}, 4.0)
    assert found == {
        "matrix product": 0.5,
        "layouts and number formats": 0.25,
        "Python between them": 0.25,
    }


def test_a_steps_arithmetic_by_hand() -> None:
    """Forward, and twice that backward, less the gradient of the pictures that nobody wants."""
    first = 28 * 28 * 32 * 9
    rest = 14 * 14 * 64 * 32 * 9 + 64 * 7 * 7 * 128 + 128 * 10
    assert ablation.step_flops("cnn") == 2 * (2 * first + 3 * rest)


# --- scaling


def test_a_line_and_how_straight_it_is() -> None:
    line = scaling.Line.fitted([1, 2, 3], [5, 7, 9])
    assert (line.slope, line.start, line.r_squared) == (2.0, 3.0, 1.0)
    assert scaling.Line.fitted([1, 2, 3], [1, 4, 1]).r_squared == 0.0


def _scaled(seconds: dict[int, list[float]], factor: float) -> Any:
    base = 3e8
    held = {size: [base + factor * 784 * (size - scaling._FEW)] for size in seconds}
    return scaling.summary(seconds, held, [base], data="d")


def test_memory_is_held_against_the_pixels() -> None:
    straight = {size: [size / 5000.0] for size in scaling.SIZES}
    assert _scaled(straight, 2.0).met
    assert {g.what: g.met for g in _scaled(straight, 2.6).goals}[
        "memory / pixels, by the line"
    ] is False
    bent = {size: [(size / 5000.0) ** 3] for size in scaling.SIZES}
    assert {g.what: g.met for g in _scaled(bent, 2.0).goals}["R² of seconds"] is False


def test_pictures_are_repeated(bars: Path, tmp_path: Path) -> None:
    scaling.repeated(bars, tmp_path / "many", 120_500)
    pictures, targets = (read_idx(tmp_path / "many" / name) for name in ("images", "labels"))
    assert pictures.shape == (120_500, 28, 28)
    once = 60_000 - scaling._VALIDATION
    assert np.array_equal(pictures[once : once + 100], pictures[:100])
    assert np.array_equal(targets[once : 2 * once], targets[:once])


def test_an_epoch_is_timed(bars: Path, tmp_path: Path) -> None:
    scaling.repeated(bars, tmp_path, scaling._FEW)
    found = scaling.epoch(tmp_path, scaling._FEW)
    assert found["seconds"] >= 0
    assert found["bytes"] > 50e6
