"""The first window fits its screen; full screen comes back as it was."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from handwrite_app.ui.window_placement import FullScreen, place_first

WANTED, SMALLEST = QSize(1120, 720), QSize(800, 600)


class _Screen:
    def __init__(self, room: QRect) -> None:
        self._room = room

    def availableGeometry(self) -> QRect:
        return self._room


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.mark.parametrize(
    "room",
    [
        QRect(0, 0, 1920, 1080),
        QRect(0, 0, 1280, 720),  # 4K at scale 3
        QRect(0, 0, 1024, 640),
        QRect(0, 27, 1024, 573),  # with a panel above: less than the smallest window wants
        QRect(1920, 200, 1366, 728),  # a second screen
        QRect(-800, 0, 800, 480),
    ],
)
def test_the_first_window_fits_its_screen(
    window: QMainWindow, monkeypatch: pytest.MonkeyPatch, room: QRect
) -> None:
    monkeypatch.setattr(window, "screen", lambda: _Screen(room))
    place_first(window, WANTED, SMALLEST)
    assert room.contains(QRect(window.pos(), window.size()))
    title_bar = 30
    assert window.height() + title_bar <= room.height()
    assert window.minimumWidth() <= window.width()
    assert window.minimumHeight() <= window.height()
    if room.width() >= 1920:
        assert window.size() == WANTED
        assert window.minimumSize() == SMALLEST


@pytest.fixture
def action(window: QMainWindow) -> QAction:
    action = QAction(window)
    action.setCheckable(True)
    FullScreen(window, action)
    return action


@pytest.mark.parametrize("maximised", [False, True])
def test_full_screen_comes_back_as_it_was(
    window: QMainWindow, action: QAction, qtbot: QtBot, maximised: bool
) -> None:
    if maximised:
        window.showMaximized()
    else:
        window.show()
    qtbot.waitExposed(window)
    action.trigger()
    assert window.isFullScreen()
    action.trigger()
    assert not window.isFullScreen()
    assert window.isMaximized() == maximised


def test_escape_leaves_full_screen(window: QMainWindow, action: QAction, qtbot: QtBot) -> None:
    window.show()
    qtbot.waitExposed(window)
    action.trigger()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    qtbot.waitUntil(lambda: not action.isChecked())
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


def test_the_desktop_may_change_it(window: QMainWindow, action: QAction, qtbot: QtBot) -> None:
    window.show()
    qtbot.waitExposed(window)
    window.showFullScreen()
    qtbot.waitUntil(action.isChecked)
    window.showNormal()
    qtbot.waitUntil(lambda: not action.isChecked())
