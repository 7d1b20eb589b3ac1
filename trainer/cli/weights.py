"""Which weights a command reads: a network by name, a file, or the best of a training run."""

from __future__ import annotations

from pathlib import Path

import typer

from trainer.base.errors import InputError, WeightsError
from trainer.base.paths import runs_folder

WEIGHTS_METAVAR = "NAME|FILE|RUN"


def network_names(incomplete: str) -> list[str]:
    """For the shell's completion."""
    from trainer.models.weights import stored_weights

    names = [entry.name for entry in stored_weights()]
    return [name for name in names if name.startswith(incomplete)]


def run_names(incomplete: str) -> list[str]:
    """For the shell's completion: the newest first."""
    from trainer.runs.records import LAST, list_runs

    names = [LAST, *(run.name for run in reversed(list_runs(runs_folder())))]
    return [name for name in names if name.startswith(incomplete)]


WEIGHTS = typer.Option(
    "--weights",
    metavar=WEIGHTS_METAVAR,
    help="The network: a name from `models`, a .safetensors file, or a run from `runs list` (or `last`), "
    "whose best weights are meant. Default: the best that ships.",
    autocompletion=network_names,
)
DEVICE = typer.Option("--device", metavar="NAME", help="Where to compute: auto, cuda, mps or cpu.")


def weights_file(name: str | None, option: str = "--weights", *, mode: str = "") -> Path:
    """The weights file that a name, a path or a run means; without one, the best that ships for the mode.

    A network of this name is preferred to a run. Raises InputError for an empty name, WeightsError listing
    the choices where there is neither, and for a run without weights.
    """
    from trainer.models.weights import SUFFIX, find_weights
    from trainer.runs.records import find_run

    if name is not None and not name.strip():
        raise InputError("cli.empty-name", "{option} is empty: name a network", option=option)
    try:
        return find_weights(name, mode)
    except WeightsError as no_network:
        if name is None or name.lower().endswith(SUFFIX):
            raise
        try:
            run = find_run(name, runs_folder())
        except InputError:
            raise no_network from None
    best = run / f"best{SUFFIX}"
    if not best.is_file():
        raise WeightsError(
            "cli.run-without-weights",
            "the run {name} has no weights yet: its first epoch has not ended",
            name=run.name,
        )
    return best
