"""Letters that the program draws, and what it draws that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.base.labels import CAPITALS, NO_LABEL, SMALL_LETTERS
from trainer.datasets import generated, load_training
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke
from trainer.synthetic.letter_scribbles import (
    LETTER_SHAPED,
    LETTER_SHAPED_KINDS,
    letter_negatives,
)
from trainer.synthetic.letter_shapes import LETTER_SHAPES
from trainer.synthetic.scribbles import KINDS
from trainer.synthetic.symbol_shapes import SYMBOLS


def test_every_letter_of_either_case_has_shapes_that_differ() -> None:
    assert tuple(LETTER_SHAPES) == (*CAPITALS, *SMALL_LETTERS)
    for letter, shapes in LETTER_SHAPES.items():
        pictures = [
            picture_from_drawing(Drawing(tuple(Stroke.make(stroke, width=18) for stroke in shape)))
            for shape in shapes
        ]
        assert len(pictures) >= 4, letter
        assert all(picture is not None and (picture > 127).sum() > 20 for picture in pictures)
        assert len({picture.tobytes() for picture in pictures if picture is not None}) == len(
            pictures
        ), letter


def test_negatives_leave_out_what_looks_like_a_letter() -> None:
    assert set(SYMBOLS) >= LETTER_SHAPED
    assert set(KINDS) >= LETTER_SHAPED_KINDS
    drawings = letter_negatives(60, 3)
    assert len(drawings) == 60
    assert [d.strokes[0].points.tolist() for d in letter_negatives(60, 3)] == [
        d.strokes[0].points.tolist() for d in drawings
    ]


def test_as_data_they_are_52_letters_and_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated, "_COUNT", 120)
    data = load_training("letter-sketches+letter-scribbles", Path("none"), validation=60)
    assert data.training.labels == (*CAPITALS, *SMALL_LETTERS, NO_LABEL)
    assert data.redraw is not None
