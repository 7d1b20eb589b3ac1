"""Plots of a training run: one metric over epochs.

Imports pyqtgraph: the window imports this module when a run begins and not before.
"""

from __future__ import annotations

import html

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from handwrite_app.ui.theme import Theme, figures_font
from handwrite_app.ui.tokens import Tokens

#: Points of the batch curve that are kept; when there are twice as many, neighbours are averaged.
_CURVE_POINTS = 1000


class Curves(pg.PlotWidget):  # type: ignore[misc]
    """One metric over epochs: batches faint, the epochs' training line, validation with markers."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        scale: float = 1.0,
        legend: bool = False,
    ) -> None:
        """name: the objectName. scale: of the values that are shown, as 100 for percents. legend: whether its
        title says which line is which."""
        super().__init__(background=None)
        self.setObjectName(name)
        self._theme = theme
        self._what = ""
        self._scale = scale
        self._has_legend = legend
        self._batches_x: list[float] = []
        self._batches_y: list[float] = []
        self._stride = 1  # events that one kept point stands for
        self._waiting: list[tuple[float, float]] = []
        self._training: list[tuple[float, float]] = []
        self._validation: list[tuple[float, float]] = []
        self._best: int | None = None
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        # It goes with this widget, and not when Python collects it.
        plot.ctrlMenu.setParent(self, plot.ctrlMenu.windowFlags())
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.showGrid(x=False, y=True, alpha=0.15)
        plot.getAxis("left").setWidth(48)
        plot.getViewBox().setDefaultPadding(0.04)
        # Lines of width 1 without antialiasing: wider ones cost up to 60 times as much
        # (docs/performance.md).
        self._batch_line = plot.plot()
        self._training_line = plot.plot()
        self._validation_line = plot.plot(symbol="o", symbolSize=6)
        self._best_mark = plot.plot(symbol="o", symbolSize=11)

    @property
    def epochs(self) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """The points of the training and of the validation line: (epochs, value)."""
        return self._training, self._validation

    @property
    def points(self) -> tuple[int, int]:
        """How many points the batch curve and the validation curve have now."""
        return len(self._batches_x), len(self._validation)

    def retranslate(self, what: str) -> None:
        """what: the title."""
        self._what = what
        self.setAccessibleName(what)
        self.dress(self._theme.tokens)

    def begin(self) -> None:
        self._batches_x, self._batches_y, self._best = [], [], None
        self._training, self._validation = [], []
        self._waiting, self._stride = [], 1
        self._draw()

    def set_epochs(self, epochs: int) -> None:
        self.setXRange(0, epochs, padding=0.02)

    def add_batch(self, epoch: float, value: float) -> None:
        self._waiting.append((epoch, self._scale * value))
        if len(self._waiting) < self._stride:
            return
        xs, ys = zip(*self._waiting, strict=True)
        self._waiting = []
        self._batches_x.append(xs[-1])
        self._batches_y.append(sum(ys) / len(ys))
        if len(self._batches_x) >= 2 * _CURVE_POINTS:
            self._stride *= 2
            self._batches_x = self._batches_x[1::2]
            pairs = np.array(self._batches_y[: 2 * len(self._batches_x)]).reshape(-1, 2)
            self._batches_y = pairs.mean(axis=1).tolist()
        self._batch_line.setData(np.array(self._batches_x), np.array(self._batches_y))

    def add_epoch(self, end: float, training: float, validation: float, *, best: bool) -> None:
        """end: where the epoch ended, in epochs; one that was stopped ends before its number.

        The mean over an epoch stands in its middle; what was measured at its end stands there.
        """
        begin = self._validation[-1][0] if self._validation else 0.0
        self._training.append(((begin + end) / 2, self._scale * training))
        self._validation.append((end, self._scale * validation))
        if best:
            self._best = len(self._validation) - 1
        self._draw()

    def dress(self, tokens: Tokens) -> None:
        faint = QColor(tokens.accent)
        faint.setAlpha(90)
        self._batch_line.setPen(pg.mkPen(faint, width=1))
        self._training_line.setPen(pg.mkPen(tokens.accent, width=1))
        self._validation_line.setPen(pg.mkPen(tokens.validation, width=1))
        self._validation_line.setSymbolBrush(tokens.validation)
        self._validation_line.setSymbolPen(None)
        self._best_mark.setPen(None)
        self._best_mark.setSymbolBrush(None)
        self._best_mark.setSymbolPen(pg.mkPen(tokens.validation, width=1))
        plot = self.getPlotItem()
        title = html.escape(self._what) + (self._legend(tokens) if self._has_legend else "")
        plot.setTitle(title, color=tokens.text_muted, size="12px")
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(tokens.border)
            axis.setTextPen(tokens.text_muted)
            axis.setStyle(tickFont=figures_font(12), tickLength=0)
        self.setBackground(tokens.surface)
        self._draw()

    def _legend(self, tokens: Tokens) -> str:
        """In the title: over the lines it would hide some."""
        training, validation = (
            html.escape(text) for text in (self.tr("training"), self.tr("validation"))
        )
        return (
            f'&nbsp; <span style="color:{tokens.accent}">━</span> {training}'
            f'&nbsp; <span style="color:{tokens.validation}">●</span> {validation}'
        )

    def _draw(self) -> None:
        training = np.array(self._training, float).reshape(-1, 2)
        validation = np.array(self._validation, float).reshape(-1, 2)
        self._batch_line.setData(np.array(self._batches_x), np.array(self._batches_y))
        self._training_line.setData(training[:, 0], training[:, 1])
        self._validation_line.setData(validation[:, 0], validation[:, 1])
        best = validation[[self._best]] if self._best is not None else validation[:0]
        self._best_mark.setData(best[:, 0], best[:, 1])
