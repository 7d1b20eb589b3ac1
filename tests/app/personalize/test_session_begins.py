"""What a personalization needs before it begins is waited for where nobody notices."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from tests.app.personalizations import FakePersonalization, begin_personalization
from trainer.base import temp_folders

_PATIENCE = 10_000


class Held:
    """Holds the drawings' thread where it makes the folder."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.makers: list[threading.Thread] = []
        self.made: list[temp_folders.Scratch] = []


@pytest.fixture
def held(quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Held:
    monkeypatch.setattr(
        "trainer.processes.personalize_process.PersonalizationProcess", FakePersonalization
    )
    monkeypatch.setattr(FakePersonalization, "latest", None, raising=False)
    load(quiet_window)
    held = Held()

    class Slow(temp_folders.Scratch):
        def __init__(self) -> None:
            held.makers.append(threading.current_thread())
            assert held.may_go_on.wait(30)
            super().__init__()
            held.made.append(self)

    monkeypatch.setattr(temp_folders, "Scratch", Slow)
    return held


def _ask(window: MainWindow, qtbot: QtBot, held: Held) -> None:
    """Until it waits for its folder."""
    window.actions_["Personalize"].trigger()
    qtbot.waitUntil(lambda: bool(held.makers), timeout=_PATIENCE)


def _go_on(window: MainWindow, qtbot: QtBot, held: Held) -> None:
    """Until the window's thread knows of the folder."""
    held.may_go_on.set()
    told: list[None] = []
    window.correction.store.ask(lambda _: None, told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=_PATIENCE)


def test_the_window_does_not_wait_for_a_folder(
    quiet_window: MainWindow, qtbot: QtBot, held: Held
) -> None:
    """Another process may be making one, or there may be much to remove."""
    _ask(quiet_window, qtbot, held)
    assert quiet_window.personalization.is_running
    assert FakePersonalization.latest is None
    _go_on(quiet_window, qtbot, held)
    assert held.makers[0] is not threading.main_thread()
    assert FakePersonalization.latest.job.target.parent.is_dir()
    assert quiet_window.personalization.is_running


def test_stopped_before_it_begins(quiet_window: MainWindow, qtbot: QtBot, held: Held) -> None:
    _ask(quiet_window, qtbot, held)
    assert quiet_window.actions_["StopPersonalizing"].isEnabled()
    quiet_window.actions_["StopPersonalizing"].trigger()
    assert not quiet_window.personalization.is_running
    assert "was stopped; the network in use stays" in quiet_window.status.text()
    assert quiet_window.actions_["Personalize"].isEnabled()
    _go_on(quiet_window, qtbot, held)
    assert FakePersonalization.latest is None
    assert not held.made[0].path.exists()
    personalization = begin_personalization(quiet_window, qtbot)  # and asked for again
    assert personalization.job.target.parent == held.made[1].path


def test_stopped_and_asked_for_again_before_it_begins(
    quiet_window: MainWindow, qtbot: QtBot, held: Held
) -> None:
    _ask(quiet_window, qtbot, held)
    quiet_window.actions_["StopPersonalizing"].trigger()
    quiet_window.actions_["Personalize"].trigger()
    _go_on(quiet_window, qtbot, held)
    first, second = held.made
    assert not first.path.exists()
    assert FakePersonalization.latest.job.target.parent == second.path


def test_no_training_begins_meanwhile(
    quiet_window: MainWindow, qtbot: QtBot, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask(quiet_window, qtbot, held)
    quiet_window.training_area.refresh()
    assert not quiet_window.actions_["Train"].isEnabled()
    _go_on(quiet_window, qtbot, held)
    assert FakePersonalization.latest is not None


def test_nor_does_personalization_where_a_training_run_did(
    quiet_window: MainWindow, qtbot: QtBot, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its dialog may have been open already."""
    _ask(quiet_window, qtbot, held)
    monkeypatch.setattr(type(quiet_window.training), "is_running", True)
    _go_on(quiet_window, qtbot, held)
    assert "A run is under way" in quiet_window.status.text()
    assert FakePersonalization.latest is None
    assert not quiet_window.personalization.is_running
    assert not held.made[0].path.exists()
    monkeypatch.setattr(type(quiet_window.training), "is_running", False)
    quiet_window.training.runningChanged.emit(False)
    assert quiet_window.actions_["Personalize"].isEnabled()


def test_closed_before_it_begins(quiet_window: MainWindow, qtbot: QtBot, held: Held) -> None:
    _ask(quiet_window, qtbot, held)
    held.may_go_on.set()
    quiet_window.close_at_once()
    QApplication.processEvents()
    assert not any(folder.path.exists() for folder in held.made)
    assert FakePersonalization.latest is None
    assert not quiet_window.personalization.is_running
