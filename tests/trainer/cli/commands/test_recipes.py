"""handwrite-trainer train --recipe: which settings count, and what is said of data that are absent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.strokes_files import lines, write
from trainer.base.events import Event
from trainer.base.paths import runs_folder
from trainer.cli import run
from trainer.datasets import generated
from trainer.models.weights import read_card
from trainer.runs.config import TrainConfig
from trainer.runs.recipes import RECIPES

pytestmark = pytest.mark.usefixtures("one_thread")

FILES = {source.file for source in RECIPES["digits"].sources if source.file}


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[tuple[TrainConfig, Path]]:
    """Settings and data folders of the runs that would have begun; none does."""
    found: list[tuple[TrainConfig, Path]] = []

    def train(config: TrainConfig, *, data_folder: Path, **_: Any) -> Iterator[Event]:
        found.append((config, data_folder))
        return iter(())

    monkeypatch.setattr("trainer.training.train.train", train)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that has every file of the recipe, by name."""
    for name in FILES:
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_bytes(b"")
    return tmp_path / "data"


def test_its_settings_count_and_what_is_given_counts_more(
    begun: list[tuple[TrainConfig, Path]], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["train", "--recipe", "digits", "--data", str(folder)]
    assert run(line) == 130  # nothing was learned
    assert "Not in" not in capsys.readouterr().err
    spec, _ = RECIPES["digits"].dataset(folder)
    recipe = TrainConfig(dataset=spec, **RECIPES["digits"].settings)
    assert begun == [(recipe, folder)]
    changed = ["--epochs", "7", "--seed", "5", "--network", "lenet5"]
    assert run([*line, *changed]) == 130
    config = TrainConfig(**{**recipe.to_json(), "epochs": 7, "seed": 5, "network": "lenet5"})
    assert begun[1] == (config, folder)


def test_what_is_given_counts_where_it_is_a_default_too(
    begun: list[tuple[TrainConfig, Path]], folder: Path
) -> None:
    default = TrainConfig()
    settings = {
        "epochs": default.epochs,
        "augmentation": default.augmentation,
        "network": default.network,
        "averaging": default.averaging,
    }
    assert all(RECIPES["digits"].settings[name] != value for name, value in settings.items())
    flags = [f"--{name}={value}" for name, value in settings.items()]
    assert run(["train", "--recipe", "digits", "--data", str(folder), *flags]) == 130
    ((config, _),) = begun
    assert {name: getattr(config, name) for name in settings} == settings
    assert config.batch_size == RECIPES["digits"].settings["batch_size"]


@pytest.mark.parametrize(
    ("flags", "dataset"),
    [
        (["--data", "usps"], "usps"),
        (["--data", "mnist"], "mnist"),  # the default, but said
        (["--dataset", "mnist"], "mnist"),
        (["--dataset", "sketches+scribbles"], "sketches+scribbles"),
    ],
    ids=str,
)
def test_other_data_take_the_place_of_its_own(
    begun: list[tuple[TrainConfig, Path]],
    flags: list[str],
    dataset: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["train", "--recipe", "digits", *flags]) == 130
    ((config, _),) = begun
    assert config.dataset == dataset
    assert config.epochs == RECIPES["digits"].settings["epochs"]
    assert "Not in" not in capsys.readouterr().err


def test_what_is_absent_is_told_with_what_it_costs(
    begun: list[tuple[TrainConfig, Path]],
    tmp_path: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "none").mkdir()
    assert run(["train", "--recipe", "digits", "--data", str(tmp_path / "none")]) == 130
    told = capsys.readouterr().err
    assert f"Not in {tmp_path / 'none'}: " in told
    for name in FILES:
        assert name in told
    assert "other people's handwriting less well" in told
    assert begun[0][0].dataset == "1.5*mnist+3*sketches+scribbles"
    (folder / "bhmsds" / "bhmsds.npz").unlink()
    assert run(["train", "--recipe", "digits", "--data", str(folder)]) == 130
    told = capsys.readouterr().err
    assert "bhmsds.npz" in told
    assert "unipen" not in told
    assert "strokes-digits" in begun[1][0].dataset


def test_a_recipe_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--recipe", "soup"]) == 2
    assert "no recipe named 'soup'; choose one of: digits" in capsys.readouterr().err


def test_who_goes_on_has_a_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--resume", "last", "--recipe", "digits"]) == 2
    assert "run's own settings: leave out --recipe" in capsys.readouterr().err


def test_without_a_recipe_defaults_are_defaults(
    begun: list[tuple[TrainConfig, Path]], tmp_path: Path
) -> None:
    assert run(["train", "--data", str(tmp_path), "--epochs", "2"]) == 130
    assert begun == [(TrainConfig(epochs=2), tmp_path)]


def test_help_tells_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--help"]) == 0
    text = capsys.readouterr().out
    assert "--recipe" in text
    assert "context" not in text.lower()


def test_a_small_run_by_the_recipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With strokes drawn anew by all that the preset has, and digits and others of one file."""
    monkeypatch.setattr(generated, "_COUNT", 170)
    some = [{**line, "label": line["label"] if i % 3 else "+"} for i, line in enumerate(lines(200))]
    path = write(tmp_path / "x.jsonl", some)
    data = f"strokes-digits:{path}+0.5*strokes-others:{path}+sketches+scribbles"
    line = ["train", "--recipe", "digits", "--data", data, "--network", "lenet5", "--json"]
    small = ["--epochs", "1", "--batch-size", "16", "--limit", "200", "--validation", "100"]
    assert run([*line, *small, "--device", "cpu", "--precision", "float32", "--threads", "1"]) == 0
    assert capsys.readouterr().err == ""
    (folder,) = runs_folder().iterdir()
    card = read_card(folder / "best.safetensors")
    assert card.threshold is not None
    assert card.recipe["augmentation"] == "strokes,coarse=0.05"
    assert card.recipe["averaging"] == RECIPES["digits"].settings["averaging"]


def test_the_recipe_of_characters_takes_emnist_where_the_folder_has_it(folder: Path) -> None:
    recipe = RECIPES["characters"]
    spec, missing = recipe.dataset(folder)
    TrainConfig(dataset=spec, **recipe.settings)
    assert [text for text in missing if text.startswith("EMNIST")] == list(missing)
    (folder / "EMNIST" / "raw").mkdir(parents=True)
    with_emnist, missing = recipe.dataset(folder)
    assert not missing
    assert "emnist-byclass" in with_emnist
