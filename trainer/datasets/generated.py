"""Generated data sets: synthetic digits (`sketches`) and letters (`letter-sketches`), and negatives
(`scribbles`, with symbols of other scripts and doodles among them; `letter-scribbles` without those that look
like letters).

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
from trainer.picture.strokes import Drawing
from trainer.synthetic.digit_shapes import EVERY_SHAPE
from trainer.synthetic.letter_scribbles import letter_negatives
from trainer.synthetic.letter_shapes import LETTER_SHAPES
from trainer.synthetic.scribbles import negatives
from trainer.synthetic.synthetic_digits import synthetic_digits

_COUNT = 8000
_SEED = 7  # other drawings than those that an export is checked on
_VERSION = "5"  # of how they are drawn
_LETTER_VERSION = "1"


def prepare(name: str) -> Iterator[Note]:
    """Draws them, where they are not kept from before."""
    if kept(identity(name), _path(name)) is None:
        yield from keep((yield from _made(name)), identity(name), _path(name))


def pool(name: str) -> Pool:
    """Everything but the test split."""
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
    for label, drawing in _drawings(name):
        yield Found(
            picture=picture_from_drawing(drawing),
            label=label,
            content=hash_of(b";".join(stroke.points.tobytes() for stroke in drawing.strokes)),
            strokes=tuple(stroke.points for stroke in drawing.strokes),
        )


def _drawings(name: str) -> list[tuple[str, Drawing]]:
    if name == "sketches":
        return synthetic_digits(_COUNT, _SEED, shapes=EVERY_SHAPE)
    if name == "letter-sketches":
        return synthetic_digits(_COUNT * 5 // 2, _SEED, shapes=LETTER_SHAPES)
    make = letter_negatives if name == "letter-scribbles" else negatives
    return [(NO_LABEL, drawing) for drawing in make(_COUNT * 3 // 2, _SEED)]


def identity(name: str) -> str:
    """By which those that are kept are known to be these still."""
    version = _LETTER_VERSION if name.startswith("letter-") else _VERSION
    return f"{name} {version} {_COUNT} {_SEED}"


def _path(name: str) -> Path:
    """They lie nowhere; this is the name by which the cache knows them."""
    return cache_folder() / "generated" / name
