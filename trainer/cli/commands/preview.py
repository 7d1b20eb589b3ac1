"""handwrite-trainer preview: what a network gets to see in training."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Annotated

import typer

from trainer.cli.data import chosen_data
from trainer.cli.display import fetch_data
from trainer.cli.files import OVERWRITE_HELP, output_file
from trainer.cli.output import MOST_SEED, print_json, shown
from trainer.datasets.augmentation.spec import PRESETS
from trainer.runs.config import TrainConfig

_DEFAULTS = TrainConfig()


def preview(
    augmentation: Annotated[
        str,
        typer.Option(
            help=f"How pictures are changed ({', '.join(PRESETS)}, or amounts: rotation=20,noise=0.1)."
        ),
    ] = _DEFAULTS.augmentation,
    data: Annotated[
        str,
        typer.Option(
            metavar="FOLDER|FILE|DATA",
            help="Data as `train --data` takes them.",
        ),
    ] = _DEFAULTS.dataset,
    count: Annotated[int, typer.Option(min=1, max=1024, help="How many pictures.")] = 64,
    seed: Annotated[
        int, typer.Option(min=0, max=MOST_SEED, help="Which pictures, and how they are changed.")
    ] = 0,
    output: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.png", help="File to write. Default: a new file in the current folder."
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help=OVERWRITE_HELP)] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write an image of a training batch: each picture as it is, and beside it as the network gets it.

    The JSON object is described in docs/formats.md.
    """
    TrainConfig(augmentation=augmentation)  # refuses a wrong name
    path = _output(output, augmentation, overwrite=overwrite)
    found = chosen_data(data)
    spec, folder = found.spec or _DEFAULTS.dataset, found.folder

    from trainer.datasets import load_training
    from trainer.datasets.augmentation.images import augmentation_of
    from trainer.training.planning.preview import draw_batch, sample_batch, write_preview

    fetch_data(spec, folder)
    pictures = load_training(spec, folder, validation=_DEFAULTS.validation)
    batch = sample_batch(pictures, augmentation_of(augmentation), count=count, seed=seed)
    title = (
        f"{spec}, augmentation {augmentation}, seed {seed}: as it is, and as the network gets it"
    )
    write_preview(draw_batch(batch, title=title), path)
    if json:
        document = {
            "file": str(path),
            "data": spec,
            "augmentation": augmentation,
            "seed": seed,
            "pictures": len(batch.labels),
            "labels": list(batch.labels),
        }
        print_json(document)
    else:
        print(shown(str(path)))


def _output(output: str | None, augmentation: str, *, overwrite: bool) -> Path:
    """The file to write; without a name one that is free. Raises InputError where something would be lost."""
    if output is None:
        names = (
            f"preview-{augmentation}{f'-{n}' if n > 1 else ''}.png" for n in itertools.count(1)
        )
        return next(path for path in map(Path, names) if overwrite or not path.exists())
    return output_file(output, "--output", (".png",), overwrite=overwrite, what="a PNG image")
