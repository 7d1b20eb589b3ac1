"""What has to wait until the pen is lifted."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.pen_up_queue import PenUpQueue


def _press(canvas: Canvas, *points: tuple[int, int]) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(*points[0]))
    for point in points[1:]:
        QTest.mouseMove(canvas, QPoint(*point))
    assert canvas.is_drawing()


def _lift(canvas: Canvas, x: int, y: int) -> None:
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, y))


def test_at_once_where_no_pen_is_down(canvas: Canvas) -> None:
    called: list[int] = []
    PenUpQueue(canvas, canvas).then(lambda: called.append(1))
    assert called == [1]


def test_in_their_order_once_the_stroke_is_over(canvas: Canvas) -> None:
    lifted, called = PenUpQueue(canvas, canvas), list[int]()
    _press(canvas, (100, 100), (150, 200))
    lifted.then(lambda: called.append(1))
    lifted.then(lambda: called.append(2))
    assert called == []
    _lift(canvas, 150, 200)
    assert called == [1, 2]
    _press(canvas, (100, 100), (150, 200))
    _lift(canvas, 150, 200)
    assert called == [1, 2]


def test_also_after_a_press_that_left_nothing_on_the_paper(canvas: Canvas, qtbot: QtBot) -> None:
    lifted, called = PenUpQueue(canvas, canvas), list[int]()
    _press(canvas, (2, 2))  # beside the paper
    lifted.then(lambda: called.append(1))
    _lift(canvas, 2, 2)
    assert canvas.is_empty()
    qtbot.waitUntil(lambda: called == [1], timeout=2000)


def test_what_is_forgotten_is_not_called(canvas: Canvas, qtbot: QtBot) -> None:
    lifted, called = PenUpQueue(canvas, canvas), list[int]()
    _press(canvas, (100, 100), (150, 200))
    lifted.then(lambda: called.append(1))
    lifted.forget()
    _lift(canvas, 150, 200)
    qtbot.wait(150)
    assert called == []
