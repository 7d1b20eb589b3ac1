"""A drawing played back, and writing in one's hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_app.window.features.explaining import Explaining
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import answer_line
from tests.app.explaining.conftest import SAID, answer, digit, loaded
from tests.app.explaining.silent_worker import Asked
from tests.app.pointers import move, press, release
from tests.drawings import DIGITS
from trainer.explanation.results import (
    Replay,
    WithoutPart,
    WithoutParts,
)
from trainer.handwriting.results import WrittenCharacter, WrittenText
from trainer.picture.strokes import Drawing
from trainer.processes.explain_messages import WhyRequest, WriteRequest


def _replay(labels: tuple[str, ...] = tuple(DIGITS)) -> Replay:
    probabilities = np.zeros((60, len(labels)))
    probabilities[:30, 1] = 0.9
    probabilities[30:, 4] = 0.97
    from trainer.explanation.results import Change

    return Replay(
        labels=labels,
        times=np.linspace(0, 2, 60),
        points=np.zeros((60, 2)),
        probabilities=probabilities,
        refused=np.zeros(60, np.bool_),
        changes=(Change(at=0.0, before="", after="1"), Change(at=1.02, before="1", after="4")),
        is_timed=True,
    )


def test_space_plays_and_the_scrubber_shows_the_moment(
    asked: Asked, window: MainWindow, explaining: Explaining, qtbot: QtBot
) -> None:
    window.actions_["Replay"].trigger()
    asked.say(explaining.worker, _replay())
    view, overlay = explaining.replay.view, explaining.desk.overlay
    assert view.digit.text() == "4"
    assert not overlay.isVisible()  # the whole drawing
    view.scrubber.setValue(300)
    assert view.digit.text() == "1"
    assert overlay.instead is not None
    drawing = window.canvas.current_drawing()
    assert len(overlay.instead.strokes) <= len(drawing.strokes)
    assert [button.text() for button in view.changes] == ["0.0 s: nothing → 1", "1.0 s: 1 → 4"]
    view.changes[1].click()
    assert view.digit.text() == "4"
    # Space plays, on the paper too, and keeps no drawing meanwhile.
    window.theme.reduced_motion = False
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Space)
    assert view.is_playing
    before = view.scrubber.value()
    qtbot.waitUntil(lambda: view.scrubber.value() > before, timeout=10_000)
    QTest.keyClick(window.canvas, Qt.Key.Key_Space)
    assert not view.is_playing
    window.theme.reduced_motion = True
    view.scrubber.setValue(0)
    QTest.keyClick(window.canvas, Qt.Key.Key_Space)
    assert not view.is_playing  # it goes to the next change instead
    assert view.digit.text() == "4"
    window.canvas.set_drawing(digit("7"))
    assert not overlay.isVisible()


def test_a_number_is_written_and_put_on_the_paper(
    asked: Asked, window: MainWindow, explaining: Explaining
) -> None:
    window.actions_["WriteInHand"].trigger()
    mode = explaining.handwriting
    QTest.keyClicks(mode.view.field, "74")
    QTest.keyClick(mode.view.field, Qt.Key.Key_Return)
    assert isinstance(asked.newest, WriteRequest)
    assert asked.newest.text == "74"
    drawings = {label: digit(label) for label in "74"}
    characters = tuple(
        WrittenCharacter(
            label=label, drawing=drawings[label], probability=0.995, origin=origin, tried=10
        )
        for label, origin in (("7", "own"), ("4", "neutral"))
    )
    for character in characters:
        asked.say(explaining.worker, character)
    whole = Drawing((*drawings["7"].strokes, *drawings["4"].strokes))
    written = WrittenText(text="74", drawing=whole, characters=characters, missing=("4",))
    asked.say(explaining.worker, written)
    assert [row.full_text for row in mode.view.rows] == [
        "7: read with 99.5 %",
        "4: read with 99.5 %",
    ]
    assert "neutral hand" in mode.view.note.text()
    assert explaining.desk.overlay.instead is whole  # at once: reduced motion
    QTest.mouseClick(mode.view.place, Qt.MouseButton.LeftButton)
    assert window.canvas.current_drawing() is whole
    window.canvas.undo()
    assert window.canvas.current_drawing().strokes[0] is not whole.strokes[0]
    # Written again it is another request, with another seed.
    QTest.mouseClick(mode.view.write, Qt.MouseButton.LeftButton)
    seeds = [one.seed for _, one in asked.requests if isinstance(one, WriteRequest)]
    assert len(set(seeds)) == 2


def test_writing_is_animated_stroke_by_stroke(
    asked: Asked, window: MainWindow, explaining: Explaining, qtbot: QtBot
) -> None:
    window.theme.reduced_motion = False
    window.actions_["WriteInHand"].trigger()
    explaining.handwriting.write("7")
    whole = digit("7")
    asked.say(explaining.worker, WrittenText(text="7", drawing=whole, characters=(), missing=()))
    overlay = explaining.desk.overlay
    qtbot.waitUntil(lambda: overlay.instead is not None, timeout=10_000)
    assert overlay.instead is not whole
    qtbot.waitUntil(lambda: overlay.instead is whole, timeout=10_000)


def test_what_was_written_is_saved(
    asked: Asked,
    window: MainWindow,
    explaining: Explaining,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: object,
) -> None:
    target = Path(str(tmp_path)) / "7.svg"
    monkeypatch.setattr("handwrite_app.handwriting.mode.ask_where", lambda *_: target)
    window.actions_["WriteInHand"].trigger()
    explaining.handwriting.write("7")
    asked.say(
        explaining.worker, WrittenText(text="7", drawing=digit("7"), characters=(), missing=())
    )
    QTest.mouseClick(explaining.handwriting.view.save, Qt.MouseButton.LeftButton)
    assert target.read_text().startswith("<?xml") or "<svg" in target.read_text()


def test_several_characters_are_explained_one_at_a_time(
    asked: Asked, window: MainWindow, explaining: Explaining
) -> None:
    """Read numbers may be switched on and off while a ghost is over the paper."""
    window.actions_["Why"].trigger()
    asked.say(explaining.worker, SAID)
    drawing = window.canvas.current_drawing()
    part = WithoutPart(part=drawing, rest=Drawing(), probability=0.2, label="1")
    asked.say(explaining.worker, WithoutParts(parts=(part,), whole_strokes=True))
    explaining.why.view.parts[0].click()
    assert explaining.desk.overlay.isVisible()
    window.asking.ask()
    answer_line(window, "11")
    assert "one at a time" in explaining.why.panel.message.text()
    assert explaining.why.view.body.isHidden()
    assert not explaining.desk.overlay.isVisible()
    count = len(asked.requests)
    explaining.why.restart()
    assert len(asked.requests) == count
    window.asking.ask()
    answer(window, "4")
    assert len(asked.requests) == count + 1
    assert "one at a time" not in explaining.why.panel.message.text()
    window.asking.mode = "letters"  # Digits → Letters, with the same network
    window.asking.ask()
    answer(window, "4")
    assert asked.newest.mode == "letters"  # type: ignore[union-attr]
    assert len(asked.requests) == count + 2
    window.asking.ask()
    answer(window, "4")
    assert len(asked.requests) == count + 2


def test_of_a_guest_nothing_is_explained_or_written_with_the_drawings_of_another(
    asked: Asked, window: MainWindow, explaining: Explaining
) -> None:
    writers = window.correction.writers
    window.actions_["Why"].trigger()
    assert asked.newest.kept is not None  # type: ignore[union-attr]
    writers.be_guest()
    assert isinstance(asked.newest, WhyRequest)
    assert asked.newest.kept is asked.newest.memory is None
    window.actions_["WriteInHand"].trigger()
    explaining.handwriting.write("7")
    assert isinstance(asked.newest, WriteRequest)
    assert asked.newest.kept is None
    count = len(asked.requests)
    writers._on_chosen("Me")
    assert len(asked.requests) == count + 1
    assert asked.requests[-1][1].kept is not None  # type: ignore[union-attr]


def test_what_is_written_does_not_cover_the_paper_under_the_pen(
    asked: Asked, window: MainWindow, explaining: Explaining
) -> None:
    window.actions_["WriteInHand"].trigger()
    mode, overlay = explaining.handwriting, explaining.desk.overlay
    mode.write("7")
    press(window.canvas, (150, 150))
    move(window.canvas, (200, 200))
    whole = digit("7")
    asked.say(explaining.worker, WrittenText(text="7", drawing=whole, characters=(), missing=()))
    assert overlay.instead is None
    assert mode.written is not None  # it can still be saved
    mode.set_active_model(loaded("scribe"))
    count = len(asked.requests)
    release(window.canvas, (200, 200))
    assert overlay.instead is None
    assert len(asked.requests) == count + 1  # with the other network, once the pen is lifted
