"""How pens and fingers draw, as chosen; through the events that they send."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSizeF
from PySide6.QtGui import QEventPoint
from PySide6.QtTest import QTest

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.input.gesture import PointerSample, Source, Tool
from handwrite_app.canvas.input.pen_settings import PenSettings, PressureSense
from handwrite_app.canvas.input.pointers import _is_palm
from handwrite_app.canvas.input.touch_taps import Tap, TouchTaps
from tests.app.pointers import (
    drag,
    on_paper,
    pen_move,
    pen_press,
    pen_release,
    strokes,
)


def _pen_stroke(canvas: Canvas, pressure: float) -> None:
    pen_press(canvas, on_paper(40, 40), pressure)
    for x in (80, 120, 160):
        pen_move(canvas, on_paper(x, 40), pressure)
    pen_release(canvas, on_paper(160, 40))


def _touch(canvas: Canvas, *fingers: tuple[float, float]) -> None:
    """All fingers go down together, and up again."""
    screen = QTest.createTouchDevice()
    places = [QPoint(round(x), round(y)) for x, y in (on_paper(*one) for one in fingers)]
    down = QTest.touchEvent(canvas, screen)
    for number, place in enumerate(places):
        down.press(number, place)
    down.commit()
    up = QTest.touchEvent(canvas, screen)
    for number, place in enumerate(places):
        up.release(number, place)
    up.commit()


@pytest.mark.parametrize(("firmness", "pressure"), [(-100, 0.25**0.25), (0, 0.25), (100, 0.25**4)])
def test_the_curve_changes_what_a_press_is_worth(
    canvas: Canvas, firmness: int, pressure: float
) -> None:
    canvas.pen_settings = PenSettings(firmness=firmness)
    _pen_stroke(canvas, 0.25)
    found = strokes(canvas)[0].pressure
    assert found is not None
    assert found.tolist() == pytest.approx([pressure] * len(found), abs=1e-6)


def test_a_firmness_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="101"):
        PenSettings(firmness=101)


def test_a_fixed_width_uses_no_pressure(canvas: Canvas) -> None:
    canvas.pen_settings = PenSettings(fixed_width=True)
    _pen_stroke(canvas, 0.9)
    assert strokes(canvas)[0].pressure is None


def test_a_pen_that_reports_zero_draws(canvas: Canvas) -> None:
    _pen_stroke(canvas, 0.0)
    _pen_stroke(canvas, 0.0)
    first, second = strokes(canvas)
    assert len(first.points) == len(second.points) == 4
    assert second.pressure is None  # in its full width from now on
    _pen_stroke(canvas, 0.5)
    _pen_stroke(canvas, 0.5)
    assert strokes(canvas)[-1].pressure is not None


def test_a_light_touch_is_no_sign_of_a_pen_without_pressure() -> None:
    sense = PressureSense()
    assert [sense.read(7, p, begins=not p) for p in (0.0, 0.2, 0.0)] == [0.0, 0.2, 0.0]
    sense.lift(7)
    assert sense.read(7, 0.0, begins=True) == 0.0


def test_with_pen_only_fingers_draw_nothing(canvas: Canvas) -> None:
    canvas.pen_settings = PenSettings(pen_only=True)
    _touch(canvas, (100, 100))
    assert strokes(canvas) == ()
    drag(canvas, on_paper(50, 50), on_paper(90, 90))
    assert len(strokes(canvas)) == 1
    canvas.pen_settings = PenSettings()
    _touch(canvas, (100, 100))
    assert len(strokes(canvas)) == 2


@pytest.mark.parametrize("rejects", [True, False])
def test_a_hand_beside_the_pen_draws_only_where_wanted(canvas: Canvas, rejects: bool) -> None:
    canvas.pen_settings = PenSettings(rejects_palm=rejects)
    canvas._input.pen_is_near(1000.0)
    touch = PointerSample(200, 200, None, 1200.0)
    assert canvas._input.press(Source.TOUCH, 1, Tool.PEN, touch) is not rejects


def test_a_broad_contact_is_a_hand() -> None:
    class Contact(QEventPoint):
        def ellipseDiameters(self) -> QSizeF:
            return QSizeF(40, 130)

    assert _is_palm(Contact())
    assert not _is_palm(QEventPoint())


def test_two_fingers_take_back_and_three_bring_back(canvas: Canvas) -> None:
    canvas.pen_settings = PenSettings()
    drag(canvas, on_paper(50, 50), on_paper(90, 90))
    drag(canvas, on_paper(50, 90), on_paper(90, 90))
    _touch(canvas, (100, 100), (140, 100))
    assert len(strokes(canvas)) == 1
    _touch(canvas, (100, 100), (140, 100), (180, 100))
    assert len(strokes(canvas)) == 2


def test_fingers_that_come_late_or_move_are_no_tap() -> None:
    taps = TouchTaps()
    assert not taps.press(0, 10, 10, 0)
    assert not taps.press(1, 50, 10, 300)
    assert taps.release(0, 350) is None
    assert taps.release(1, 360) is None
    assert not taps.press(0, 10, 10, 1000)
    assert taps.press(1, 50, 10, 1050)
    taps.move(1, 90, 10)
    assert taps.release(0, 1100) is None
    assert taps.release(1, 1100) is None
    assert not taps.press(0, 10, 10, 2000)
    assert taps.press(1, 50, 10, 2020)
    assert taps.release(1, 2100) is None
    assert taps.release(0, 2120) is Tap.UNDO
