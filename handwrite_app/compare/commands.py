"""The command "Compare two networks": the window for it, made when it is first asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from handwrite_app.compare.compare_window import CompareWindow


class Compare(QObject):
    """Owns the window in which two networks read what is on the paper."""

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        canvas: Canvas,
        requester: ReadRequester,
        settings: Settings,
        theme: Theme,
    ) -> None:
        """requester: the main window's."""
        super().__init__(window)
        self._window = window
        self._canvas = canvas
        self._requester = requester
        self._settings = settings
        self._theme = theme
        self._in_use: Loaded | None = None
        self._compared: CompareWindow | None = None
        self._action = actions["Compare"]
        self._action.setEnabled(False)  # until there is a network
        actions.connect(Compare=self.open)

    @property
    def window(self) -> CompareWindow | None:
        """While it is open."""
        return self._compared

    def set_active_model(self, loaded: Loaded) -> None:
        """This network reads in the main window from now on."""
        self._in_use = loaded
        self._action.setEnabled(True)
        if self._compared is not None:
            self._compared.set_active_model(loaded)

    def open(self, new: Path | None = None, title: str = "") -> None:
        """The network in use beside another: one that is not stored yet, under this title, or one to be
        chosen."""
        if self._in_use is None:
            return
        if self._compared is None:
            from handwrite_app.compare.compare_window import CompareWindow
            from handwrite_app.ui.window_placement import put_beside

            self._compared = CompareWindow(
                self._canvas,
                self._requester,
                self._in_use,
                device=self._settings.device,
                theme=self._theme,
                parent=self._window,
            )
            self._compared.finished.connect(self._on_finished)
            put_beside(self._compared, self._window)
        self._compared.begin(new, title)
        self._compared.show()

    def rename(self, old: Path, new: Path) -> None:
        """A network that was compared has been stored."""
        if self._compared is not None:
            self._compared.replace(old, new)

    def forget(self, folder: Path) -> None:
        """The networks in this folder are about to go."""
        if self._compared is not None:
            self._compared.forget(folder)

    def close(self) -> None:
        """For good."""
        if self._compared is not None:
            self._compared.hide()
            self._on_finished()

    def _on_finished(self) -> None:
        compared, self._compared = self._compared, None
        if compared is not None:
            compared.end()
            compared.deleteLater()
