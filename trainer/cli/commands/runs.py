"""handwrite-trainer runs: list, show, compare and delete training runs."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from trainer.base.errors import InputError
from trainer.base.paths import runs_folder
from trainer.cli.files import OVERWRITE_HELP, output_file
from trainer.cli.help import Command, new_group
from trainer.cli.output import counted, percent, print_json, result_console, shown
from trainer.cli.weights import run_names
from trainer.runs.curves import write_curves
from trainer.runs.notes import Notes, read_notes, write_notes
from trainer.runs.records import (
    Run,
    check_deletable,
    delete_run,
    differing_settings,
    find_run,
    list_runs,
    read_run,
)

runs = new_group("runs", "List, show, compare and delete training runs.", no_args_is_help=True)

_NAMES = typer.Argument(
    metavar="RUN",
    help="Names of runs, beginnings of them, `last`, or paths.",
    autocompletion=run_names,
)


@runs.command("list", cls=Command)
def list_command(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object per run.")] = False,
) -> None:
    """List the runs, the last one at the end.

    The JSON objects are described in docs/formats.md.
    """
    found = list_runs(runs_folder())
    if json:
        for run in found:
            print_json(run.to_json())
        return
    console = result_console()
    if not found:
        console.print(
            f"No runs in {runs_folder()} yet: `handwrite-trainer train` makes one.", soft_wrap=True
        )
        return
    table = _table("run", "network", "data", "accuracy", "epochs", "time", "state")
    for run in found:
        figures = run.metrics()
        table.add_row(
            shown(run.name),
            _text(figures["network"]),
            _text(figures["dataset"]),
            _shown("validation_accuracy", figures["validation_accuracy"]),
            f"{figures['epochs']}/{_text(figures['epochs_planned'])}",
            _time(run.seconds),
            run.state,
        )
    console.print(table)


@runs.command(cls=Command)
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="RUN",
            help="A run's name, the beginning of it, `last`, or a path.",
            autocompletion=run_names,
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show a run: its settings, every epoch, and where its files are."""
    run = read_run(find_run(name, runs_folder()))
    files = sorted(f for f in run.folder.iterdir() if f.is_file() and not f.name.startswith("."))
    if json:
        print_json(
            {
                **run.to_json(),
                "settings": run.settings,
                "changed_settings": {k: v for k, (v, _) in run.changed_settings().items()},
                "curve": [dataclasses.asdict(epoch) for epoch in run.epochs],
                "files": {f.name: f.stat().st_size for f in files},
            }
        )
        return
    _print_run(run, files)


@runs.command(cls=Command)
def compare(
    names: Annotated[list[str], _NAMES],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compare runs: the settings in which they differ, and their metrics, side by side.

    The JSON object is described in docs/formats.md.
    """
    compared = [read_run(folder) for folder in _find(names)]
    if len(compared) < 2:
        raise InputError(
            "runs.compare-one",
            "compare needs two runs or more; `handwrite-trainer runs list` names them",
        )
    settings = differing_settings(compared)
    each = [run.metrics() for run in compared]
    figures = {name: [row[name] for row in each] for name in each[0]}
    if json:
        print_json(
            {"runs": [run.name for run in compared], "settings": settings, "figures": figures}
        )
        return
    console = result_console()
    table = _table("", *(shown(run.name) for run in compared))
    for name, values in figures.items():
        if name not in ("network", "dataset"):  # these are settings
            table.add_row(name.replace("_", " "), *(_shown(name, v) for v in values))
    table.add_section()
    for name, row in settings.items():
        table.add_row(_flag(name), *map(_text, row))
    console.print(table)
    if not settings:
        console.print("All settings are the same.")


@runs.command(cls=Command)
def delete(
    names: Annotated[list[str], _NAMES],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per deleted run.")
    ] = False,
) -> None:
    """Delete runs with their weights. Asks first. Networks that were kept from them stay, and so do files
    in their folders that the program did not write."""
    folder = runs_folder()
    found = _find(names)
    for run in found:  # nothing is deleted where one of them may not be
        check_deletable(run, folder)
    if not yes:
        for run in found:
            typer.echo(f"{run.name}  {_size(run)}", err=True)
        count = "this run" if len(found) == 1 else f"these {len(found)} runs"
        if not typer.confirm(f"Delete {count} with all weights?", err=True):
            raise typer.Exit(1)
    for run in found:
        left = delete_run(run, folder)
        if json:
            print_json({"deleted": run.name, "path": str(run), "left": list(left)})
        else:
            print(f"deleted {shown(str(run))}")
            if left:
                print(f"  left there, as no run wrote it: {', '.join(map(shown, left))}")


@runs.command(cls=Command)
def note(
    name: Annotated[
        str,
        typer.Argument(
            metavar="RUN",
            help="A run's name, the beginning of it, `last`, or a path.",
            autocompletion=run_names,
        ),
    ],
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="The note; '' removes it.")
    ] = None,
    star: Annotated[
        bool | None, typer.Option("--star/--no-star", help="Mark the run, or take the mark away.")
    ] = None,
) -> None:
    """Write a note about a run, or show it. The app shows both in Train, Runs."""
    folder = find_run(name, runs_folder())
    notes = read_notes(folder)
    if text is not None or star is not None:
        notes = Notes(
            note=notes.note if text is None else text, star=notes.star if star is None else star
        )
        write_notes(folder, notes)
    print(f"{'★ ' if notes.star else ''}{shown(folder.name)}: {shown(notes.note) or 'no note'}")


@runs.command("export", cls=Command)
def export_command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="RUN",
            help="A run's name, the beginning of it, `last`, or a path.",
            autocompletion=run_names,
        ),
    ],
    file: Annotated[str, typer.Argument(metavar="FILE.csv", help="The file to write.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help=OVERWRITE_HELP)] = False,
) -> None:
    """Write a run's curves to a table: a row for every progress event and every epoch."""
    folder = find_run(name, runs_folder())
    target = output_file(file, "FILE", (".csv",), overwrite=overwrite, what="a CSV table")
    print(f"{shown(str(target))}: {counted(write_curves(folder, target), 'row')}")


def _find(names: list[str]) -> list[Path]:
    """The folder of each run once, however often it is named."""
    folder = runs_folder()
    return list(dict.fromkeys(find_run(name, folder) for name in names))


def _print_run(run: Run, files: list[Path]) -> None:
    console = result_console()
    lines = [f"{shown(run.name)}: {run.state}, begun {run.begun:%Y-%m-%d %H:%M}", str(run.folder)]
    if run.started:
        lines += [
            f"{run.started.network}, {counted(run.started.parameters, 'parameter')}, on "
            f"{run.started.device} ({run.started.precision}, {counted(run.started.threads, 'thread')})",
            f"{counted(run.started.training_pictures, 'picture')} to learn from, "
            f"{run.started.validation_pictures:,} for validation",
        ]
    if run.best:
        lines += [f"Best epoch {run.best.epoch}: {percent(run.best.validation.accuracy)}"]
    console.print("\n".join(lines), soft_wrap=True)
    changed = run.changed_settings()
    console.print()
    if changed:
        table = _table("setting", "value", "default")
        for name, (value, default) in changed.items():
            table.add_row(_flag(name), _text(value), _text(default))
        console.print(table)
    else:
        console.print(
            "All settings are the defaults." if run.settings else "The settings cannot be read."
        )
    if run.epochs:
        console.print()
        table = _table("epoch", "loss", "accuracy", "validation loss", "accuracy", "time", "")
        for epoch in run.epochs:
            table.add_row(
                str(epoch.epoch),
                f"{epoch.training.loss:.4f}",
                percent(epoch.training.accuracy),
                f"{epoch.validation.loss:.4f}",
                percent(epoch.validation.accuracy),
                _time(epoch.seconds),
                "best" if epoch is run.best else "",
            )
        console.print(table)
    console.print()
    table = _table("file", "size")
    for file in files:
        table.add_row(file.name, _bytes(file.stat().st_size))
    console.print(table)


def _table(*columns: str) -> Table:
    """A table without lines. Nothing is cut off where it is too wide, it goes on below."""
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _flag(setting: str) -> str:
    return "--" + setting.replace("_", "-")


def _shown(name: str, value: Any) -> str:
    """A figure as people read it."""
    if value is None:
        return "–"
    if name.endswith("accuracy"):
        return percent(value)
    if name.endswith("loss"):
        return f"{value:.4f}"
    if name == "seconds":
        return _time(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _text(value: Any) -> str:
    return "–" if value is None else shown(str(value))


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02} h"
    return f"{minutes}:{rest:02} min" if minutes else f"{seconds:.1f} s"


def _size(folder: Path) -> str:
    return _bytes(sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()))


def _bytes(size: int) -> str:
    return f"{size / 1e6:.2f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"
