"""Characters of a line settled by their neighbours: 0 among digits, O among letters, case by size, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from trainer.base.labels import DIGITS, look_alikes
from trainer.segmentation.reading import Character
from trainer.segmentation.words import WordList

_FOREIGN = 0.03  # times as probable is a letter among digits, or a digit among letters
_WRONG_SIZE = (
    0.1  # times as probable is a small letter as high as a capital, or a capital as low as one
)
_LOW = 0.78  # of the line's height: what is lower is a small letter without a stem
_SAME_SHAPE = frozenset("cosuvwxz")  # whose capitals differ by their size alone
_WORD = 0.02  # times as probable as what the characters say by themselves a word of the list may be


def settle(characters: Sequence[Character], labels: tuple[str, ...]) -> list[Character]:
    """The characters with labels that fit their neighbours.

    Only what no picture tells apart changes: 0 and O, 1 and l, a letter and its capital of the same shape.
    labels: what the probabilities belong to.
    """
    clear = [_kind(c.label) for c in characters if not c.refused and _is_clear(c.label)]
    digits, letters = clear.count("digit"), clear.count("letter")
    tall = max((c.box[3] for c in characters), default=0.0)
    found = []
    for one in characters:
        if len(one.probabilities) != len(labels) or one.refused:
            found.append(one)
            continue
        alike = {one.label, *look_alikes(one.label)}
        if one.label.lower() in _SAME_SHAPE:
            alike.add(one.label.swapcase())
        scores = {}
        for label, probability in zip(labels, one.probabilities, strict=True):
            if label not in alike:
                continue
            score = max(probability, 1e-4)
            if digits != letters and _kind(label) != ("digit" if digits > letters else "letter"):
                score *= _FOREIGN
            if label.lower() in _SAME_SHAPE and len(characters) > 1:
                is_low = one.box[3] < _LOW * tall
                score *= _WRONG_SIZE if is_low != label.islower() else 1.0
            scores[label] = score
        best = max(scores, key=scores.__getitem__, default=one.label)
        # The picture does not tell them apart, the neighbours do.
        together = sum(one.probabilities[labels.index(label)] for label in scores)
        found.append(one if best == one.label else _as(one, best, together))
    return found


def as_words(
    characters: Sequence[Character], labels: tuple[str, ...], words: WordList
) -> list[Character]:
    """The characters as the most probable word of a list, case ignored, where one is nearly as probable as
    what they are by themselves; else as they are."""
    if not characters or any(len(one.probabilities) != len(labels) for one in characters):
        return list(characters)
    logs = np.log(np.maximum([one.probabilities for one in characters], 1e-6))
    found = words.best(logs, labels)
    allowed = float(np.log(_WORD)) * len(characters) / 2
    if found is None or found[1] < float(logs.max(axis=1).sum()) + allowed:
        return list(characters)
    return [
        one if one.label == labels[place] else _as(one, labels[place], one.probabilities[place])
        for one, place in zip(characters, found[0], strict=True)
    ]


def _is_clear(label: str) -> bool:
    """Whether nothing of the other kind looks the same."""
    return len({_kind(other) for other in look_alikes(label)}) == 1


def _kind(label: str) -> str:
    return "digit" if label in DIGITS else "letter" if label.isalpha() else "sign"


def _as(one: Character, label: str, probability: float) -> Character:
    """The character with another of its labels; the one before is its first alternative. probability: of the
    label, given that the ink is one character."""
    rest = [pair for pair in one.alternatives if pair[0] != label]
    return replace(
        one,
        label=label,
        probability=one.certain * probability,
        alternatives=((one.label, one.probability), *rest)[: max(1, len(one.alternatives))],
        refused=False,
    )
