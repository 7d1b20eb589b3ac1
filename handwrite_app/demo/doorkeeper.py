"""Keeps everything but the screen of a demo out of visitors' sight and reach."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from handwrite_app.ui.dialogs import holding


class Doorkeeper:
    """Hides the windows that are open, and holds back dialogs that would open: a result, a crash report, a
    question. They are there again at the end."""

    def __init__(self, screen: QWidget, window: QWidget) -> None:
        """window: the main window, which is hidden in any case, and shown again before all others."""
        self._hidden: list[QWidget] = [window]
        window.hide()
        for one in QApplication.topLevelWidgets():
            if one.isVisible() and one is not screen:
                self._hidden.append(one)
                one.hide()
        holding.begin()

    def release(self) -> None:
        """Shows what was hidden and held back."""
        for one in filter(isValid, self._hidden):
            one.show()
        holding.end(show=True)

    def drop(self) -> None:
        """As the program ends: nothing is shown any more."""
        holding.end(show=False)
