"""Guided samples of one writer: the order of the labels, the drawings made for them, and the score.

Independent of Qt, store and network: the window reports what became of each drawing, see `sampler`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.picture.strokes import Drawing

#: How often each label can be asked for, and the default.
ROUNDS = (1, 3, 5)
DEFAULT_ROUNDS = 3
#: Of more labels than this, each is asked for once: more rounds would take too long.
FEW = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """One stored drawing.

    asked: its label. said: the label that the network read, or its nearest guess where it rejected the
    drawing; None where it has not read it. number: the drawing's id in the store.
    """

    asked: str
    said: str | None
    refused: bool
    drawing: Drawing
    number: int

    @property
    def right(self) -> bool | None:
        """Whether it was read correctly; None where it was not read."""
        if self.refused:
            return False
        return None if self.said is None else self.said == self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well a writer was read. Drawings that no network has read count in `written` only.

    by_label: label → (read correctly, read), in the order of the network's labels, without labels that were
    never read. misread: in the same order.
    """

    written: int
    read: int
    right: int
    by_label: dict[str, tuple[int, int]]
    misread: tuple[Sample, ...]


class Session:
    """Asks for each label so many times, in random order.

    `place` is the index of the current label. Those before it were written or skipped; writing one again
    replaces its drawing.
    """

    def __init__(
        self, labels: Sequence[str], rounds: int, rng: random.Random | None = None
    ) -> None:
        """rounds: how often each is asked for; of more labels than FEW, each once.

        Raises ValueError where there is nothing to ask for.
        """
        if not labels or rounds < 1:
            raise ValueError("nothing to ask for: at least one label and one round are needed")
        self.labels = tuple(labels)
        self.order = shuffled(self.labels, rounds_of(self.labels, rounds), rng or random.Random())
        self._samples: list[Sample | None] = [None] * len(self.order)
        self._place = 0
        self._reached = 0  # the first place that was never left

    @property
    def total(self) -> int:
        return len(self.order)

    @property
    def place(self) -> int:
        """0 … total; total: everything was asked for."""
        return self._place

    @property
    def asked(self) -> str | None:
        """The label to write now; None after the last one."""
        return None if self._place == self.total else self.order[self._place]

    @property
    def sample(self) -> Sample | None:
        """The drawing made for this place earlier, before going back to it."""
        return None if self._place == self.total else self._samples[self._place]

    @property
    def samples(self) -> tuple[Sample, ...]:
        """All drawings, in the order in which their labels were asked for."""
        return tuple(sample for sample in self._samples if sample is not None)

    def keep(self, sample: Sample) -> Sample | None:
        """Sets the drawing of the current place and goes on to the next. Returns the one it replaces, if any.

        Raises ValueError where another label was asked for.
        """
        if sample.asked != self.asked:
            raise ValueError(f"{sample.asked!r} was written where {self.asked!r} was asked for")
        return self._leave(sample)

    def skip(self) -> Sample | None:
        """Skips the current place. Returns its earlier drawing, if any, which does not count any more."""
        return self._leave(None)

    def leave(self) -> None:
        """Goes on without changing the current place."""
        self._leave(self.sample)

    def back(self) -> bool:
        """Goes back one place; False at the first."""
        if self._place == 0:
            return False
        self._place -= 1
        return True

    def score(self) -> Score:
        samples = sorted(self.samples, key=lambda sample: self.labels.index(sample.asked))
        read = [sample for sample in samples if sample.right is not None]
        by_label: dict[str, tuple[int, int]] = {}
        for sample in read:
            right, count = by_label.get(sample.asked, (0, 0))
            by_label[sample.asked] = (right + bool(sample.right), count + 1)
        return Score(
            written=len(samples),
            read=len(read),
            right=sum(bool(sample.right) for sample in read),
            by_label=by_label,
            misread=tuple(sample for sample in read if not sample.right),
        )

    def _leave(self, sample: Sample | None) -> Sample | None:
        """Goes on to the place from which one went back, else to the next."""
        if self._place == self.total:
            raise ValueError("everything was asked for")
        before, self._samples[self._place] = self._samples[self._place], sample
        self._reached = max(self._reached, self._place + 1)
        self._place = self._reached
        return None if before is sample else before


def rounds_of(labels: Sequence[str], rounds: int) -> int:
    """How often each of these labels is asked for when `rounds` are wanted."""
    return rounds if len(labels) <= FEW else 1


def shuffled(labels: Sequence[str], rounds: int, rng: random.Random) -> tuple[str, ...]:
    """Each label once in each round, so that after an early stop their counts differ by one at most.

    No label comes twice in a row, unless there is only one.
    """
    order: list[str] = []
    for _ in range(rounds):
        one = list(labels)
        rng.shuffle(one)
        if order and len(one) > 1 and one[0] == order[-1]:
            other = rng.randrange(1, len(one))
            one[0], one[other] = one[other], one[0]
        order += one
    return tuple(order)
