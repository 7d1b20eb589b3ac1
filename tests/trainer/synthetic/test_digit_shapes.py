"""Forms of the digits that `sketches` are made of."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from trainer.datasets import generated, load_training
from trainer.models.recognizer import Recognizer
from trainer.models.weights import find_weights
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke
from trainer.synthetic.digit_shapes import EVERY_SHAPE
from trainer.synthetic.synthetic_digits import PAPER, STYLES, synthetic_digits

EVERY = [(label, number) for label, shapes in EVERY_SHAPE.items() for number in range(len(shapes))]


def _drawing(label: str, number: int) -> Drawing:
    return Drawing(tuple(Stroke.make(np.array(s), width=18) for s in EVERY_SHAPE[label][number]))


def test_the_plain_forms_come_first() -> None:
    assert list(EVERY_SHAPE) == list(STYLES)
    for label, shapes in EVERY_SHAPE.items():
        assert shapes[: len(STYLES[label])] == STYLES[label]
        assert len(shapes) >= 15


@pytest.mark.parametrize(("label", "number"), EVERY)
def test_a_form_lies_on_the_paper_and_shows_something(label: str, number: int) -> None:
    points = np.concatenate([np.array(stroke) for stroke in EVERY_SHAPE[label][number]])
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
    two = {"5": EVERY_SHAPE["5"][:1], "x": [[[(80.0, 80.0), (200.0, 200.0)]]]}
    drawings = synthetic_digits(5, 1, shapes=two)
    assert [label for label, _ in drawings] == ["5", "x", "5", "x", "5"]
    assert [len(drawing.strokes) for _, drawing in drawings] == [2, 1, 2, 1, 2]


def test_the_network_that_ships_reads_them() -> None:
    """Each form twice. The network that had not learned the forms of now read 704 of 738."""
    drawings = synthetic_digits(2 * len(EVERY), 2031, shapes=EVERY_SHAPE)
    pictures = [picture_from_drawing(drawing) for _, drawing in drawings]
    recognizer = Recognizer(find_weights(None), device="cpu")
    answers = recognizer.answers(np.stack([p for p in pictures if p is not None]))
    assert answers.is_digit is not None
    best = [recognizer.labels[i] for i in answers.probabilities.argmax(1)]
    answered = answers.is_digit >= recognizer.threshold
    right = [a == label for a, (label, _) in zip(best, drawings, strict=True)]
    assert (np.array(right) & answered).sum() >= 0.98 * len(drawings)


def test_sketches_are_of_every_form(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def spy(count: int, seed: int, **rest: object) -> list[tuple[str, Drawing]]:
        asked.append(rest["shapes"])
        return synthetic_digits(count, seed)

    monkeypatch.setattr(generated, "synthetic_digits", spy)
    monkeypatch.setattr(generated, "_COUNT", 60)
    load_training("sketches", Path("nowhere"), validation=10)
    assert asked == [EVERY_SHAPE]
