"""handwrite-trainer preview: what a network gets to see in training."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Annotated

import typer

from trainer.base.errors import InputError
from trainer.base.paths import data_folder, expanded
from trainer.cli.display import Display
from trainer.datasets.augmentation_spec import PRESETS
from trainer.datasets.spec import is_spec
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
            metavar="NAME|FOLDER",
            help="Data as in `train`: a name, strokes:FILE, folder:DIR, a mixture, or the folder that "
            "holds MNIST.",
        ),
    ] = _DEFAULTS.dataset,
    count: Annotated[int, typer.Option(min=1, max=1024, help="How many pictures.")] = 64,
    seed: Annotated[
        int, typer.Option(min=0, max=2**31 - 1, help="Which pictures, and how they are changed.")
    ] = 0,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.png", help="Where it goes. Default: a new file in the current folder."
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file.")] = False,
) -> None:
    """Write a picture of a training batch: pictures as they are, and beside them as the network gets them."""
    TrainConfig(augmentation=augmentation)  # a wrong name is told in its words
    path = _output(output, augmentation, overwrite=overwrite)
    spec, folder = (data, data_folder()) if is_spec(data) else ("mnist", data_folder(data))

    from trainer.datasets import fetch, load_training
    from trainer.datasets.augment import augmentation_of
    from trainer.training.preview import draw_batch, sample_batch, write_preview

    with Display(as_json=False) as display:
        for event in fetch(spec, folder):
            display.show(event)
    found = load_training(spec, folder, validation=_DEFAULTS.validation)
    batch = sample_batch(found, augmentation_of(augmentation), count=count, seed=seed)
    title = (
        f"{spec}, augmentation {augmentation}, seed {seed}: as it is, and as the network gets it"
    )
    write_preview(draw_batch(batch, title=title), path)
    print(path)


def _output(output: Path | None, augmentation: str, *, overwrite: bool) -> Path:
    """Where to write; without a name one that is free. Raises InputError where something would be lost."""
    if output is None:
        names = (
            f"preview-{augmentation}{f'-{n}' if n > 1 else ''}.png" for n in itertools.count(1)
        )
        return next(path for path in map(Path, names) if overwrite or not path.exists())
    path = expanded(output)
    if path.is_dir():
        raise InputError(f"--output {path}: a folder; name a file in it")
    if path.suffix.lower() != ".png":
        raise InputError(f"--output {path}: a preview is a PNG file; name one that ends in .png")
    if path.exists() and not overwrite:
        raise InputError(f"--output {path}: is there already; name another, or add --overwrite")
    return path
