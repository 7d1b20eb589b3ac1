"""The way back to the network before, and what is remembered."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from handwrite_app.ui import language
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.widgets import status_line
from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.lookup import LookupWorker
from tests.app.models.lineage_window import (
    BASE,
    in_the_window,
    loaded,
    model_menu,
    settle,
)
from tests.trainer.family import network, personalized
from trainer.base.paths import models_folder
from trainer.models import active_model


@pytest.fixture(autouse=True)
def news_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a busy machine takes from the news to the look at it."""
    monkeypatch.setattr(status_line, "NEWS_MS", 600_000)


def test_one_click_goes_back(window: MainWindow) -> None:
    loaded(window, personalized("ada", BASE))
    action = window.actions_["Rollback"]
    assert action.isEnabled()
    assert action.toolTip() == "Go back to scribe"
    assert action.text() == "Go &back to scribe"
    action.trigger()
    settle(window)
    assert in_the_window(window) == "scribe"
    assert window.status.text() == "Went back to scribe: it reads from now on."
    assert Settings().weights == BASE
    assert not action.isEnabled()
    assert action.text() == "Go &back to the previous network"
    assert "not made from another network" in action.toolTip()
    # Once only: to load it by hand is not to go back.
    loaded(window, BASE)
    assert window.status.text() == "Reading with scribe on CPU"


def test_why_it_cannot_is_shown_in_the_menu(quiet_window: MainWindow) -> None:
    action = quiet_window.actions_["Rollback"]
    assert not action.isEnabled()
    assert action.toolTip() == "The network is still loading."
    assert model_menu(quiet_window).toolTipsVisible()


def test_a_parent_that_is_gone_when_the_menu_opens(window: MainWindow) -> None:
    parent = network("parent", parent="absent")
    child = personalized("child", parent)
    loaded(window, child)
    active_model.active_model_file().unlink()  # none was in use before it
    action = window.actions_["Rollback"]
    assert action.isEnabled()
    parent.unlink()
    model_menu(window).aboutToShow.emit()
    settle(window)
    assert not action.isEnabled()
    window.lineage.roll_back()
    settle(window)
    assert "child was not made from another network that is here" in window.status.text()
    assert in_the_window(window) == "child"


def test_the_window_does_not_wait_for_the_disk(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = personalized("ada", BASE)
    found = active_model.way_back
    disk = threading.Event()
    where: list[threading.Thread] = []

    def slow(path: Path | None = None) -> Path:
        where.append(threading.current_thread())
        assert disk.wait(20)
        return found(path)

    monkeypatch.setattr(active_model, "way_back", slow)
    action = window.actions_["Rollback"]
    QTimer.singleShot(0, lambda: (model_menu(window).aboutToShow.emit(), disk.set()))
    loaded(window, ada)
    assert action.text() == "Go &back to scribe"
    action.trigger()
    settle(window)
    assert in_the_window(window) == "scribe"
    assert threading.current_thread() not in where
    assert len(where) >= 3


def test_what_was_asked_before_the_end_is_not_answered(qtbot: QtBot) -> None:
    lookup = LookupWorker()
    told: list[object] = []
    lookup.ask(lambda: 1, told.append)
    qtbot.waitUntil(lambda: told == [1])
    lookup.ask(lambda: 2, told.append)
    lookup.close()
    lookup.ask(lambda: 3, told.append)
    qtbot.wait(20)
    assert told == [1]
    with capture_exceptions() as caught:
        other = LookupWorker()
        other.ask(lambda: 1 // 0, told.append)
        qtbot.waitUntil(lambda: other.is_idle)
        other.close()
    assert [kind for kind, *_ in caught] == [ZeroDivisionError]


def test_the_reason_in_another_language(
    window: MainWindow,
    qtbot: QtBot,
    english_afterwards: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window.lineage, "tr", lambda text: f"«{text}»")
    language.install("zh_CN")
    action = window.actions_["Rollback"]
    qtbot.waitUntil(lambda: action.toolTip().startswith("«scribe was not made"))


def test_a_choice_of_the_command_line_is_the_windows(qapp: object) -> None:
    active_model.activate(network("mine"))
    assert Settings().weights == models_folder() / "mine.safetensors"
    assert Settings().keep_weights(None)
    assert active_model.active_model() is None


def test_the_same_network_on_another_device_is_no_new_choice(window: MainWindow) -> None:
    mine = network("mine")
    active_model.activate(mine)
    loaded(window, BASE)  # as when the device was changed
    assert active_model.active_model() == mine


def test_what_older_settings_remember_counts_once(qapp: object) -> None:
    mine, other = network("mine"), network("other")
    settings = Settings()
    settings.set_text("weights", str(mine))
    assert settings.weights == mine
    assert active_model.active_model() == mine
    active_model.activate(other)
    assert settings.weights == other
    settings.set_text("weights", str(mine))
    assert settings.weights == other
    assert settings.text("weights") == ""


def test_a_disk_that_cannot_be_written_keeps_nobody_waiting(window: MainWindow) -> None:
    active_model.active_model_file().unlink()
    active_model.active_model_file().mkdir()
    loaded(window, network("mine"))
    assert in_the_window(window) == "mine"
    assert window.findChild(QMessageBox, "warning") is None
