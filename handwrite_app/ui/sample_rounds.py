"""Samples of a hand: which label is asked for when, what was written for it, and how well it was read.

Knows no Qt, no store and no network: the window says what became of each, see `sampler`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.picture.strokes import Drawing

#: How often each label can be asked for, and how often it is where nobody has chosen.
ROUNDS = (1, 3, 5)
DEFAULT_ROUNDS = 3
#: Of more labels than digits there are, each is asked for once: it would take too long else.
FEW = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """One drawing that is kept.

    asked: its label. said: what the network read, or where it refused the nearest label; None where it has
    not read it. number: the drawing's id in the store.
    """

    asked: str
    said: str | None
    refused: bool
    drawing: Drawing
    number: int

    @property
    def right(self) -> bool | None:
        """Whether it was read rightly; None where it was not read."""
        if self.refused:
            return False
        return None if self.said is None else self.said == self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well a hand was read. Drawings that no network has read count as written and nothing else.

    by_label: label → (read rightly, read), in the order of the network's labels; those never read are not
    there. misread: in the same order.
    """

    written: int
    read: int
    right: int
    by_label: dict[str, tuple[int, int]]
    misread: tuple[Sample, ...]


class Session:
    """Asks for each label so many times, in an order that nobody can guess.

    `place` is the one that is asked for now. Those before it were written or skipped; one that is written
    anew replaces what was there.
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
        """The label that is to be written now; None after the last one."""
        return None if self._place == self.total else self.order[self._place]

    @property
    def sample(self) -> Sample | None:
        """What was written for this place before somebody went back to it."""
        return None if self._place == self.total else self._samples[self._place]

    @property
    def samples(self) -> tuple[Sample, ...]:
        """Everything that was written, in the order in which it was asked for."""
        return tuple(sample for sample in self._samples if sample is not None)

    def keep(self, sample: Sample) -> Sample | None:
        """This was written for the place, and the next one is asked for. What it replaces, if anything.

        Raises ValueError where something else was asked for.
        """
        if sample.asked != self.asked:
            raise ValueError(f"{sample.asked!r} was written where {self.asked!r} was asked for")
        return self._leave(sample)

    def skip(self) -> Sample | None:
        """Nothing is to be written for the place. What was there before, if anything: it counts no more."""
        return self._leave(None)

    def leave(self) -> None:
        """Goes on from a place without a change."""
        self._leave(self.sample)

    def back(self) -> bool:
        """To the place before; False where there is none."""
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
        """On to where one was before going back, else to the next place."""
        if self._place == self.total:
            raise ValueError("everything was asked for")
        before, self._samples[self._place] = self._samples[self._place], sample
        self._reached = max(self._reached, self._place + 1)
        self._place = self._reached
        return None if before is sample else before


def rounds_of(labels: Sequence[str], rounds: int) -> int:
    """How often each of these labels is asked for where somebody wants it so often."""
    return rounds if len(labels) <= FEW else 1


def shuffled(labels: Sequence[str], rounds: int, rng: random.Random) -> tuple[str, ...]:
    """Each label once in each round: who stops early has written all of them equally often, but for one.

    No label comes twice in a row, unless there is but one.
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
