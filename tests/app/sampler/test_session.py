"""The guided sampler in the window: what is asked for is what is kept, one way or another, and how it ends."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from handwrite_app.sampler import session as module
from handwrite_app.ui.settings import Settings
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import DIGITS, draw, entries, labels_kept, load, press_key, read
from tests.app.pointers import RIGHT, drag, press, release
from tests.app.sampling import (
    begin,
    button,
    click,
    draw_asked,
    go_on,
    prompt,
    score,
    session,
    words,
    write,
)
from trainer.drawings import open_store
from trainer.processes.recognition_messages import Reading

_PATIENCE = 10_000


# --- the way through


def test_all_of_them_once_and_the_score(quiet_window: MainWindow, qtbot: QtBot) -> None:
    order = begin(quiet_window).order
    for place, label in enumerate(order):
        assert prompt(quiet_window) == f"Write {label}"
        assert words(quiet_window) == f"{place + 1} of 10"
        assert not button(quiet_window, "sampleNext").isEnabled()
        said = "1" if label == "7" else None
        assert write(quiet_window, qtbot, said) == label
        assert quiet_window.canvas.is_empty()
    assert score(quiet_window) == (
        "9 of 10 right",
        "Misread: what was asked for, and what was read",
        ["7 → 1"],
    )
    by_label = quiet_window.sampler.banner.score.toolTip().splitlines()
    assert by_label == [f"{label}: {int(label != '7')} of 1" for label in DIGITS]
    assert labels_kept() == list(order[::-1])
    kept = entries()
    assert [entry.label for entry in kept if not entry.right] == ["7"]
    assert all(entry.device == "mouse" for entry in kept)
    assert all(entry.weights is not None for entry in kept)
    assert not quiet_window.sampler.is_running
    click(quiet_window, "sampleClose")
    assert not quiet_window.sampler.banner.isVisible()


def test_the_choice_of_rounds_is_remembered(quiet_window: MainWindow, qtbot: QtBot) -> None:
    assert Settings().sample_rounds == 3
    assert begin(quiet_window, rounds=5).total == 50
    click(quiet_window, "sampleStop")
    assert not quiet_window.sampler.banner.isVisible()  # nothing was written, nothing to say
    quiet_window.actions_["Sampler"].trigger()
    assert quiet_window.sampler.banner.start.rounds == 5
    press_key(quiet_window, Qt.Key.Key_Escape)
    assert not quiet_window.sampler.banner.isVisible()


def test_it_goes_on_by_itself_when_the_pen_rests(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begin(quiet_window, by_itself=True)
    pause = quiet_window.sampler._rest.timer
    assert pause.interval() == 1200
    pause.setInterval(50)
    asked = draw_asked(quiet_window)
    read(quiet_window, asked)
    qtbot.waitUntil(lambda: session(quiet_window).place == 1, timeout=_PATIENCE)
    assert labels_kept() == [asked]


def test_the_second_stroke_of_a_four_has_time(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begin(quiet_window, by_itself=True)
    pause = quiet_window.sampler._rest.timer
    draw(quiet_window)
    assert pause.isActive()
    press(quiet_window.canvas, (200, 200))
    assert not pause.isActive()
    release(quiet_window.canvas, (260, 260))
    assert pause.isActive()
    drag(quiet_window.canvas, (200, 200), (230, 230), button=RIGHT)  # rubbing out is no writing
    assert not pause.isActive()
    draw(quiet_window, 150)
    quiet_window.canvas.undo()
    assert not pause.isActive()
    draw(quiet_window, 150)
    quiet_window.sampler.banner.ask.by_itself.setChecked(False)
    assert not pause.isActive()
    draw(quiet_window, 200)
    assert not pause.isActive()
    assert not Settings().samples_by_themselves


def test_a_stroke_while_the_answer_is_waited_for_belongs_to_it(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    begin(quiet_window)
    draw(quiet_window)
    press_key(quiet_window, Qt.Key.Key_Space)
    press(quiet_window.canvas, (200, 200))
    qtbot.wait(20)
    release(quiet_window.canvas, (260, 260))
    read(quiet_window, "1")
    assert session(quiet_window).place == 0
    go_on(quiet_window, qtbot)
    (entry,) = entries()
    with open_store(daily=False) as store:
        assert len(store.drawing(entry.id).strokes) == 2


def test_what_is_drawn_before_the_next_label_is_there_goes(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    begin(quiet_window)
    read(quiet_window, draw_asked(quiet_window))
    press_key(quiet_window, Qt.Key.Key_Space)
    press(quiet_window.canvas, (200, 200))  # the drawing is on its way to the disk
    qtbot.waitUntil(lambda: session(quiet_window).place == 1, timeout=_PATIENCE)
    assert quiet_window.canvas.is_empty()
    release(quiet_window.canvas, (260, 260))
    assert quiet_window.canvas.is_empty()


def test_it_waits_for_the_answer(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begin(quiet_window)
    asked = draw_asked(quiet_window)
    press_key(quiet_window, Qt.Key.Key_Space)
    qtbot.wait(50)
    assert session(quiet_window).place == 0
    assert entries() == []
    read(quiet_window, "1")
    qtbot.waitUntil(lambda: session(quiet_window).place == 1, timeout=_PATIENCE)
    (entry,) = entries()
    assert entry.label == asked
    assert entry.said is not None


def test_without_a_network_they_are_kept_unread(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE_MS", 30)
    begin(quiet_window, loaded=False)
    draw_asked(quiet_window)
    go_on(quiet_window, qtbot)
    monkeypatch.setattr(module, "PATIENCE_MS", 1_000_000)  # it is not waited for again
    draw_asked(quiet_window)
    go_on(quiet_window, qtbot)
    assert [entry.said for entry in entries()] == [None, None]
    press_key(quiet_window, Qt.Key.Key_Escape)
    assert score(quiet_window) == (
        "2 saved, none was read",
        "No network was loaded to read them",
        [],
    )


def test_nothing_and_dots_are_not_kept(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begin(quiet_window)
    press_key(quiet_window, Qt.Key.Key_Space)
    assert words(quiet_window) == "Nothing is written yet."
    drag(quiet_window.canvas, (200, 200))
    assert words(quiet_window) == "1 of 10"
    quiet_window.recognition.readingReady.emit(Reading(number=quiet_window.asking.newest))
    press_key(quiet_window, Qt.Key.Key_Space)
    assert words(quiet_window) == "Too little ink to save. Write it larger."
    drag(quiet_window.canvas, (200, 200), (203, 203))
    read(quiet_window, "1")  # a network that sees a digit in it
    press_key(quiet_window, Qt.Key.Key_Space)
    assert words(quiet_window) == "Too little ink to save. Write it larger."
    assert entries() == []
    draw(quiet_window)
    read(quiet_window, "1")
    go_on(quiet_window, qtbot)
    assert len(entries()) == 1


# --- back, skip, stop


def test_back_shows_it_and_what_is_written_then_replaces_it(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    begin(quiet_window)
    first, second = (write(quiet_window, qtbot) for _ in range(2))
    before = session(quiet_window).samples[1]
    draw(quiet_window, 200)  # a third that is not whole
    press_key(quiet_window, Qt.Key.Key_Backspace)
    assert prompt(quiet_window) == f"Write {second}"
    assert words(quiet_window) == "Write it again: the new one replaces this one."
    assert quiet_window.canvas.current_drawing() is before.drawing
    assert labels_kept() == [second, first]
    draw(quiet_window, 200)
    assert len(quiet_window.canvas.current_drawing().strokes) == 1
    read(quiet_window, "1")
    go_on(quiet_window, qtbot)
    assert session(quiet_window).place == 2
    qtbot.waitUntil(lambda: len(entries()) == 2, timeout=_PATIENCE)
    assert labels_kept() == [second, first]
    assert before.number not in [entry.id for entry in entries()]


def test_back_and_next_leaves_it_as_it_was(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begin(quiet_window, by_itself=True)
    write(quiet_window, qtbot)
    (before,) = entries()
    click(quiet_window, "sampleBack")
    assert not button(quiet_window, "sampleBack").isEnabled()
    assert not quiet_window.sampler._rest.timer.isActive()
    go_on(quiet_window, qtbot)
    assert quiet_window.canvas.is_empty()
    assert entries() == [before]
    assert session(quiet_window).place == 1


def test_skip(quiet_window: MainWindow, qtbot: QtBot) -> None:
    asked = begin(quiet_window).order
    click(quiet_window, "sampleSkip")
    assert prompt(quiet_window) == f"Write {asked[1]}"
    write(quiet_window, qtbot)
    click(quiet_window, "sampleBack")
    click(quiet_window, "sampleSkip")  # it is not to be kept after all
    qtbot.waitUntil(lambda: entries() == [], timeout=_PATIENCE)
    assert prompt(quiet_window) == f"Write {asked[2]}"
    assert quiet_window.canvas.is_empty()


def test_stop_keeps_what_was_written(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begin(quiet_window, rounds=3)
    kept = [write(quiet_window, qtbot) for _ in range(2)]
    draw(quiet_window)
    press_key(quiet_window, Qt.Key.Key_Escape)
    assert score(quiet_window)[0] == "2 of 2 right"
    assert score(quiet_window)[1:] == ("Nothing was misread", [])
    assert labels_kept() == kept[::-1]
    assert not quiet_window.canvas.is_empty()  # nobody has asked for it to be thrown away
    press_key(quiet_window, Qt.Key.Key_Escape)
    assert not quiet_window.sampler.banner.isVisible()


def test_stop_waits_for_what_is_on_its_way(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begin(quiet_window)
    asked = draw_asked(quiet_window)
    press_key(quiet_window, Qt.Key.Key_Space)  # its answer is waited for
    press_key(quiet_window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not quiet_window.sampler.is_running, timeout=_PATIENCE)
    assert labels_kept() == [asked]
    assert score(quiet_window)[0] == "1 saved, none was read"


def test_the_drawing_that_was_there_comes_back(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    draw(quiet_window)
    drawn = quiet_window.canvas.current_drawing()
    begin(quiet_window)
    assert quiet_window.canvas.is_empty()
    quiet_window.canvas.undo()  # another one's ink is not to be had here
    assert quiet_window.canvas.is_empty()
    write(quiet_window, qtbot)
    draw(quiet_window, 200)
    half = quiet_window.canvas.current_drawing()
    click(quiet_window, "sampleStop")
    assert quiet_window.canvas.current_drawing() is drawn
    assert quiet_window.canvas.device == "mouse"
    quiet_window.canvas.undo()
    assert quiet_window.canvas.current_drawing() is half
