"""Chips in plain words about an unusual drawing."""

from __future__ import annotations

from handwrite_app.reading.remarks import remarks
from tests.drawings import DIGITS
from trainer.picture.strokes import Drawing, Stroke


def _drawing(*strokes: list[tuple[float, float]], width: float = 20) -> Drawing:
    return Drawing(tuple(Stroke.make(points, width=width) for points in strokes))


def test_a_usual_drawing_has_none() -> None:
    for strokes in DIGITS.values():
        assert remarks(_drawing(*strokes)) == ()
    assert remarks(Drawing()) == ()


def test_unusual_ones_are_named() -> None:
    line = [(140.0, 60.0), (140.0, 220.0)]
    assert remarks(_drawing(line, width=6)) == ("very thin",)
    assert remarks(_drawing(line, width=60)) == ("very thick",)
    assert remarks(_drawing([(140.0, 130.0), (140.0, 150.0)], width=8)) == ("very small",)
    assert remarks(_drawing([(140.0, 2.0), (140.0, 220.0)])) == ("touches the edge",)
    beside = [(60.0, 60.0), (60.0, 220.0)]
    assert remarks(_drawing(line, beside)) == ("two drawings?",)
