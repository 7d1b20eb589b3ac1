"""A text in a person's hand: read again, different each time, and honest about what is missing."""

from __future__ import annotations

import io
import json
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from tests.drawings import DIGITS
from trainer.base.errors import InputError
from trainer.base.paths import shipped_weights_folder
from trainer.handwriting.checking import reads_with
from trainer.handwriting.files import content_of
from trainer.handwriting.hands import hand_of
from trainer.handwriting.layout import on_paper
from trainer.handwriting.results import WrittenText
from trainer.handwriting.varying import are_alike, blended
from trainer.handwriting.writing import (
    LONGEST,
    WANTED,
    Hand,
    Reads,
    check_text,
    missing_labels,
    write,
)
from trainer.models.recognizer import Recognizer
from trainer.personalize.memory.trajectory import trajectory
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, InkImage, Stroke, drawing_from_json


@cache
def _reads() -> Reads:
    path = shipped_weights_folder() / "scribe.safetensors"
    return reads_with(Recognizer(path, device="cpu"))


def _drawn(label: str, lean: float) -> Drawing:
    shear = np.array([[1.0, -lean], [0.0, 1.0 + lean / 2]])
    return Drawing(
        tuple(Stroke.make(np.array(points) @ shear.T, width=22) for points in DIGITS[label])
    )


def _hand(labels: str) -> Hand:
    return hand_of((_drawn(one, lean), one) for one in labels for lean in (0.0, 0.08, 0.16, 0.2))


def _text(text: str, hand: Hand, seed: int = 0) -> WrittenText:
    (found,) = [
        one for one in write(text, hand, _reads(), seed=seed) if isinstance(one, WrittenText)
    ]
    return found


def test_7777_is_four_different_sevens_that_are_read() -> None:
    found = _text("7777", _hand("7"))
    assert not found.missing
    assert [one.origin for one in found.characters] == ["own"] * 4
    for one in found.characters:
        assert one.probability is not None
        assert one.probability > WANTED
    ways = [trajectory(one.drawing) for one in found.characters]
    for at, way in enumerate(ways):
        for other in ways[:at]:
            assert way is not None
            assert other is not None
            assert np.abs(way - other).max() > 0.01
    # On the paper, in a row from left to right.
    lefts = [float(stroke.points[:, 0].min()) for stroke in found.drawing.strokes]
    assert lefts == sorted(lefts)
    every = np.concatenate([stroke.points for stroke in found.drawing.strokes])
    assert every.min() >= 0
    assert every.max() <= 280


def test_another_seed_writes_otherwise_and_the_same_one_the_same() -> None:
    hand = _hand("3")
    first, again, other = (_text("3", hand, seed) for seed in (1, 1, 2))
    points = [one.drawing.strokes[0].points for one in (first, again, other)]
    assert (points[0] == points[1]).all()
    assert points[0].shape != points[2].shape or (points[0] != points[2]).any()


def test_digits_that_are_not_kept_come_from_a_neutral_hand_and_it_is_said() -> None:
    found = _text("10", _hand("1"))
    assert found.missing == ("0",)
    assert [one.origin for one in found.characters] == ["own", "neutral"]
    assert all(one.probability is not None and one.probability > WANTED for one in found.characters)


def test_two_of_the_same_in_a_neutral_hand_differ() -> None:
    found = _text("55", {})
    one, other = (picture_from_drawing(c.drawing) for c in found.characters)
    assert one is not None
    assert other is not None
    assert (one != other).any()


def test_a_letter_is_written_where_it_is_kept_and_says_that_nobody_checked_it() -> None:
    letter = Drawing((Stroke.make([[0, 0], [20, 60], [40, 0], [60, 60]], width=8),))
    found = _text("w 1", {"w": [letter], **_hand("1")})
    assert [one.label for one in found.characters] == ["w", "1"]
    assert found.characters[0].probability is None


def test_signs_have_their_own_size_and_place() -> None:
    five, dot, bar = _drawn("5", 0.0), _one((5, 5), (5, 5)), _one((0, 0), (3, 9))
    row = [("5", five), (".", dot), (",", bar), ("'", bar), ("-", _one((0, 0), (9, 0)))]
    drawing = on_paper(row, np.random.default_rng(1))
    signs = [stroke.points for stroke in drawing.strokes[-4:]]
    top = min(float(s.points[:, 1].min()) for s in drawing.strokes[:-4])
    base = max(float(s.points[:, 1].max()) for s in drawing.strokes[:-4])
    high = base - top
    places = [((s[:, 1].min() - top) / high, (s[:, 1].max() - top) / high) for s in signs]
    (dot_top, _), (comma_top, comma_end), (quote_top, quote_end), (dash, _) = places
    assert 0.8 < dot_top < 1.1
    assert 0.7 < comma_top < 1 < comma_end
    assert -0.1 < quote_top < quote_end < 0.5
    assert 0.35 < dash < 0.65


def test_an_accent_that_was_typed_by_itself_belongs_to_its_letter() -> None:
    assert missing_labels("e\u0301", {"é": [_one((0, 0), (9, 9))]}) == ()
    assert [c.label for c in _text("1e\u0301", {"é": [_one((0, 0), (9, 9))]}).characters] == [
        "1",
        "é",
    ]


def _one(*points: tuple[float, float]) -> Drawing:
    return Drawing((Stroke.make(list(points), width=8),))


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "write.nothing"), (" ", "write.nothing"), ("7%", "write.no-example")],
)
def test_what_cannot_be_written_is_said(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        check_text(text, {})
    assert caught.value.code == code
    with pytest.raises(InputError, match="at most"):
        check_text("1" * (LONGEST + 1), {})


def test_opened_pictures_are_nobodys_hand() -> None:
    image = InkImage(np.full((4, 4), 255, np.uint8), 0, 0, 4, 4)
    hand = hand_of([(Drawing((), image), "7")])
    assert missing_labels("7", hand) == ("7",)


def test_a_blend_lies_between_the_two() -> None:
    one, other = _drawn("7", 0.0), _drawn("7", 0.2)
    assert are_alike(one, other)
    low, middle, high = (blended(one, other, weight) for weight in (0.0, 0.5, 1.0))
    ends = [float(made.strokes[0].points[-1, 0]) for made in (low, middle, high)]
    assert min(ends[0], ends[2]) < ends[1] < max(ends[0], ends[2])
    assert not are_alike(one, _drawn("4", 0.0))


def test_files_hold_what_was_written() -> None:
    drawing = _text("42", _hand("42")).drawing
    root = ElementTree.fromstring(content_of(drawing, ".svg", text="42"))
    lines = [child for child in root.iter() if child.tag.endswith("polyline")]
    assert len(lines) == len(drawing.strokes)
    with Image.open(io.BytesIO(content_of(drawing, ".png"))) as image:
        pixels = np.asarray(image)
    assert pixels.min() == 0
    assert pixels.max() == 255
    back, label = drawing_from_json(json.loads(content_of(drawing, ".jsonl", text="42")))
    assert label == "42"
    assert len(back.strokes) == len(drawing.strokes)


def test_a_word_of_letters_that_are_not_kept_is_written_in_a_neutral_hand() -> None:
    found = _text("Hi7", _hand("7"))
    assert found.missing == ("H", "i")
    assert [one.origin for one in found.characters] == ["neutral", "neutral", "own"]
    assert len(found.drawing.strokes) >= 5
