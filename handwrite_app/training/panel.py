"""The panel under the paper while a network learns: curves, progress, and the buttons that control it.

Imports pyqtgraph: the window imports this module when a run begins and not before.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.reading.verdict import exact_percent
from handwrite_app.training.controls import Controls
from handwrite_app.training.pages import Pages
from handwrite_app.training.plots.look_menu import LookButton
from handwrite_app.training.plots.page import Plots
from handwrite_app.training.result_bar import ResultBar
from handwrite_app.training.run_facts import RunFacts, clock
from handwrite_app.ui.dialogs.dialog import quiet_click
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme, figures_font, scaled, text_font
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel
from trainer.base.events import (
    BatchProgress,
    Downloading,
    EpochFinished,
    Event,
    Note,
    RunCancelled,
    RunContinued,
    RunFinished,
    RunPaused,
    RunStarted,
    RunStoppedEarly,
)
from trainer.runs.config import TrainConfig

#: In which it still shows everything.
LEAST_WIDTH = 360


class TrainingPanel(QFrame):
    """Shows one run.

    Signals:
        stopRequested(): the person wants the run to finish now with the best weights so far.
        pauseRequested(), continueRequested(), stepRequested(), cancelRequested(): as the buttons say.
        closeRequested(): the panel may go. saveRequested(kind): of the curves, as "png" or "csv".
        placeRequested(place): see LookButton.
    """

    stopRequested = Signal()
    pauseRequested = Signal()
    continueRequested = Signal()
    stepRequested = Signal()
    cancelRequested = Signal()
    closeRequested = Signal()
    saveRequested = Signal(str)
    placeRequested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainingPanel")
        self.setProperty("card", True)
        self._running = False
        self._network = ""
        self._run = RunFacts()
        # What is shown depends on the language: these say it, now and after a change.
        self._say_title: Callable[[], str] = str
        self._say_facts: Callable[[], str] = str

        self.title = QLabel()
        self.title.setObjectName("trainingTitle")
        self.title.setFont(text_font(14, bold=True))
        self.facts = ElidedLabel()
        self.facts.setObjectName("trainingFacts")
        self.details = ElidedLabel()
        self.details.setObjectName("trainingDetails")
        self.details.setAlignment(Qt.AlignmentFlag.AlignRight)
        for label in (self.facts, self.details):
            label.setFont(figures_font(12))
            label.setProperty("role", "small")
        self.view = LookButton()
        self.log_scale = self.view.log_scale
        self.controls = Controls()
        self.stop_button = self.controls.stop
        self.close_button = QPushButton()
        self.close_button.setObjectName("closeTraining")
        self.close_button.setProperty("quiet", True)
        quiet_click(self.close_button)
        self.progress = QProgressBar()
        self.progress.setObjectName("trainingProgress")
        self.progress.setTextVisible(False)
        self.empty = QLabel()
        self.empty.setObjectName("trainingEmpty")
        self.empty.setProperty("role", "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.result = ResultBar()
        self.plots = Plots(theme)
        self.loss, self.accuracy = self.plots.both
        self.pages = Pages()
        self.pages.add(lambda: self.tr("Curves"), self.plots)
        self._lay_out()
        self._connect()
        self._retranslate()
        self._show_plots(False)

    def add_page(self, say_title: Callable[[], str], page: QWidget) -> None:
        """A page beside the curves, which the panel then owns. say_title: its title, in the window's
        language."""
        self.pages.add(say_title, page)
        self.pages.tabs.setVisible(self.pages.isVisibleTo(self))

    def begin(self, network: str, config: TrainConfig | None = None) -> None:
        """A run of this network begins."""
        self._running = True
        self._network = network
        self._run = RunFacts(config)
        self._say_title = lambda: self.tr("Training {network}").format(network=network)
        self.title.setToolTip("")
        self.result.hide()
        self._show_plots(True)
        self.plots.begin()
        self._show_title()
        self._show_facts(lambda: self.tr("starting…"))
        self.details.setText("")
        self.progress.setRange(0, 0)
        self._set_state("running")

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
                self.show_started(event)
            case BatchProgress():
                self._show_batch(event)
            case EpochFinished():
                self._show_epoch(event)
            case RunPaused():
                if self.controls.state not in ("stopping", "cancelling"):
                    self._set_state("paused")
                    self._show_facts(self._run.at_step)
            case RunContinued():
                if self.controls.state not in ("stopping", "cancelling"):
                    self._set_state("running")
            case RunFinished():
                self._end(lambda: self._summary(event), lambda: self.tr("Trained {network}"))
            case RunStoppedEarly():
                self._end(
                    lambda: self.tr("stopped; nothing was learned yet"),
                    lambda: self.tr("Training {network} was stopped"),
                )
            case RunCancelled():
                self._end(
                    lambda: self.tr("discarded; the network in use stays"),
                    lambda: self.tr("Training {network} was cancelled"),
                )

    def show_started(self, event: RunStarted) -> None:
        self._run.started = event
        self.progress.setRange(0, event.steps)
        self.progress.setValue(0)
        self.title.setToolTip(f"{event.device.upper()}, {event.precision}\n{event.run}")
        self.details.setText(self._run.details())
        for curves in self.plots.both:
            curves.set_epochs(event.epochs)

    def show_past(self, events: list[Event]) -> None:
        """What a run that is resumed had done before: its curves go on."""
        for event in events:
            match event:
                case BatchProgress():
                    self.loss.add_batch(event.epoch, event.loss)
                    self.accuracy.add_batch(event.epoch, event.accuracy)
                case EpochFinished():
                    self._add_epoch(event)
                case RunStarted():
                    self._run.started = event

    def fail(self) -> None:
        """The run ended without a result."""
        self._end(
            lambda: self.tr("failed; the network in use stays"),
            lambda: self.tr("Training {network} failed"),
        )

    def show_result(self, say: Callable[[], str], *, better: bool) -> None:
        """Offers the choice between the new network and the one in use. say: a sentence about it."""
        self.result.offer(say, better=better)

    def show_resumable(self, say: Callable[[], str]) -> None:
        """Offers to go on with a run that was broken off. say: what happened."""
        self.result.offer_resume(say)

    def show_pausing(self) -> None:
        """The run was asked to pause."""
        self._set_state("pausing")

    def show_stopping(self) -> None:
        """The run was asked to stop."""
        self._set_state("stopping")
        self._show_facts(lambda: self.tr("stopping, then validating…"))

    def show_cancelling(self) -> None:
        """The run was asked to end and leave nothing."""
        self._set_state("cancelling")
        self._show_facts(lambda: self.tr("cancelling…"))

    def _set_state(self, state: str) -> None:
        self.controls.set_state(state)  # type: ignore[arg-type]
        self.close_button.setVisible(not self._running)

    def _end(self, say: Callable[[], str], say_title: Callable[[], str]) -> None:
        if not self._running:
            return
        self._running = False
        network = self._network
        self._say_title = lambda: say_title().format(network=network)
        self._show_title()
        self._show_facts(say)
        self.progress.hide()
        self._set_state("idle")

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
        self._run.batch = event
        self.progress.setValue(event.step)
        self.loss.add_batch(event.epoch, event.loss)
        self.accuracy.add_batch(event.epoch, event.accuracy)
        self.details.setText(self._run.details())
        match self.controls.state:
            case "stopping" | "cancelling":
                return
            case "paused":
                self._show_facts(self._run.at_step)
            case _ if self._run.ends_epoch(event.step):
                self._show_facts(lambda: self.tr("reading the validation pictures…"))
            case _:
                self._show_facts(self._run.progress)

    def _show_epoch(self, event: EpochFinished) -> None:
        self._add_epoch(event)
        if self.controls.state == "stopping" or event.step >= self._run.steps > 0:
            self._show_facts(lambda: self.tr("comparing it with the network in use…"))

    def _add_epoch(self, event: EpochFinished) -> None:
        self._run.note_epoch(event)
        end = self._run.end_of(event)
        training, validation = event.training, event.validation
        self.loss.add_epoch(end, training.loss, validation.loss, best=event.is_best)
        self.accuracy.add_epoch(end, training.accuracy, validation.accuracy, best=event.is_best)

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
        self._words = words = QHBoxLayout()
        words.setSpacing(SPACE)
        words.addWidget(self.title)
        words.addWidget(self.pages.tabs)
        words.addStretch(1)
        words.addWidget(self.view)
        words.addWidget(self.controls)
        words.addWidget(self.close_button)
        facts = QHBoxLayout()
        facts.setSpacing(2 * SPACE)
        facts.addWidget(self.facts, 1)
        facts.addWidget(self.details, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        column.setSpacing(SPACE // 2)
        self._second_row = QHBoxLayout()
        self._second_row.setSpacing(SPACE)
        column.addLayout(words)
        column.addLayout(self._second_row)
        column.addLayout(facts)
        column.addWidget(self.progress)
        column.addWidget(self.result)
        column.addWidget(self.empty, 1)
        column.addWidget(self.pages, 1)
        self.setMinimumHeight(200)

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(LEAST_WIDTH), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_head()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # buttons came, went, or say something else
            self._fit_head()
        return done

    def _fit_head(self) -> None:
        """Where there is no room for all, the title goes first, then the buttons get a row of their own."""
        room = self.contentsRect().width() - 4 * SPACE
        buttons = (self.controls, self.close_button)
        needed = _width(self.pages.tabs, self.view)
        has_rows = needed + _width(*buttons) > room
        row, other = (
            (self._second_row, self._words) if has_rows else (self._words, self._second_row)
        )
        if row.indexOf(self.controls) < 0:
            for button in buttons:
                other.removeWidget(button)
                row.addWidget(button)
        if not has_rows:
            needed += _width(*buttons)
        self.title.setVisible(needed + self.title.sizeHint().width() + SPACE <= room)

    def _connect(self) -> None:
        self.controls.pauseRequested.connect(self.pauseRequested)
        self.controls.continueRequested.connect(self.continueRequested)
        self.controls.stepRequested.connect(self.stepRequested)
        self.controls.stopRequested.connect(self.stopRequested)
        self.controls.cancelRequested.connect(self.cancelRequested)
        self.close_button.clicked.connect(self.closeRequested)
        self.view.lookChanged.connect(self.plots.set_look)
        self.view.resetRequested.connect(self.plots.reset_zoom)
        self.view.saveRequested.connect(self.saveRequested)
        self.view.placeRequested.connect(self.placeRequested)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Training"))
        self.pages.retranslate()
        self.view.retranslate()
        self.controls.retranslate()
        self.progress.setAccessibleName(self.tr("Progress of the training"))
        self.empty.setText(
            self.tr("No run yet. Train ▸ Train a network… begins one; its curves are shown here.")
        )
        self._show_title()
        self._show_facts(self._say_facts)
        self.details.setText(self._run.details())
        self.close_button.setText(self.tr("Hide"))

    def _show_plots(self, shown: bool) -> None:
        """Or, before the first run, how to begin one."""
        for widget in (self.pages, self.view, self.facts, self.details, self.progress):
            widget.setVisible(shown)
        self.pages.tabs.setVisible(shown and self.pages.count() > 1)
        self.empty.setVisible(not shown)


def _width(*widgets: QWidget) -> int:
    """Of a row of those that are there, with a gap beside each."""
    return sum(one.sizeHint().width() + SPACE for one in widgets if not one.isHidden())
