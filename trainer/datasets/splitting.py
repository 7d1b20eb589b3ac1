"""The split into training, validation and test pictures.

Published data have a test split. Data of one's own get one: a picture's split depends on a number in
0…1 that is made of the writer's name or, where few are known, of the drawing itself, and of nothing else.
So the splits share no writer, and a picture stays where it is when lines are added to a file or moved.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import DataError
from trainer.datasets.parts import Split
from trainer.datasets.pictures import DrawingSet

#: Of data without a published test split, so much is kept for it.
TEST_SHARE = 0.1

#: The largest validation split of such data, as a fraction: a few hundred drawings are soon used up.
MOST_VALIDATION = 0.2

#: With fewer writers than these, a split by writers might hold no writer, or half of all drawings.
FEWEST_WRITERS = 10

Indices = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Pool:
    """All pictures of a source but its test split.

    chances: float64 (N,) in floor…1, the same for pictures of one writer; the lowest are for validation.
    None where the end of the split is, as its publisher meant it. most: the largest share that may go there.
    drawings: where the strokes are, and rows: int64 (N,) which drawing a picture is.
    """

    part: Split
    chances: NDArray[np.float64] | None = None
    floor: float = 0.0
    most: float = 1.0
    drawings: DrawingSet | None = None
    rows: Indices | None = None

    def split(self, share: float) -> tuple[Indices, Indices]:
        """Places of the training and of the validation pictures, share being what the latter should be.

        By writers it is only about so much. Raises DataError where nothing is left for either.
        """
        count = len(self.part)
        if self.chances is None:
            kept = count - round(min(share, self.most) * count)
            training, validation = np.arange(kept), np.arange(kept, count)
        else:
            below = self.floor + (1 - self.floor) * min(share, self.most)
            aside = lowest(self.chances, below)
            training, validation = np.flatnonzero(~aside), np.flatnonzero(aside)
        if not (len(training) and len(validation)):
            if self.chances is not None and count > 1 and len(np.unique(self.chances)) == 1:
                raise DataError(
                    "data.all-alike",
                    "all {count:,} pictures are alike, or by one writer among many: none can be kept apart "
                    "for validation. Different ones are needed.",
                    count=count,
                )
            if count == 1:
                raise DataError(
                    "data.one-picture",
                    "one picture cannot be divided into training and validation: more are needed.",
                )
            raise DataError(
                "data.too-few",
                "{count:,} pictures are too few to divide into training and validation: more are needed, or "
                "a smaller --validation.",
                count=count,
            )
        return training, validation


def chances(writers: NDArray[np.str_], contents: NDArray[np.uint64]) -> NDArray[np.float64]:
    """A number in 0…1 for each drawing, evenly spread: its writer's, or its own where few are known.

    writers: (N,) names, "" where unknown. contents: (N,) hashes of the drawings.
    """
    own = contents.astype(np.float64) / 2.0**64
    names, which = np.unique(writers, return_inverse=True)
    if np.count_nonzero(names != "") < FEWEST_WRITERS:
        return own
    by_name = np.array([hash_of(str(name).encode()) for name in names], np.uint64)
    return np.where(writers == "", own, by_name[which].astype(np.float64) / 2.0**64)


def lowest(chances: NDArray[np.float64], below: float) -> NDArray[np.bool_]:
    """Which of the chances are lower than the given one: at least the lowest, never the highest."""
    chosen = np.asarray(chances < below)
    if len(chances):
        if not chosen.any():
            chosen = np.asarray(chances == chances.min())
        chosen &= chances != chances.max()
    return chosen


def shares(total: int, sizes: list[int]) -> list[int]:
    """The total divided in proportion to the sizes, none more than its size, at least 1 each."""
    whole = sum(sizes)
    if total >= whole:
        return sizes
    return [max(1, round(total * size / whole)) for size in sizes]


def hash_of(content: bytes) -> int:
    """64 bits that are the same on every machine and in every release."""
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")
