"""The command "My drawings": the gallery, made when it is first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.labelling.controller import LabellingController
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme

if TYPE_CHECKING:
    from handwrite_app.gallery.gallery_window import Gallery


class MyDrawings(QObject):
    """Owns the gallery's window.

    Signals:
        chosen(Drawing, Entry): this one is to be put on the paper.
    """

    chosen = Signal(object, object)

    def __init__(
        self,
        window: QMainWindow,
        canvas: Canvas,
        correction: LabellingController,
        theme: Theme,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._canvas = canvas
        self._correction = correction
        self._theme = theme
        self._settings = settings
        self._gallery: Gallery | None = None

    @property
    def gallery(self) -> Gallery | None:
        """The window, once it was opened."""
        return self._gallery

    def open(self, numbers: Sequence[int] = ()) -> None:
        """numbers: ids of drawings that are to be selected; none: as it was."""
        if self._gallery is None:
            from handwrite_app.gallery.gallery_window import (
                Gallery,  # nothing that the first paint needs
            )

            self._gallery = Gallery(
                self._correction.store,
                self._canvas,
                self._theme,
                self._settings,
                labels=lambda: self._correction.labels.labels,
            )
            self._gallery.chosen.connect(self.chosen)
        self._gallery.open(numbers)

    def close(self) -> None:
        """For good, before the drawings' thread ends."""
        gallery, self._gallery = self._gallery, None
        if gallery is not None:
            gallery.end()
