"""Named recipes (presets): all settings of a run, and its data as a specification. Quick to import.

A recipe names files in the data folder. Where they are absent, it trains on downloadable and synthetic data
alone, and reports what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trainer.base.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class RecipeSource:
    """A source of a recipe's data. spec: in the grammar of trainer.datasets.spec, with {path} for `file`."""

    spec: str
    file: str = ""  # in the data folder; "" for a source without a file
    about: str = ""  # what it adds

    def located(self, folder: Path) -> str | None:
        """The specification with the file in this data folder; None where the file is absent."""
        path = folder / self.file
        if self.file and not path.exists():
            return None
        return self.spec.format(path=str(path.absolute()).replace("+", "++"))


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """settings: of TrainConfig, all but the data."""

    name: str
    summary: str
    sources: tuple[RecipeSource, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def dataset(self, folder: Path) -> tuple[str, tuple[str, ...]]:
        """The data's specification, of the sources that the folder has, and descriptions of the others."""
        specs, missing = [], []
        for source in self.sources:
            spec = source.located(folder)
            if spec is None:
                missing.append(f"{source.file} ({source.about})")
            else:
                specs.append(spec)
        return "+".join(specs), tuple(missing)


_DIGITS = "unipen/digits-dev.jsonl.gz"
_NEGATIVES = "unipen/others-dev.jsonl.gz"
_PAPER = "bhmsds/bhmsds.npz"

#: Of the networks that ship; each recipe adds its epochs.
_SETTINGS: dict[str, Any] = {
    "network": "scribe-2",
    "batch_size": 256,
    "learning_rate": 4e-3,
    "augmentation": "strokes",
    "averaging": 0.999,
    "weight_decay": 0.05,
    "validation": 10_000,
}

_TABLE = (
    Recipe(
        name="digits",
        summary="the network that ships: MNIST, digits from tablets and paper, and drawings of other things",
        sources=(
            RecipeSource(spec="1.5*mnist"),
            RecipeSource(
                spec="4*strokes-digits:{path}",
                file=_DIGITS,
                about="UNIPEN: digits as people write them on tablets",
            ),
            RecipeSource(
                spec="1.5*strokes-others:{path}",
                file=_NEGATIVES,
                about="UNIPEN: letters and signs, as negatives",
            ),
            RecipeSource(
                spec="npz-digits:{path}",
                file=_PAPER,
                about="BHMSDS: digits on paper, 1 with a long flag, crossed 7",
            ),
            RecipeSource(
                spec="0.5*npz-others:{path}",
                file=_PAPER,
                about="BHMSDS: signs on paper",
            ),
            RecipeSource(spec="3*sketches"),
            RecipeSource(spec="scribbles"),
        ),
        settings={**_SETTINGS, "epochs": 10, "augmentation": "strokes,coarse=0.05"},
    ),
    Recipe(
        name="characters",
        summary="the network of letters that ships: digits and letters of both cases, 62 signs",
        sources=(
            RecipeSource(spec="0.5*mnist"),
            RecipeSource(
                spec="0.2*emnist-byclass",
                file="EMNIST/raw",
                about="EMNIST: digits and letters from forms",
            ),
            RecipeSource(
                spec="2*strokes-characters:{path}",
                file=_DIGITS,
                about="UNIPEN: digits as people write them on tablets",
            ),
            RecipeSource(
                spec="2*strokes-characters:{path}",
                file=_NEGATIVES,
                about="UNIPEN: letters as people write them on tablets",
            ),
            RecipeSource(
                spec="strokes-symbols:{path}",
                file=_NEGATIVES,
                about="UNIPEN: signs, as negatives",
            ),
            RecipeSource(
                spec="0.5*npz-characters:{path}",
                file=_PAPER,
                about="BHMSDS: digits and w x y z on paper",
            ),
            RecipeSource(spec="0.5*sketches"),
            RecipeSource(spec="2*letter-sketches"),
            RecipeSource(spec="0.5*letter-scribbles"),
        ),
        settings={**_SETTINGS, "epochs": 12},
    ),
)

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in _TABLE}


def find_recipe(name: str) -> Recipe:
    """Raises ConfigError listing the choices."""
    try:
        return RECIPES[name]
    except KeyError:
        raise ConfigError(
            "recipes.unknown",
            "--recipe: there is no recipe named {name!r}; choose one of: {names}",
            name=name,
            names=", ".join(RECIPES),
        ) from None
