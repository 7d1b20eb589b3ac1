"""The parts of the main window that its features are built from: what they see of it, and no more."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMainWindow

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.compare.commands import Compare
from handwrite_app.labelling.controller import LabellingController
from handwrite_app.labelling.memory_controller import MemoryController
from handwrite_app.preferences.shortcuts import Shortcuts
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.reading.reading_panel import ReadingPanel
from handwrite_app.sampler.session import Sampler
from handwrite_app.training.session import TrainingSession
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.widgets.status_line import StatusLine
from handwrite_app.window.active_network import ActiveNetwork
from handwrite_app.window.canvas_area import Sheet
from handwrite_app.window.features.feature import Finder
from handwrite_app.window.file_commands import FileCommands
from handwrite_app.window.side_column import SideColumn
from handwrite_app.window.tool_row import ToolRow
from handwrite_app.workers.recognition import RecognitionWorker

_T = TypeVar("_T")


class WindowParts(QMainWindow):
    """A window whose parts MainWindow makes. Features import this class, and MainWindow imports them."""

    actions_: Actions
    canvas: Canvas
    reading: ReadingPanel
    side: SideColumn
    tools: ToolRow
    status: StatusLine
    asking: ReadRequester
    recognition: RecognitionWorker
    network: ActiveNetwork
    correction: LabellingController
    memory: MemoryController
    files: FileCommands
    sampler: Sampler
    compare: Compare
    training: TrainingSession
    shortcuts: Shortcuts
    features: Finder
    _desk: QHBoxLayout
    _paper: Sheet

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def theme(self) -> Theme:
        return self._theme

    def feature(self, kind: type[_T]) -> _T:
        """The feature of this class; it is built where it is not there yet.

        Raises:
            LookupError: the window has none.
        """
        return self.features.find(kind)

    def say(self, text: str) -> None:
        """One sentence in the status line, for a moment."""
        self.status.say(text)

    @Slot(object)
    def use_network(self, path: Path | None) -> None:
        """Loads these weights (None: the best that ship); the ones in use stay until that worked."""
        self.network.use(path)

    def set_left_handed(self, on: bool) -> None:
        """Whether reading and labels stand left of the paper."""
        direction = QBoxLayout.Direction
        self._desk.setDirection(direction.RightToLeft if on else direction.LeftToRight)
        self._paper.set_left_handed(on)
        self.actions_["ReadingLeft"].setChecked(on)
