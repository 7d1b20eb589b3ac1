"""A paper to draw on, a window without a network, and English again after another language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.ui import language
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.recognition import RecognitionWorker


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    """A paper of 400 pixels with its corner at (10, 10), so a drawing unit is 10/7 of a pixel."""
    canvas = Canvas()
    qtbot.addWidget(canvas)
    # Without a frame the window is where QTest takes it to be when it makes touches.
    canvas.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    canvas.resize(420, 420)
    canvas.set_colors(QColor("white"), QColor("black"), QColor("gray"), QColor("lightgray"))
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


@pytest.fixture
def english_afterwards(qapp: QApplication) -> Iterator[None]:
    """Whatever language a test leaves behind; it fails where a trace of that stays."""
    locale = QLocale()
    yield
    language.uninstall()
    QLocale.setDefault(locale)
    qapp.processEvents()
    assert not language._installed
    assert QCoreApplication.translate("Actions", "&Undo") == "&Undo"


@pytest.fixture
def quiet_window(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The window with the keys, and no network behind it: the test says what one says."""
    monkeypatch.setattr(RecognitionWorker, "start", lambda *_: None)
    theme = Theme("light")
    theme.apply(qapp)
    window = MainWindow(theme, Settings())
    window.resize(1024, 640)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.canvas.setFocus()
    yield window
    window.close_at_once()
    window.deleteLater()
