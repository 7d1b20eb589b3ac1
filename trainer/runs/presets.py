"""Presets: what a run is for, as settings of TrainConfig. `train --preset NAME` and the dialog read them.

A preset names what differs from the defaults; a new group or row appears in both by itself. Quick to import.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from trainer.base.errors import ConfigError, InputError, RunError
from trainer.base.files import atomic_write
from trainer.base.paths import file_hash, runs_folder, user_folder
from trainer.networks import NETWORKS
from trainer.runs.experiments import EXPERIMENTS
from trainer.runs.recipes import find_recipe

Group = Literal["first", "networks", "own", "transfer", "experiments"]


@dataclass(frozen=True, kw_only=True)
class Preset:
    """title, gloss: for people, in English; the window translates them under the context "Presets".

    settings: of TrainConfig, without the data where `recipe` or `own_drawings` says them. recipe: whose data
    and settings it begins with. own_drawings: it learns from the user's drawings, beside `dataset`.
    """

    name: str
    title: str
    gloss: str
    group: Group
    settings: Mapping[str, Any] = field(default_factory=dict)
    recipe: str = ""
    own_drawings: bool = False


@dataclass(frozen=True, kw_only=True)
class PresetSettings:
    """settings: of TrainConfig, with the data. missing: descriptions of data that are not in the folder."""

    settings: dict[str, Any]
    missing: tuple[str, ...] = ()


_OWN_NAME = r"my-drawings(?:-[0-9a-f]{16})?\.jsonl\.gz"
_KEPT, _KEPT_SECONDS = 10, 7 * 24 * 3600.0  # drawings of earlier runs

_TUTORIAL_EPOCHS = 5
_TUTORIALS = (
    "cnn",
    "lenet5",
    "cnn-dropout",
    "cnn-valid",
    "dsdcnn",
    "vgg-small",
    "alexnet-small",
    "sprint",
    "sprint-2",
    "sprint-deep",
    "scribe-tiny",
)

_TABLE = (
    Preset(
        name="quick-look",
        title="Quick look",
        gloss="a small network on 6,000 pictures: all of training in seconds",
        group="first",
        settings={
            "network": "sprint-2",
            "limit": 6000,
            "epochs": 4,
            "validation": 1000,
            "batch_size": 128,
        },
    ),
    Preset(
        name="best-accuracy",
        title="Best accuracy",
        gloss="as the network that ships was made: several data sets, ten epochs, an hour or more",
        group="first",
        recipe="digits",
    ),
    Preset(
        name="letters",
        title="Letters",
        gloss="digits and letters of both cases, from several data sets; an hour or more",
        group="first",
        recipe="characters",
    ),
    *(
        Preset(
            name=name,
            title=name,
            gloss=NETWORKS[name].summary,
            group="networks",
            settings={"network": name, "epochs": _TUTORIAL_EPOCHS},
        )
        for name in _TUTORIALS
    ),
    Preset(
        name="my-drawings",
        title="Fine-tune on my drawings",
        gloss="the network that ships goes on learning, from your drawings and MNIST",
        group="own",
        own_drawings=True,
        settings={
            "network": "scribe-2",
            "start": "scribe",
            "dataset": "0.2*mnist",
            "epochs": 3,
            "learning_rate": 5e-4,
            "augmentation": "strokes",
        },
    ),
    *(
        Preset(
            name=f"transfer-{name}",
            title=f"Transfer from {title}",
            gloss="what was learned on ImageNet's photographs stays; the last layer learns digits",
            group="transfer",
            settings={
                "network": name,
                "imagenet": "required",
                "layers": 1,
                "limit": 10_000,
                "epochs": 3,
                "augmentation": "none",
            },
        )
        for name, title in (("vgg16", "VGG16"), ("resnet18", "ResNet-18"))
    ),
    *(
        Preset(
            name=variant.name,
            title=variant.title,
            gloss=variant.gloss,
            group="experiments",
            settings=variant.settings,
        )
        for experiment in EXPERIMENTS
        for variant in experiment.variants
    ),
)

PRESETS: dict[str, Preset] = {preset.name: preset for preset in _TABLE}
if len(PRESETS) != len(_TABLE):
    raise RuntimeError("two presets share a name")


def find_preset(name: str) -> Preset:
    """Raises ConfigError listing the choices."""
    try:
        return PRESETS[name]
    except KeyError:
        raise ConfigError(
            "presets.unknown",
            "--preset: there is no preset named {name!r}; choose one of: {names}",
            name=name,
            names=", ".join(PRESETS),
        ) from None


def own_drawings_file() -> Path:
    """The user's drawings as data in settings. A run learns from a copy: `with_own_drawings`."""
    return user_folder() / "my-drawings.jsonl.gz"


def is_own_drawings(path: Path) -> bool:
    """Whether it is the user's drawings, as they are now or as they were for a run."""
    return path.parent == user_folder().absolute() and bool(re.fullmatch(_OWN_NAME, path.name))


def names_own_drawings(dataset: str) -> bool:
    """Whether data, as text, name the user's drawings."""
    return bool(re.search(_own_in_text(), dataset))


def with_own_drawings(dataset: str) -> str:
    """The data with the user's drawings as they are now, written into a file that stays as it is, so that the
    run can be resumed when more were drawn. Those of earlier runs that are gone are removed.

    Raises as write_own_drawings does.
    """
    write_own_drawings()
    newest = own_drawings_file()
    try:
        path = newest.with_name(f"my-drawings-{file_hash(newest)[:16]}.jsonl.gz")
        if not path.exists():
            with atomic_write(path) as part:
                shutil.copyfile(newest, part)
        os.utime(path)
        _remove_unused(path)
    except OSError as error:
        raise RunError(
            "presets.own-drawings",
            "your drawings cannot be written for the run: {reason}",
            reason=error.strerror or str(error),
        ) from error
    return re.sub(_own_in_text(), lambda found: found[1] + path.name, dataset)


def _own_in_text() -> str:
    folder = str(user_folder().absolute()).replace("+", "++")
    return rf"({re.escape(folder)}[/\\]){_OWN_NAME}"


def _remove_unused(used: Path) -> None:
    """Removes drawings that no run of the runs folder names, but those of the last week, or the last few:
    runs may lie elsewhere."""
    found = sorted(set(used.parent.glob("my-drawings-*.jsonl.gz")) - {used}, key=_changed)[::-1]
    old = [path for path in found[_KEPT:] if time.time() - _changed(path) > _KEPT_SECONDS]
    if not old:
        return
    configs = [path.read_bytes() for path in runs_folder().glob("*/config.json")]
    for path in old:
        if not any(path.name.encode() in config for config in configs):
            path.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another run removed it
        return 0.0


def preset_settings(preset: Preset, folder: Path) -> PresetSettings:
    """What it sets. folder: of data. With `own_drawings`, `with_own_drawings` has to come
    before the run."""
    settings: dict[str, Any] = {}
    missing: tuple[str, ...] = ()
    if preset.recipe:
        recipe = find_recipe(preset.recipe)
        settings["dataset"], missing = recipe.dataset(folder)
        settings |= recipe.settings
    settings |= preset.settings
    if preset.own_drawings:
        path = str(own_drawings_file().absolute()).replace("+", "++")
        settings["dataset"] = f"{settings['dataset']}+4*strokes-digits:{path}"
    return PresetSettings(settings=settings, missing=missing)


def write_own_drawings() -> int:
    """Writes the user's drawings into own_drawings_file(); how many there are.

    Raises InputError where there are none, RunError where the file cannot be written.
    """
    from trainer.drawings import export_drawings, open_store

    with open_store() as store:
        if not store.counts().of():
            raise InputError(
                "presets.no-drawings",
                "there are no drawings of yours yet: draw some, and press what each is",
            )
        return export_drawings(store, own_drawings_file(), overwrite=True)
