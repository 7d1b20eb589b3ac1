"""What a sign of one's own is worth: rows of `benchmarks.personal`.

Each writer's letters stand for the signs that one may add (a heart, initials): the network has none of them
as a label and has learned nothing of the writer's site. Three drawings of one letter are kept beside three of
each digit; the writer's further drawings of that letter and of the digits are read.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.personal_memory import Read, Samples, read

if TYPE_CHECKING:
    from trainer.models.recognizer import Recognizer
    from trainer.personalize.memory.stroke_memory import StrokeMemory
    from trainer.picture.strokes import Drawing

OF_A_WRITER = 2  # letters, chosen by chance
_MANY = 10  # drawings of a letter
_NAME = "★"  # the sign's label: none that a network has

Letters = dict[str, list["Drawing"]]


def letters_of(file: Path, writers: Collection[str]) -> dict[str, Letters]:
    """Writer → letter → drawings, shuffled, of OF_A_WRITER letters that look like no digit."""
    from trainer.base.labels import DIGIT_SHAPED
    from trainer.picture.strokes import drawing_from_json

    lines: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for line in gzip.decompress(file.read_bytes()).splitlines():
        document = json.loads(line)
        label = document["label"]
        if document["writer"] in writers and label.isalpha() and label not in DIGIT_SHAPED:
            lines[document["writer"]][label].append(document)
    found: dict[str, Letters] = {}
    for writer in sorted(lines):
        chance = random.Random(writer)
        many = sorted(label for label, of in lines[writer].items() if len(of) >= _MANY)
        found[writer] = {}
        for label in chance.sample(many, min(OF_A_WRITER, len(many))):
            drawings = [drawing_from_json(document)[0] for document in lines[writer][label]]
            chance.shuffle(drawings)
            found[writer][label] = drawings
    return found


def measured(
    recognizer: Recognizer, kept: Samples, rest: Samples, letters: Letters
) -> list[tuple[int, int, int, int, int, int]]:
    """For each letter: its further drawings, and how many of them are read as it; further digits, how many
    are taken for it, and how many are misread without it in the memory and with it. kept, rest: digits."""
    from trainer.personalize.memory.store import memory_of
    from trainer.personalize.memory.stroke_memory import OWN_LABEL_DRAWINGS

    digits = read(recognizer, rest)
    without = _answers(recognizer, digits, memory_of(kept))
    rows = []
    for drawings in letters.values():
        own = [(drawing, _NAME) for drawing in drawings]
        further = read(recognizer, own[OWN_LABEL_DRAWINGS:])
        memory = memory_of([*kept, *own[:OWN_LABEL_DRAWINGS]])
        said = _answers(recognizer, digits, memory)
        rows.append(
            (
                len(further),
                _answers(recognizer, further, memory).count(_NAME),
                len(digits),
                said.count(_NAME),
                _misread(digits, without),
                _misread(digits, said),
            )
        )
    return rows


def _answers(
    recognizer: Recognizer, found: Sequence[Read], memory: StrokeMemory
) -> list[str | None]:
    """What is answered; None where a drawing is refused."""
    answers: list[str | None] = []
    for one in found:
        combined = memory.combine(
            one.drawing,
            one.picture,
            labels=recognizer.labels,
            probabilities=one.probabilities,
            is_digit=one.is_digit,
        )
        is_refused = combined.is_known is not None and combined.is_known < recognizer.threshold
        best = combined.labels[int(combined.probabilities.argmax())]
        answers.append(None if is_refused else best)
    return answers


def _misread(found: Sequence[Read], answers: Sequence[str | None]) -> int:
    """Of those that are answered."""
    return sum(
        answer is not None and answer != one.label
        for one, answer in zip(found, answers, strict=True)
    )


def sentence(found: Mapping[str, Sequence[Sequence[int]]]) -> str:
    """What `measured` found, by writer, comes to; "" where there is nothing."""
    rows = [row for of in found.values() for row in of]
    if not rows:
        return ""
    further, read_as, digits, taken, before, after = (
        sum(column) for column in zip(*rows, strict=True)
    )
    return (
        f"A sign of one's own, of three drawings ({len(rows)} letters of {sum(map(bool, found.values()))} "
        f"writers, which the network has not): {read_as / further:.1%} of {further:,} further ones are read "
        f"as it. Of {digits:,} digits {taken / digits:.2%} are taken for it; answered and misread are "
        f"{before} without the sign in the memory and {after} with it."
    )
