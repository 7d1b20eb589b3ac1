"""Curves of several runs in one plot, each in a colour of its own.

Imports pyqtgraph: the window imports this module when runs are looked at and not before.
"""

from __future__ import annotations

import html

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from handwrite_app.history.entries import RunCurves
from handwrite_app.training.plots.curves import Curves, follow_pointer
from handwrite_app.training.plots.series import smoothed
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.tokens import SPACE

#: Of the light theme and of the dark one: as many runs can be told apart.
_LIGHT = ("#2a56c6", "#1b7566", "#b3261e", "#7a3fa0", "#8a5a00", "#575c63")
_DARK = ("#8fb3ff", "#69c4b0", "#ff8f86", "#cf9ff0", "#e0b45c", "#a6aab0")
MOST = len(_LIGHT)


class _Plot(Curves):
    """One metric of several runs."""

    def __init__(self, theme: Theme, name: str, place: int, *, scale: float = 1.0) -> None:
        super().__init__(theme, name, scale=scale, logs=place == 1)
        self._place = place
        self._runs: list[RunCurves] = []
        self._lines: list[pg.PlotDataItem] = []

    def show_runs(self, runs: list[RunCurves]) -> None:
        plot = self.getPlotItem()
        for line in self._lines:
            plot.removeItem(line)
        self._lines, self._runs = [], runs[:MOST]
        colors = _DARK if self._theme.tokens.dark else _LIGHT
        values = []
        last = 1.0
        for run, color in zip(self._runs, colors, strict=False):
            for points, marks in ((run.training, False), (run.validation, True)):
                if not points:
                    continue
                table = np.array(points, float)
                ys = self._scale * table[:, self._place]
                last = max(last, float(table[-1, 0]))
                values.append(ys)
                pen = pg.mkPen(color, width=1)
                if marks:
                    line = plot.plot(
                        table[:, 0],
                        ys,
                        pen=pen,
                        symbol="o",
                        symbolSize=7,
                        symbolBrush=color,
                        symbolPen=None,
                    )
                else:
                    pen.setColor(pg.mkColor(color + "a0"))
                    line = plot.plot(table[:, 0], smoothed(ys, 0.6), pen=pen)
                self._lines.append(line)
        self.set_epochs(last)
        if values and not self.is_zoomed:
            self._put_in_sight(np.array([0.0, last]), np.concatenate(values), np.empty((0, 2)))

    def _draw(self) -> None:
        if hasattr(self, "_lines") and self._lines:
            return  # its lines are drawn when runs are given
        super()._draw()


class Overlay(QWidget):
    """Loss and accuracy of the runs that are selected, with a legend above."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._runs: list[RunCurves] = []
        self.loss = _Plot(theme, "runsLoss", 1)
        self.accuracy = _Plot(theme, "runsAccuracy", 2, scale=100)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.loss, 1)
        row.addWidget(self.accuracy, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row, 1)
        follow_pointer([self.loss, self.accuracy], lambda _: None)
        theme.changed.connect(self._dress)
        self._retranslate()

    @property
    def runs(self) -> list[RunCurves]:
        return self._runs

    @property
    def names(self) -> list[str]:
        """The runs that are shown."""
        return [run.name for run in self._runs]

    def show_runs(self, runs: list[RunCurves]) -> None:
        self._runs = runs[:MOST]
        for plot in (self.loss, self.accuracy):
            plot.show_runs(self._runs)

    def legend(self) -> str:
        """Rich text: every run's colour and name."""
        colors = _DARK if self._theme.tokens.dark else _LIGHT
        return " &nbsp; ".join(
            f'<span style="color:{color}">━</span> {html.escape(run.name)}'
            for run, color in zip(self._runs, colors, strict=False)
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _dress(self) -> None:
        for plot in (self.loss, self.accuracy):
            plot.dress(self._theme.tokens)
            plot.show_runs(self._runs)

    def _retranslate(self) -> None:
        self.loss.retranslate(self.tr("loss over epochs"))
        self.accuracy.retranslate(self.tr("accuracy over epochs, %"))
