"""The panel under the paper while a network learns: curves, progress, and the button that stops it.

Imports pyqtgraph: the window imports this module when a run begins and not before.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
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
from handwrite_app.training.curves import Curves
from handwrite_app.training.pages import Pages
from handwrite_app.training.result_bar import ResultBar
from handwrite_app.ui.dialogs.dialog import quiet_click
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme, figures_font, text_font
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel
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
        self._steps = 0
        self._say_title: Callable[[], str] = str
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
        quiet_click(self.close_button)
        quiet_click(self.stop_button)
        quiet_click(self.log_scale)
        self.close_button.clicked.connect(self.closeRequested)
        self.progress = QProgressBar()
        self.progress.setObjectName("trainingProgress")
        self.progress.setTextVisible(False)
        self.empty = QLabel()
        self.empty.setObjectName("trainingEmpty")
        self.empty.setProperty("role", "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.result = ResultBar()
        self.pages = Pages()
        self.loss = Curves(theme, "lossPlot", legend=True)
        self.accuracy = Curves(theme, "accuracyPlot", scale=100)
        self._lay_out()
        self._retranslate()
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._show_plots(False)

    def add_page(self, say_title: Callable[[], str], page: QWidget) -> None:
        """A page beside the curves, which the panel then owns. say_title: its title, in the window's
        language."""
        self.pages.add(say_title, page)
        self.pages.tabs.setVisible(self.pages.isVisibleTo(self))

    def begin(self, network: str) -> None:
        """A run of this network begins."""
        self._running, self._stopping = True, False
        self._network = network
        self._epochs = self._steps = 0
        self._say_title = lambda: self.tr("Training {network}").format(network=network)
        self.title.setToolTip("")
        self.result.hide()
        self._show_plots(True)
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
                self._epochs, self._steps = event.epochs, event.steps
                for curves in (self.loss, self.accuracy):
                    curves.set_epochs(event.epochs)
            case BatchProgress():
                self._show_batch(event)
            case EpochFinished():
                self._show_epoch(event)
            case RunFinished():
                self._end(lambda: self._summary(event), lambda: self.tr("Trained {network}"))
            case RunStoppedEarly():
                self._end(
                    lambda: self.tr("stopped; nothing was learned yet"),
                    lambda: self.tr("Training {network} was stopped"),
                )

    def fail(self) -> None:
        """The run ended without a result."""
        self._end(
            lambda: self.tr("failed; the network in use stays"),
            lambda: self.tr("Training {network} failed"),
        )

    def show_result(self, say: Callable[[], str], *, better: bool) -> None:
        """Offers the choice between the new network and the one in use. say: a sentence about it."""
        self.result.offer(say, better=better)

    def show_stopping(self) -> None:
        """The run was asked to stop."""
        self._stopping = True
        self._show_buttons()
        self._show_facts(lambda: self.tr("stopping, then validating…"))

    def _end(self, say: Callable[[], str], say_title: Callable[[], str]) -> None:
        if not self._running:
            return
        self._running = False
        network = self._network
        self._say_title = lambda: say_title().format(network=network)
        self._show_title()
        self._show_facts(say)
        self.progress.hide()
        self._show_buttons()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _show_title(self) -> None:
        self.title.setText(self._say_title())

    def _show_facts(self, say: Callable[[], str]) -> None:
        self._say_facts = say
        self.facts.setText(say())

    def _show_batch(self, event: BatchProgress) -> None:
        self.progress.setValue(event.step)
        self.loss.add_batch(event.epoch, event.loss)
        self.accuracy.add_batch(event.epoch, event.accuracy)
        if self._stopping:
            return
        if self._ends_epoch(event.step):
            self._show_facts(lambda: self.tr("reading the validation pictures…"))
            return
        self._show_facts(
            lambda: self.tr("epoch {epoch} of {epochs} · {rate} images/s · {left} left").format(
                epoch=min(math.floor(event.epoch - 1e-9) + 1, self._epochs),
                epochs=self._epochs,
                rate=QLocale().toString(round(event.images_per_second)),
                left=clock(event.seconds_left),
            )
        )

    def _show_epoch(self, event: EpochFinished) -> None:
        # A run that was stopped, or whose time was up, ends in the middle of an epoch.
        end = float(event.epoch)
        if self._steps and self._epochs:
            end = min(end, event.step * self._epochs / self._steps)
        training, validation = event.training, event.validation
        self.loss.add_epoch(end, training.loss, validation.loss, best=event.is_best)
        self.accuracy.add_epoch(end, training.accuracy, validation.accuracy, best=event.is_best)
        if self._stopping or event.step >= self._steps > 0:
            self._show_facts(lambda: self.tr("comparing it with the network in use…"))

    def _ends_epoch(self, step: int) -> bool:
        if not (self._steps and self._epochs):
            return False
        return step % max(1, self._steps // self._epochs) == 0 or step >= self._steps

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
        words.addWidget(self.pages.tabs)
        words.addWidget(self.log_scale)
        words.addWidget(self.stop_button)
        words.addWidget(self.close_button)
        self._plots = QWidget()
        plots = QHBoxLayout(self._plots)
        plots.setContentsMargins(0, 0, 0, 0)
        plots.setSpacing(SPACE)
        plots.addWidget(self.loss, 1)
        plots.addWidget(self.accuracy, 1)
        self.pages.add(lambda: self.tr("Curves"), self._plots)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        column.setSpacing(SPACE)
        column.addLayout(words)
        column.addWidget(self.progress)
        column.addWidget(self.result)
        column.addWidget(self.empty, 1)
        column.addWidget(self.pages, 1)
        self.setMinimumHeight(200)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Training"))
        self.pages.retranslate()
        self.progress.setAccessibleName(self.tr("Progress of the training"))
        self.log_scale.setText(self.tr("log scale"))
        self.log_scale.setToolTip(self.tr("Show losses by their order of magnitude"))
        self.loss.retranslate(self.tr("loss over epochs"))
        self.accuracy.retranslate(self.tr("accuracy over epochs, %"))
        self.empty.setText(
            self.tr("No run yet. Train ▸ Train a network… begins one; its curves are shown here.")
        )
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

    def _show_plots(self, shown: bool) -> None:
        """Or, before the first run, how to begin one."""
        for widget in (self.pages, self.log_scale, self.progress):
            widget.setVisible(shown)
        self.pages.tabs.setVisible(shown and self.pages.count() > 1)
        self.empty.setVisible(not shown)

    def _on_stop_clicked(self) -> None:
        self.stopRequested.emit()

    def _on_log_scale_toggled(self, on: bool) -> None:
        self.loss.setLogMode(y=on)

    def _on_theme_changed(self) -> None:
        for curves in (self.loss, self.accuracy):
            curves.dress(self._theme.tokens)


def clock(seconds: float) -> str:
    """1:05 or 2:03:09."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
