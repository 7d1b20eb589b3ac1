"""The command "Compare two networks": a mode of the column beside the paper, made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.explaining.side import Side
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from handwrite_app.compare.panel import ComparePanel


class Compare(QObject):
    """Owns the panel in which two networks read the drawing, and its process, while it is on show."""

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        canvas: Canvas,
        requester: ReadRequester,
        side: Side,
        settings: Settings,
        theme: Theme,
    ) -> None:
        """requester: the main window's. side: where the panel goes."""
        super().__init__(window)
        self._canvas = canvas
        self._requester = requester
        self._side = side
        self._settings = settings
        self._theme = theme
        self._in_use: Loaded | None = None
        self._panel: ComparePanel | None = None
        self._back: Callable[[], object] | None = None
        self._action = actions["Compare"]
        self._action.setEnabled(False)  # until there is a network
        actions.connect(Compare=self._toggle)
        side.modeChanged.connect(self._on_mode_changed)

    @property
    def panel(self) -> ComparePanel | None:
        """While it is on show."""
        return self._panel

    def set_active_model(self, loaded: Loaded) -> None:
        """This network reads in the main window from now on."""
        self._in_use = loaded
        self._action.setEnabled(True)
        if self._panel is not None:
            self._panel.set_active_model(loaded)

    def open(
        self, new: Path | None = None, title: str = "", *, back: Callable[[], object] | None = None
    ) -> None:
        """The network in use beside another: one that is not stored yet, under this title, or one to be
        chosen. back: called when the comparison is over, unless the window closes."""
        if self._in_use is None:
            return
        self._back = back or self._back
        if self._panel is None:
            from handwrite_app.compare.panel import ComparePanel

            self._panel = panel = ComparePanel(
                self._canvas,
                self._requester,
                self._in_use,
                device=self._settings.device,
                theme=self._theme,
            )
            panel.closeRequested.connect(self.leave)
            self._side.show_mode(panel)
        self._panel.begin(new, title)

    def leave(self) -> None:
        """The reading stands beside the paper again."""
        if self._panel is not None:
            self._side.show_mode(None)
            self._canvas.setFocus()
            if not self._canvas.is_drawing():
                self._requester.ask()  # several characters have a panel of their own

    def rename(self, old: Path, new: Path) -> None:
        """A network that was compared has been stored."""
        if self._panel is not None:
            self._panel.replace(old, new)

    def forget(self, folder: Path) -> None:
        """The networks in this folder are about to go."""
        if self._panel is not None:
            self._panel.forget(folder)

    def close(self) -> None:
        """For good."""
        self._back = None
        self._end()

    def _toggle(self) -> None:
        if self._panel is None:
            self.open()
        else:
            self.leave()

    def _on_mode_changed(self) -> None:
        """Another panel may stand there now, this room's or another one's."""
        if self._panel is not None and self._side.mode is not self._panel:
            self._end()

    def _end(self) -> None:
        panel, self._panel = self._panel, None
        if panel is not None:
            panel.end()
            panel.deleteLater()
        back, self._back = self._back, None
        if back is not None:
            back()
