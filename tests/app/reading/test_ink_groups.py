"""Two digits beside each other, told from one digit of several strokes."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_app.reading.ink_groups import has_two_groups
from trainer.picture.strokes import Drawing, InkImage, Stroke
from trainer.synthetic.synthetic_digits import synthetic_digits

_Line = list[list[float]]


def _drawing(*lines: _Line) -> Drawing:
    return Drawing(tuple(Stroke.make(line, width=20.0) for line in lines))


_ONE: _Line = [[60, 60], [60, 200]]
_SEVEN: _Line = [[150, 60], [220, 60], [180, 200]]


@pytest.mark.parametrize(
    ("lines", "several"),
    [
        ([_ONE, _SEVEN], True),
        ([_SEVEN, _ONE], True),
        ([_ONE, [[100, 60], [100, 200]]], True),  # 11
        ([_ONE], False),
        ([], False),
        ([_SEVEN, [[160, 130], [210, 130]]], False),  # with its bar
        ([_ONE, [[200, 200]]], False),  # a full stop
        ([[[60, 100], [200, 100]], [[60, 160], [200, 160]]], False),  # =
        ([_ONE, _SEVEN, [[260, 60], [260, 200]]], False),  # three
        ([_ONE, [[72, 60], [72, 200]]], False),  # they touch
    ],
)
def test_groups_of_strokes(lines: list[_Line], several: bool) -> None:
    assert has_two_groups(_drawing(*lines)) is several


def test_digits_are_one_group() -> None:
    drawings = [drawing for _, drawing in synthetic_digits(100, 0)]
    assert sum(has_two_groups(drawing) for drawing in drawings) <= 2


def test_two_digits_in_a_picture() -> None:
    ink = np.zeros((40, 60), np.uint8)
    ink[5:35, 5:10] = ink[5:35, 40:50] = 255
    assert has_two_groups(Drawing((), InkImage(ink, 10, 10, 120, 80)))
    ink[20, 5:50] = 255
    assert not has_two_groups(Drawing((), InkImage(ink, 10, 10, 120, 80)))
