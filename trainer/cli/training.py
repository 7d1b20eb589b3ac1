"""handwrite-trainer train: the flags are TrainConfig's fields."""

from __future__ import annotations

import inspect
import signal
import threading
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from trainer.base.errors import InputError, RunError
from trainer.base.events import RunFinished
from trainer.base.files import atomic_write, check_regular
from trainer.base.paths import data_folder, expanded, runs_folder
from trainer.cli.display import Display
from trainer.cli.output import error_console
from trainer.datasets.spec import SOURCES, absolute_spec, is_spec
from trainer.runs.config import TrainConfig, settings
from trainer.runs.records import find_run
from trainer.training.recipes import RECIPES, find_recipe
from trainer.training.tensorboard import check_tensorboard, mirrored

# What other programs call it.
_ALIASES = {"network": ("--model",)}
_DEFAULTS = {f.name: f.default for f in fields(TrainConfig)}


def _flags_from_config(command: Callable[..., None]) -> Callable[..., None]:
    """Gives the command one flag for every field of TrainConfig, with its gloss, bounds and default."""
    hints = get_type_hints(TrainConfig)
    shown = settings()
    parameters = []
    for field in fields(TrainConfig):
        setting = shown[field.name]
        possible = SOURCES if field.name == "dataset" else setting.choices
        choices = f" ({', '.join(possible)})" if possible else ""
        option = typer.Option(
            "--" + field.name.replace("_", "-"),
            *_ALIASES.get(field.name, ()),
            help=f"{setting.label}: {setting.gloss}{choices}",
            rich_help_panel="Advanced" if setting.advanced else "Training",
        )
        assert field.default is not MISSING
        parameters.append(
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=field.default,
                annotation=Annotated[hints[field.name], option],
            )
        )
    own = [
        p.replace(annotation=get_type_hints(command, include_extras=True)[p.name])
        for p in inspect.signature(command).parameters.values()
        if p.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    command.__signature__ = inspect.Signature(own + parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in own + parameters}
    return command


@_flags_from_config
def train(
    *,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|DATA",
            help="Folder that holds the data set (default: HANDWRITE_DATA, else the cache folder, where "
            "it is downloaded), or what to learn from, as with --dataset.",
        ),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A whole set of settings, with the data it learns from in the folder that --data names "
            f"({', '.join(f'{r.name}: {r.summary}' for r in RECIPES.values())}). What is given besides "
            "takes the place of its own.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Also write the best weights to this .safetensors file.")
    ] = None,
    compare_with: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE", help="Compare with these weights on the validation data."
        ),
    ] = None,
    tensorboard: Annotated[
        bool,
        typer.Option(
            "--tensorboard", help="Also write TensorBoard's event files, into the run's folder."
        ),
    ] = False,
    resume: Annotated[
        str | None,
        typer.Option(
            metavar="RUN",
            help="Go on with a run that was stopped or killed: its folder, its name, or `last`. "
            "Its own settings count.",
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object an event, for machines.")
    ] = False,
    context: typer.Context,
    **chosen: Any,
) -> None:
    """Train a network. Ctrl+C stops early and keeps the best weights so far."""
    from trainer.models.weights import find_weights

    if resume is not None and recipe is not None:
        raise InputError("--resume goes on with the run's own settings: leave out --recipe")
    folder_of_run = _resumed(resume, chosen) if resume is not None else None
    given = {key for key in chosen if _is_given(context, key)}

    # Wrong input is told before a second is spent on loading torch, let alone hours on training.
    if data is not None and is_spec(data):
        if folder_of_run is not None:
            raise InputError(
                "--resume goes on with the run's own data: --data may only name a folder"
            )
        chosen["dataset"], folder = data, data_folder()
        given.add("dataset")
    else:
        folder = data_folder(data)
    if recipe is not None:
        chosen = _by_recipe(recipe, folder, chosen, given)
    chosen["dataset"] = absolute_spec(chosen["dataset"])
    if chosen["start"] and (path := find_weights(chosen["start"])).stem != chosen["start"]:
        chosen["start"] = str(path.absolute())  # so that the run can be gone on with from anywhere
    config = TrainConfig(**chosen)
    old = find_weights(compare_with) if compare_with else None
    if output is not None:
        output = expanded(output)
        check_regular(output)
    if tensorboard:
        check_tensorboard()

    from trainer.execution.distributed import Group
    from trainer.training import train

    # Where torchrun started several processes, the first one speaks for all.
    leads = Group.from_environment().leads
    stopped = threading.Event()
    finished: RunFinished | None = None
    with Display(as_json=json) as display, _interrupt_sets(stopped):
        rest: dict[str, Any] = {"compare_with": old, "should_stop": stopped.is_set}
        if folder_of_run is not None:
            events = train.resume(folder_of_run, data_folder=folder, **rest)
        else:
            events = train.train(config, data_folder=folder, **rest)
        for event in mirrored(events) if tensorboard and leads else events:
            if leads:
                display.show(event)
            if isinstance(event, RunFinished):
                finished = event
    if finished is None and leads:
        raise RunError("stopped before anything was learned: there is nothing to keep")
    if output is not None and finished is not None:
        content = Path(finished.weights).read_bytes()
        with atomic_write(output) as temporary:
            temporary.write_bytes(content)


def _is_given(context: typer.Context, key: str) -> bool:
    """Whether that flag was on the command line, be it with its default."""
    source = context.get_parameter_source(key)
    return source is not None and source.name != "DEFAULT"


def _by_recipe(name: str, folder: Path, chosen: dict[str, Any], given: set[str]) -> dict[str, Any]:
    """All settings: those that were given, else the recipe's."""
    recipe = find_recipe(name)
    dataset, missing = recipe.dataset(folder)
    if missing and "dataset" not in given:
        error_console().print(
            f"Not in {folder}: {'; '.join(missing)}. The recipe goes on without, and the network will "
            "read strangers' hands less well.",
            soft_wrap=True,
        )
    own = {"dataset": dataset, **recipe.settings}
    return {**chosen, **{key: value for key, value in own.items() if key not in given}}


def _resumed(name: str, chosen: dict[str, Any]) -> Path:
    """The folder of the run meant. Raises InputError where there is none, or settings were given, too."""
    changed = [key for key, value in chosen.items() if value != _DEFAULTS[key]]
    if changed:
        raise InputError(
            f"--resume goes on with the run's own settings: leave out --{changed[0].replace('_', '-')}"
        )
    return find_run(name, runs_folder())


class _interrupt_sets:  # noqa: N801  reads as a phrase where it is used
    """While entered, Ctrl+C sets the flag; a second one interrupts as ever."""

    def __init__(self, flag: threading.Event) -> None:
        self._flag = flag
        self._before: Any = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._on_interrupt)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _on_interrupt(self, *_: object) -> None:
        if self._flag.is_set():
            raise KeyboardInterrupt
        self._flag.set()
