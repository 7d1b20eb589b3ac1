"""News in the status line goes, and the state comes back."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from handwrite_app.ui.widgets import status_line
from handwrite_app.ui.widgets.status_line import StatusLine


@pytest.fixture
def line(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> StatusLine:
    monkeypatch.setattr(status_line, "NEWS_MS", 50)
    line = StatusLine()
    qtbot.addWidget(line)
    line.set_state("Reading with scribe")
    return line


def test_news_goes_by_itself(line: StatusLine, qtbot: QtBot) -> None:
    line.say("Opened m05_1.pgm")
    assert line.text() == line.accessibleName() == "Opened m05_1.pgm"
    qtbot.waitUntil(lambda: line.text() == "Reading with scribe")
    assert line.accessibleName() == "Reading with scribe"


def test_news_gives_way_to_the_state(line: StatusLine) -> None:
    line.say("Opened m05_1.pgm")
    line.set_state("Reading with lenet5")
    assert line.text() == "Reading with lenet5"


def test_news_that_stays_ends_with_the_state(line: StatusLine, qtbot: QtBot) -> None:
    line.say("Loading lenet5…", stays=True)
    qtbot.wait(100)
    assert line.text() == "Loading lenet5…"
    line.set_state("Reading with scribe")  # it was loaded already
    assert line.text() == "Reading with scribe"
    line.say("Loading lenet5…", stays=True)
    line.say("The network in use stays")
    qtbot.waitUntil(lambda: line.text() == "Reading with scribe")


def test_news_can_be_ended(line: StatusLine) -> None:
    line.say("Personalization was stopped")
    line.end_news()
    assert line.text() == "Reading with scribe"
