"""What the panel says: a reading, or honestly what is waited for."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from handwrite_app.reading.verdict import State
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import DIGITS, draw, load, read
from tests.app.pointers import drag
from trainer.base.messages import Message
from trainer.processes.recognition_messages import Reading


def _answer(window: MainWindow, number: int | None = None, **changed: Any) -> None:
    fields: dict[str, Any] = {
        "labels": DIGITS,
        "picture": bytes(784),
        "probabilities": (0.9, 0.02, *[0.01] * 8),
    }
    number = window.asking.newest if number is None else number
    window.asking.receive(Reading(number=number, **{**fields, **changed}))


def _words(window: MainWindow) -> str:
    return window.reading.words.full_text


def _wait_for_words(window: MainWindow, qtbot: QtBot, words: str) -> None:
    qtbot.waitUntil(lambda: _words(window) == words)


def test_an_answer_is_shown(quiet_window: MainWindow) -> None:
    load(quiet_window)
    draw(quiet_window)
    _answer(quiet_window)
    assert (quiet_window.reading.state, quiet_window.reading.answer.text()) == (State.SURE, "0")


def test_what_the_network_refuses_is_the_headline(quiet_window: MainWindow) -> None:
    load(quiet_window)
    draw(quiet_window)
    _answer(quiet_window, refused=True)
    assert quiet_window.reading.headline.text() == "Not a digit"
    assert _words(quiet_window) == "Closest: 0"
    _answer(quiet_window, refused=True, labels=tuple("abcdefghij"))
    assert quiet_window.reading.headline.text() == "Not a letter"
    _answer(quiet_window, refused=True, labels=tuple("α♥☺√∞☼♪★∂π"))
    assert quiet_window.reading.headline.text() == "None of these"


def test_what_is_still_being_drawn_is_not_refused(quiet_window: MainWindow) -> None:
    load(quiet_window)
    draw(quiet_window)
    before = quiet_window.asking.newest
    quiet_window.asking.ask()
    quiet_window.asking.is_moving = True
    _answer(quiet_window, before, refused=True)
    assert quiet_window.reading.state is State.DRAWING
    _answer(quiet_window, refused=True)
    assert quiet_window.reading.state is State.NOT_A_DIGIT


def test_two_digits_are_told_and_the_paper_can_be_cleared(quiet_window: MainWindow) -> None:
    load(quiet_window)
    for x in (120, 300):
        drag(quiet_window.canvas, (x, 150), (x + 20, 250), (x, 300))
    _answer(quiet_window, refused=True)
    assert quiet_window.reading.headline.text() == "Two digits?"
    quiet_window.reading.start_over.click()
    assert quiet_window.canvas.is_empty()
    quiet_window.canvas.undo()
    assert len(quiet_window.canvas.current_drawing().strokes) == 2


def test_two_digits_that_are_read_are_an_answer(quiet_window: MainWindow) -> None:
    load(quiet_window)
    for x in (120, 300):
        drag(quiet_window.canvas, (x, 150), (x + 20, 250), (x, 300))
    _answer(quiet_window)
    assert quiet_window.reading.answer.text() == "0"


def test_a_dot_is_too_little_and_not_nothing(quiet_window: MainWindow) -> None:
    load(quiet_window)
    drag(quiet_window.canvas, (200, 200))
    _answer(quiet_window, probabilities=None, picture=None)
    assert quiet_window.reading.state is State.TOO_LITTLE
    assert _words(quiet_window) == "Too little to read"
    quiet_window.canvas.clear()
    quiet_window.asking.ask()
    assert _words(quiet_window) == "Nothing drawn yet"


def test_an_answer_that_takes_long_is_waited_for(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    draw(quiet_window)
    _wait_for_words(quiet_window, qtbot, "Reading…")
    read(quiet_window, "7")
    assert quiet_window.reading.answer.text() == "7"
    draw(quiet_window, 200)  # the reading of the first stroke stays until the next one
    qtbot.wait(350)
    assert quiet_window.reading.answer.text() == "7"


def test_another_drawing_is_not_shown_with_the_answer_before(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    load(quiet_window)
    draw(quiet_window)
    read(quiet_window, "7")
    quiet_window.canvas.replace_at_next_stroke()
    draw(quiet_window, 200)
    _wait_for_words(quiet_window, qtbot, "Reading…")


def test_the_process_starts_again(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    draw(quiet_window)
    quiet_window.recognition.restarted.emit("It was started again.")
    _wait_for_words(quiet_window, qtbot, "Starting again…")
    read(quiet_window, "7")
    assert quiet_window.reading.answer.text() == "7"


def test_a_network_that_loads_is_waited_for(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    _wait_for_words(quiet_window, qtbot, "Loading the network…")
    load(quiet_window)
    _wait_for_words(quiet_window, qtbot, "Reading…")


def test_a_failure_stays_until_answers_are_expected(quiet_window: MainWindow) -> None:
    load(quiet_window)
    quiet_window.recognition.failed.emit("It is over.")
    draw(quiet_window)
    assert quiet_window.reading.message.text() == "It is over."
    quiet_window.canvas.clear()
    quiet_window.asking.ask()
    assert quiet_window.reading.state is State.FAILED
    load(quiet_window)
    assert quiet_window.reading.state is State.EMPTY


def test_a_drawing_that_cannot_be_read_says_why(quiet_window: MainWindow) -> None:
    load(quiet_window)
    draw(quiet_window)
    _answer(
        quiet_window, probabilities=None, error=Message("x.y", "It is {what}.", {"what": "odd"})
    )
    assert quiet_window.reading.message.text() == "It is odd."


@pytest.mark.parametrize("name", ["seven.png"])
def test_a_file_that_is_opened_is_named(quiet_window: MainWindow, qtbot: QtBot, name: str) -> None:
    load(quiet_window)
    quiet_window.files.opening.emit(name)
    _wait_for_words(quiet_window, qtbot, "Opening seven.png…")
    quiet_window.files.opening.emit("")
    _wait_for_words(quiet_window, qtbot, "Nothing drawn yet")
