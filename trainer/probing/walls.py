"""The wall of a network: sixty labelled pictures that it did not learn from, found without the internet."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from trainer.base.errors import HandwriteError
from trainer.base.labels import labels_alone
from trainer.picture.preprocess import picture_from_drawing
from trainer.runs.wall import COUNT, Wall, choose_wall, read_wall
from trainer.synthetic.synthetic_digits import synthetic_digits

_VALIDATION = 5000  # of MNIST's training part, as runs keep it apart by default
_SEED = 17


def wall_for(weights: Path, labels: Sequence[str], data_folder: Path) -> Wall | None:
    """The wall of the run whose folder the weights are in; else MNIST's validation pictures, where MNIST is
    on the disk; else digits that the program draws. None for a network that reads no digits and has no run.

    Raises RunError for a run's wall that is damaged.
    """
    wall = read_wall(weights.parent)
    if wall is not None and len(wall.targets):  # a run with nothing labelled has an empty one
        return wall
    if not set("0123456789").issubset(labels):
        return None
    with contextlib.suppress(HandwriteError, OSError):
        return _of_mnist(data_folder)
    return _drawn()


def _of_mnist(data_folder: Path) -> Wall:
    from trainer.datasets import load_training

    found = load_training("mnist", data_folder, validation=_VALIDATION).validation
    return choose_wall(found.pictures, found.targets, labels_alone(found.labels))


def _drawn() -> Wall:
    digits = tuple("0123456789")
    pictures, targets = [], []
    for label, drawing in synthetic_digits(2 * COUNT, _SEED):
        picture = picture_from_drawing(drawing)
        if picture is not None and label in digits:
            pictures.append(picture)
            targets.append(digits.index(label))
    return choose_wall(np.stack(pictures), np.array(targets, np.int64), digits)
