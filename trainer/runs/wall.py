"""The wall of a run: some of its validation pictures, by which its learning is watched.

They are stored in the run's folder, so that a run can be watched where its data are gone. Needs no torch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import RunError
from trainer.base.files import atomic_write
from trainer.runs.names import WALL

#: Pictures of a wall.
COUNT = 60

_KEY = "handwrite-wall"


@dataclass(frozen=True, kw_only=True, eq=False)
class Wall:
    """pictures: uint8 (N, 28, 28). targets: the true label of each."""

    pictures: NDArray[np.uint8]
    targets: tuple[str, ...]


def choose_wall(
    pictures: NDArray[np.uint8], targets: NDArray[np.int64], labels: Sequence[str]
) -> Wall:
    """COUNT of the pictures, the first ones of every label in turns. Those without a label are left out.

    pictures: uint8 (N, …) of 28×28 values; targets: int64 (N,), positions among the labels.
    """
    by_label = [np.flatnonzero(targets == number) for number in range(len(labels))]
    rounds = max((len(places) for places in by_label), default=0)
    order = [
        int(places[i]) for i in range(min(rounds, COUNT)) for places in by_label if i < len(places)
    ]
    chosen = np.array(order[:COUNT], np.int64)
    return Wall(
        pictures=pictures[chosen].reshape(-1, 28, 28),
        targets=tuple(labels[target] for target in targets[chosen]),
    )


def write_wall(folder: Path, wall: Wall) -> None:
    """Raises RunError where it cannot be written."""
    from safetensors.numpy import save

    content = save(
        {"pictures": np.ascontiguousarray(wall.pictures)},
        metadata={_KEY: json.dumps(wall.targets)},
    )
    with atomic_write(folder / WALL) as temporary:
        temporary.write_bytes(content)


def read_wall(folder: Path) -> Wall | None:
    """None where the folder has none: runs of earlier versions.

    Raises RunError for a file that cannot be read or is damaged.
    """
    from safetensors import SafetensorError, safe_open

    path = folder / WALL
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="np") as file:
            targets = json.loads((file.metadata() or {})[_KEY])
            pictures = file.get_tensor("pictures").copy()
        if pictures.dtype != np.uint8 or pictures.shape != (len(targets), 28, 28):
            raise ValueError("its pictures have another shape")
        if not all(isinstance(target, str) for target in targets):
            raise ValueError("its labels are no texts")
    except (OSError, SafetensorError, KeyError, ValueError, TypeError, RecursionError) as error:
        raise RunError(
            "wall.damaged",
            "{path} cannot be read: it is damaged ({reason})",
            path=str(path),
            reason=str(error),
        ) from error
    return Wall(pictures=pictures, targets=tuple(targets))
