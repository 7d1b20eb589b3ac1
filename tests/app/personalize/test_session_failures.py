"""A personalization that is stopped, dies, or has nothing to learn from; a window that closes during one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_app.window.main_window import MainWindow
from tests.app.galleries import gallery_of, put_in, settle
from tests.app.personalizations import (
    FakePersonalization,
    begin_personalization,
    press,
    result,
)
from tests.app.personalize.opened import finished_dialog, open_box
from trainer.base.errors import RunError
from trainer.base.paths import cache_folder, drawings_file
from trainer.personalize.events import (
    PersonalizationRefused,
)

_PATIENCE = 10_000


def test_no_folder_for_it_is_said(window: MainWindow, qtbot: QtBot) -> None:
    cache_folder().parent.mkdir(parents=True, exist_ok=True)
    cache_folder().write_text("in the way")
    window.actions_["Personalize"].trigger()
    box = open_box(window, qtbot, "personalizationFailed")
    assert "no folder can be made" in box.text()
    box.accept()
    assert window.actions_["Personalize"].isEnabled()
    assert not window.personalization.is_running


def test_a_window_that_closes_while_a_result_waits_for_the_pen(
    window: MainWindow, qtbot: QtBot
) -> None:
    personalization = begin_personalization(window, qtbot)
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    personalization.finish(result())
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    window.close_at_once()
    assert window.personalization.dialog is None
    assert not personalization.job.target.parent.exists()


def test_stopped(window: MainWindow, qtbot: QtBot) -> None:
    begin_personalization(window, qtbot)
    strip = window.personalization.strip
    assert strip is not None
    strip.stop_button.click()
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    assert window.personalization.dialog is None
    assert "was stopped; the network in use stays" in window.status.text()
    assert window.actions_["Personalize"].isEnabled()
    begin_personalization(window, qtbot)
    window.actions_["StopPersonalizing"].trigger()
    assert not strip.stop_button.isEnabled()
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)


def test_a_personalization_that_dies_is_told(window: MainWindow, qtbot: QtBot) -> None:
    personalization = begin_personalization(window, qtbot)
    personalization.end(RunError("The personalization process was ended by SIGKILL."))
    box = open_box(window, qtbot, "personalizationFailed")
    assert "SIGKILL" in box.text()
    qtbot.waitUntil(lambda: window.actions_["Personalize"].isEnabled(), timeout=_PATIENCE)
    assert window.loaded is not None
    assert window.loaded.name == "scribe"
    assert not personalization.job.target.parent.exists()


def test_no_process_to_be_had(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(job: object) -> None:
        raise OSError("no room for another process")

    monkeypatch.setattr("trainer.processes.personalize_process.PersonalizationProcess", refuse)
    window.actions_["Personalize"].trigger()
    assert "no room for another" in open_box(window, qtbot, "personalizationFailed").text()
    assert window.actions_["Personalize"].isEnabled()


def test_a_store_that_cannot_be_opened(window: MainWindow, qtbot: QtBot) -> None:
    drawings_file().mkdir(parents=True)
    window.actions_["Personalize"].trigger()
    open_box(window, qtbot, "personalizationFailed")
    assert not window.personalization.is_running
    assert window.actions_["Personalize"].isEnabled()


_REFUSED = PersonalizationRefused(
    why="few", count=2, wanted=3, labels=("0", "1"), drawings=(), left_out={}
)


@pytest.mark.parametrize(
    ("refused", "told", "remedy"),
    [
        (_REFUSED, "Drawings: 2, which is too few. It needs at least 3", "Sampler"),
        (replace(_REFUSED, count=0), "You have not kept any drawings yet.", "Sampler"),
        (
            replace(_REFUSED, why="one label", count=12, labels=("7",)),
            "All 12 drawings are of one label: 7.",
            "Sampler",
        ),
        (
            replace(_REFUSED, why="contradiction", count=12),
            "The same drawing is kept as 0 and as 1. Correct one of them",
            "",
        ),
        (replace(_REFUSED, left_out={"A": 2}), "does not know them: A.", "Sampler"),
    ],
)
def test_what_cannot_be_learned_from_and_what_helps(
    window: MainWindow, qtbot: QtBot, refused: PersonalizationRefused, told: str, remedy: str
) -> None:
    asked: list[str] = []
    action = window.actions_["Sampler"]
    action.triggered.disconnect()
    action.triggered.connect(lambda: asked.append("Sampler"))
    begin_personalization(window, qtbot).end(refused)
    box = open_box(window, qtbot, "personalizationRefused")
    assert told in box.text()
    press(box, "personalizationRemedy")
    assert asked == ([remedy] if remedy else [])
    qtbot.waitUntil(lambda: window.actions_["Personalize"].isEnabled(), timeout=_PATIENCE)


def test_drawings_that_contradict_each_other_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    numbers = put_in("3838")
    gallery = gallery_of(window, qtbot)
    gallery.filters.label.setCurrentIndex(gallery.filters.label.findData("3"))
    settle(gallery, qtbot)
    gallery.close()
    clash = replace(_REFUSED, why="contradiction", drawings=(numbers[0], numbers[3]))
    begin_personalization(window, qtbot).end(clash)
    press(open_box(window, qtbot, "personalizationRefused"), "personalizationRemedy")
    qtbot.waitUntil(gallery.isVisible, timeout=_PATIENCE)
    wanted = [numbers[3], numbers[0]]
    qtbot.waitUntil(lambda: gallery.view.selected() == wanted, timeout=_PATIENCE)
    assert gallery.filters.is_open
    settle(gallery, qtbot)
    assert gallery.view.selected() == wanted


def test_a_window_that_closes_asks_before_it_ends_the_personalization(
    window: MainWindow, qtbot: QtBot
) -> None:
    personalization = begin_personalization(window, qtbot)
    assert not window.close()
    box = open_box(window, qtbot, "endLearning")
    QTest.keyClick(box, Qt.Key.Key_Return)  # the safe one
    assert window.isVisible()
    assert window.personalization.is_running
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not window.close()
    press(open_box(window, qtbot, "endLearning"), "endLearningDo")
    assert not window.isVisible()
    assert not window.personalization.is_running
    assert not personalization.job.target.parent.exists()


def test_a_window_that_closes_asks_while_a_better_network_is_undecided(
    window: MainWindow, qtbot: QtBot
) -> None:
    finished_dialog(window, qtbot, result())
    folder = FakePersonalization.latest.job.target.parent
    assert not window.close()
    box = open_box(window, qtbot, "endUndecided")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert folder.exists()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not window.close()
    press(open_box(window, qtbot, "endUndecided"), "endUndecidedDo")
    assert not folder.exists()


def test_a_window_that_closes_does_not_ask_about_a_worse_one(
    window: MainWindow, qtbot: QtBot
) -> None:
    finished_dialog(window, qtbot, result(25, 24, kept=False))
    folder = FakePersonalization.latest.job.target.parent
    assert window.close()
    assert not folder.exists()
