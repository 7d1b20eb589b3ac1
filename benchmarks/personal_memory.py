"""What a memory of one's own strokes is worth: rows of `benchmarks.personal`.

A network that learned nothing of the writer's site reads the writer's drawings with a memory
(trainer.personalize.memory.stroke_memory) of some of them: one, three or five of each digit; as they come,
keeping what was misread or everything; and, with three of each digit kept by one writer, drawings of six
others.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from trainer.models.recognizer import Recognizer
    from trainer.personalize.memory.stroke_memory import StrokeMemory
    from trainer.picture.strokes import Drawing

Samples = Sequence[tuple["Drawing", str]]

STRANGERS, OF_EACH = (
    6,
    30,
)  # writers whose drawings are read with another's memory, and drawings of each
_WORSE = 0.005  # of a writer's drawings: who loses more is worse off
KEPT = (100, 1_000, 10_000)  # numbers of kept drawings for which a reading is timed


class Read(NamedTuple):
    """A drawing with its label and what the network alone says of it."""

    drawing: Drawing
    label: str
    picture: NDArray[np.uint8]
    probabilities: NDArray[np.float32]
    is_digit: float | None


def read(recognizer: Recognizer, samples: Samples) -> list[Read]:
    """Drawings that show nothing are left out."""
    from trainer.picture.preprocess import picture_from_drawing

    shown = [
        (drawing, label, picture)
        for drawing, label in samples
        if (picture := picture_from_drawing(drawing)) is not None
    ]
    if not shown:
        return []
    answers = recognizer.answers(np.stack([picture for *_, picture in shown]))
    known: Sequence[float | None] = (
        [None] * len(shown) if answers.is_digit is None else answers.is_digit.tolist()
    )
    return [
        Read(*one, probabilities, is_digit)
        for one, probabilities, is_digit in zip(shown, answers.probabilities, known, strict=True)
    ]


def misread(labels: Sequence[str], found: Sequence[Read], memory: StrokeMemory | None) -> int:
    """How many are read as another label, refused or not."""
    return sum(_label(labels, one, memory) != one.label for one in found)


def _label(labels: Sequence[str], one: Read, memory: StrokeMemory | None) -> str:
    if memory is None:
        return labels[int(one.probabilities.argmax())]
    combined = memory.combine(
        one.drawing,
        one.picture,
        labels=labels,
        probabilities=one.probabilities,
        is_digit=one.is_digit,
    )
    return combined.labels[int(combined.probabilities.argmax())]


def as_they_come(labels: Sequence[str], found: Sequence[Read], *, everything: bool) -> int:
    """How many are misread where each is kept after it was read: everything, or only what was misread."""
    from trainer.personalize.memory.stroke_memory import StrokeMemory

    memory = StrokeMemory()
    wrong = 0
    for number, one in enumerate(found):
        is_wrong = _label(labels, one, memory) != one.label
        wrong += is_wrong
        if is_wrong or everything:
            memory.put(number, one.label, one.drawing)
    return wrong


def strangers(writer: str, others: Mapping[str, Samples]) -> list[tuple[Drawing, str]]:
    """Drawings of STRANGERS of the others, the same ones every time."""
    chosen = random.Random(writer)
    names = sorted(name for name in others if name != writer)
    return [
        one
        for name in chosen.sample(names, min(STRANGERS, len(names)))
        for one in chosen.sample(list(others[name]), min(OF_EACH, len(others[name])))
    ]


@dataclass(frozen=True, kw_only=True)
class Row:
    """Over writers. before, after: mean fractions misread without and with the memory; errors likewise in
    numbers; worse: writers of whose drawings more than half a point more is misread."""

    writers: int
    before: float
    after: float
    errors_before: int
    errors_after: int
    worse: int

    @classmethod
    def of(cls, runs: Sequence[tuple[int, int, int]]) -> Row:
        """runs: (drawings, misread before, misread after) of each writer."""
        runs = [run for run in runs if run[0]]
        if not runs:
            raise ValueError("nothing was measured")
        return cls(
            writers=len(runs),
            before=statistics.fmean(before / count for count, before, _ in runs),
            after=statistics.fmean(after / count for count, _, after in runs),
            errors_before=sum(before for _, before, _ in runs),
            errors_after=sum(after for *_, after in runs),
            worse=sum(after - before > _WORSE * count for count, before, after in runs),
        )


def table(rows: Mapping[str, Row]) -> list[str]:
    """Lines of Markdown."""
    lines = [
        "| kept | writers | misread before | with the memory | change | errors | worse off |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for title, row in rows.items():
        change = row.errors_after / row.errors_before - 1 if row.errors_before else 0.0
        lines.append(
            f"| {title} | {row.writers} | {row.before:.2%} | {row.after:.2%} | {change:+.0%} "
            f"| {row.errors_before} → {row.errors_after} | {row.worse} |"
        )
    return lines


def reading_seconds(samples: Samples, kept: int, *, repeats: int = 200) -> float:
    """Median seconds for what the memory adds to a reading, with so many drawings kept of one writer."""
    from trainer.personalize.memory.store import memory_of

    memory = memory_of(samples[number % len(samples)] for number in range(kept))
    labels = tuple("0123456789")
    shares: NDArray[np.float32] = np.full(10, 0.1, np.float32)
    drawing = samples[0][0]
    picture = np.zeros((28, 28), np.uint8)
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        memory.combine(drawing, picture, labels=labels, probabilities=shares, is_digit=0.9)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def measured(
    recognizer: Recognizer,
    writer: str,
    samples: Mapping[int, tuple[Samples, Samples]],
    hand: Samples,
    everyone: Mapping[str, Samples],
) -> dict[str, Any]:
    """Row title → (drawings, misread before, misread after). samples: kept and further drawings by how many
    there are of each digit."""
    from trainer.personalize.memory.store import memory_of

    labels = recognizer.labels
    found: dict[str, Any] = {}
    for per, (kept, rest) in samples.items():
        others = read(recognizer, rest)
        memory = memory_of(kept)
        found[f"{per} of each digit"] = (
            len(others),
            misread(labels, others, None),
            misread(labels, others, memory),
        )
        if per == 3:
            foreign = read(recognizer, strangers(writer, everyone))
            found["3 of each digit, and six other writers draw"] = (
                len(foreign),
                misread(labels, foreign, None),
                misread(labels, foreign, memory),
            )
    every = read(recognizer, hand)
    for title, everything in (
        ("what was misread, as it comes", False),
        ("everything, as it comes", True),
    ):
        found[title] = (
            len(every),
            misread(labels, every, None),
            as_they_come(labels, every, everything=everything),
        )
    return found
