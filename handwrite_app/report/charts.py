"""Charts of a report: calibration, and what rejecting gains and costs. Imports pyqtgraph."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize

from handwrite_app.ui.theme import Theme, figures_font
from handwrite_app.ui.tokens import SIZE_SMALL


class Chart(pg.PlotWidget):  # type: ignore[misc]
    """One line of points in percent of percent, and a faint one to compare with."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(background=None)
        self.setObjectName(name)
        self._theme = theme
        self._words = ("", "", "")
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        # It goes with this widget, and not when Python collects it.
        item.ctrlMenu.setParent(self, item.ctrlMenu.windowFlags())
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        item.showGrid(x=True, y=True, alpha=0.12)
        self._faint = item.plot()
        self._line = item.plot()
        theme.changed.connect(self.dress)

    def sizeHint(self) -> QSize:
        return QSize(320, 200)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    @property
    def points(self) -> int:
        """How many are shown."""
        x, _ = self._line.getData()
        return 0 if x is None else len(x)

    def show_points(
        self,
        points: Sequence[tuple[float, float]],
        *,
        faint: Sequence[tuple[float, float]] = (),
        dots: bool = False,
    ) -> None:
        """Values 0…1."""
        for line, some in ((self._line, points), (self._faint, faint)):
            values = 100 * np.array(some, float).reshape(-1, 2)
            line.setData(values[:, 0], values[:, 1])
        self._line.setSymbol("o" if dots else None)
        self.dress()

    def set_words(self, title: str, across: str, up: str) -> None:
        """The title, and what the axes mean."""
        self._words = title, across, up
        self.setAccessibleName(title)
        self.dress()

    def dress(self) -> None:
        tokens = self._theme.tokens
        title, across, up = self._words
        self.setBackground(tokens.surface)
        self._line.setPen(pg.mkPen(tokens.accent, width=1))
        self._line.setSymbolBrush(tokens.accent)
        self._line.setSymbolPen(None)
        self._line.setSymbolSize(7)
        self._faint.setPen(pg.mkPen(tokens.outline, width=1))
        self.getPlotItem().setTitle(title, color=tokens.text_muted, size="12px")
        for side, words in (("bottom", across), ("left", up)):
            axis = self.getAxis(side)
            axis.setPen(tokens.border)
            axis.setTextPen(tokens.text_muted)
            axis.setStyle(tickFont=figures_font(SIZE_SMALL), tickLength=0)
            axis.setLabel(words, **{"font-size": "12px"})
