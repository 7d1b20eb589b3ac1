"""handwrite-trainer train: the flags are TrainConfig's fields."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from trainer.base.errors import HandwriteError, InputError, RunError
from trainer.base.events import Event, RunFinished
from trainer.base.paths import runs_folder
from trainer.cli.data import chosen_data
from trainer.cli.display import Display
from trainer.cli.files import output_file, write_output
from trainer.cli.output import error_console
from trainer.cli.stopping import StopRequest
from trainer.datasets.spec import SOURCES, absolute_spec
from trainer.runs.config import TrainConfig, settings
from trainer.runs.records import find_run
from trainer.training.recipes import RECIPES, find_recipe
from trainer.training.tensorboard import check_tensorboard, mirrored

# What other programs call it.
_ALIASES = {"network": ("--model",)}


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
            metavar="FOLDER|FILE|DATA",
            help="What to learn from: data by name (as with --dataset), a folder with one folder of images "
            "for each label, a file; or the folder of published data sets (default: HANDWRITE_DATA, else the "
            "cache folder, where they are downloaded).",
        ),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A whole set of settings, with the data it learns from in the folder that --data names "
            f"({', '.join(f'{r.name}: {r.summary}' for r in RECIPES.values())}). Options given as well "
            "override the recipe's.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(metavar="FILE.safetensors", help="Also write the best weights to this file."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let --output replace an existing file.")
    ] = False,
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
            help="Continue a run that was stopped or killed: its folder, its name, or `last`. "
            "Its own settings count.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object per event.")] = False,
    context: typer.Context,
    **chosen: Any,
) -> None:
    """Train a network. Ctrl+C stops early and keeps the best weights so far.

    SIGTERM and SIGHUP, and a standard output that is closed, stop the run in the same way; the exit code is
    then 143, 129 or 141. After Ctrl+C it is 0.
    """
    from trainer.models.weights import SUFFIX, find_weights

    if resume is not None and recipe is not None:
        raise InputError("--resume goes on with the run's own settings: leave out --recipe")
    given = {key for key in chosen if _is_given(context, key)}
    folder_of_run = _resumed(resume, given) if resume is not None else None

    # Wrong input is told before a second is spent on loading torch, let alone hours on training.
    found = chosen_data(
        data, named="dataset" in given or recipe is not None or folder_of_run is not None
    )
    if found.spec:
        if folder_of_run is not None:
            raise InputError(
                "--resume goes on with the run's own data: --data may only name a folder"
            )
        if "dataset" in given:
            raise InputError(
                "cli.data-twice",
                "--data {data} and --dataset {dataset} both name data: leave one out, or join them with +",
                data=data,
                dataset=chosen["dataset"],
            )
        if found.note:
            error_console().print(found.note, soft_wrap=True)
        chosen["dataset"] = found.spec
        given.add("dataset")
    if recipe is not None:
        chosen = _by_recipe(recipe, found.folder, chosen, given)
    chosen["dataset"] = absolute_spec(chosen["dataset"])
    if chosen["start"] and (path := find_weights(chosen["start"])).stem != chosen["start"]:
        chosen["start"] = str(path.absolute())  # so that the run can be gone on with from anywhere
    config = TrainConfig(**chosen)
    old = find_weights(compare_with) if compare_with else None
    target = None
    if output is not None:
        target = output_file(
            output, "--output", (SUFFIX,), overwrite=overwrite, what="a weights file"
        )
    if tensorboard:
        check_tensorboard()

    from trainer.execution.distributed import Group
    from trainer.training import train

    # Where torchrun started several processes, the first one speaks for all.
    leads = Group.from_environment().leads
    with StopRequest() as stop, Display(as_json=json) as display:
        rest: dict[str, Any] = {"compare_with": old, "should_stop": stop.is_set}
        if folder_of_run is not None:
            events = train.resume(folder_of_run, data_folder=found.folder, **rest)
        else:
            events = train.train(config, data_folder=found.folder, **rest)
        finished = _followed(
            mirrored(events) if tensorboard and leads else events,
            display if leads else None,
            stop,
            target if leads else None,
            overwrite=overwrite,
        )
    if finished is None and leads and not stop.exit_code:
        raise RunError("stopped before anything was learned: there is nothing to keep")
    if stop.exit_code:
        kept = f"stopped; the best weights are {finished.weights}" if finished else "stopped"
        _say_at_end(kept)
        raise typer.Exit(stop.exit_code)


def _followed(
    events: Iterator[Event],
    display: Display | None,
    stop: StopRequest,
    target: Path | None,
    *,
    overwrite: bool,
) -> RunFinished | None:
    """Shows the events and writes the best weights to the target as soon as the run has its result.

    A display that fails, because standard output was closed or is full, stops the run, which keeps its best.
    """
    finished: RunFinished | None = None
    problem: OSError | None = None
    unwritten: HandwriteError | None = None
    for event in events:
        if isinstance(event, RunFinished):
            finished = event
            if target is not None:  # before it is told: who is told may end the program
                content = Path(event.weights).read_bytes()
                instead = f"The weights are in {event.weights}."
                try:
                    write_output(target, content, overwrite=overwrite, instead=instead)
                except HandwriteError as error:
                    unwritten = error
        if display is not None and problem is None:
            try:
                display.show(event)
            except OSError as error:
                problem = error
                stop.output_closed()
    if unwritten is not None:
        raise unwritten
    if problem is not None and not isinstance(problem, BrokenPipeError):
        raise problem
    return finished


def _say_at_end(text: str) -> None:
    """A last line on standard error, which may be closed like standard output."""
    with contextlib.suppress(OSError):
        error_console().print(text, soft_wrap=True)


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


def _resumed(name: str, given: set[str]) -> Path:
    """The folder of the run meant. Raises InputError where there is none, or settings were given, too."""
    if given:
        raise InputError(
            "cli.resume-with-settings",
            "--resume goes on with the run's own settings: leave out {flag}",
            flag="--" + min(given).replace("_", "-"),
        )
    return find_run(name, runs_folder())
