"""Tells, outside of the window, that a run is over: only where the window is not looked at."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

_SHOWN_MS = 10_000


def notify(window: QWidget, title: str, text: str) -> bool:
    """Whether the system was asked to show it. A click on it brings the window to the front."""
    if window.isActiveWindow() or not QSystemTrayIcon.isSystemTrayAvailable():
        return False
    icon = QSystemTrayIcon(window.windowIcon(), window)
    icon.messageClicked.connect(window.raise_)
    icon.messageClicked.connect(window.activateWindow)
    icon.show()  # the system takes messages from icons that are shown
    icon.showMessage(title, text, window.windowIcon(), _SHOWN_MS)
    QTimer.singleShot(_SHOWN_MS, icon, icon.deleteLater)
    return True
