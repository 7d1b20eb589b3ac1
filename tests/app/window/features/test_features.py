"""Features of the window: built, told of the network, closed, whatever one of them does."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from handwrite_app.help.controller import Help
from handwrite_app.lines.controller import LinesController
from handwrite_app.preferences.controller import Preferences
from handwrite_app.ui import language
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.window.features import registry
from handwrite_app.window.features.registry import Features
from handwrite_app.window.main_window import MainWindow
from handwrite_app.window.side_column import SideColumn
from handwrite_app.workers.recognition import RecognitionWorker


class _Feature:
    def __init__(self, calls: list[str], *, fails: bool = False) -> None:
        self._calls = calls
        self._fails = fails

    def set_active_model(self, loaded: object) -> None:
        self._calls.append("model")

    def retranslate(self) -> None:
        self._calls.append("text")

    def close(self) -> None:
        self._calls.append("close")
        if self._fails:
            raise RuntimeError("it does not close")


class _Failing(_Feature):
    pass


@pytest.fixture
def unpainted(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """A window that was told to show itself, before a turn of the event loop: its later features wait."""
    monkeypatch.setattr(RecognitionWorker, "start", lambda *_: None)
    window = MainWindow(Theme("light"), Settings())
    window.show()
    assert not window.features.is_complete
    yield window
    window.close_at_once()
    window.deleteLater()


def test_what_is_not_seen_at_once_comes_after_the_first_paint(
    unpainted: MainWindow, qtbot: QtBot
) -> None:
    before = len(unpainted.features.built)
    qtbot.waitUntil(lambda: unpainted.features.is_complete)
    assert len(unpainted.features.built) > before


def test_a_command_works_right_after_show(unpainted: MainWindow) -> None:
    unpainted.actions_["Manual"].trigger()
    assert unpainted.features.is_complete
    assert unpainted.feature(Help).manual is not None
    numbers = unpainted.actions_["ReadNumbers"]
    assert numbers.isChecked()
    numbers.trigger()
    assert not unpainted.feature(LinesController).reads


def test_the_first_command_may_be_a_switch(unpainted: MainWindow) -> None:
    unpainted.actions_["WidePaper"].trigger()
    assert unpainted.actions_["WidePaper"].isChecked()
    assert unpainted.canvas.is_wide
    assert unpainted.settings.flag("wide_paper")


def test_when_all_were_wanted_before_the_first_paint_nothing_is_left_to_do(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RecognitionWorker, "start", lambda *_: None)
    window = MainWindow(Theme("light"), Settings())
    window.features.complete()
    window.show()
    qtbot.waitExposed(window)
    qapp.processEvents()
    assert not window.features._timer.isActive()
    window.close_at_once()
    window.deleteLater()


def test_a_module_that_is_not_there_keeps_no_feature_from_being_built(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: calls.append("thread"))
    features = Features(quiet_window, (), ("no_such_module", lambda _: _Feature(calls)))
    with qtbot.captureExceptions() as raised, qtbot.waitSignal(features.completed):
        quiet_window.canvas.update()
    assert [kind for kind, *_ in raised] == [ModuleNotFoundError]
    assert calls == []  # it is told once
    assert len(features.built) == 1
    features.close()


def test_where_no_thread_can_be_started_the_window_imports(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(registry, "started_thread", refused)
    features = Features(quiet_window, (), ("json", lambda _: _Feature([])))
    with qtbot.waitSignal(features.completed):
        quiet_window.canvas.update()
    features.close()


def test_one_feature_is_built_where_it_is_wanted(unpainted: MainWindow) -> None:
    found = unpainted.feature(Preferences)
    assert unpainted.feature(Preferences) is found
    assert not unpainted.features.is_complete
    with pytest.raises(LookupError):
        unpainted.feature(QLabel)


def test_closed_before_they_are_built(unpainted: MainWindow, qapp: QApplication) -> None:
    built = len(unpainted.features.built)
    unpainted.close_at_once()
    qapp.processEvents()
    assert len(unpainted.features.built) == built


def test_another_language_before_they_are_built(
    unpainted: MainWindow, english_afterwards: None
) -> None:
    language.install("zh_CN")
    unpainted.actions_["Settings"].trigger()
    settings = unpainted.feature(Preferences).window
    assert settings is not None
    assert settings.windowTitle() == "设置"


def test_settings_of_an_earlier_start_hold_from_the_first_paint_on(unpainted: MainWindow) -> None:
    settings = unpainted.settings
    settings.set_flag("wide_paper", True)
    settings.set_flag("pen/pen_only", True)
    settings.set_text("shortcuts", '{"Manual": ["Ctrl+J"]}')
    window = MainWindow(Theme("light"), settings)
    assert window.canvas.is_wide
    assert window.canvas.pen_settings.pen_only
    assert window.actions_["Manual"].shortcut().toString() == "Ctrl+J"
    assert not window.features.is_complete
    window.close_at_once()
    window.deleteLater()


def test_one_that_does_not_close_keeps_no_other_open(quiet_window: MainWindow) -> None:
    calls: list[str] = []
    features = Features(
        quiet_window, (lambda _: _Feature(calls), lambda _: _Failing(calls, fails=True)), ()
    )
    features.retranslate()
    features.close()
    assert calls == ["text", "text", "close", "close"]
    assert isinstance(features.built[1], _Failing)


def test_a_mode_stands_in_the_place_of_the_reading(qtbot: QtBot) -> None:
    reading, why = QLabel("7"), QLabel("why")
    reading.setFixedWidth(304)
    column = SideColumn(reading)
    qtbot.addWidget(column)
    with qtbot.waitSignal(column.modeChanged):
        column.show_mode(why)
    assert column.mode is why
    assert column.width() == 304
    column.show_mode(None)
    assert column.mode is None
