"""benchmarks/networks: a recipe for every network, a file of results that survives, a table that is true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.networks import DOCUMENT, RECIPES, Results, document
from trainer.networks import NETWORKS
from trainer.runs.config import TrainConfig


def _run(seed: int = 0, **changed: Any) -> dict[str, Any]:
    return {
        "settings": RECIPES["cnn"].settings("cnn", seed, quick=False),
        "notes": [],
        "precision": "bfloat16, blocked",
        "threads": 2,
        "torch": "2.14",
        "seconds": 100.0 + seed,
        "latency_ms": 0.5,
        "validation": 0.991,
        "test": 0.990 + seed / 1000,
        **changed,
    }


def test_every_network_has_a_recipe_that_can_be_trained() -> None:
    assert sorted(RECIPES) == sorted(NETWORKS)
    for name, recipe in RECIPES.items():
        config = TrainConfig(**recipe.settings(name, 1, quick=False))
        assert (config.network, config.seed, config.epochs) == (name, 1, recipe.epochs)
        assert TrainConfig(**recipe.settings(name, 0, quick=True)).limit == 1000
        # Fewer seeds or pictures than the others are told.
        assert recipe.shortened or (recipe.seeds >= 3 and not recipe.limit)


def test_results_outlast_the_program_and_belong_to_their_recipe(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    results = Results(path)
    results.keep(_run(0))
    results.keep(_run(1))
    results.keep(_run(1, test=0.5))
    later = Results(path)
    assert later.runs == [_run(0), _run(1, test=0.5)]
    assert later.find(RECIPES["cnn"].settings("cnn", 1, quick=False)) == _run(1, test=0.5)
    assert later.find(RECIPES["cnn"].settings("cnn", 2, quick=False)) is None
    assert later.find(RECIPES["cnn"].settings("cnn", 0, quick=True)) is None


def test_the_table_tells_mean_and_spread_and_what_is_missing() -> None:
    note = "Without ImageNet weights: /home/ada/data/vgg16.pth is not there"
    text = document({"cnn": [_run(i) for i in range(3)], "vgg16": [_run(notes=[note])]}, data="d")
    rows = {line.split("`")[1]: line for line in text.splitlines() if line.startswith("| `")}
    assert list(rows) == list(RECIPES)
    assert text.count("99.10 ± 0.10 % (3 seeds) | 101 s | 0.50 ms |") == 1
    assert text.count("99.00 % (1 seed) | 100 s | 0.50 ms |") == 1
    assert "99.10 % | bfloat16, blocked |" in rows["cnn"]
    assert "; begins without ImageNet weights, which could not be had here |" in rows["vgg16"]
    assert "ada" not in text  # no folder of the machine
    lenet5 = next(line for line in text.splitlines() if line.startswith("| `lenet5`"))
    assert lenet5.endswith("| — | — | — |")
    assert "mean nothing" not in text
    assert "mean nothing" in document({}, data="d", quick=True)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_document_in_the_repository_is_of_these_networks(name: str) -> None:
    """Where it fails: run `python -m benchmarks.networks` again."""
    entry = NETWORKS[name]
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    figures, recipe = (line for line in lines if line.startswith(f"| `{name}` |"))
    assert f"| {entry.after} | {entry.parameters:,} | {entry.megabytes:.2f} MB " in figures
    assert f"| {entry.flops / 1e6:,.1f} M |" in figures
    assert f"| {RECIPES[name]} |" in recipe
