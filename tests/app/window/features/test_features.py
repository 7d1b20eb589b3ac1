"""Features of the window: built, told of the network, closed, whatever one of them does."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from handwrite_app.window.features.registry import Features
from handwrite_app.window.main_window import MainWindow
from handwrite_app.window.side_column import SideColumn


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


def test_one_that_does_not_close_keeps_no_other_open(quiet_window: MainWindow) -> None:
    calls: list[str] = []
    features = Features(
        quiet_window, (lambda _: _Feature(calls), lambda _: _Failing(calls, fails=True))
    )
    features.retranslate()
    features.close()
    assert calls == ["text", "text", "close", "close"]
    assert isinstance(features.all[1], _Failing)


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
