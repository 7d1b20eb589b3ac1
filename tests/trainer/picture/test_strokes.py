from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import pytest

from tests.drawings import DIGITS
from trainer.base.errors import PictureError
from trainer.picture.strokes import Drawing, Stroke, drawing_from_json, drawing_to_json

NAN, INF = float("nan"), float("inf")

BAD_POINTS: list[Any] = [
    [],
    [[]],
    [1, 2],
    [[1], [2]],
    [[1, 2], [3]],
    [[1, 2], None],
    [[1, None]],
    [[1, "2"]],
    [["1", "2"]],
    [[True, False]],
    [[1, NAN]],
    [[INF, 1]],
    [[1e39, 0]],
    [[10**400, 0]],
    [[1j, 0]],
    [[{}, []]],
    {"x": 1},
    "12",
    None,
    7,
    [[[1, 2]], [[3, 4]]],
    [[[[[[1]]]]]],
]


@pytest.mark.parametrize("points", BAD_POINTS, ids=repr)
def test_a_stroke_of_anything_but_numbers_is_refused(points: Any) -> None:
    with pytest.raises(PictureError, match="stroke"):
        Stroke.make(points)


def test_points_nested_beyond_all_measure_are_refused() -> None:
    nested: Any = [1, 2]
    for _ in range(500):
        nested = [nested]
    with pytest.raises(PictureError):
        Stroke.make(nested)


@pytest.mark.parametrize(
    "pressure", [[1], [1, 2, 3], [NAN, 1], ["1", "2"], [[1], [2]], 5, [None, 1]], ids=repr
)
def test_pressure_and_times_of_another_form_are_refused(pressure: Any) -> None:
    with pytest.raises(PictureError, match="pressure"):
        Stroke.make([[0, 0], [1, 1]], pressure=pressure)
    with pytest.raises(PictureError, match="time"):
        Stroke.make([[0, 0], [1, 1]], times=pressure)


@pytest.mark.parametrize("width", [0, -1, NAN, INF, 1e300, "3", True, [3], 10**400], ids=repr)
def test_widths_that_are_no_widths_are_refused(width: Any) -> None:
    with pytest.raises(PictureError, match="width"):
        Stroke.make([[0, 0], [1, 1]], width=width)


def test_a_stroke_owns_what_it_holds_and_nobody_can_change_it() -> None:
    points = np.array([[0.0, 0.0], [1.0, 1.0]], np.float32)
    stroke = Stroke.make(points, pressure=[0.5, 1], times=[0, 1])
    points[0] = 9
    assert stroke.points[0, 0] == 0
    for array in (stroke.points, stroke.pressure, stroke.times):
        assert array is not None
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_further_columns_are_left_out_and_pressure_is_cut_to_its_range() -> None:
    stroke = Stroke.make([[1, 2, 99], [3, 4, 99]], pressure=[-1, 7])
    assert stroke.points.tolist() == [[1, 2], [3, 4]]
    assert stroke.pressure is not None
    assert stroke.pressure.tolist() == [0, 1]


def test_widths_follow_the_pressure() -> None:
    line = [[0, 0], [1, 0], [2, 0]]
    assert Stroke.make(line).widths() is None
    even = Stroke.make(line, width=8).widths()
    pressed = Stroke.make(line, pressure=[0, 0.5, 1], width=8).widths()
    assert even is not None
    assert even.tolist() == [8, 8, 8]
    assert pressed is not None
    assert pressed.tolist() == [4, 8, 12]


def test_a_stroke_of_a_million_points() -> None:
    points = np.random.default_rng(0).random((1_000_000, 2))
    begin = time.process_time()
    assert len(Stroke.make(points).points) == 1_000_000
    assert time.process_time() - begin < 2


# ------------------------------------------------------------------------------------------ documents


@pytest.mark.parametrize(
    "document",
    [
        None,
        3,
        "strokes",
        [],
        {},
        {"strokes": None},
        {"strokes": "abc"},
        {"strokes": {"0": [[1, 2]]}},
        {"strokes": [None]},
        {"strokes": [3]},
        {"strokes": ["abc"]},
        {"strokes": [{"x": [1]}]},
        {"strokes": [[[1, 2], [3, NAN]]]},
        {"strokes": [[[1, 2]]], "widths": ["wide"]},
        {"strokes": [[[1, 2]]], "pressure": [[1, 2]]},
        {"strokes": [[[1, 2]]], "label": ["7"]},
        {"strokes": [[[1, 2]]], "label": True},
    ],
    ids=repr,
)
def test_a_document_that_is_no_drawing_is_refused(document: Any) -> None:
    with pytest.raises(PictureError):
        drawing_from_json(document)


def test_documents_that_are_odd_but_clear_are_read() -> None:
    assert drawing_from_json({"strokes": []})[0].is_empty
    drawing, label = drawing_from_json({"strokes": [[], [[1, 2]], []], "label": 7, "site": "abc"})
    assert label == "7"
    assert [s.points.tolist() for s in drawing.strokes] == [[[1, 2]]]
    # Lists that do not belong to the strokes one by one are ignored, as other keys are.
    drawing, _ = drawing_from_json({"strokes": [[[1, 2]]], "widths": [1, 2], "times": "never"})
    assert drawing.strokes[0].width is None
    assert drawing.strokes[0].times is None


def test_empty_strokes_do_not_shift_what_belongs_to_the_others() -> None:
    drawing, _ = drawing_from_json(
        {"strokes": [[], [[1, 2], [3, 4]]], "widths": [1, 5], "times": [None, [0, 1]]}
    )
    assert drawing.strokes[0].width == 5
    assert drawing.strokes[0].times is not None


def _recorded(scale: float = 1.0) -> Drawing:
    strokes = []
    for number, points in enumerate(DIGITS["5"]):
        count = len(points)
        strokes.append(
            Stroke.make(
                np.array(points) * scale,
                pressure=np.linspace(0.1, 0.9, count) if number == 0 else None,
                times=1.7e9 + np.linspace(0, 0.7, count),
                width=7.25 * scale,
            )
        )
    return Drawing(tuple(strokes))


@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e20])
def test_a_drawing_comes_back_from_json(scale: float) -> None:
    drawing = _recorded(scale)
    text = json.dumps(drawing_to_json(drawing, label="5"))
    back, label = drawing_from_json(json.loads(text))
    assert label == "5"
    for old, new in zip(drawing.strokes, back.strokes, strict=True):
        assert np.abs(old.points - new.points).max() <= 1e-6 * np.abs(old.points).max()
        assert old.width == new.width
        assert old.times is not None
        assert new.times is not None
        np.testing.assert_allclose(old.times, new.times, rtol=0, atol=1e-4)
        assert (old.pressure is None) == (new.pressure is None)
        if old.pressure is not None and new.pressure is not None:
            np.testing.assert_allclose(old.pressure, new.pressure, atol=1e-4)


def test_json_says_no_more_than_is_known() -> None:
    document = drawing_to_json(Drawing((Stroke.make([[1, 2], [3, 4]]),)))
    assert document == {"strokes": [[[1, 2], [3, 4]]]}
