"""Drawings like this one: the writer's own, and other people's (MNIST, or where that is not at hand the
program's own synthetic digits)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import HandwriteError
from trainer.base.paths import data_folder
from trainer.explanation.kept import Kept
from trainer.explanation.results import Example
from trainer.personalize.memory.stroke_memory import image_features
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing

#: Examples of each class, of one's own and of the reference.
EACH = 2

_MNIST = 10_000  # of its training images: about 1,000 of a class
_SYNTHETIC, _LETTERS = 400, 32
_AT_ONCE = 1000  # pictures whose features are computed together


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """Pictures (N, 28, 28) with their labels, and their features (N, 196) by which they are compared."""

    origin: Literal["mnist", "synthetic"]
    labels: NDArray[np.str_]
    pictures: NDArray[np.uint8]
    features: NDArray[np.float32]

    def nearest(self, picture: NDArray[np.uint8], label: str, count: int) -> list[Example]:
        """Those of a label, the nearest first."""
        places = np.flatnonzero(self.labels == label)
        if not len(places):
            return []
        distances = 1 - self.features[places] @ image_features(picture)
        return [
            Example(label=label, origin=self.origin, picture=self.pictures[places[at]])
            for at in np.argsort(distances, kind="stable")[:count]
        ]


def reference(data: Path | None = None) -> Reference:
    """MNIST where its folder is at hand, and synthetic digits elsewhere. data: None: the usual folder."""
    return _mnist(data_folder(data)) or _synthetic()


def _mnist(data: Path) -> Reference | None:
    from trainer.datasets.idx import read_idx

    raw = data / "MNIST" / "raw"
    try:
        pictures = read_idx(raw / "train-images-idx3-ubyte")[:_MNIST]
        labels = read_idx(raw / "train-labels-idx1-ubyte")[:_MNIST]
    except (HandwriteError, OSError):
        return None
    if pictures.ndim != 3 or pictures.shape[1:] != (28, 28) or len(pictures) != len(labels):
        return None
    return _reference("mnist", labels.astype(str), pictures)


def _synthetic() -> Reference:
    from trainer.synthetic.digit_shapes import EVERY_SHAPE
    from trainer.synthetic.synthetic_digits import synthetic_digits

    labels, pictures = [], []
    for label, drawing in synthetic_digits(_SYNTHETIC, 1, shapes=EVERY_SHAPE):
        picture = picture_from_drawing(drawing)
        if picture is not None:
            labels.append(label)
            pictures.append(picture)
    return _reference("synthetic", np.array(labels), np.stack(pictures))


def _reference(
    origin: Literal["mnist", "synthetic"], labels: NDArray[np.str_], pictures: NDArray[np.uint8]
) -> Reference:
    features = np.concatenate(
        [image_features(pictures[at : at + _AT_ONCE]) for at in range(0, len(pictures), _AT_ONCE)]
    )
    return Reference(origin=origin, labels=labels, pictures=pictures, features=features)


def nearest_examples(
    drawing: Drawing, picture: NDArray[np.uint8], label: str, kept: Kept, others: Reference
) -> tuple[Example, ...]:
    """EACH of the writer's own and EACH of the reference's; where there are fewer own, more of the others."""
    matches = kept.memory.nearest_of(drawing, picture, label, EACH + 1)
    drawings = kept.drawings([match.drawing for match in matches])
    own: list[Example] = []
    for match in matches:
        other = drawings.get(match.drawing)
        made = None if other is None else picture_from_drawing(other)
        # The very drawing that is on the paper, kept a moment ago, explains nothing.
        if made is not None and (made != picture).any():
            own.append(Example(label=label, origin="own", picture=made, drawing=match.drawing))
    own = own[:EACH]
    wanted = 2 * EACH - len(own)
    return (*own, *(others.nearest(picture, label, wanted) or _letters(picture, label, wanted)))


def _letters(picture: NDArray[np.uint8], label: str, count: int) -> list[Example]:
    """Letters that the program makes: no reference has any. Nothing for other signs."""
    from trainer.synthetic.letter_shapes import LETTER_SHAPES
    from trainer.synthetic.synthetic_digits import synthetic_digits

    if label not in LETTER_SHAPES:
        return []
    made = synthetic_digits(_LETTERS, 1, shapes={label: LETTER_SHAPES[label]})
    pictures = [one for _, drawing in made if (one := picture_from_drawing(drawing)) is not None]
    few = _reference("synthetic", np.array([label] * len(pictures)), np.stack(pictures))
    return few.nearest(picture, label, count)
