"""Which of a person's drawings can be learned from."""

from __future__ import annotations

import numpy as np
import pytest

from trainer.base.errors import InputError
from trainer.personalize import drawing_selection
from trainer.personalize.drawing_selection import selection_by_id, selection_of
from trainer.picture.strokes import Drawing, InkImage, Stroke
from trainer.synthetic.synthetic_digits import synthetic_digits

_DIGITS = tuple("0123456789")


def _some(count: int) -> list[tuple[Drawing, str]]:
    return [(drawing, label) for label, drawing in synthetic_digits(count, 5)]


def test_a_drawing_that_comes_twice_counts_once() -> None:
    dot = (Drawing((Stroke.make([(5, 5)]),)), "1")
    found = selection_of([dot, *_some(12), *_some(12)], _DIGITS).drawings
    assert [one.id for one in found] == list(range(1, 13))
    assert [one.label for one in found] == [label for _, label in _some(12)]


@pytest.mark.parametrize("beside", [{"pressure": (0.3, 0.8)}, {"times": (0, 40)}, {"width": 30.0}])
def test_the_pen_makes_no_other_drawing_of_it(beside: dict[str, object]) -> None:
    points = [(10.0, 10.0), (60.0, 200.0)]
    one, other = (
        Drawing((Stroke.make(points, **more),))  # type: ignore[arg-type]
        for more in ({"width": 10.0}, {"width": 10.0, **beside})
    )
    drawings = [*_some(5), (one, "1"), (other, "7")]
    found = selection_of(drawings, _DIGITS)
    assert found.clash is not None
    assert [one.id for one in found.clash] == [5, 6]
    with pytest.raises(InputError, match="labelled '1' and '7'"):
        found.check()


def test_other_strokes_of_the_same_points_are_another_drawing() -> None:
    a, b, c, d = (10.0, 10.0), (60.0, 90.0), (20.0, 200.0), (90.0, 220.0)
    one = Drawing((Stroke.make([a, b]), Stroke.make([c, d])))
    other = Drawing((Stroke.make([a, b, c, d]),))
    assert len(selection_of([(one, "1"), (other, "7")], _DIGITS).drawings) == 2


def test_an_opened_picture_is_a_part_of_what_was_drawn() -> None:
    ink = np.zeros((60, 60), np.uint8)
    ink[10:50, 28:34] = 255
    turned = np.ascontiguousarray(ink.T)
    drawings = [
        (Drawing((), image=InkImage(ink, 0, 0, 60, 60)), "1"),
        (Drawing((), image=InkImage(turned, 0, 0, 60, 60)), "7"),
        (Drawing((), image=InkImage(ink.copy(), 0, 0, 60, 60)), "1"),
    ]
    found = selection_of(drawings, _DIGITS)
    assert [one.id for one in found.drawings] == [0, 1]
    assert found.clash is None


def test_what_the_network_has_no_output_for_is_left_out() -> None:
    drawings = [(drawing, "A" if label == "3" else label) for drawing, label in _some(20)]
    found = selection_of(drawings, _DIGITS)
    assert found.left_out == {"A": 2}
    assert len(found.drawings) == 18
    assert "3" not in found.labels
    assert found.fault is None
    found.check()


@pytest.mark.parametrize(
    ("drawings", "fault", "told"),
    [
        ([], "few", "0 drawings to learn from"),
        (_some(1), "few", "1 drawing to learn from"),
        ([(drawing, "7") for drawing, _ in _some(5)], "one label", "all 5 drawings"),
    ],
)
def test_nothing_to_be_learned(drawings: list[tuple[Drawing, str]], fault: str, told: str) -> None:
    found = selection_of(drawings, _DIGITS)
    assert found.fault == fault
    with pytest.raises(InputError, match=told):
        found.check()


def test_of_very_many_some_are_taken_before_they_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawing_selection, "_MOST", 10)
    drawings, looked = _some(40), list[int]()

    def drawing(number: int) -> Drawing:
        looked.append(number)
        return drawings[number][0]

    labelled = [(number, label) for number, (_, label) in enumerate(drawings)]
    found = selection_by_id(labelled, drawing, _DIGITS).drawings
    assert [one.id for one in found] == looked
    assert len(looked) == 10
    assert looked == sorted(looked)
    assert max(looked) > 20


def test_one_that_is_gone_is_passed_over() -> None:
    drawings = _some(8)
    found = selection_by_id(
        [(10 * number, label) for number, (_, label) in enumerate(drawings)],
        lambda number: None if number == 30 else drawings[number // 10][0],
        _DIGITS,
    )
    assert [one.id for one in found.drawings] == [0, 10, 20, 40, 50, 60, 70]
