"""From "Train…" to the choice of a network: the dialog, the run, the panel and the comparison.

What only training needs is imported when it begins: the first paint does not wait for it
(docs/performance.md).
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.reading.device_text import device_detail
from handwrite_app.ui.dialogs.message_boxes import Question, announce, warn
from handwrite_app.ui.error_text import sentence, system_reason
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.workers.job import TrainingWorker
from trainer.base.errors import HandwriteError, RunError
from trainer.base.paths import data_folder
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from handwrite_app.training.panel import TrainingPanel
    from handwrite_app.training.progress_strip import TrainingStrip
    from trainer.base.events import Event, RunFinished
    from trainer.runs.config import TrainConfig


class TrainingSession(QObject):
    """Owns the training worker and what the person sees of it.

    Signals:
        runningChanged(bool): a run begins or is over. progressChanged(): it is further, or was decided about.
        networkKept(Path): use this network from now on. said(text): one sentence for the status line.
        finished(RunFinished): a run has a result. eventHappened(Event): of a run, after the panel shows it.
        panelMade(TrainingPanel): the panel is there, before anything is shown in it: pages can be added.
    """

    runningChanged = Signal(bool)
    progressChanged = Signal()
    networkKept = Signal(object)
    said = Signal(str)
    finished = Signal(object)
    eventHappened = Signal(object)
    panelMade = Signal(object)

    def __init__(
        self,
        window: QWidget,
        canvas: Canvas,
        theme: Theme,
        settings: Settings,
        *,
        place_panel: Callable[[QWidget, QWidget], None],
        try_both: Callable[[Path, str], object],
    ) -> None:
        """place_panel: puts the panel, and the strip that stands for it while it is hidden, where the window
        wants them, when they are first needed. try_both: has the
        network in a file, under a title, read the paper beside the one in use."""
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._settings = settings
        self._place_panel = place_panel
        self._try_both = try_both
        self._panel: TrainingPanel | None = None
        self._in_use: Loaded | None = None
        self._config: TrainConfig | None = None
        self._steps = 0
        self._fraction: float | None = None
        self._result: RunFinished | None = None
        self._result_network = self._old_name = ""
        self._settled = False
        self._strip: TrainingStrip | None = None
        self._lifted = PenUpQueue(canvas, self)
        self._worker = TrainingWorker(self)
        self._worker.eventHappened.connect(self._on_event)
        self._worker.failed.connect(self._on_failed)
        self._worker.ended.connect(self._on_ended)

    @property
    def is_running(self) -> bool:
        return self._worker.is_running

    @property
    def panel(self) -> TrainingPanel | None:
        """The panel, once there was a run."""
        return self._panel

    def set_active_model(self, loaded: Loaded) -> None:
        """The network that the next run is compared with, and what devices there are."""
        self._in_use = loaded

    def ask(self) -> None:
        """Opens the dialog, or says that a run goes on."""
        if self.is_running:
            self.said.emit(self.tr("A run is under way. Stop it first, or wait until it is over."))
            return
        from handwrite_app.training.dialog import TrainingDialog

        absent = {
            state.name: device_detail(state)
            for state in (self._in_use.devices if self._in_use else ())
            if not state.available
        }
        dialog = TrainingDialog(self._settings.training, absent_devices=absent, parent=self._window)
        dialog.configured.connect(self.start)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def start(self, config: TrainConfig) -> None:
        """Begins a run, if none is under way."""
        if self.is_running:
            return
        self._config = config
        self._result = None
        panel = self._ensure_panel()
        panel.begin(config.network)
        panel.show()
        if self._strip is not None:
            self._strip.begin(config.network)
        try:
            self._worker.start(
                config,
                data_folder=data_folder(),
                compare_with=Path(self._in_use.path) if self._in_use else None,
            )
        except RunError as error:
            self._on_failed(error)
            return
        self._set_fraction(0.0)
        self.runningChanged.emit(True)
        self.said.emit(self.tr("Training in the background. Go on drawing."))

    def stop(self) -> None:
        """The run finishes with its best weights so far."""
        if self._panel is not None and self.is_running:
            self._panel.show_stopping()
            if self._strip is not None:
                self._strip.show_stopping()
            self._worker.stop()

    def show_panel(self, shown: bool) -> None:
        self._ensure_panel().setVisible(shown)

    @property
    def strip(self) -> TrainingStrip | None:
        """Once there was a panel."""
        return self._strip

    @property
    def fraction(self) -> float | None:
        """How much of the run is done, 0…1; None where none goes on."""
        return self._fraction

    @property
    def is_undecided(self) -> bool:
        """Whether a run has a result, and which network is to be used is still open."""
        return self._result is not None and not self._settled

    @property
    def has_result(self) -> bool:
        """Whether there is a comparison that can be opened."""
        return self._result is not None

    def closing_question(self) -> Question | None:
        """What is asked before the window closes; None where nothing would be ended by that."""
        if not self.is_running:
            return None
        return Question(
            title=self.tr("Training is still running"),
            text=self.tr(
                "Its best weights so far stay in the runs folder. The network in use stays as it is."
            ),
            do=self.tr("Stop and close"),
            keep=self.tr("Keep training"),
            name="endTraining",
        )

    def close(self) -> None:
        self._worker.close()
        self._lifted.forget()

    def _ensure_panel(self) -> TrainingPanel:
        if self._panel is None:
            # 300 ms of pyqtgraph, for those who train only.
            from handwrite_app.training.panel import TrainingPanel
            from handwrite_app.training.progress_strip import TrainingStrip

            self._panel = TrainingPanel(self._theme)
            self._panel.stopRequested.connect(self.stop)
            self._panel.closeRequested.connect(self._panel.hide)
            self._panel.result.compareRequested.connect(self.compare)
            self._panel.result.useRequested.connect(self.use_new)
            self._panel.result.keepOldRequested.connect(self.keep_old)
            self._strip = TrainingStrip()
            self._strip.hide()
            self._strip.stopRequested.connect(self.stop)
            self._strip.showRequested.connect(lambda: self.show_panel(True))
            self._place_panel(self._panel, self._strip)
            self.panelMade.emit(self._panel)
            gc.freeze()  # as after the start: pyqtgraph is as much again
        return self._panel

    def _on_event(self, event: Event) -> None:
        from trainer.base.events import BatchProgress, RunFinished, RunStarted

        if self._panel is not None:
            self._panel.show_event(event)
        if isinstance(event, RunStarted):
            self._steps = event.steps
        elif isinstance(event, BatchProgress):
            if not self._fraction and self._config is not None:
                self._settings.training = self._config  # it has learned: its settings can be used
            self._set_fraction(min(1.0, event.step / max(1, self._steps)))
        elif isinstance(event, RunFinished):
            self._set_result(event)
        self.eventHappened.emit(event)

    def _set_fraction(self, fraction: float | None) -> None:
        self._fraction = fraction
        if self._strip is not None and fraction is not None:
            self._strip.set_fraction(fraction)
        self.progressChanged.emit()

    def _set_result(self, result: RunFinished) -> None:
        from handwrite_app.training.comparison_dialog import is_better

        self._result, self._settled = result, False
        self._result_network = self._config.network if self._config else self.tr("network")
        self._old_name = self._in_use.name if self._in_use else ""
        if self._panel is not None:
            self._panel.show_result(self._say_result, better=is_better(result))
        if self._strip is not None:
            self._strip.show_result(self._say_result)
        if self._panel is None or self._panel.isVisible():  # the strip says it where it is hidden
            self.said.emit(self._say_result())
        self.finished.emit(result)

    def _say_result(self) -> str:
        from handwrite_app.training.comparison_dialog import ready_words

        assert self._result is not None
        return ready_words(self._result, self._result_network, self._old_name)

    def _on_failed(self, error: HandwriteError) -> None:
        if self._panel is not None:
            self._panel.fail()
        if self._strip is not None:
            self._strip.show_result(lambda: self.tr("Training failed"))
        self.said.emit(self.tr("Training failed; the network in use stays."))
        title, text = self.tr("Training failed"), sentence(error)
        self._lifted.then(lambda: announce(self._window, title, text, name="trainingFailed"))

    def _on_ended(self) -> None:
        self._set_fraction(None)
        self.runningChanged.emit(False)

    # --- which network to use ------------------------------------------------------------------------

    def compare(self) -> None:
        """Opens the comparison of the last run that has a result."""
        from handwrite_app.training.comparison_dialog import ComparisonDialog

        result = self._result
        if result is None:
            return
        dialog = ComparisonDialog(
            result, name=self._new_name(), old_name=self._old_name, parent=self._window
        )
        dialog.kept.connect(lambda chosen: self._keep(result, chosen))
        dialog.keep_old.clicked.connect(self.keep_old)
        dialog.compareRequested.connect(
            lambda: self._try_both(Path(result.weights), self.tr("The new network"))
        )
        dialog.finished.connect(dialog.deleteLater)
        self._lifted.then(dialog.open)

    def use_new(self) -> None:
        """Uses the new network from now on, under the name that is proposed."""
        if self._result is not None:
            self._keep(self._result, self._new_name())

    def keep_old(self) -> None:
        """The new network stays in its run's folder."""
        self._settle(lambda: self.tr("The old network stays; the new one is in the runs folder."))

    def _new_name(self) -> str:
        return self.tr("my {network}").format(network=self._result_network)

    def _settle(self, say: Callable[[], str]) -> None:
        self._settled = True
        if self._panel is not None:
            self._panel.result.settle(say)
        self.said.emit(say())
        self.progressChanged.emit()

    def _keep(self, result: RunFinished, name: str) -> None:
        from trainer.models.weights import keep_weights

        try:
            path = keep_weights(Path(result.weights), name)
        except (HandwriteError, OSError) as error:
            reason = sentence(error) if isinstance(error, HandwriteError) else system_reason(error)
            warn(
                self._window,
                self.tr("The network was not kept"),
                f"{reason}\n\n" + self.tr("It is still in {folder}.").format(folder=result.run),
                name="notKept",
            )
            return
        self._settle(lambda: self.tr("The new network is in use: {name}").format(name=path.stem))
        self.networkKept.emit(path)
