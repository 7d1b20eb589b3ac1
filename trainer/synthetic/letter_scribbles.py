"""Negatives for training that are neither digits nor letters, as trainer.synthetic.scribbles are no digits.

What some people write just as others write a letter is left out: a Ц is a U, a cross an x.
"""

from __future__ import annotations

import numpy as np

from trainer.picture.strokes import Drawing, Stroke
from trainer.synthetic.letter_shapes import LETTER_SHAPES
from trainer.synthetic.scribbles import KINDS, scribbles
from trainer.synthetic.symbol_shapes import symbols
from trainer.synthetic.synthetic_digits import PAPER, STYLES, Strokes, synthetic_digits

#: Symbols that look like a letter, and kinds of scribbles that may.
LETTER_SHAPED = frozenset(
    (
        *"αεημωΣΔ∇ψ∪∩⊂∈√<>ИЛПЦШ人八メいㅐ下山¥€ℓ",
        *("ש", "ك", "ℓ narrow", "× in one stroke", "× in one stroke, wide", "11 as inverted Vs"),
        *("fish", "fish, open", "flag", "note", "key"),
    )
)
LETTER_SHAPED_KINDS = frozenset(["zigzag", "wave", "tick", "cross", "lines"])

_SEVERAL = {**STYLES, **LETTER_SHAPES}
_BESIDE = (120.0, 170.0)  # units between the middles of two characters


def letter_negatives(count: int, seed: int = 0) -> list[Drawing]:
    """`count` drawings: scribbles, symbols, and characters beside each other; the same for the same seed."""
    third = count // 3
    kinds = {name: kind for name, kind in KINDS.items() if name not in LETTER_SHAPED_KINDS}
    return [
        *scribbles(count - 2 * third, seed, kinds=kinds),
        *symbols(third, seed, without=LETTER_SHAPED),
        *_several(third, seed),
    ]


def _several(count: int, seed: int) -> list[Drawing]:
    """Two or three characters beside each other: each would be one, together they are none."""
    random = np.random.default_rng(seed)
    labels = list(_SEVERAL)
    shapes: list[Strokes] = []
    for _ in range(count):
        together: Strokes = []
        number, beside = int(random.integers(2, 4)), random.uniform(*_BESIDE)
        for place in range(number):
            of = _SEVERAL[labels[int(random.integers(len(labels)))]]
            aside = (place - (number - 1) / 2) * beside
            together += [
                [(x + aside, y) for x, y in stroke] for stroke in of[int(random.integers(len(of)))]
            ]
        shapes.append(together)
    varied = synthetic_digits(count, seed, shapes={str(i): [one] for i, one in enumerate(shapes)})
    return [_on_paper(drawing) for _, drawing in varied]


def _on_paper(drawing: Drawing) -> Drawing:
    """No wider than the paper, so that the pen is as wide as it would be on it."""
    return Drawing(
        tuple(
            Stroke.make((stroke.points - PAPER / 2) * 0.6 + PAPER / 2, width=stroke.width)
            for stroke in drawing.strokes
        )
    )
