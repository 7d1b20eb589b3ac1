"""The settings of `train`: one flag for each field of TrainConfig, and whole sets of them.

A setting is what its flag or --set says, else what --config says, else --like, --preset or --recipe, else the
default.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from trainer.base.errors import ConfigError, InputError
from trainer.base.paths import runs_folder
from trainer.cli.files import given_path
from trainer.cli.output import print_note
from trainer.cli.weights import weights_file
from trainer.datasets.augmentation.spec import STROKE_AMOUNTS, parse_augmentation
from trainer.datasets.spec import GENERATED_NAMES, SOURCES, parse_spec
from trainer.networks import find_network
from trainer.runs.config import Setting, TrainConfig, settings
from trainer.runs.config_files import read_settings
from trainer.runs.presets import find_preset, preset_settings, with_own_drawings
from trainer.runs.recipes import find_recipe
from trainer.runs.records import find_run, read_run

# What other programs call it.
_ALIASES = {"network": ("--model",)}

_METAVARS = {int: "N", float: "NUMBER", str: "TEXT"}
_HINTS = get_type_hints(TrainConfig)
DEFAULTS: dict[str, Any] = {f.name: f.default for f in fields(TrainConfig)}


def flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def flags_from_config(command: Callable[..., None]) -> Callable[..., None]:
    """Gives the command one flag for every field of TrainConfig, with its gloss, bounds and default.

    Their values are texts as given, None where the flag is absent: `parsed` makes values of them.
    """
    parameters = []
    for name, setting in settings().items():
        assert DEFAULTS[name] is not MISSING
        option = typer.Option(
            flag(name),
            *_ALIASES.get(name, ()),
            metavar=_metavar(name, setting),
            help=_help(name, setting),
            show_default=False,
        )
        parameters.append(
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[str | None, option],
            )
        )
    hints = get_type_hints(command, include_extras=True)
    own = [
        p.replace(annotation=hints[p.name])
        for p in inspect.signature(command).parameters.values()
        if p.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    command.__signature__ = inspect.Signature(own + parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in own + parameters}
    return command


def _metavar(name: str, setting: Setting) -> str:
    if name == "dataset":
        return "DATA"
    return "NAME" if setting.choices else _METAVARS[_HINTS[name]]


def _help(name: str, setting: Setting) -> str:
    text = f"{setting.label}: {setting.gloss}"
    possible = SOURCES if name == "dataset" else setting.choices
    notes = []
    if possible:
        notes.append(", ".join(possible))
    elif setting.least is not None and setting.most is not None:
        notes.append(f"{_number(setting.least)} to {_number(setting.most)}")
    if DEFAULTS[name] != "":
        default = DEFAULTS[name]
        notes.append(f"default: {default if isinstance(default, str) else _number(default)}")
    return f"{text} ({'; '.join(notes)})" if notes else text


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def parsed(texts: Mapping[str, str | None], assignments: Sequence[str] = ()) -> dict[str, Any]:
    """The values of the flags that were given, and of --set.

    Raises ConfigError for a text that is no number, and where the two contradict each other.
    """
    given = {name: _value(name, text) for name, text in texts.items() if text is not None}
    for name, value in _assigned(assignments).items():
        if given.setdefault(name, value) != value:
            raise ConfigError(
                "train.set-twice",
                "--set {key}={value} and {flag} {other} contradict each other: leave one out",
                key=name.replace("_", "-"),
                value=str(value),
                flag=flag(name),
                other=str(given[name]),
            )
    return given


def _assigned(texts: Sequence[str]) -> dict[str, Any]:
    """The settings in `epochs=3`, `batch-size=64`, …, of --set; of one that comes twice the last one counts.

    Raises ConfigError for a text without =, a setting that does not exist, or a text that is no number.
    """
    found = {}
    for text in texts:
        key, equals, value = text.partition("=")
        name = key.strip().replace("-", "_")
        if not equals:
            raise ConfigError(
                "train.set-no-value", "--set {text!r}: write KEY=VALUE, as in epochs=3", text=text
            )
        if name not in DEFAULTS:
            raise ConfigError(
                "train.set-unknown",
                "--set {text!r}: there is no setting {key!r}; there are: {names}",
                text=text,
                key=key.strip(),
                names=", ".join(flag(known).removeprefix("--") for known in DEFAULTS),
            )
        found[name] = _value(name, value.strip())
    return found


def _value(name: str, text: str) -> Any:
    kind = _HINTS[name]
    try:
        return kind(text)
    except ValueError:
        raise ConfigError(
            "train.no-number",
            "{flag} must be {kind}, not {text!r}",
            flag=flag(name),
            kind="a whole number" if kind is int else "a number",
            text=text,
        ) from None


def settings_of_file(text: str) -> dict[str, Any]:
    """The settings in a TOML or JSON file, by their flags' names with - or _.

    A run's config.json is such a file. Raises InputError where the file cannot be read, ConfigError for
    settings that do not exist or have impossible values.
    """
    return read_settings(given_path(text, "--config"), option="--config")


def settings_of_run(name: str) -> dict[str, Any]:
    """All settings of a run, those of another version that are no more left out. Raises InputError."""
    run = read_run(find_run(name, runs_folder()))
    known = {key: value for key, value in run.settings.items() if key in DEFAULTS}
    if not known:
        raise InputError(
            "like.no-settings", "--like {name}: the run's settings cannot be read", name=run.name
        )
    return {key: getattr(TrainConfig.from_json(known), key) for key in known}


def settings_of_recipe(name: str, folder: Path, *, own_data: bool) -> dict[str, Any]:
    """A recipe's settings. own_data: other data were named, so that its own need not be there."""
    recipe = find_recipe(name)
    dataset, missing = recipe.dataset(folder)
    if missing and not own_data:
        print_note(
            f"Not in {folder}: {'; '.join(missing)}. The recipe goes on without, and the network will "
            "read other people's handwriting less well."
        )
    return {"dataset": dataset, **recipe.settings}


def settings_of_preset(name: str, folder: Path, *, own_data: bool) -> dict[str, Any]:
    """A preset's settings, once its data are there. own_data: as for a recipe."""
    preset = find_preset(name)
    found = preset_settings(preset, folder)
    if preset.own_drawings and not own_data:
        found.settings["dataset"] = with_own_drawings(found.settings["dataset"])
    if found.missing and not own_data:
        print_note(f"Not in {folder}: {'; '.join(found.missing)}. The preset goes on without.")
    return found.settings


def start_from(chosen: dict[str, Any], *, named: bool) -> None:
    """Settings of a run that starts from trained weights: their path, and their architecture.

    named: whether the architecture was given, too. Raises ConfigError where it is another.
    """
    from trainer.models.weights import read_card

    path = weights_file(chosen["start"], "--start")
    architecture = read_card(path).architecture
    if named and chosen["network"] != architecture:
        raise ConfigError(
            "train.start-other-network",
            "--start {start} is a network of the architecture {found}, not --network {network}: leave out "
            "--network, or start from another",
            start=chosen["start"],
            found=architecture,
            network=chosen["network"],
        )
    chosen["network"] = architecture
    if path.stem != chosen["start"]:
        chosen["start"] = str(path.absolute())  # so that the run can be resumed from any folder
    if chosen["dropout"] >= 0 and find_network(architecture).dropout is None:
        raise ConfigError(
            "train.no-dropout", "--dropout: the network {name!r} has none", name=architecture
        )


def without_effect(config: TrainConfig, given: frozenset[str]) -> Iterator[str]:
    """What a person should know of settings that do nothing, or not what their name promises."""
    entry = find_network(config.network)
    random = not config.start and not (entry.pretrained and config.imagenet != "no")
    if config.layers and random:
        yield (
            f"--layers {config.layers} without --start: the other layers keep random weights and do not learn"
        )
    if "imagenet" in given and not entry.pretrained:
        yield f"--imagenet has no effect: there are no ImageNet weights for {config.network}"
    terms = parse_spec(config.dataset)
    strokes = any(term.name in ("strokes", "folder", *GENERATED_NAMES) for term in terms)
    amounts = sorted(set(parse_augmentation(config.augmentation)) & set(STROKE_AMOUNTS))
    if "augmentation" in given and amounts and not strokes:
        change, have = ("changes", "it has") if len(amounts) == 1 else ("change", "they have")
        yield (
            f"--augmentation {config.augmentation}: {', '.join(amounts)} {change} strokes, and "
            f"{config.dataset} has none; {have} no effect"
        )
