"""Who holds the paper: the rules of a gesture, with no window and no Qt."""

from __future__ import annotations

import math

import numpy as np
import pytest

from handwrite_app.canvas.input.gesture import CanvasInput, PointerSample, Source, Tool, Trace

LEFT, RIGHT = 1, 2
MOUSE, PEN, TOUCH = Source.MOUSE, Source.PEN, Source.TOUCH


class Notes:
    """Writes down what a gesture did."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.points: list[tuple[float, float, float | None]] = []

    def begin_ink(self, tool: Tool) -> None:
        self.log.append(f"begin {tool.value}")

    def extend_ink(self, x: float, y: float, pressure: float | None) -> None:
        self.points.append((x, y, pressure))

    def finish_ink(self) -> None:
        self.log.append("finish")

    def drop_ink(self) -> None:
        self.log.append("drop")


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def hand(notes: Notes) -> CanvasInput:
    return CanvasInput(notes, 280)


def at(x: float, y: float, pressure: float | None = None, ms: float = 0) -> PointerSample:
    return PointerSample(x, y, pressure, ms)


def test_press_move_release_is_a_stroke(hand: CanvasInput, notes: Notes) -> None:
    assert hand.press(MOUSE, LEFT, Tool.PEN, at(10, 10))
    assert hand.move(MOUSE, LEFT, at(20, 10))
    assert hand.release(MOUSE, LEFT, at(30, 10))
    assert notes.log == ["begin pen", "finish"]
    assert notes.points == [(10, 10, None), (20, 10, None), (30, 10, None)]
    assert not hand.active


def test_a_click_is_a_dot(hand: CanvasInput, notes: Notes) -> None:
    hand.press(MOUSE, LEFT, Tool.PEN, at(10, 10))
    hand.release(MOUSE, LEFT, at(10, 10))
    assert notes.points == [(10, 10, None)]
    assert len(hand.trace.stroke(24).points) == 1


def test_a_point_where_the_last_one_was_is_dropped(hand: CanvasInput, notes: Notes) -> None:
    hand.press(MOUSE, LEFT, Tool.PEN, at(10, 10))
    for _ in range(5):
        hand.move(MOUSE, LEFT, at(10, 10))
    assert len(notes.points) == 1


def test_unless_it_is_pressed_otherwise(hand: CanvasInput, notes: Notes) -> None:
    hand.press(PEN, LEFT, Tool.PEN, at(10, 10, 0.2))
    hand.move(PEN, LEFT, at(10, 10, 0.2))
    hand.move(PEN, LEFT, at(10, 10, 0.6))
    assert notes.points == [(10, 10, 0.2), (10, 10, 0.6)]


def test_the_pressure_of_a_lifted_pen_is_none_of_the_ink(hand: CanvasInput, notes: Notes) -> None:
    hand.press(PEN, LEFT, Tool.PEN, at(10, 10, 0.5))
    hand.move(PEN, LEFT, at(20, 10, 0.7))
    hand.release(PEN, LEFT, at(20, 10, 0.0))
    assert notes.points[-1] == (20, 10, 0.7)
    hand.press(PEN, LEFT, Tool.PEN, at(10, 50, 0.5))
    hand.release(PEN, LEFT, at(30, 50, 0.0))
    assert notes.points[-1] == (30, 50, 0.5)


@pytest.mark.parametrize(("x", "y"), [(math.nan, 10), (10, math.inf), (-math.inf, 10)])
def test_places_that_are_none_are_ignored(
    hand: CanvasInput, notes: Notes, x: float, y: float
) -> None:
    assert not hand.press(MOUSE, LEFT, Tool.PEN, at(x, y))
    hand.press(MOUSE, LEFT, Tool.PEN, at(10, 10))
    hand.move(MOUSE, LEFT, at(x, y))
    hand.move(MOUSE, LEFT, at(20, 20))
    assert notes.points == [(10, 10, None), (20, 20, None)]


def test_ink_that_leaves_the_paper_is_held_at_its_edge(hand: CanvasInput, notes: Notes) -> None:
    hand.press(MOUSE, LEFT, Tool.PEN, at(270, 100))
    hand.move(MOUSE, LEFT, at(400, 120))
    hand.move(MOUSE, LEFT, at(500, 120))
    hand.move(MOUSE, LEFT, at(270, -50))
    assert notes.points == [(270, 100, None), (280, 120, None), (270, 0, None)]


def test_a_gesture_that_begins_beside_the_paper_inks_from_its_edge_on(
    hand: CanvasInput, notes: Notes
) -> None:
    assert hand.press(MOUSE, LEFT, Tool.PEN, at(-20, 100))
    hand.move(MOUSE, LEFT, at(-5, 100))
    assert notes.log == []
    assert hand.active
    assert not hand.inking
    hand.move(MOUSE, LEFT, at(5, 100))
    assert notes.log == ["begin pen"]
    assert notes.points == [(5, 100, None)]


def test_one_that_never_comes_there_is_nothing(hand: CanvasInput, notes: Notes) -> None:
    hand.press(MOUSE, LEFT, Tool.PEN, at(-20, 100))
    hand.release(MOUSE, LEFT, at(-30, 100))
    assert notes.log == []


def test_another_button_neither_draws_nor_ends(hand: CanvasInput, notes: Notes) -> None:
    hand.press(MOUSE, LEFT, Tool.PEN, at(10, 10))
    assert not hand.press(MOUSE, RIGHT, Tool.ERASER, at(20, 10))
    assert not hand.release(MOUSE, RIGHT, at(20, 10))
    hand.move(MOUSE, LEFT, at(30, 10))
    hand.release(MOUSE, LEFT, at(40, 10))
    assert notes.log == ["begin pen", "finish"]


def test_a_second_finger_neither_draws_nor_ends(hand: CanvasInput, notes: Notes) -> None:
    hand.press(TOUCH, 0, Tool.PEN, at(10, 10))
    assert not hand.press(TOUCH, 1, Tool.PEN, at(200, 200))
    hand.move(TOUCH, 1, at(210, 210))
    hand.move(TOUCH, 0, at(20, 10))
    hand.release(TOUCH, 1, at(210, 210))
    hand.release(TOUCH, 0, at(30, 10))
    assert notes.log == ["begin pen", "finish"]
    assert [p[:2] for p in notes.points] == [(10, 10), (20, 10), (30, 10)]


def test_mouse_and_fingers_are_ignored_while_the_pen_draws(hand: CanvasInput, notes: Notes) -> None:
    hand.press(PEN, LEFT, Tool.PEN, at(10, 10, 0.5))
    assert not hand.press(MOUSE, LEFT, Tool.PEN, at(10, 10))
    assert not hand.move(MOUSE, LEFT, at(99, 99))
    assert not hand.release(MOUSE, LEFT, at(99, 99))
    assert not hand.press(TOUCH, 0, Tool.PEN, at(99, 99, ms=5000))
    hand.release(PEN, LEFT, at(20, 10))
    assert notes.log == ["begin pen", "finish"]
    assert [p[:2] for p in notes.points] == [(10, 10), (20, 10)]


def test_the_resting_hand_draws_nothing(hand: CanvasInput, notes: Notes) -> None:
    hand.pen_is_near(1000)
    assert not hand.press(TOUCH, 0, Tool.PEN, at(200, 200, ms=1200))
    assert hand.press(TOUCH, 0, Tool.PEN, at(200, 200, ms=2000))


def test_the_hand_that_rested_first_is_forgotten_when_the_pen_comes(
    hand: CanvasInput, notes: Notes
) -> None:
    hand.press(TOUCH, 0, Tool.PEN, at(200, 200))
    hand.press(PEN, LEFT, Tool.PEN, at(10, 10, 0.5))
    assert notes.log == ["begin pen", "drop", "begin pen"]
    hand.release(TOUCH, 0, at(200, 200))
    assert hand.source is PEN


def test_a_mouse_stroke_is_kept_when_the_pen_comes(hand: CanvasInput, notes: Notes) -> None:
    hand.press(MOUSE, LEFT, Tool.PEN, at(200, 200))
    hand.press(PEN, LEFT, Tool.ERASER, at(10, 10, 0.5))
    assert notes.log == ["begin pen", "finish", "begin eraser"]


def test_finishing_early_keeps_the_ink_and_ends_the_gesture(
    hand: CanvasInput, notes: Notes
) -> None:
    hand.finish()
    assert notes.log == []
    hand.press(MOUSE, LEFT, Tool.PEN, at(10, 10))
    hand.finish()
    hand.move(MOUSE, LEFT, at(50, 50))
    hand.release(MOUSE, LEFT, at(60, 60))
    assert notes.log == ["begin pen", "finish"]
    assert len(notes.points) == 1


class TestTrace:
    def test_a_stroke_has_points_pressure_times_and_width(self) -> None:
        trace = Trace()
        for i in range(5):
            trace.add(at(i, 2 * i, i / 10, 1000 + 8 * i))
        stroke = trace.stroke(24.0)
        assert stroke.points.dtype == np.float32
        assert stroke.points.tolist() == [[i, 2 * i] for i in range(5)]
        assert stroke.pressure is not None
        assert stroke.pressure == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
        assert stroke.times is not None
        assert stroke.times == pytest.approx([0, 0.008, 0.016, 0.024, 0.032])
        assert stroke.width == 24

    def test_without_pressure_there_is_none(self) -> None:
        trace = Trace()
        trace.add(at(1, 1))
        assert trace.stroke(24).pressure is None

    def test_times_of_events_that_have_none_are_unknown(self) -> None:
        trace = Trace()
        trace.add(at(1, 1))
        trace.add(at(2, 1))
        assert trace.stroke(24).times is None

    def test_times_never_fall(self) -> None:
        trace = Trace()
        for i, ms in enumerate((100, 120, 110, 130)):
            trace.add(at(i, 0, ms=ms))
        times = trace.stroke(24).times
        assert times is not None
        assert (np.diff(times) >= 0).all()

    def test_strokes_handed_out_stay_as_they_were(self) -> None:
        trace = Trace()
        strokes = []
        for i in range(3000):
            trace.add(at(i, i % 7, (i % 11) / 11, i))
            if i % 97 == 0:
                strokes.append((i + 1, trace.stroke(24)))
        for count, stroke in strokes:
            assert stroke.points[:, 0].tolist() == list(range(count))
            assert not stroke.points.flags.writeable

    def test_the_points_of_a_growing_stroke_are_not_copied(self) -> None:
        trace = Trace()
        trace.add(at(0, 0))
        trace.add(at(1, 0))
        assert np.shares_memory(trace.stroke(24).points, trace.stroke(24).points)

    def test_pressure_is_brought_into_its_range(self) -> None:
        trace = Trace()
        trace.add(at(0, 0, -0.5))
        trace.add(at(1, 0, 1.5))
        pressure = trace.stroke(24).pressure
        assert pressure is not None
        assert pressure.tolist() == [0, 1]
