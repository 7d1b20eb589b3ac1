"""Plots of a training run: one metric over epochs.

Imports pyqtgraph: the window imports this module when a run begins and not before.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPolygonF,
    QShowEvent,
)
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from handwrite_app.training.plots.series import Floats, Look, Series, sight, smoothed
from handwrite_app.ui.theme import Theme, figures_font
from handwrite_app.ui.tokens import Tokens

REDRAW_MS = 250
_PADDING = 0.04


class _Cloud(pg.GraphicsObject):  # type: ignore[misc]
    """Points of one colour, painted at once: pyqtgraph's scatter plot takes ten times as long."""

    def __init__(self) -> None:
        super().__init__()
        self._points = QPolygonF()
        self._bounds = QRectF()
        self._pen = pg.mkPen("#808080")

    def set_points(self, xs: Floats, ys: Floats) -> None:
        self.prepareGeometryChange()
        fine = np.isfinite(ys)
        xs, ys = xs[fine], ys[fine]
        self._points = pg.functions.arrayToQPolygonF(xs, ys) if len(xs) else QPolygonF()
        self._bounds = self._points.boundingRect()
        self.informViewBoundsChanged()
        self.update()

    def set_color(self, color: QColor) -> None:
        self._pen = pg.mkPen(color, width=2)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        # In the widget's pixels: under a transformation that is not the same both ways, points are dashes.
        points = painter.worldTransform().map(self._points)
        painter.save()
        painter.resetTransform()
        painter.setPen(self._pen)
        painter.drawPoints(points)
        painter.restore()


class Curves(pg.PlotWidget):  # type: ignore[misc]
    """One metric over epochs: batches as faint points, their smoothed line, validation with markers.

    The wheel zooms, a rectangle drawn with the pointer does too, and a double click shows all again.

    Signals:
        pointed(float): the pointer is at this place of the x axis, in epochs; NaN: it has left.
    """

    pointed = Signal(float)

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        scale: float = 1.0,
        legend: bool = False,
        logs: bool = False,
    ) -> None:
        """name: the objectName. scale: of the values that are shown, as 100 for percents. legend: whether its
        title says which line is which. logs: whether a log scale means anything for it."""
        super().__init__(background=None)
        self.setObjectName(name)
        self._theme = theme
        self._what = ""
        self._scale = scale
        self._has_legend = legend
        self._logs = logs
        self._look = Look()
        self._batches = Series()
        self._training: list[tuple[float, float]] = []
        self._validation: list[tuple[float, float]] = []
        self._best: int | None = None
        self._epochs = 1.0
        self._zoomed = False
        self._line: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        # It goes with this widget, and not when Python collects it.
        plot.ctrlMenu.setParent(self, plot.ctrlMenu.windowFlags())
        plot.hideButtons()
        self._box = plot.getViewBox()
        self._box.setMouseMode(pg.ViewBox.RectMode)
        self._box.sigRangeChangedManually.connect(self._on_zoomed)
        self._box.disableAutoRange()
        plot.showGrid(x=False, y=True, alpha=0.15)
        plot.getAxis("left").setWidth(48)
        # Lines of width 1 without antialiasing: wider ones cost up to 60 times as much
        # (docs/performance.md).
        self._cloud = _Cloud()
        plot.addItem(self._cloud)
        self._training_line = plot.plot()
        self._validation_line = plot.plot(symbol="o", symbolSize=6)
        self._best_mark = plot.plot(symbol="o", symbolSize=11)
        self._crosshair = pg.InfiniteLine(angle=90, movable=False)
        self._crosshair.hide()
        plot.addItem(self._crosshair, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self._draw)

    @property
    def epochs(self) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """The epochs' means and the validation's points: (epochs, value)."""
        return self._training, self._validation

    @property
    def points(self) -> tuple[int, int]:
        """How many points the batch curve and the validation curve have now."""
        return len(self._batches), len(self._validation)

    @property
    def is_zoomed(self) -> bool:
        """Whether a person has chosen what is in sight."""
        return self._zoomed

    def retranslate(self, what: str) -> None:
        """what: the title."""
        self._what = what
        self.setAccessibleName(what)
        self.dress(self._theme.tokens)

    def begin(self) -> None:
        self._batches.clear()
        self._training, self._validation = [], []
        self._best, self._zoomed = None, False
        self._draw()

    def set_epochs(self, epochs: float) -> None:
        self._epochs = max(epochs, 1e-3)
        self._schedule()

    def set_look(self, look: Look) -> None:
        if look == self._look:
            return
        self._look = look
        self._zoomed = False
        self.setLogMode(y=look.log and self._logs)
        self._draw()

    def reset_zoom(self) -> None:
        """All of what the look shows is in sight again."""
        self._zoomed = False
        self._draw()

    def add_batch(self, epoch: float, value: float) -> None:
        self._batches.add(epoch, self._scale * value)
        self._schedule()

    def add_epoch(self, end: float, training: float, validation: float, *, best: bool) -> None:
        """end: where the epoch ended, in epochs; one that was stopped ends before its number.

        The mean over an epoch stands in its middle; what was measured at its end stands there.
        """
        begin = self._validation[-1][0] if self._validation else 0.0
        self._training.append(((begin + end) / 2, self._scale * training))
        self._validation.append((end, self._scale * validation))
        if best:
            self._best = len(self._validation) - 1
        self._schedule()

    def values_at(self, epoch: float) -> tuple[float, float, float] | None:
        """The place of the nearest point of the training line, its value, and the nearest validation's (NaN
        where there is none); None without any points."""
        xs, ys = self._line
        if not len(xs):
            return None
        near = int(np.abs(xs - epoch).argmin())
        marks = np.array(self._validation, float).reshape(-1, 2)
        value = float(marks[np.abs(marks[:, 0] - epoch).argmin(), 1]) if len(marks) else math.nan
        return float(xs[near]), float(ys[near]), value

    def show_crosshair(self, epoch: float) -> None:
        """NaN hides it."""
        self._crosshair.setVisible(math.isfinite(epoch))
        if math.isfinite(epoch):
            self._crosshair.setPos(epoch)

    def dress(self, tokens: Tokens) -> None:
        faint = QColor(tokens.accent)
        faint.setAlpha(90)
        self._cloud.set_color(faint)
        self._training_line.setPen(pg.mkPen(tokens.accent, width=1))
        self._validation_line.setPen(pg.mkPen(tokens.validation, width=1))
        self._validation_line.setSymbolBrush(tokens.validation)
        self._validation_line.setSymbolPen(None)
        self._best_mark.setPen(None)
        self._best_mark.setSymbolBrush(None)
        self._best_mark.setSymbolPen(pg.mkPen(tokens.validation, width=1))
        self._crosshair.setPen(pg.mkPen(tokens.outline, width=1))
        self._box.rbScaleBox.setPen(pg.mkPen(tokens.accent, width=1))
        soft = QColor(tokens.accent)
        soft.setAlpha(40)
        self._box.rbScaleBox.setBrush(pg.mkBrush(soft))
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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self.pointed.emit(math.nan)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset_zoom()
            event.accept()
        else:
            super().mouseDoubleClickEvent(event)

    def _legend(self, tokens: Tokens) -> str:
        """In the title: over the lines it would hide some."""
        training, validation = (
            html.escape(text) for text in (self.tr("training"), self.tr("validation"))
        )
        return (
            f'&nbsp; <span style="color:{tokens.accent}">━</span> {training}'
            f'&nbsp; <span style="color:{tokens.validation}">●</span> {validation}'
        )

    def _schedule(self) -> None:
        """Draws soon; a plot that is not seen, when it is shown."""
        if not self._timer.isActive() and self.isVisible():
            self._timer.start()

    def _draw(self) -> None:
        xs, ys = self._batches.shown(self._look.last)
        line = smoothed(ys, self._look.smoothing)
        self._line = (xs, line)
        validation = np.array(self._validation, float).reshape(-1, 2)
        log = self._look.log and self._logs
        with np.errstate(divide="ignore", invalid="ignore"):
            self._cloud.set_points(xs, np.log10(ys) if log else ys)
        self._training_line.setData(xs, line)
        self._validation_line.setData(validation[:, 0], validation[:, 1])
        best = validation[[self._best]] if self._best is not None else validation[:0]
        self._best_mark.setData(best[:, 0], best[:, 1])
        if not self._zoomed:
            self._put_in_sight(xs, ys, validation)

    def _put_in_sight(self, xs: Floats, ys: Floats, validation: Floats) -> None:
        begin, end = 0.0, self._epochs
        if self._look.last and len(xs):
            begin, end = float(xs[0]), max(float(xs[-1]), float(xs[0]) + 1e-3)
        marks = validation[(validation[:, 0] >= begin) & (validation[:, 0] <= end), 1]
        log = self._look.log and self._logs
        span = sight(np.concatenate([ys, marks]), no_outliers=self._look.no_outliers, log=log)
        self._box.setXRange(begin, end, padding=0.02)
        if span is not None:
            low, high = (math.log10(v) for v in span) if log else span
            if high <= low:
                low, high = low - 0.5, high + 0.5
            self._box.setYRange(low, high, padding=_PADDING)

    def _on_zoomed(self, *_: object) -> None:
        self._zoomed = True

    def _on_mouse_moved(self, place: QPointF) -> None:
        if self._box.sceneBoundingRect().contains(place) and len(self._line[0]):
            self.pointed.emit(self._box.mapSceneToView(place).x())
        else:
            self.pointed.emit(math.nan)


def follow_pointer(curves: list[Curves], said: Callable[[float], object]) -> None:
    """Has every plot show where the pointer is in any of them, and `said` hear of it."""
    for one in curves:
        for other in curves:
            one.pointed.connect(other.show_crosshair)
        one.pointed.connect(said)
