"""Forms of the digits that `sketches` are made of."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from trainer.datasets import generated, load_training
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke
from trainer.synthetic.digit_shapes import EVERY_FORM
from trainer.synthetic.sample_drawings import PAPER, STYLES, sample_drawings

EVERY = [(label, number) for label, forms in EVERY_FORM.items() for number in range(len(forms))]


def _drawing(label: str, number: int) -> Drawing:
    return Drawing(tuple(Stroke.make(np.array(s), width=18) for s in EVERY_FORM[label][number]))


def test_the_plain_forms_come_first() -> None:
    assert list(EVERY_FORM) == list(STYLES)
    for label, forms in EVERY_FORM.items():
        assert forms[: len(STYLES[label])] == STYLES[label]
        assert len(forms) >= 15


@pytest.mark.parametrize(("label", "number"), EVERY)
def test_a_form_lies_on_the_paper_and_shows_something(label: str, number: int) -> None:
    points = np.concatenate([np.array(stroke) for stroke in EVERY_FORM[label][number]])
    assert points.min() >= 30
    assert points.max() <= PAPER - 30
    picture = picture_from_drawing(_drawing(label, number))
    assert picture is not None
    assert (picture > 127).sum() > 20


def test_no_two_forms_are_the_same() -> None:
    pictures = {}
    for label, number in EVERY:
        picture = picture_from_drawing(_drawing(label, number))
        assert picture is not None
        pictures[label, number] = picture.astype(float)
    for (one, a), (other, b) in itertools.combinations(pictures.items(), 2):
        assert np.abs(a - b).mean() > 1, (one, other)


def test_forms_are_what_is_asked_for() -> None:
    two = {"5": EVERY_FORM["5"][:1], "x": [[[(80.0, 80.0), (200.0, 200.0)]]]}
    drawings = sample_drawings(5, 1, forms=two)
    assert [label for label, _ in drawings] == ["5", "x", "5", "x", "5"]
    assert [len(drawing.strokes) for _, drawing in drawings] == [2, 1, 2, 1, 2]


def test_sketches_are_of_every_form(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def spy(count: int, seed: int, **rest: object) -> list[tuple[str, Drawing]]:
        asked.append(rest["forms"])
        return sample_drawings(count, seed)

    monkeypatch.setattr(generated, "sample_drawings", spy)
    monkeypatch.setattr(generated, "_COUNT", 60)
    load_training("sketches", Path("nowhere"), validation=10)
    assert asked == [EVERY_FORM]
