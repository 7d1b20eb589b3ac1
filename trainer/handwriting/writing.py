"""A text in a writer's handwriting: every character is a new drawing, made again until the network reads it
as what it is meant to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import InputError
from trainer.handwriting.layout import on_paper
from trainer.handwriting.results import Origin, WrittenCharacter, WrittenText
from trainer.handwriting.varying import bent, varied
from trainer.personalize.memory.trajectory import trajectory
from trainer.picture.strokes import Drawing, Stroke

if TYPE_CHECKING:
    from trainer.synthetic.synthetic_digits import Strokes

#: A character is read as what it is to be with more than this probability.
WANTED = 0.99

#: Characters of a text at most.
LONGEST = 24

_ROUNDS = (1.0, 1.0, 0.7, 0.4, 0.15)  # strength of the variation, round by round
_EACH = 10  # candidates in a round
_OTHERS = 0.03  # root mean squared difference to the same character before, of its size
_OF_A_LABEL = 24  # kept drawings that are used, the newest

Hand = Mapping[str, Sequence[Drawing]]


class Reads(Protocol):
    """Reads drawings: the probability of this label in each; None where the network does not know it."""

    def __call__(self, drawings: Sequence[Drawing], label: str) -> NDArray[np.float64] | None: ...


def labels_of(text: str) -> list[str]:
    """The labels of a text's characters without blanks, composed as labels are kept: e with a combining
    accent is one é."""
    return [character for character in normalize("NFC", text) if not character.isspace()]


def missing_labels(text: str, hand: Hand) -> tuple[str, ...]:
    """Characters of a text of which nothing is kept, each once, in the text's order."""
    return tuple(label for label in dict.fromkeys(labels_of(text)) if not hand.get(label))


def check_text(text: str, hand: Hand) -> None:
    """Raises InputError where a text cannot be written."""
    text = normalize("NFC", text)
    if not text.strip():
        raise InputError("write.nothing", "there is nothing to write: type a number or a word")
    if len(text) > LONGEST:
        raise InputError(
            "write.too-long",
            "{count} characters do not fit on the paper: at most {most}",
            count=len(text),
            most=LONGEST,
        )
    impossible = [label for label in missing_labels(text, hand) if label not in neutral_labels()]
    if impossible:
        raise InputError(
            "write.no-example",
            "no drawing of {label} is kept, and there is no neutral one: keep some first, or write "
            "digits and letters",
            label=impossible[0],
        )


def neutral_labels() -> tuple[str, ...]:
    """Digits and letters."""
    return tuple(_neutral_shapes())


def neutral_drawing(label: str) -> Drawing:
    """A digit or a letter in a hand of the program's own, its plainest shape."""
    shape = _neutral_shapes()[label][0]
    return Drawing(tuple(Stroke.make(points, width=20) for points in shape))


def _neutral_shapes() -> Mapping[str, Sequence[Strokes]]:
    from trainer.synthetic.letter_shapes import LETTER_SHAPES
    from trainer.synthetic.synthetic_digits import STYLES

    return {**STYLES, **LETTER_SHAPES}


def write(
    text: str, hand: Hand, reads: Reads, *, seed: int = 0
) -> Iterator[WrittenCharacter | WrittenText]:
    """Every character as it is found, and the whole text at last.

    The same seed, hand and network give the same text. Two of the same character are different. Raises
    InputError as check_text does.
    """
    check_text(text, hand)
    text = normalize("NFC", text)
    random = np.random.default_rng(seed)
    characters: list[WrittenCharacter] = []
    row: list[tuple[str, Drawing | None]] = []
    for label in text:
        if label.isspace():
            row.append((label, None))
            continue
        own = list(hand.get(label) or ())[-_OF_A_LABEL:]
        before = [one.drawing for one in characters if one.label == label]
        character = _written(
            label,
            own or [neutral_drawing(label)],
            reads,
            random,
            before=before,
            origin="own" if own else "neutral",
        )
        characters.append(character)
        row.append((label, character.drawing))
        yield character
    yield WrittenText(
        text=text,
        drawing=on_paper(row, random),
        characters=tuple(characters),
        missing=missing_labels(text, hand),
    )


def _written(
    label: str,
    examples: Sequence[Drawing],
    reads: Reads,
    random: np.random.Generator,
    *,
    before: Sequence[Drawing],
    origin: Origin,
) -> WrittenCharacter:
    """One that is read as the label with WANTED, or the surest of all that were made."""
    best: tuple[float, Drawing] | None = None
    tried = 0
    for strength in _ROUNDS:
        # A neutral hand has one example, which is bent more, or two would be the same.
        made = [
            varied(examples, random, strength=strength)
            if origin == "own"
            else bent(examples[0], random, strength=2 * strength)
            for _ in range(_EACH)
        ]
        tried += len(made)
        new = [drawing for drawing in made if _differs(drawing, before)] or made
        probabilities = reads(new, label)
        if probabilities is None:
            return WrittenCharacter(
                label=label, drawing=new[0], probability=None, origin=origin, tried=tried
            )
        for drawing, probability in zip(new, probabilities.tolist(), strict=True):
            if best is None or probability > best[0]:
                best = (probability, drawing)
            if probability > WANTED:
                return WrittenCharacter(
                    label=label,
                    drawing=drawing,
                    probability=probability,
                    origin=origin,
                    tried=tried,
                )
    assert best is not None
    return WrittenCharacter(
        label=label, drawing=best[1], probability=best[0], origin=origin, tried=tried
    )


def _differs(drawing: Drawing, before: Sequence[Drawing]) -> bool:
    mine = trajectory(drawing)
    for other in before:
        theirs = trajectory(other)
        if mine is None or theirs is None:
            continue
        if np.sqrt(((mine[:, :2] - theirs[:, :2]) ** 2).sum(1).mean()) < _OTHERS:
            return False
    return True
