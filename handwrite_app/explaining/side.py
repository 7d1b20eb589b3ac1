"""What the modes of the right column need of it (handwrite_app.window.side_column)."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget


class Side(Protocol):
    """The column beside the paper, which shows one panel at a time in place of the reading."""

    @property
    def mode(self) -> QWidget | None: ...
    @property
    def modeChanged(self) -> SignalInstance: ...
    def show_mode(self, panel: QWidget | None) -> None: ...
    def addWidget(self, widget: QWidget) -> int: ...
