"""Signs that are no digit, which `scribbles` are made of beside what a hand does with a new pen."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from trainer.datasets import generated
from trainer.labels import DIGIT_SHAPED, NO_LABEL
from trainer.picture import picture_from_drawing
from trainer.sample_drawings import PAPER
from trainer.signs import SIGNS, signs
from trainer.strokes import Drawing, Stroke


@pytest.mark.parametrize("name", SIGNS)
def test_a_sign_lies_on_the_paper_and_shows_something(name: str) -> None:
    points = np.concatenate([np.array(stroke) for stroke in SIGNS[name]])
    assert points.min() >= 30
    assert points.max() <= PAPER - 30
    strokes = tuple(Stroke.make(np.array(stroke), width=18) for stroke in SIGNS[name])
    picture = picture_from_drawing(Drawing(strokes))
    assert picture is not None
    assert (picture > 127).sum() > 20


def test_none_is_what_others_write_as_a_digit() -> None:
    assert not DIGIT_SHAPED & SIGNS.keys()


def test_every_sign_comes_in_turn_and_no_two_are_the_same() -> None:
    drawings = signs(2 * len(SIGNS), seed=1)
    counts = [len(drawing.strokes) for drawing in drawings]
    assert counts == [len(strokes) for strokes in SIGNS.values()] * 2
    contents = {b";".join(s.points.tobytes() for s in d.strokes) for d in drawings}
    assert len(contents) == len(drawings)


def test_the_same_seed_draws_the_same() -> None:
    one, again, other = (
        [d.strokes[0].points.tobytes() for d in signs(5, seed=seed)] for seed in (3, 3, 4)
    )
    assert one == again
    assert not set(one) & set(other)


def test_a_third_of_the_scribbles_are_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated, "_COUNT", 40)
    found = list(itertools.islice(generated._found("scribbles"), 1000))
    assert len(found) == 60
    assert {one.label for one in found} == {NO_LABEL}
    wanted = [d.strokes[0].points.tobytes() for d in signs(20, seed=generated._SEED)]
    assert [one.strokes[0].tobytes() for one in found[40:]] == wanted
