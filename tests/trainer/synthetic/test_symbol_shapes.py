"""Signs that are no digit, which `scribbles` are made of beside what a hand does with a new pen."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np
import pytest

from trainer.base.labels import DIGIT_SHAPED, NO_LABEL
from trainer.datasets import generated
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke
from trainer.synthetic.scribbles import negatives, scribbles
from trainer.synthetic.symbol_shapes import SYMBOLS, symbols
from trainer.synthetic.synthetic_digits import PAPER


@pytest.mark.parametrize("name", SYMBOLS)
def test_a_sign_lies_on_the_paper_and_shows_something(name: str) -> None:
    points = np.concatenate([np.array(stroke) for stroke in SYMBOLS[name]])
    assert points.min() >= 30
    assert points.max() <= PAPER - 30
    strokes = tuple(Stroke.make(np.array(stroke), width=18) for stroke in SYMBOLS[name])
    picture = picture_from_drawing(Drawing(strokes))
    assert picture is not None
    assert (picture > 127).sum() > 20


def test_no_two_signs_are_the_same_picture() -> None:
    pictures = {}
    for name, strokes in SYMBOLS.items():
        drawing = Drawing(tuple(Stroke.make(np.array(stroke), width=18) for stroke in strokes))
        picture = picture_from_drawing(drawing)
        assert picture is not None
        pictures[name] = picture.astype(float)
    for (one, a), (other, b) in itertools.combinations(pictures.items(), 2):
        assert np.abs(a - b).mean() > 1, (one, other)


def test_none_is_what_others_write_as_a_digit() -> None:
    assert not SYMBOLS.keys() & {*DIGIT_SHAPED, *"φθβδσγξЧЗОБФЭろるんうのーフワ日口七九"}


def test_every_sign_comes_in_turn_and_no_two_are_the_same() -> None:
    drawings = symbols(2 * len(SYMBOLS), seed=1)
    counts = [len(drawing.strokes) for drawing in drawings]
    assert counts == [len(strokes) for strokes in SYMBOLS.values()] * 2
    contents = {b";".join(s.points.tobytes() for s in d.strokes) for d in drawings}
    assert len(contents) == len(drawings)


def test_the_same_seed_draws_the_same() -> None:
    one, again, other = (
        [d.strokes[0].points.tobytes() for d in symbols(5, seed=seed)] for seed in (3, 3, 4)
    )
    assert one == again
    assert not set(one) & set(other)


def _first_strokes(drawings: Iterable[Drawing]) -> list[bytes]:
    return [drawing.strokes[0].points.tobytes() for drawing in drawings]


def test_a_third_of_what_is_no_digit_are_signs() -> None:
    found = _first_strokes(negatives(61, seed=4))
    assert found == _first_strokes([*scribbles(41, seed=4), *symbols(20, seed=4)])


def test_the_data_scribbles_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated, "_COUNT", 40)
    found = list(generated._found("scribbles"))
    assert {one.label for one in found} == {NO_LABEL}
    wanted = _first_strokes(negatives(60, seed=generated._SEED))
    assert [one.strokes[0].tobytes() for one in found] == wanted
