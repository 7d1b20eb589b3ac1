"""A stroke that begins a new drawing, and what strokes were drawn with."""

from __future__ import annotations

from handwrite_app.canvas.canvas import Canvas
from tests.app.pointers import (
    RIGHT,
    drag,
    ink,
    move,
    on_paper,
    pen_move,
    pen_press,
    pen_release,
    point_away,
    press,
    release,
    strokes,
)
from trainer.picture.strokes import Drawing, Stroke

ABOVE = on_paper(40, 40), on_paper(240, 40)
BELOW = on_paper(40, 240), on_paper(240, 240)


def _ink_above_and_below(canvas: Canvas) -> tuple[bool, bool]:
    point_away(canvas)
    painted = ink(canvas)
    middle = painted.shape[0] // 2
    return bool(painted[:middle].max() > 0.9), bool(painted[middle:].max() > 0.9)


def test_the_next_stroke_is_all_there_is_and_undo_brings_the_rest_back(canvas: Canvas) -> None:
    drag(canvas, *ABOVE)
    kept = canvas.current_drawing()
    canvas.replace_at_next_stroke()
    assert canvas.current_drawing() is kept
    assert _ink_above_and_below(canvas) == (True, False)
    press(canvas, BELOW[0])
    move(canvas, BELOW[1])
    assert len(strokes(canvas)) == 1
    assert _ink_above_and_below(canvas) == (False, True)
    release(canvas, BELOW[1])
    assert len(strokes(canvas)) == 1
    assert strokes(canvas)[0].points[0, 1] > 200
    assert _ink_above_and_below(canvas) == (False, True)
    canvas.undo()
    assert canvas.current_drawing() is kept
    assert _ink_above_and_below(canvas) == (True, False)


def test_after_undo_one_goes_on_with_what_was_there(canvas: Canvas) -> None:
    drag(canvas, *ABOVE)
    canvas.replace_at_next_stroke()
    drag(canvas, *BELOW)
    drag(canvas, on_paper(40, 140), on_paper(240, 140))
    assert len(strokes(canvas)) == 2  # anew once, not with every stroke
    canvas.undo()
    canvas.undo()
    drag(canvas, *BELOW)
    assert len(strokes(canvas)) == 2


def test_it_can_be_called_off(canvas: Canvas) -> None:
    drag(canvas, *ABOVE)
    canvas.replace_at_next_stroke()
    canvas.replace_at_next_stroke(False)
    drag(canvas, *BELOW)
    assert len(strokes(canvas)) == 2


def test_the_eraser_goes_on_with_what_is_there(canvas: Canvas) -> None:
    drag(canvas, *ABOVE)
    drag(canvas, *BELOW)
    canvas.replace_at_next_stroke()
    drag(canvas, on_paper(140, 30), on_paper(140, 50), button=RIGHT)
    assert len(strokes(canvas)) == 3
    drag(canvas, on_paper(40, 140), on_paper(240, 140))
    assert len(strokes(canvas)) == 4


def test_ink_that_was_none_gives_the_drawing_back(canvas: Canvas) -> None:
    """The pen comes down while a resting hand's finger has begun a stroke: that is dropped."""
    drag(canvas, *ABOVE)
    kept = canvas.current_drawing()
    canvas.replace_at_next_stroke()
    press(canvas, BELOW[0])
    canvas._input.drop()
    assert canvas.current_drawing() is kept
    assert _ink_above_and_below(canvas) == (True, False)
    drag(canvas, *BELOW)
    assert len(strokes(canvas)) == 1


def test_the_device_is_that_of_the_last_stroke(canvas: Canvas) -> None:
    assert canvas.device == ""
    drag(canvas, *ABOVE)
    assert canvas.device == "mouse"
    pen_press(canvas, BELOW[0])
    assert canvas.device == "mouse"
    pen_move(canvas, BELOW[1])
    pen_release(canvas, BELOW[1])
    assert canvas.device == "pen"
    drag(canvas, *ABOVE, button=RIGHT)
    assert canvas.device == "pen"  # nothing was drawn with the mouse
    canvas.set_drawing(Drawing((Stroke.make([(1, 1), (9, 9)]),)))
    assert canvas.device == ""
