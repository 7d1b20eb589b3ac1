"""From "Train…" to the choice of a network: the dialog, the run, the panel and the comparison.

What only training needs is imported when it begins: the first paint does not wait for it
(docs/performance.md).
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.training.outcome import Outcome
from handwrite_app.training.questions import cancel_question, close_question
from handwrite_app.ui.dialogs.message_boxes import Question, announce, ask, warn
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.workers.job import TrainingWorker
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError, RunError
from trainer.base.paths import data_folder
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from handwrite_app.training.panel import TrainingPanel
    from handwrite_app.training.progress_strip import TrainingStrip
    from handwrite_app.training.setup.adviser import Adviser
    from trainer.base.events import Event
    from trainer.runs.config import TrainConfig
    from trainer.runs.records import Run


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
        place_panel: Callable[[TrainingPanel, QWidget], None],
        try_both: Callable[[Path, str], object],
        move_panel: Callable[[str], object] = lambda _: None,
        forbids: Callable[[], str] = str,
    ) -> None:
        """place_panel: puts the panel, and the strip that stands for it while it is hidden, where the window
        wants them, when they are first needed. try_both: has the network in a file, under a title, read the
        paper beside the one in use. move_panel: to another place (LookButton.placeRequested). forbids: why no
        run may begin just now; "": one may."""
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._settings = settings
        self._place_panel = place_panel
        self._move_panel = move_panel
        self._forbids = forbids
        self._panel: TrainingPanel | None = None
        self._strip: TrainingStrip | None = None
        self._in_use: Loaded | None = None
        self._config: TrainConfig | None = None
        self._run: Path | None = None  # the folder of the last run that has one
        self._steps = 0
        self._fraction: float | None = None
        self._lifted = PenUpQueue(canvas, self)
        self.outcome = Outcome(window, self._lifted, try_both=try_both)
        self.outcome.networkKept.connect(self.networkKept)
        self.outcome.settled.connect(self._on_settled)
        self._adviser: Adviser | None = None  # of the dialog that was opened last
        self._lookup = LookupWorker(self)
        self._worker = TrainingWorker(self)
        self._worker.eventHappened.connect(self._on_event)
        self._worker.failed.connect(self._on_failed)
        self._worker.ended.connect(self._on_ended)

    @property
    def is_running(self) -> bool:
        return self._worker.is_running

    @property
    def refusal(self) -> str:
        """Why no run may begin; "": one may."""
        if self.is_running:
            return self.tr("A run is under way. Stop it first, or wait until it is over.")
        return self._forbids()

    @property
    def panel(self) -> TrainingPanel | None:
        """The panel, once there was a run."""
        return self._panel

    @property
    def strip(self) -> TrainingStrip | None:
        """Once there was a panel."""
        return self._strip

    @property
    def run(self) -> Path | None:
        """The folder of the last run."""
        return self._run

    @property
    def fraction(self) -> float | None:
        """How much of the run is done, 0…1; None where none goes on."""
        return self._fraction

    @property
    def is_undecided(self) -> bool:
        """Whether a run has a result, and which network is to be used is still open."""
        return self.outcome.is_open

    @property
    def has_result(self) -> bool:
        """Whether there is a comparison that can be opened."""
        return self.outcome.exists

    def set_active_model(self, loaded: Loaded) -> None:
        """The network that the next run is compared with, and what devices there are."""
        self._in_use = loaded

    # --- what the person asks for --------------------------------------------------------------------

    def ask(self, config: TrainConfig | None = None) -> None:
        """Opens the dialog, or says that a run goes on. config: what it shows; None: the last one's."""
        if self._refuses():
            return
        from handwrite_app.training.setup.opening import training_dialog

        dialog, adviser = training_dialog(self._window, config, self._settings, self._in_use)
        self._adviser = adviser
        dialog.configured.connect(self.start)
        dialog.finished.connect(self._close_adviser)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def start(self, config: TrainConfig) -> None:
        """Begins a run, if one may begin. The person's drawings are written first, if it learns from them."""
        if self._refuses():
            return
        from trainer.runs.presets import names_own_drawings, with_own_drawings

        if not names_own_drawings(config.dataset):
            self._begin(config)
            return
        self._lookup.ask(
            lambda: replace(config, dataset=with_own_drawings(config.dataset)),
            lambda written: None if self._refuses() else self._begin(written),
            partial(self._on_not_begun, self.tr("Training cannot begin")),
        )

    def resume(self, run_folder: Path | None = None) -> None:
        """Goes on with a run that was stopped, killed or failed, where nothing else runs. None: the last."""
        if (folder := run_folder or self._run) is None or self._refuses():
            return
        from trainer.runs.records import curve_events, read_run, run_config

        def look() -> tuple[Run, TrainConfig, list[Event]]:
            run = read_run(folder)
            return run, run_config(run), curve_events(folder)

        self._lookup.ask(
            look,
            lambda found: None if self._refuses() else self._begin(found[1], found[0], found[2]),
            partial(self._on_not_begun, self.tr("The run cannot go on")),
        )

    def pause(self) -> None:
        """The run waits after the batch that it is at."""
        if self._panel is not None and self.is_running:
            self._panel.show_pausing()
            self._worker.tell("pause")

    def go_on(self) -> None:
        """Ends a pause."""
        self._worker.tell("continue")

    def step(self) -> None:
        """The run learns from one batch, then waits."""
        if self._panel is not None and self.is_running:
            self._panel.show_pausing()
            self._worker.tell("step")

    def stop(self) -> None:
        """The run finishes with its best weights so far."""
        if self._panel is not None and self.is_running:
            self._panel.show_stopping()
            if self._strip is not None:
                self._strip.show_stopping()
            self._worker.stop()

    def ask_cancel(self) -> None:
        """Asks whether the run is to be ended, and what it has learned deleted."""
        if not self.is_running:
            return
        box = ask(self._window, cancel_question(), self.cancel)
        self.runningChanged.connect(box.reject)  # it is about this run, not about the next one

    def cancel(self) -> None:
        """The run ends, and its folder is deleted."""
        if self._panel is not None and self.is_running:
            self._panel.show_cancelling()
            if self._strip is not None:
                self._strip.show_stopping()
            self._worker.tell("cancel")

    def compare(self) -> None:
        """Opens the comparison of the last run that has a result."""
        self.outcome.compare()

    def show_panel(self, shown: bool) -> None:
        self._ensure_panel().setVisible(shown)

    def closing_question(self) -> Question | None:
        """What is asked before the window closes; None where nothing would be ended by that."""
        return close_question() if self.is_running else None

    def close(self) -> None:
        self._close_adviser()
        self._worker.close()
        self._lookup.close()
        self._lifted.forget()

    def _close_adviser(self) -> None:
        if self._adviser is not None:
            self._adviser.close()
            self._adviser = None  # it goes with its dialog

    def _refuses(self) -> bool:
        """Whether no run may begin, which is said."""
        if self.refusal:
            self.said.emit(self.refusal)
        return bool(self.refusal)

    def _begin(
        self, config: TrainConfig, run: Run | None = None, past: list[Event] | None = None
    ) -> None:
        """run: that goes on, and past: its events."""
        self._config = config
        self._run = None if run is None else run.folder
        self.outcome.forget()
        panel = self._ensure_panel()
        panel.begin(config.network, config)
        panel.show_past(past or [])
        panel.show()
        if self._strip is not None:
            self._strip.begin(config.network)
        try:
            self._worker.start(
                config,
                data_folder=data_folder(),
                compare_with=Path(self._in_use.path) if self._in_use else None,
                resume=self._run,
            )
        except RunError as error:
            self._on_failed(error)
            return
        self._set_fraction(0.0)
        self.runningChanged.emit(True)
        self.said.emit(self.tr("Training in the background. Go on drawing."))

    def _ensure_panel(self) -> TrainingPanel:
        if self._panel is None:
            # 300 ms of pyqtgraph, for those who train only.
            from handwrite_app.training.panel import TrainingPanel
            from handwrite_app.training.plots.saving import CurveFiles
            from handwrite_app.training.progress_strip import TrainingStrip

            panel = self._panel = TrainingPanel(self._theme)
            panel.stopRequested.connect(self.stop)
            panel.pauseRequested.connect(self.pause)
            panel.continueRequested.connect(self.go_on)
            panel.stepRequested.connect(self.step)
            panel.cancelRequested.connect(self.ask_cancel)
            panel.closeRequested.connect(panel.hide)
            panel.placeRequested.connect(self._move_panel)
            panel.result.resumeRequested.connect(self.resume)
            self.outcome.set_panel(panel)
            files = CurveFiles(self._window, self._lookup, self._settings)
            files.said.connect(self.said)
            panel.saveRequested.connect(lambda kind: files.save(kind, panel.plots, self._run))
            self._strip = TrainingStrip()
            self._strip.hide()
            self._strip.stopRequested.connect(self.stop)
            self._strip.showRequested.connect(lambda: self.show_panel(True))
            self._place_panel(panel, self._strip)
            self.panelMade.emit(panel)
            gc.freeze()  # as after the start: pyqtgraph is as much again
        return self._panel

    def _on_event(self, event: Event) -> None:
        from trainer.base.events import (
            BatchProgress,
            RunCancelled,
            RunContinued,
            RunFinished,
            RunPaused,
            RunStarted,
        )

        if self._panel is not None:
            self._panel.show_event(event)
        match event:
            case RunStarted():
                self._steps, self._run = event.steps, Path(event.run)
            case BatchProgress():
                if not self._fraction and self._config is not None:
                    # It has learned: its settings can be used.
                    self._settings.training = self._config
                self._set_fraction(min(1.0, event.step / max(1, self._steps)))
            case RunFinished():
                network = self._config.network if self._config else self.tr("network")
                old = self._in_use.name if self._in_use else ""
                self.outcome.set_result(event, network=network, old_name=old)
                self._say_over(self.outcome.say)
                self.finished.emit(event)
            case RunPaused() | RunContinued():
                if self._strip is not None:
                    self._strip.set_paused(isinstance(event, RunPaused))
            case RunCancelled():
                self._run = None
                self._say_over(lambda: self.tr("The run was cancelled; nothing of it is left."))
        self.eventHappened.emit(event)

    def _say_over(self, say: Callable[[], str]) -> None:
        from handwrite_app.training.notification import notify

        if self._strip is not None:
            self._strip.show_result(say)
        if self._panel is None or self._panel.isVisible():  # the strip says it where it is hidden
            self.said.emit(say())
        notify(self._window, self.tr("Training"), say())

    def _set_fraction(self, fraction: float | None) -> None:
        self._fraction = fraction
        if self._strip is not None and fraction is not None:
            self._strip.set_fraction(fraction)
        self.progressChanged.emit()

    def _on_failed(self, error: HandwriteError) -> None:
        from handwrite_app.training.notification import notify

        title = self.tr("Training failed")
        if self._panel is not None:
            self._panel.fail()
            if self._run is not None and self._run.is_dir():
                self._panel.show_resumable(
                    lambda: self.tr(
                        "The run was broken off. It can go on from its last checkpoint."
                    )
                )
        if self._strip is not None:
            self._strip.show_result(lambda: self.tr("Training failed"))
        self.said.emit(self.tr("Training failed; the network in use stays."))
        text = sentence(error)
        notify(self._window, title, text)
        self._lifted.then(lambda: announce(self._window, title, text, name="trainingFailed"))

    def _on_not_begun(self, title: str, error: HandwriteError) -> None:
        warn(self._window, title, sentence(error), name="trainingFailed")

    def _on_ended(self) -> None:
        self._set_fraction(None)
        self.runningChanged.emit(False)

    def _on_settled(self, text: str) -> None:
        self.said.emit(text)
        self.progressChanged.emit()
