"""What the 28×28 picture is made through: the same function's own intermediate results."""

from __future__ import annotations

import numpy as np
import pytest

from tests.drawings import DIGITS
from trainer.picture.preprocess import picture_from_drawing, stages_of_drawing
from trainer.picture.strokes import Drawing, InkImage, Stroke


def _drawing(label: str, *, at: float = 0.0) -> Drawing:
    strokes = DIGITS[label]
    return Drawing(tuple(Stroke.make(np.array(s) + at, width=20) for s in strokes))


@pytest.mark.parametrize("label", sorted(DIGITS))
def test_the_last_stage_is_the_picture_and_the_box_lies_in_it(label: str) -> None:
    drawing = _drawing(label)
    stages = stages_of_drawing(drawing)
    picture = picture_from_drawing(drawing)
    assert stages is not None
    assert picture is not None
    assert (stages.picture == picture).all()
    assert stages.box.shape == (20, 20)
    part = stages.picture[stages.top : stages.top + 20, stages.left : stages.left + 20]
    assert (part == np.rint(stages.box)).all()
    assert stages.crop.max() > 0


def test_the_frame_says_where_the_picture_lies_on_the_paper() -> None:
    drawing = _drawing("1", at=30.0)
    stages = stages_of_drawing(drawing)
    assert stages is not None
    left, top, side = stages.frame
    # The mean of the ink, brought to the paper, is near the mean of the strokes' points.
    rows, columns = np.nonzero(stages.picture > 100)
    found = np.array(
        [left + (columns.mean() + 0.5) * side / 28, top + (rows.mean() + 0.5) * side / 28]
    )
    low = np.min([s.points.min(0) for s in drawing.strokes], axis=0)
    high = np.max([s.points.max(0) for s in drawing.strokes], axis=0)
    assert (found > low).all()
    assert (found < high).all()
    # The longer side of the ink (with half a pen on either side) is 20 pixels of the picture.
    assert (high - low).max() + 20 == pytest.approx(20 * side / 28, rel=0.12)


def test_an_opened_image_has_stages_too() -> None:
    ink = np.zeros((60, 40), np.uint8)
    ink[:, 16:24] = 255
    drawing = Drawing((), InkImage(ink, 100.0, 80.0, 40.0, 60.0))
    stages = stages_of_drawing(drawing)
    assert stages is not None
    left, top, side = stages.frame
    assert left < 116 < left + side
    assert top + 4 * side / 28 == pytest.approx(80, abs=side / 14)


def test_nothing_has_no_stages() -> None:
    assert stages_of_drawing(Drawing()) is None
