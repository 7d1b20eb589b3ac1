"""The panel under the paper while a network learns: curves, progress, and the button that stops it.

Imports pyqtgraph: the window imports this module when a run begins and not before.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLocale, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.reading.verdict import exact_percent
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme, figures_font, text_font
from handwrite_app.ui.tokens import SPACE, Tokens
from handwrite_app.ui.widgets import ElidedLabel
from trainer.base.events import (
    BatchProgress,
    Downloading,
    EpochFinished,
    Event,
    Note,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
)

#: Points of the batch curve that are kept; when there are twice as many, neighbours are averaged.
_CURVE_POINTS = 1000


class TrainingPanel(QFrame):
    """Shows one run.

    Signals:
        stopRequested(): the person wants the run to finish now with the best weights so far.
        closeRequested(): the panel may go.
    """

    stopRequested = Signal()
    closeRequested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainingPanel")
        self.setProperty("card", True)
        self._theme = theme
        self._running = False
        self._stopping = False
        self._network = ""
        self._epochs = 0
        # What is shown depends on the language: these say it, now and after a change.
        self._say_facts: Callable[[], str] = str

        self.title = QLabel()
        self.title.setObjectName("trainingTitle")
        self.title.setFont(text_font(14, bold=True))
        self.facts = ElidedLabel()
        self.facts.setObjectName("trainingFacts")
        self.facts.setFont(figures_font(12))
        self.facts.setProperty("role", "small")
        self.log_scale = QCheckBox()
        self.log_scale.setObjectName("logScale")
        self.log_scale.toggled.connect(self._on_log_scale_toggled)
        self.stop_button = QPushButton()
        self.stop_button.setObjectName("stopTraining")
        self.stop_button.clicked.connect(self._on_stop_clicked)
        self.close_button = QPushButton()
        self.close_button.setObjectName("closeTraining")
        self.close_button.setProperty("quiet", True)
        self.close_button.clicked.connect(self.closeRequested)
        self.progress = QProgressBar()
        self.progress.setObjectName("trainingProgress")
        self.progress.setTextVisible(False)
        self.loss = _Curves(theme, "lossPlot", legend_at=(-8, 4))
        self.accuracy = _Curves(theme, "accuracyPlot", legend_at=(-8, -4), scale=100)
        self._lay_out()
        self._retranslate()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def begin(self, network: str) -> None:
        """A run of this network begins."""
        self._running, self._stopping = True, False
        self._network = network
        self.loss.begin()
        self.accuracy.begin()
        self._show_title()
        self._show_facts(lambda: self.tr("starting…"))
        self.progress.setRange(0, 0)
        self._show_buttons()

    def show_event(self, event: Event) -> None:
        match event:
            case Downloading():
                self.progress.setRange(0, max(event.total // 1024, 0))
                self.progress.setValue(event.received // 1024)
                self._show_facts(
                    lambda: self.tr("downloading {file}: {received}").format(
                        file=event.file,
                        received=QLocale().formattedDataSize(event.received),
                    )
                )
            case Note():
                self._show_facts(lambda: sentence(event.message))
            case RunStarted():
                self.progress.setRange(0, event.steps)
                self.progress.setValue(0)
                self.title.setToolTip(f"{event.device.upper()}, {event.precision}\n{event.run}")
                self._epochs = event.epochs
                for curves in (self.loss, self.accuracy):
                    curves.set_epochs(event.epochs)
            case BatchProgress():
                self._show_batch(event)
            case EpochFinished():
                self.loss.add_epoch(
                    event.epoch, event.training.loss, event.validation.loss, best=event.is_best
                )
                self.accuracy.add_epoch(
                    event.epoch,
                    event.training.accuracy,
                    event.validation.accuracy,
                    best=event.is_best,
                )
            case RunFinished():
                self._end(lambda: self._summary(event))
            case RunStoppedEarly():
                self._end(lambda: self.tr("stopped; nothing was learned yet"))

    def fail(self) -> None:
        """The run ended without a result."""
        self._end(lambda: self.tr("failed; the network in use stays"))

    def _end(self, say: Callable[[], str]) -> None:
        if not self._running:
            return
        self._running = False
        self._show_facts(say)
        if self.progress.maximum() == 0:
            self.progress.setRange(0, 1)
        self._show_buttons()

    def show_stopping(self) -> None:
        """The wish to stop is under way."""
        self._stopping = True
        self._show_buttons()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _show_title(self) -> None:
        self.title.setText(
            self.tr("Training {network}").format(network=self._network) if self._network else ""
        )

    def _show_facts(self, say: Callable[[], str]) -> None:
        self._say_facts = say
        self.facts.setText(say())

    def _show_batch(self, event: BatchProgress) -> None:
        self.progress.setValue(event.step)
        self.loss.add_batch(event.epoch, event.loss)
        self.accuracy.add_batch(event.epoch, event.accuracy)
        self._show_facts(
            lambda: self.tr("epoch {epoch} of {epochs} · {rate} images/s · {left} left").format(
                epoch=min(math.floor(event.epoch - 1e-9) + 1, self._epochs),
                epochs=self._epochs,
                rate=QLocale().toString(round(event.images_per_second)),
                left=clock(event.seconds_left),
            )
        )

    def _summary(self, event: RunFinished) -> str:
        how = {
            "completed": self.tr("done in {time}"),
            "stopped": self.tr("stopped after {time}"),
            "patience": self.tr("no better after {time}"),
        }[event.reason].format(time=clock(event.seconds))
        best = self.tr("best: epoch {epoch}, {accuracy}").format(
            epoch=event.best_epoch, accuracy=exact_percent(event.validation.accuracy)
        )
        return f"{how} · {best}"

    def _lay_out(self) -> None:
        words = QHBoxLayout()
        words.setSpacing(2 * SPACE)
        words.addWidget(self.title)
        words.addWidget(self.facts, 1)
        words.addWidget(self.log_scale)
        words.addWidget(self.stop_button)
        words.addWidget(self.close_button)
        plots = QHBoxLayout()
        plots.setSpacing(SPACE)
        plots.addWidget(self.loss, 1)
        plots.addWidget(self.accuracy, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        column.setSpacing(SPACE)
        column.addLayout(words)
        column.addWidget(self.progress)
        column.addLayout(plots, 1)
        self.setMinimumHeight(200)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Training"))
        self.progress.setAccessibleName(self.tr("Progress of the training"))
        self.log_scale.setText(self.tr("log scale"))
        self.log_scale.setToolTip(self.tr("Show losses by their order of magnitude"))
        self.loss.retranslate(self.tr("loss over epochs"))
        self.accuracy.retranslate(self.tr("accuracy over epochs, %"))
        self._show_title()
        self._show_facts(self._say_facts)
        self._show_buttons()
        self.stop_button.setToolTip(self.tr("Finish now and keep the best weights so far"))
        self.close_button.setText(self.tr("Hide"))

    def _show_buttons(self) -> None:
        self.stop_button.setText(self.tr("Stopping…") if self._stopping else self.tr("Stop"))
        self.stop_button.setEnabled(not self._stopping)
        self.stop_button.setVisible(self._running)
        self.close_button.setVisible(not self._running)

    def _on_stop_clicked(self) -> None:
        self.stopRequested.emit()

    def _on_log_scale_toggled(self, on: bool) -> None:
        self.loss.setLogMode(y=on)

    def _on_theme_changed(self) -> None:
        for curves in (self.loss, self.accuracy):
            curves.dress(self._theme.tokens)


class _Curves(pg.PlotWidget):  # type: ignore[misc]
    """One figure over epochs: batches faint, the epochs' training line, validation with markers."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        legend_at: tuple[int, int],
        scale: float = 1.0,
    ) -> None:
        super().__init__(background=None)
        self.setObjectName(name)
        self._theme = theme
        self._what = ""
        self._scale = scale
        self._batches_x: list[float] = []
        self._batches_y: list[float] = []
        self._stride = 1  # events that one kept point stands for
        self._waiting: list[tuple[float, float]] = []
        self._epochs: list[tuple[float, float, float]] = []
        self._best: int | None = None
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
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
        self._legend = plot.addLegend(offset=legend_at, labelTextSize="9pt")

    @property
    def points(self) -> tuple[int, int]:
        """How many points the batch curve and the validation curve have now."""
        return len(self._batches_x), len(self._epochs)

    def retranslate(self, what: str) -> None:
        """what: the figure's title."""
        self._what = what
        self.setAccessibleName(what)
        self._legend.clear()
        self._legend.addItem(self._training_line, self.tr("training"))
        self._legend.addItem(self._validation_line, self.tr("validation"))
        self.dress(self._theme.tokens)

    def begin(self) -> None:
        self._batches_x, self._batches_y, self._epochs, self._best = [], [], [], None
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

    def add_epoch(self, epoch: int, training: float, validation: float, *, best: bool) -> None:
        self._epochs.append((epoch, self._scale * training, self._scale * validation))
        if best:
            self._best = len(self._epochs) - 1
        self._draw()

    def dress(self, tokens: Tokens) -> None:
        faint = QColor(tokens.accent)
        faint.setAlpha(90)
        self._batch_line.setPen(pg.mkPen(faint, width=1))
        self._training_line.setPen(pg.mkPen(tokens.accent, width=1))
        self._validation_line.setPen(pg.mkPen(tokens.validation, width=1))
        self._validation_line.setSymbolBrush(tokens.validation)
        self._validation_line.setSymbolPen(None)
        # The legend takes these, which without data do not follow the line.
        self._validation_line.scatter.setBrush(tokens.validation)
        self._validation_line.scatter.setPen(None)
        self._best_mark.setPen(None)
        self._best_mark.setSymbolBrush(None)
        self._best_mark.setSymbolPen(pg.mkPen(tokens.validation, width=1))
        self._legend.setLabelTextColor(tokens.text_muted)
        plot = self.getPlotItem()
        plot.setTitle(self._what, color=tokens.text_muted, size="12px")
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(tokens.border)
            axis.setTextPen(tokens.text_muted)
            axis.setStyle(tickFont=figures_font(12), tickLength=0)
        self.setBackground(tokens.surface)
        self._draw()

    def _draw(self) -> None:
        epochs = np.array(self._epochs, float).reshape(-1, 3)
        self._batch_line.setData(np.array(self._batches_x), np.array(self._batches_y))
        self._training_line.setData(epochs[:, 0], epochs[:, 1])
        self._validation_line.setData(epochs[:, 0], epochs[:, 2])
        best = epochs[[self._best]] if self._best is not None else epochs[:0]
        self._best_mark.setData(best[:, 0], best[:, 2])


def clock(seconds: float) -> str:
    """1:05 or 2:03:09."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
