"""What a data set is made of when it is in memory, as bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.base.labels import NO_LABEL
from trainer.base.messages import Message
from trainer.datasets.augmentation.spec import StrokeAugmentation

DIGITS = tuple("0123456789")

#: Redraws pictures from their strokes, changed by a StrokeAugmentation: positions int64 (M,) in the training
#: split, and pictures uint8 (M, 28, 28) for them.
Redraw = Callable[
    [np.random.Generator, StrokeAugmentation], tuple[NDArray[np.int64], NDArray[np.uint8]]
]


@dataclass(frozen=True, kw_only=True, eq=False)
class Split:
    """pictures: uint8 (N, 28, 28), 255 where there is ink. targets: int64 (N,), places in `labels`.

    writers: int64 (N,), the same number for pictures by the same writer, -1 where it is unknown; None where
    all are. sources: int64 (N,), which source of a mixture a picture is from; None where there is one.
    notes: what a person should know of the files that it comes from.
    """

    pictures: NDArray[np.uint8]
    targets: NDArray[np.int64]
    labels: tuple[str, ...]
    writers: NDArray[np.int64] | None = None
    sources: NDArray[np.int64] | None = None
    notes: tuple[Message, ...] = ()

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, span: slice) -> Split:
        return Split(
            pictures=self.pictures[span],
            targets=self.targets[span],
            labels=self.labels,
            writers=None if self.writers is None else self.writers[span],
            sources=None if self.sources is None else self.sources[span],
            notes=self.notes,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingData:
    """repeats: float32 (N,), how many times a training picture is seen in an epoch on average; None: once.

    redraw: redraws every picture whose strokes are known; None where there are none.
    """

    training: Split
    validation: Split
    repeats: NDArray[np.float32] | None = None
    redraw: Redraw | None = None


def sorted_labels(labels: set[str]) -> tuple[str, ...]:
    """The one order in which labels are kept, whatever they come from: numbers, then by code point, and
    last NO_LABEL."""

    def key(label: str) -> tuple[int, int, str]:
        if label == NO_LABEL:
            return (2, 0, label)
        number = label.isascii() and label.isdigit()
        return (0, int(label), label) if number else (1, 0, label)

    return tuple(sorted(labels, key=key))
