"""Folders in the system's file manager, and why one cannot be shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.ui.dialogs.folders import show_folder
from handwrite_app.window.main_window import MainWindow
from trainer.base.logs import log_folder


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders that the file manager was asked to show."""
    found: list[str] = []

    def open_url(url: QUrl) -> bool:
        found.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return found


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


def _warning(window: QWidget) -> str:
    box = window.findChild(QMessageBox, "warning")
    assert box is not None
    box.accept()
    return box.text()


def test_a_folder_is_made_and_shown(window: QWidget, shown: list[str], tmp_path: Path) -> None:
    show_folder(window, tmp_path / "a" / "b")
    assert shown == [str(tmp_path / "a" / "b")]
    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_that_cannot_be_made(window: QWidget, shown: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    show_folder(window, tmp_path / "file" / "runs")
    assert shown == []
    assert "could not be made" in _warning(window)


def test_a_system_without_a_file_manager(
    window: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    show_folder(window, tmp_path)
    assert str(tmp_path) in _warning(window)


def test_the_log_folder_from_the_help_menu(quiet_window: MainWindow, shown: list[str]) -> None:
    quiet_window.actions_["OpenLogs"].trigger()
    assert shown == [str(log_folder())]
