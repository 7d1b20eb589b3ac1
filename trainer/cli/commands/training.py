"""handwrite-trainer train."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from trainer.base.errors import HandwriteError, InputError
from trainer.base.events import Event, RunFinished
from trainer.base.paths import runs_folder
from trainer.cli.data import chosen_data
from trainer.cli.display import Display
from trainer.cli.dry_run_output import print_dry_run
from trainer.cli.files import output_file, write_output
from trainer.cli.output import error_console, print_note
from trainer.cli.stopping import CLOSED_OUTPUT, INTERRUPTED, StopRequest
from trainer.cli.train_settings import (
    DEFAULTS,
    flag,
    flags_from_config,
    parsed,
    settings_of_file,
    settings_of_preset,
    settings_of_recipe,
    settings_of_run,
    start_from,
    without_effect,
)
from trainer.cli.weights import WEIGHTS_METAVAR, weights_file
from trainer.datasets.spec import absolute_spec
from trainer.runs.config import TrainConfig
from trainer.runs.presets import PRESETS
from trainer.runs.recipes import RECIPES
from trainer.runs.records import LAST, find_run, read_run
from trainer.runs.tensorboard import check_tensorboard, mirrored


@flags_from_config
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
    preset: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A run with a purpose, as in the app's dialog; `handwrite-trainer presets` lists them. "
            "Options given as well override its settings.",
            autocompletion=lambda: list(PRESETS),
        ),
    ] = None,
    config: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Settings from a .toml or .json file, by the names of the options below. Options given as "
            "well override them.",
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(
            metavar="RUN",
            help="The settings of an earlier run. Options given as well override them.",
        ),
    ] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="One of the settings below, by its option's name: --set epochs=3 is --epochs 3. Can be "
            "given several times.",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Name of the run. Default: the date and the network's name."
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
            metavar=WEIGHTS_METAVAR, help="Compare with these weights on the validation data."
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
            help="Continue a run that was stopped or killed: its folder, its name, or `last`. Its own "
            "settings count; only --epochs may be given, to go on beyond the planned ones.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Load data and network, print what would be trained, and stop there: nothing is "
            "downloaded, trained or kept.",
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object per event.")] = False,
    **texts: Any,
) -> None:
    """Train a network. Ctrl+C stops early and keeps the best weights so far.

    SIGTERM and SIGHUP, and a standard output that is closed, stop the run in the same way. The exit code of a
    stopped run is 130 (Ctrl+C), 143, 129 or 141. The events of --json are described in docs/formats.md.
    """
    from trainer.models.weights import SUFFIX

    # Wrong input is an error before a second is spent on loading torch, let alone hours on training.
    given = parsed(texts, assignments or ())
    sets = {"--recipe": recipe, "--preset": preset, "--config": config, "--like": like}
    for option, value in (*sets.items(), ("--dry-run", dry_run or None)):
        if resume is not None and value is not None:
            raise InputError(
                "train.resume-with-set",
                "--resume goes on with the run's own settings: leave out {option}",
                option=option,
            )
    whole = [option for option, value in sets.items() if value is not None and option != "--config"]
    if len(whole) > 1:
        raise InputError(
            "train.two-sets",
            "{one} and {other} exclude each other: leave one of them out",
            one=whole[0],
            other=whole[1],
        )
    if name is not None:
        _check_run_name(name)
    planned: TrainConfig | None = None
    folder_of_run: Path | None = None
    if resume is not None:
        folder_of_run, planned = _resumed(resume, given, name)
    before = settings_of_run(like) if like is not None else {}
    if config is not None:
        before |= settings_of_file(config)
    found = chosen_data(
        data,
        named="dataset" in given | before
        or recipe is not None
        or preset is not None
        or folder_of_run is not None,
    )
    if found.spec:
        if folder_of_run is not None or planned is not None:
            raise InputError(
                "train.resume-with-data",
                "--resume goes on with the run's own data: --data may only name a folder",
            )
        if "dataset" in given:
            raise InputError(
                "cli.data-twice",
                "--data {data} and --dataset {dataset} both name data: leave one out, or join them with +",
                data=data,
                dataset=given["dataset"],
            )
        if found.note:
            print_note(found.note)
        given["dataset"] = found.spec
    if recipe is not None:
        own_data = "dataset" in given | before
        before = settings_of_recipe(recipe, found.folder, own_data=own_data) | before
    elif preset is not None:
        own_data = "dataset" in given | before
        before = settings_of_preset(preset, found.folder, own_data=own_data) | before
    chosen = {**DEFAULTS, **before, **given}
    chosen["dataset"] = absolute_spec(chosen["dataset"])
    if "start" in given or chosen["start"]:
        start_from(chosen, named="network" in given)
    settings = TrainConfig(**chosen) if planned is None else planned
    if folder_of_run is None:
        for text in without_effect(settings, frozenset(given)):
            print_note(text)
    old = None if compare_with is None else weights_file(compare_with, "--compare-with")
    target = None
    if output is not None:
        target = output_file(
            output, "--output", (SUFFIX,), overwrite=overwrite, what="a weights file"
        )
    if tensorboard:
        check_tensorboard()
    if dry_run:
        from trainer.training.planning.dry_run import dry_run as planned_run

        print_dry_run(planned_run(settings, data_folder=found.folder), as_json=json)
        return

    from trainer.execution.distributed import Group
    from trainer.training import train

    # Where torchrun started several processes, the first one speaks for all.
    leads = Group.from_environment().leads
    display = Display(
        as_json=json,
        compared_with=old.stem if old is not None else "",
        wanted_validation=settings.validation if folder_of_run is None else 0,
    )
    with StopRequest() as stop, display:
        rest: dict[str, Any] = {"compare_with": old, "should_stop": stop.is_set}
        if folder_of_run is not None:
            epochs = given.get("epochs", 0)
            events = train.resume(folder_of_run, data_folder=found.folder, epochs=epochs, **rest)
        else:
            events = train.train(settings, data_folder=found.folder, name=name or "", **rest)
        finished = _followed(
            mirrored(events) if tensorboard and leads else events,
            display if leads else None,
            stop,
            target if leads else None,
            overwrite=overwrite,
        )
    _exit_where_stopped(finished, stop, leads=leads)


def _exit_where_stopped(finished: RunFinished | None, stop: StopRequest, *, leads: bool) -> None:
    """Raises typer.Exit where the run did not come to its end.

    finished: its result; None where nothing was learned, and in processes of a group that do not lead.
    """
    code = stop.exit_code
    if code == CLOSED_OUTPUT:
        kept = f"stopped; the best weights are {finished.weights}" if finished else "stopped"
        _say_at_end(kept)
    elif finished is not None:
        if finished.reason != "stopped":  # the signal came when all was done
            return
        code = code or INTERRUPTED  # another process of the group has heard it
    elif leads:
        _say_at_end("stopped before anything was learned: there is nothing to keep")
        code = code or INTERRUPTED
    if code:
        raise typer.Exit(code)


def _resumed(
    run_name: str, given: dict[str, Any], name: str | None
) -> tuple[Path | None, TrainConfig | None]:
    """The folder of the run to continue; or, for a complete run that is to go on beyond its planned epochs,
    the settings of a run that does so, from its last weights.

    Raises InputError where there is no such run, or settings were given that only a new run can have.
    """
    from trainer.models.weights import SUFFIX

    changed = sorted(set(given) - {"epochs"})
    if changed or name is not None:
        raise InputError(
            "train.resume-with-settings",
            "--resume goes on with the run's own settings: leave out {flag}",
            flag=flag(changed[0]) if changed else "--name",
        )
    folder = find_run(run_name, runs_folder())
    epochs = given.get("epochs")
    if epochs is None:
        return folder, None
    run = read_run(folder)
    done = run.epochs[-1].epoch if run.epochs else 0
    if epochs <= done:
        raise InputError(
            "train.resume-epochs",
            "--epochs {epochs}: the run {name} has done {done} already; name more, or leave --epochs out",
            epochs=epochs,
            name=run.name,
            done=done,
        )
    if run.state != "finished":
        return folder, None
    weights = folder / f"last{SUFFIX}"
    known = {key: value for key, value in run.settings.items() if key in DEFAULTS}
    settings = {
        **known,
        "epochs": epochs - done,
        "minutes": 0.0,
        "start": str((weights if weights.is_file() else folder / f"best{SUFFIX}").absolute()),
    }
    print_note(
        f"the run {run.name} is complete: a new run goes on from its last weights for "
        f"{epochs - done} more epoch{'' if epochs - done == 1 else 's'}"
    )
    return None, TrainConfig.from_json(settings)


def _check_run_name(name: str) -> None:
    """Raises InputError where it cannot be the name of a new run's folder."""
    if not re.fullmatch(r"\w[\w .+-]{0,99}", name) or name.endswith((" ", ".")) or name == LAST:
        raise InputError(
            "train.run-name",
            "--name {name!r} cannot be the name of a run: use letters, digits, dashes and dots, 100 at most",
            name=name,
        )
    if (runs_folder() / name).exists():
        raise InputError(
            "train.run-name-taken", "--name {name}: there is a run of this name already", name=name
        )


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
