"""Dialogs and boxes of a personalization, waited for."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from handwrite_app.personalize.result_dialog import PersonalizationDialog
from handwrite_app.window.main_window import MainWindow
from tests.app.personalizations import (
    begin_personalization,
)
from trainer.personalize.events import (
    PersonalizationFinished,
)

_PATIENCE = 10_000


def finished_dialog(
    window: MainWindow, qtbot: QtBot, finished: PersonalizationFinished
) -> PersonalizationDialog:
    begin_personalization(window, qtbot).finish(finished)
    return open_dialog(window, qtbot)


def open_dialog(window: MainWindow, qtbot: QtBot) -> PersonalizationDialog:
    qtbot.waitUntil(lambda: window.personalization.dialog is not None, timeout=_PATIENCE)
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    dialog = window.personalization.dialog
    assert dialog is not None
    return dialog


def open_box(window: MainWindow, qtbot: QtBot, name: str) -> QMessageBox:
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, name) is not None, timeout=_PATIENCE)
    box = window.findChild(QMessageBox, name)
    assert box is not None
    return box
