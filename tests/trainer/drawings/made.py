"""Drawings for tests of the store: quick to make, no two alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np

from trainer.drawings import DrawingStore, Said, WeightsId
from trainer.drawings.entries import to_micros
from trainer.drawings.merging import Incoming
from trainer.drawings.packing import pack
from trainer.picture.strokes import Drawing, InkImage, Stroke

DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class Clock:
    """Shows the time that it is set to, a second later each time it is looked at."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


def drawing(number: int, *, image: bool = False) -> Drawing:
    """Two strokes, one with all that a pen tells, and an opened picture under them."""
    chance = np.random.default_rng(number)
    strokes = (
        Stroke.make(
            chance.normal(140, 50, (12, 2)),
            pressure=chance.random(12),
            times=1.7e9 + np.arange(12) / 133,
            width=24.1,
        ),
        Stroke.make(chance.integers(0, 280, (5, 2))),
    )
    ink = chance.integers(0, 256, (9, 7), dtype=np.uint8)
    return Drawing(strokes, InkImage(ink, 1.5, -2.25, 70.1, 90.0) if image else None)


def same(one: Drawing, other: Drawing) -> bool:
    """To the last bit, and in the types of the numbers."""

    def parts(drawing: Drawing) -> list[object]:
        arrays: list[object] = []
        for stroke in drawing.strokes:
            for array in (stroke.points, stroke.pressure, stroke.times):
                arrays.append(
                    None if array is None else (array.dtype, array.shape, array.tobytes())
                )
            arrays.append(stroke.width)
        if drawing.image is not None:
            image = drawing.image
            arrays += [image.ink.tobytes(), image.ink.shape, image.left, image.top]
            arrays += [image.width, image.height]
        return arrays

    return parts(one) == parts(other)


def incoming(number: int, *, writer: str = "") -> Incoming:
    """The label is the number's last digit; a fifth were read wrongly, a seventh by nobody, some refused."""
    label = str(number % 10)
    said = Said(label=label if number % 5 else "none of them", probability=0.75)
    if number % 11 == 0:
        said = Said(label=label, refused=True)
    if number % 7 == 0:
        said = Said()
    return Incoming(
        packed=pack(drawing(number)),
        label=label,
        said=said,
        weights=WeightsId(name="scribe", hash="ab12") if number % 2 else None,
        device=("mouse", "pen", "touch", "")[number % 4],
        created=to_micros(NOON) + 1_000_000 * (number * 7 % 1000),
        writer=writer,
    )


def fill(store: DrawingStore, numbers: Iterable[int], *, writer: str = "") -> None:
    """Keeps the drawings of these numbers, in one transaction: waiting for the disk once."""
    store.merge([incoming(number, writer=writer) for number in numbers])
