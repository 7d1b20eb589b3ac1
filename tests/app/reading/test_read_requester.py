"""Which answers are stale: decided in one place, by what is on the paper now."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.reading.answers import continues
from handwrite_app.reading.read_requester import ReadRequester
from tests.app.pointers import drag, move, press, release
from trainer.picture.strokes import Drawing, InkImage, Stroke
from trainer.processes.recognition_messages import Reading, ReadRequest

_A, _B, _C = (Stroke.make([[0, y], [5, y], [9, y]]) for y in (0, 5, 9))
_LONGER = Stroke.make([[0, 0], [5, 0], [9, 0], [12, 3]])


def _image() -> InkImage:
    return InkImage(np.zeros((4, 4), np.uint8), 0, 0, 9, 9)


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        ((), (), True),
        ((), (_A,), False),  # nothing is known of the ink yet
        ((_A,), (_A,), True),
        ((_A,), (_A, _B), True),
        ((_A,), (_LONGER,), True),
        ((_B, _A), (_B, _LONGER, _C), True),
        ((_A,), (_B,), False),  # as many strokes as before, but others
        ((_A, _B), (_A, _C), False),
        ((_A, _B), (_B, _A), False),
        ((_A, _B), (_A,), False),
        ((_LONGER,), (_A,), False),
        ((_A, _B), (_LONGER, _B), False),  # only the last stroke grows
        ((_A,), (), False),
    ],
)
def test_whether_a_drawing_goes_on(
    before: tuple[Stroke, ...], now: tuple[Stroke, ...], same: bool
) -> None:
    assert continues(Drawing(before), Drawing(now)) is same


def test_another_picture_is_another_drawing() -> None:
    image = _image()
    assert continues(Drawing((), image), Drawing((_A,), image))
    assert not continues(Drawing((_A,), image), Drawing((_A,), _image()))
    assert not continues(Drawing((_A,)), Drawing((_A,), image))


class _Asked:
    """The requests, and the numbers of the answers that count."""

    def __init__(self, canvas: Canvas, parent: QWidget) -> None:
        self.requester = ReadRequester(canvas, parent)
        self.requests: list[ReadRequest] = []
        self.numbers: list[int] = []
        self.requester.readRequested.connect(self.requests.append)
        self.requester.answered.connect(lambda reading: self.numbers.append(reading.number))

    def answer(self, number: int) -> None:
        self.requester.receive(Reading(number=number))


@pytest.fixture
def asked(canvas: Canvas) -> _Asked:
    return _Asked(canvas, canvas)


def test_requests_are_numbered(canvas: Canvas, asked: _Asked) -> None:
    drag(canvas, (100, 100), (150, 150))
    drag(canvas, (100, 200), (150, 250))
    assert [request.number for request in asked.requests] == [1, 2]
    assert asked.requests[-1].drawing is canvas.current_drawing()
    assert asked.requester.newest == 2


def test_an_answer_to_the_newest_request_is_that_of_the_drawing(
    canvas: Canvas, asked: _Asked
) -> None:
    drag(canvas, (100, 100), (150, 150))
    drawing = canvas.current_drawing()
    assert asked.requester.answer_to(drawing) is None
    asked.answer(1)
    answer = asked.requester.answer_to(drawing)
    assert answer is not None
    assert answer.reading.number == 1
    assert asked.requester.sees_nothing(drawing)
    drag(canvas, (100, 200), (150, 250))
    assert asked.requester.answer_to(canvas.current_drawing()) is None


def test_while_a_drawing_grows_an_earlier_answer_counts(canvas: Canvas, asked: _Asked) -> None:
    drag(canvas, (100, 100), (150, 150))
    drag(canvas, (100, 200), (150, 250))
    asked.answer(1)
    assert asked.numbers == [1]
    assert asked.requester.answer is None
    asked.answer(2)
    asked.answer(1)  # never older than the last one
    assert asked.numbers == [1, 2]


def test_while_a_stroke_grows_an_earlier_answer_counts(
    canvas: Canvas, qtbot: QtBot, asked: _Asked
) -> None:
    press(canvas, (100, 100))
    move(canvas, (150, 150))
    qtbot.waitUntil(lambda: len(asked.requests) == 1)
    move(canvas, (200, 150))
    qtbot.waitUntil(lambda: len(asked.requests) == 2)
    asked.answer(1)
    assert asked.numbers == [1]
    release(canvas, (220, 150))


def test_a_drawing_of_as_many_strokes_supersedes_the_one_before(
    canvas: Canvas, asked: _Asked
) -> None:
    drag(canvas, (100, 100), (150, 150))
    before = asked.requester.newest
    canvas.set_drawing(Drawing((_A,)))
    asked.requester.ask()
    assert asked.requester.is_superseded(before)
    asked.answer(before)
    assert asked.numbers == []


def test_undo_and_a_new_stroke_supersede_the_one_before(canvas: Canvas, asked: _Asked) -> None:
    drag(canvas, (100, 100), (150, 150))
    drag(canvas, (100, 200), (150, 250))
    before = asked.requester.newest
    canvas.undo()
    drag(canvas, (200, 100), (250, 150))  # two strokes again, before anything was asked between
    asked.answer(before)
    assert asked.numbers == []


def test_a_new_sheet_supersedes_the_one_before(canvas: Canvas, asked: _Asked) -> None:
    drag(canvas, (100, 100), (150, 150))
    canvas.replace_at_next_stroke()
    drag(canvas, (100, 200), (150, 250))
    asked.answer(1)
    assert asked.numbers == []


def test_nothing_is_asked_after_the_end(canvas: Canvas, asked: _Asked) -> None:
    asked.requester.end()
    drag(canvas, (100, 100), (150, 150))
    assert asked.requests == []
