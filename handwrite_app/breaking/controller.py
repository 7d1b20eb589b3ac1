"""The command "Break it": the window for it, made when it is first asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.theme import Theme
from trainer.processes.recognition_messages import Loaded, Reading

if TYPE_CHECKING:
    from handwrite_app.breaking.break_window import BreakWindow


class Breaking(QObject):
    """Owns the window in which a copy of a network is damaged."""

    def __init__(
        self, window: QWidget, actions: Actions, requester: ReadRequester, theme: Theme
    ) -> None:
        """requester: the main window's, whose answers bring the paper's picture."""
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._active: Loaded | None = None
        self._open: BreakWindow | None = None
        self._paper: bytes | None = None
        self._action = actions["BreakIt"]
        self._action.setEnabled(False)  # until there is a network
        actions.connect(BreakIt=self.open)
        requester.answered.connect(self._on_answered)

    @property
    def window(self) -> BreakWindow | None:
        """While it is open."""
        return self._open

    def open(self, path: Path | None = None, name: str = "") -> None:
        """Shows the window. path: the network to damage first, under this name; None: the one in use."""
        if self._active is None:
            return
        if self._open is None:
            from handwrite_app.breaking.break_window import BreakWindow
            from handwrite_app.ui.window_placement import put_beside

            self._open = BreakWindow(self._active, self._theme, self._window)
            self._open.finished.connect(self._on_finished)
            self._open.read(self._paper)
            put_beside(self._open, self._window)
        if path is not None:
            self._open.choose(path, name)
        self._open.show()

    def set_active_model(self, loaded: Loaded) -> None:
        self._active = loaded
        self._action.setEnabled(True)
        if self._open is not None:
            self._open.set_active_model(loaded)

    def retranslate(self) -> None:
        """The window hears of another language by itself."""

    def close(self) -> None:
        if self._open is not None:
            self._open.hide()
            self._on_finished()

    def _on_answered(self, reading: Reading) -> None:
        self._paper = reading.picture if reading.probabilities else None
        if self._open is not None:
            self._open.read(self._paper)

    def _on_finished(self) -> None:
        window, self._open = self._open, None
        if window is not None:
            window.end()
            window.deleteLater()
