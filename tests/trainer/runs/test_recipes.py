"""Recipes: whole settings by name, of the data that are there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trainer.base.errors import ConfigError
from trainer.datasets.spec import parse_spec, title_of
from trainer.runs.config import TrainConfig
from trainer.runs.recipes import RECIPES, Recipe, RecipeSource, find_recipe

OWN = Recipe(
    name="own",
    summary="",
    sources=(
        RecipeSource(spec="mnist"),
        RecipeSource(spec="3*strokes-digits:{path}", file="a/b.jsonl", about="what people write"),
        RecipeSource(spec="0.5*strokes-others:{path}", file="a/b.jsonl", about="and what is none"),
        RecipeSource(spec="npz:{path}", file="c.npz", about="pictures"),
    ),
)


def _put(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"")


def test_it_learns_from_what_is_there(tmp_path: Path) -> None:
    assert OWN.dataset(tmp_path) == (
        "mnist",
        ("a/b.jsonl (what people write)", "a/b.jsonl (and what is none)", "c.npz (pictures)"),
    )
    _put(tmp_path, "c.npz")
    spec, missing = OWN.dataset(tmp_path)
    assert spec == f"mnist+npz:{tmp_path / 'c.npz'}"
    assert len(missing) == 2
    _put(tmp_path, "a/b.jsonl")
    spec, missing = OWN.dataset(tmp_path)
    assert missing == ()
    assert title_of(spec) == "mnist+3*strokes-digits:b.jsonl+0.5*strokes-others:b.jsonl+npz:c.npz"


@pytest.mark.parametrize("name", ["c++ {path} 2*3", "+", "{0}"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    _put(folder, "a/b.jsonl")
    terms = parse_spec(OWN.dataset(folder)[0])
    assert [term.path for term in terms] == [None, *[folder / "a" / "b.jsonl"] * 2]
    assert [term.weight for term in terms] == [1, 3, 0.5]


def test_a_folder_is_meant_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _put(tmp_path, "c.npz")
    monkeypatch.chdir(tmp_path)
    (_, term) = parse_spec(OWN.dataset(Path())[0])
    assert term.path == tmp_path / "c.npz"


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
@pytest.mark.parametrize("complete", [False, True])
def test_every_recipe_is_settings_that_can_be(
    tmp_path: Path, recipe: Recipe, complete: bool
) -> None:
    if complete:
        for source in recipe.sources:
            if source.file:
                _put(tmp_path, source.file)
    spec, missing = recipe.dataset(tmp_path)
    assert bool(missing) is not complete
    assert all(source.about for source in recipe.sources if source.file)
    config = TrainConfig(dataset=spec, **recipe.settings)
    assert config.dataset == spec
    assert "dataset" not in recipe.settings
    assert len(parse_spec(spec)) == len(recipe.sources) - len(missing)


def test_the_one_that_ships_refuses_with_whatever_is_there(tmp_path: Path) -> None:
    """Without a single file it still learns what is no digit."""
    names = {term.name for term in parse_spec(RECIPES["digits"].dataset(tmp_path)[0])}
    assert names == {"mnist", "sketches", "scribbles"}
    assert RECIPES["digits"].settings["augmentation"] == "strokes,coarse=0.05"


def test_they_are_found_by_name() -> None:
    assert find_recipe("digits") is RECIPES["digits"]
    with pytest.raises(ConfigError, match="no recipe named 'soup'; choose one of: digits"):
        find_recipe("soup")


def test_they_are_quick_to_list() -> None:
    code = "import sys, trainer.runs.recipes; sys.exit('numpy' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
