"""The sampler and the rest of the window: its keys, its writers and its networks."""

from __future__ import annotations

import string

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_app.sampler.panels import prompt as words_for
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import DIGITS, EMNIST, draw, entries, labels_kept, load, press_key, read
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
from trainer.drawings import Filter, open_store

_PATIENCE = 10_000


# --- what the window does meanwhile


def test_the_keys_give_no_label_while_it_goes_on(quiet_window: MainWindow, qtbot: QtBot) -> None:
    """They would keep the same drawing under another label."""
    begin(quiet_window)
    draw_asked(quiet_window)
    read(quiet_window, "1")
    press_key(quiet_window, "3")
    assert not quiet_window.correction.row.isVisible()
    assert not quiet_window.actions_["UndoKeep"].isEnabled()
    go_on(quiet_window, qtbot)
    (entry,) = entries()
    assert entry.label == session(quiet_window).order[0]
    click(quiet_window, "sampleStop")
    click(quiet_window, "sampleClose")
    assert quiet_window.correction.row.isVisible()
    draw(quiet_window)
    press_key(quiet_window, "3")
    qtbot.waitUntil(lambda: labels_kept()[0] == "3", timeout=_PATIENCE)


def test_space_is_the_buttons_that_has_the_focus(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begin(quiet_window)
    click(quiet_window, "sampleSkip")
    assert quiet_window.canvas.hasFocus()
    skip = button(quiet_window, "sampleSkip")
    skip.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        QTest.keyClick(skip, key)
    assert session(quiet_window).place == 3
    assert session(quiet_window).samples == ()


def test_learning_is_the_windows_command(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    personalize, personalized = quiet_window.actions_["Personalize"], []
    monkeypatch.setattr(personalize, "trigger", lambda: personalized.append(True))
    begin(quiet_window)
    write(quiet_window, qtbot)
    click(quiet_window, "sampleStop")
    personalize.setEnabled(False)  # another run goes on
    assert not button(quiet_window, "samplePersonalize").isEnabled()
    personalize.setEnabled(True)
    click(quiet_window, "samplePersonalize")
    assert personalized == [True]
    assert not quiet_window.sampler.banner.isVisible()


def test_they_stay_the_hand_of_whoever_began(quiet_window: MainWindow, qtbot: QtBot) -> None:
    with open_store(daily=False) as store:
        anna = store.add_writer("Anna")
        store.add_writer("Ben")
    writers = quiet_window.correction.writers
    writers._on_chosen("Anna")
    begin(quiet_window)
    assert words(quiet_window) == "1 of 10 · Anna"
    write(quiet_window, qtbot)
    writers._on_chosen("Ben")
    assert quiet_window.status.text() == (
        "These samples stay those of Anna; what comes after is for Ben."
    )
    write(quiet_window, qtbot)
    with open_store(daily=False) as store:
        assert store.counts().of(Filter(writer=anna.id)) == 2
    click(quiet_window, "sampleStop")
    assert not button(quiet_window, "samplePersonalize").isEnabled()  # that would be Ben's hand
    writers._on_chosen("Anna")
    assert button(quiet_window, "samplePersonalize").isEnabled()


# --- letters


def test_of_letters_each_once(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window, EMNIST)
    started = begin(quiet_window, rounds=5)
    assert sorted(started.order) == sorted(EMNIST)
    asked = draw_asked(quiet_window)
    read(quiet_window, asked)
    go_on(quiet_window, qtbot)
    assert labels_kept() == [asked]


@pytest.mark.parametrize(
    ("label", "labels", "text"),
    [
        ("0", string.digits, "Write 0"),
        ("0", EMNIST, "Write the digit 0"),
        ("A", EMNIST, "Write the capital A"),
        ("a", EMNIST, "Write the small a"),
        ("S", EMNIST, "Write the letter S"),
        ("cat", ("cat", "dog"), "Write cat"),
        ("+", ("+", "-"), "Write +"),
    ],
)
def test_nobody_takes_a_0_for_an_o(label: str, labels: tuple[str, ...], text: str) -> None:
    assert words_for(label, labels) == text


def test_a_network_with_other_labels_ends_it(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begin(quiet_window)
    kept = write(quiet_window, qtbot)
    for labels in (DIGITS, EMNIST):  # another network that knows the digits
        load(quiet_window, labels)
        assert prompt(quiet_window) == f"Write {session(quiet_window).asked}"
        assert quiet_window.sampler.banner.ask.isVisible()
    load(quiet_window, ("a", "b"))
    assert "other labels" in quiet_window.status.text()
    assert labels_kept() == [kept]
    assert score(quiet_window)[0] == "1 of 1 right"
