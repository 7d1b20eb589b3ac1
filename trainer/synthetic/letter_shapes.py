"""Letter shapes: capitals and small letters as people print them, the training data `letter-sketches`."""

from __future__ import annotations

from trainer.synthetic.capital_shapes import CAPITALS
from trainer.synthetic.small_letter_shapes import SMALL_LETTERS
from trainer.synthetic.synthetic_digits import Point, Strokes


def _small(stroke: list[Point]) -> list[Point]:
    """A capital's stroke at the height of a small letter."""
    return [(140 + (x - 140) * 0.62, 230 - (230 - y) * 0.62) for x, y in stroke]


def _smaller(shapes: list[Strokes]) -> list[Strokes]:
    return [[_small(stroke) for stroke in shape] for shape in shapes]


#: Small letters that are written as the capital is, only smaller, beside their own forms.
_LIKE_THE_CAPITAL = {
    "c": 2,
    "k": 2,
    "p": 3,
    "s": 3,
    "u": 2,
    "v": 3,
    "w": 4,
    "x": 3,
    "y": 4,
    "z": 3,
    "o": 2,
    "j": 2,
}

#: Every shape of every letter.
LETTER_SHAPES: dict[str, list[Strokes]] = {
    **CAPITALS,
    **{
        letter: [*shapes, *_smaller(CAPITALS[letter.upper()][: _LIKE_THE_CAPITAL.get(letter, 0)])]
        for letter, shapes in SMALL_LETTERS.items()
    },
}
