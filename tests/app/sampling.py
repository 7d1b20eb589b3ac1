"""What the tests of the sampler do to a window: they begin, write what is asked for, and look at the banner."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from handwrite_app.ui.sample_rounds import Session
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import draw, load, press_key, read

_PATIENCE = 10_000


def begin(
    window: MainWindow, *, rounds: int = 1, by_itself: bool = False, loaded: bool = True
) -> Session:
    """From the menu to the first label. by_itself: without it only Next goes on."""
    if loaded and window.loaded is None:
        load(window)
    window.actions_["Sampler"].trigger()
    banner = window.sampler.banner
    assert banner.isVisible()
    banner.ask.by_itself.setChecked(by_itself)
    choice = banner.findChild(QComboBox, "sampleRounds")
    assert choice is not None
    choice.setCurrentIndex(choice.findData(rounds))
    click(window, "sampleStart")
    return session(window)


def session(window: MainWindow) -> Session:
    found = window.sampler.session
    assert found is not None
    return found


def click(window: MainWindow, name: str) -> None:
    QTest.mouseClick(button(window, name), Qt.MouseButton.LeftButton)


def button(window: MainWindow, name: str) -> QPushButton:
    found = window.sampler.banner.findChild(QPushButton, name)
    assert found is not None
    return found


def write(window: MainWindow, qtbot: QtBot, said: str | None = None) -> str:
    """One sample, with Space; until the next one is asked for. said: what the network reads, else it is right.
    The label that was asked for."""
    asked = draw_asked(window)
    read(window, said or asked)
    go_on(window, qtbot)
    return asked


def draw_asked(window: MainWindow) -> str:
    asked = session(window).asked
    assert asked is not None
    draw(window)
    return asked


def go_on(window: MainWindow, qtbot: QtBot) -> None:
    """With Space; until the next place is there."""
    place = session(window).place
    press_key(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: session(window).place != place, timeout=_PATIENCE)


def prompt(window: MainWindow) -> str:
    return window.sampler.banner.ask.prompt.full_text


def words(window: MainWindow) -> str:
    """Beneath the prompt: "12 of 30", or a hint."""
    return window.sampler.banner.ask.words.full_text


def score(window: MainWindow) -> tuple[str, str, list[str]]:
    """The headline, what stands beneath it, and the captions of the misread ones."""
    panel = window.sampler.banner.score
    assert panel.isVisible()
    beneath = panel.findChild(ElidedLabel, "sampleMisread")
    assert beneath is not None
    items = [panel.misread.item(row).text() for row in range(panel.misread.count())]
    return panel.title.full_text, beneath.full_text, items
