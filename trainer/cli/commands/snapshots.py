"""handwrite-trainer runs snapshots."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from trainer.base.errors import InputError, WeightsError
from trainer.base.paths import runs_folder
from trainer.cli.commands.runs import runs
from trainer.cli.help import Command
from trainer.cli.output import percent, print_json, print_note, result_console
from trainer.cli.weights import run_names
from trainer.runs.records import find_run
from trainer.runs.snapshots import list_snapshots


@runs.command(cls=Command)
def snapshots(
    name: Annotated[
        str,
        typer.Argument(
            metavar="RUN",
            help="A run's name, the beginning of it, `last`, or a path.",
            autocompletion=run_names,
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a snapshot.")] = False,
) -> None:
    """Show how a run learned to read its wall: sixty validation pictures, by the weights of every snapshot.

    The JSON objects are described in docs/formats.md.
    """
    from trainer.runs.wall import read_wall

    folder = find_run(name, runs_folder())
    found, wall = list_snapshots(folder), read_wall(folder)
    if not found or wall is None or not wall.targets:
        raise InputError(
            "runs.no-snapshots",
            "{name} has no snapshots: it was made by an earlier version, or its network is too large",
            name=folder.name,
        )

    from trainer.probing.watching import Probe

    table = Table("epoch", "step", "right", box=None, header_style="")
    for snapshot in found:
        try:
            probe = Probe(snapshot.path)
        except WeightsError as error:
            print_note(error)
            continue
        answers = probe.read(wall.pictures)[0].argmax(1).tolist()
        read = [probe.labels[answer] for answer in answers]
        right = sum(a == b for a, b in zip(read, wall.targets, strict=True)) / len(read)
        if json:
            print_json(
                {
                    "epoch": snapshot.epoch,
                    "step": snapshot.step,
                    "accuracy": right,
                    "answers": read,
                    "targets": list(wall.targets),
                    "path": str(snapshot.path),
                }
            )
        else:
            table.add_row(f"{snapshot.epoch:g}", str(snapshot.step), percent(right))
    if not json:
        result_console().print(table)
