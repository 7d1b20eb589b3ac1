"""Generated data sets: synthetic digits (`sketches`), and negatives (`scribbles`, with symbols of other
scripts and doodles among them).

They are small, as their strokes are redrawn in every epoch.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.base.events import Note
from trainer.base.labels import NO_LABEL
from trainer.base.paths import cache_folder
from trainer.datasets.own import pool_of, test_part_of
from trainer.datasets.parts import Split
from trainer.datasets.pictures import DrawingSet, Found, collected, keep, kept, kept_or_made
from trainer.datasets.splitting import Pool, hash_of
from trainer.picture.preprocess import picture_from_drawing
from trainer.synthetic.digit_shapes import EVERY_SHAPE
from trainer.synthetic.scribbles import negatives
from trainer.synthetic.synthetic_digits import synthetic_digits

_COUNT = 8000
_SEED = 7  # other drawings than those that an export is checked on
_VERSION = "5"  # of how they are drawn


def prepare(name: str) -> Iterator[Note]:
    """Draws them, where they are not kept from before."""
    if kept(identity(name), _path(name)) is None:
        yield from keep((yield from _made(name)), identity(name), _path(name))


def pool(name: str) -> Pool:
    """Everything but the test part."""
    return pool_of(*_all(name))


def test_split(name: str) -> Split:
    """A tenth of them."""
    return test_part_of(*_all(name))


def _all(name: str) -> tuple[DrawingSet, NDArray[np.str_], NDArray[np.int64]]:
    drawings = kept_or_made(identity(name), _path(name), lambda: _made(name))
    return drawings, drawings.labels, np.arange(len(drawings))


def _made(name: str) -> Generator[Note, None, DrawingSet]:
    return (yield from collected(_found(name), name))


def _found(name: str) -> Iterator[Found]:
    if name == "sketches":
        drawings = synthetic_digits(_COUNT, _SEED, shapes=EVERY_SHAPE)
    else:
        drawings = [(NO_LABEL, drawing) for drawing in negatives(_COUNT * 3 // 2, _SEED)]
    for label, drawing in drawings:
        yield Found(
            picture=picture_from_drawing(drawing),
            label=label,
            content=hash_of(b";".join(stroke.points.tobytes() for stroke in drawing.strokes)),
            strokes=tuple(stroke.points for stroke in drawing.strokes),
        )


def identity(name: str) -> str:
    """By which those that are kept are known to be these still."""
    return f"{name} {_VERSION} {_COUNT} {_SEED}"


def _path(name: str) -> Path:
    """They lie nowhere; this is the name by which the cache knows them."""
    return cache_folder() / "generated" / name
