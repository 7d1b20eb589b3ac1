"""Images lying on the paper, alone and under strokes: the picture is that of all that is seen."""

from __future__ import annotations

import numpy as np
import pytest

from tests.drawings import DIGITS, STYLES, painted
from tests.trainer.images import difference, of_image, of_strokes
from trainer.picture.preprocess import ink_from_image, picture_from_drawing
from trainer.picture.strokes import Drawing, InkImage, Stroke


def test_the_ink_is_cropped_and_of_a_size_to_work_with() -> None:
    ink = ink_from_image(painted(DIGITS["5"], size=3000, width=150))
    assert ink is not None
    assert ink.ink.dtype == np.uint8
    assert max(ink.ink.shape) <= 512
    assert ink.ink.max(axis=1)[[0, -1]].all()
    assert ink.ink.max(axis=0)[[0, -1]].all()
    assert (ink.height, ink.width) == ink.ink.shape
    hairline = ink_from_image(painted(DIGITS["5"], size=1000, width=1))
    assert hairline is not None
    assert max(hairline.ink.shape) <= 512
    assert np.median(hairline.ink[hairline.ink > 0]) > 200


@pytest.mark.parametrize(("left", "top", "factor"), [(0, 0, 1), (-50, 33.3, 0.25), (1e4, 7, 31.7)])
def test_an_image_on_the_paper_makes_the_picture_of_the_image(
    left: float, top: float, factor: float
) -> None:
    for strokes in DIGITS.values():
        image = painted(strokes)
        ink = ink_from_image(image)
        assert ink is not None
        placed = InkImage(ink.ink, left, top, ink.width * factor, ink.height * factor)
        result = picture_from_drawing(Drawing((), placed))
        assert result is not None
        assert (result == of_image(image)).all()


def test_an_image_stretched_on_the_paper_is_a_stretched_picture() -> None:
    ink = ink_from_image(
        painted([[(20, 20), (20, 120), (120, 120), (120, 20), (20, 20)]], width=12)
    )
    assert ink is not None
    result = picture_from_drawing(Drawing((), InkImage(ink.ink, 0, 0, 2 * ink.width, ink.height)))
    assert result is not None
    assert np.count_nonzero(result.max(axis=0) > 100) == 20
    assert np.count_nonzero(result.max(axis=1) > 100) == 10


@pytest.mark.parametrize("label", ["4", "5", "7"])
@pytest.mark.parametrize(("offset", "factor"), [((0, 0), 1.0), ((900, -40), 3.7), ((-5, -5), 0.01)])
def test_strokes_over_an_image_are_one_drawing(
    label: str, offset: tuple[float, float], factor: float
) -> None:
    """The first stroke opened as an image, the others drawn over it: the picture of all strokes."""
    strokes = next(s for s in STYLES[label] if len(s) > 1)
    image = painted(strokes[:1], size=560, width=36)
    ink = ink_from_image(image)
    assert ink is not None
    left, top, right, bottom = image.point(lambda v: 255 - v).getbbox() or (0, 0, 0, 0)
    place = [v / 2 * factor for v in (left, top, right - left, bottom - top)]
    opened = InkImage(ink.ink, place[0] + offset[0], place[1] + offset[1], place[2], place[3])
    drawn = tuple(
        Stroke.make(np.array(s) * factor + np.array(offset), width=18 * factor) for s in strokes[1:]
    )
    result = picture_from_drawing(Drawing(drawn, opened))
    assert result is not None
    assert difference(result, of_strokes(strokes)) < 3


def test_a_blank_image_under_strokes_changes_nothing() -> None:
    blank = InkImage(np.zeros((40, 60), np.uint8), 0, 0, 600, 400)
    strokes = tuple(Stroke.make(s, width=18) for s in DIGITS["3"])
    with_blank = picture_from_drawing(Drawing(strokes, blank))
    assert with_blank is not None
    assert (with_blank == of_strokes(DIGITS["3"])).all()
    assert picture_from_drawing(Drawing((), blank)) is None
    assert (
        picture_from_drawing(Drawing((), InkImage(np.full((5, 5), 255, np.uint8), 0, 0, 0, 0)))
        is None
    )
