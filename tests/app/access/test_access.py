"""The answer for people who do not look at the screen, and text that can be read."""

from __future__ import annotations

import stat
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QSlider
from pytestqt.qtbot import QtBot

from handwrite_app.access.announcer import SPOKEN, Announcer
from handwrite_app.access.speech import speech_program
from handwrite_app.ui.tokens import DARK, LIGHT, Tokens, contrasting
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import answer_line, draw, load
from tests.app.explaining import conftest as drawings
from tests.app.pointers import move, press, release
from tests.app.ui.test_theme import contrast
from trainer.picture.strokes import Drawing, Stroke
from trainer.processes.recognition_messages import Reading

THEMES = {
    "light": LIGHT,
    "dark": DARK,
    "light, more contrast": contrasting(LIGHT),
    "dark, more contrast": contrasting(DARK),
}


def _answer(window: MainWindow, digit: int, *, refused: bool = False) -> None:
    window.recognition.readingReady.emit(
        Reading(
            number=window.asking.newest,
            labels=tuple("0123456789"),
            picture=bytes(784),
            probabilities=tuple(0.97 if i == digit else 0.03 / 9 for i in range(10)),
            refused=refused,
        )
    )


@pytest.fixture
def heard(quiet_window: MainWindow) -> list[str]:
    load(quiet_window)
    said: list[str] = []
    announcer = quiet_window.feature(Announcer)
    announcer.announce = said.append
    announcer.say = lambda words: said.append(f"spoken: {words}")
    return said


def test_an_answer_is_announced_once_the_pen_is_lifted(
    quiet_window: MainWindow, heard: list[str]
) -> None:
    draw(quiet_window)
    quiet_window.asking.ask()
    heard.clear()
    _answer(quiet_window, 7)
    assert heard == ["7. Sure"]
    quiet_window.asking.ask()
    _answer(quiet_window, 7)  # the same drawing again
    assert heard == ["7. Sure"]


def test_a_refusal_is_announced_as_one(quiet_window: MainWindow, heard: list[str]) -> None:
    draw(quiet_window)
    quiet_window.asking.ask()
    heard.clear()
    _answer(quiet_window, 4, refused=True)
    assert heard == ["Not a digit. Closest: 4"]


def test_what_is_opened_and_undone_is_announced_and_a_line_as_one(
    quiet_window: MainWindow, heard: list[str]
) -> None:
    draw(quiet_window)
    _answer(quiet_window, 7)
    quiet_window.canvas.set_drawing(drawings.digit("8"))
    quiet_window.asking.ask()
    _answer(quiet_window, 8)
    quiet_window.canvas.undo()
    quiet_window.asking.ask()
    _answer(quiet_window, 7)
    assert heard == ["7. Sure", "8. Sure", "7. Sure"]
    draw(quiet_window, at=200)
    answer_line(quiet_window, "12")
    assert heard[3:] == ["12. Sure · 90 %"]
    press(quiet_window.canvas, (200, 200))
    move(quiet_window.canvas, (220, 220))
    quiet_window.asking.ask()
    answer_line(quiet_window, "17")
    assert len(heard) == 4  # not while the pen moves
    release(quiet_window.canvas, (220, 220))


def test_it_is_spoken_where_wanted(quiet_window: MainWindow, heard: list[str]) -> None:
    quiet_window.settings.set_flag(SPOKEN, True)
    draw(quiet_window)
    quiet_window.asking.ask()
    heard.clear()
    _answer(quiet_window, 3)
    assert heard == ["3. Sure", "spoken: 3. Sure"]


@pytest.mark.skipif(sys.platform == "win32", reason="a script as a program")
def test_the_systems_program_speaks(
    quiet_window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert speech_program() is None
    program = tmp_path / ("say" if sys.platform == "darwin" else "spd-say")
    out = tmp_path / "out"
    program.write_text(f'#!/bin/sh\necho "$@" >> {out}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    load(quiet_window)
    quiet_window.settings.set_flag(SPOKEN, True)
    quiet_window.canvas.set_drawing(Drawing((Stroke.make([(90, 90), (190, 190)], width=20),)))
    quiet_window.asking.ask()
    _answer(quiet_window, 8)
    qtbot.waitUntil(lambda: out.exists() and "8. Sure" in out.read_text())
    # What was being said is cut short by the program that speaks, not by another one beside it.
    assert [line.split()[0] for line in out.read_text().splitlines()] in (["--cancel"], ["--"])


@pytest.mark.parametrize("name", THEMES)
def test_text_has_the_contrast_that_it_needs(name: str) -> None:
    """4.5:1 for text (WCAG 2.2, 1.4.3), and 7:1 where more contrast is asked for."""
    tokens = THEMES[name]
    least = 7.0 if "more" in name else 4.5
    grounds = ("desk", "surface", "field")
    inks = ("text", "text_muted", "accent", "validation", "red")
    for ink in inks:
        for ground in grounds:
            if (ink, ground) != ("red", "field") or "more" in name:
                found = contrast(getattr(tokens, ink), getattr(tokens, ground))
                assert found >= least, (ink, ground, found)
    assert contrast(tokens.amber, tokens.surface) >= least
    assert contrast(tokens.ink, tokens.paper) >= least
    assert contrast(tokens.outline, tokens.surface) >= (4.5 if "more" in name else 3.0)


def test_more_contrast_changes_colours_only() -> None:
    for tokens in (LIGHT, DARK):
        more = contrasting(tokens)
        assert more.dark is tokens.dark
        for one in fields(Tokens):
            assert one.name == "dark" or str(getattr(more, one.name)).startswith("#")


def test_bars_are_values_in_words(quiet_window: MainWindow) -> None:
    load(quiet_window)
    draw(quiet_window)
    quiet_window.asking.ask()
    _answer(quiet_window, 7)
    assert quiet_window.reading.bars.accessibleDescription().startswith("7: 97 %, ")


def test_every_control_is_reached_by_keys_and_has_a_name(quiet_window: MainWindow) -> None:
    load(quiet_window)
    draw(quiet_window)
    quiet_window.canvas.setFocus()
    seen = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus in seen:
            break
        seen.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert seen[0] is quiet_window.canvas
    assert all(one.accessibleName() for one in seen), [one.objectName() for one in seen]
    kinds = (QAbstractButton, QSlider)
    reached = {one for one in seen if isinstance(one, kinds)}
    in_row = set(quiet_window.tools.findChildren(QAbstractButton)) | {quiet_window.tools.slider}
    visible = {
        one
        for one in quiet_window.findChildren(QAbstractButton)
        if one.isVisible() and one.isEnabled() and one not in in_row
    }
    assert {one.objectName() for one in visible - reached if "correct" not in one.objectName()} <= {
        "qt_menubar_ext_button"
    }
    assert reached & in_row  # and the arrows reach the rest of the row


def test_no_meaning_by_colour_alone(quiet_window: MainWindow) -> None:
    """Sure, unsure and refused differ in their words, too."""
    load(quiet_window)
    words = set()
    for digit, refused in ((7, False), (4, True)):
        draw(quiet_window)
        quiet_window.asking.ask()
        _answer(quiet_window, digit, refused=refused)
        words.add(quiet_window.reading.answer.accessibleName())
    assert len(words) == 2
