"""From "Train…" to "keep it?": the dialog, the run, the panel and the comparison, one after another.

What only training needs is imported when it begins: the first paint does not wait for it
(docs/performance.md).
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.reading.device_text import device_detail
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.message_boxes import warn
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.workers.job import TrainingWorker
from trainer.base.errors import HandwriteError, RunError
from trainer.base.paths import data_folder
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from handwrite_app.training.panel import TrainingPanel
    from trainer.base.events import Event, RunFinished
    from trainer.runs.config import TrainConfig


class TrainingSession(QObject):
    """Owns the training worker and what the person sees of it.

    Signals:
        runningChanged(bool): a run begins or is over. networkKept(Path): use this network from now on.
        said(text): one sentence for the status line. finished(RunFinished): a run has a result.
    """

    runningChanged = Signal(bool)
    networkKept = Signal(object)
    said = Signal(str)
    finished = Signal(object)

    def __init__(
        self,
        window: QWidget,
        canvas: Canvas,
        theme: Theme,
        settings: Settings,
        *,
        place_panel: Callable[[QWidget], None],
    ) -> None:
        """place_panel: puts the panel where the window wants it, when it is first needed."""
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._settings = settings
        self._place_panel = place_panel
        self._panel: TrainingPanel | None = None
        self._in_use: Loaded | None = None
        self._config: TrainConfig | None = None
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
        """Opens the dialog."""
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
        """Begins a run."""
        self._settings.training = config
        self._config = config
        panel = self._ensure_panel()
        panel.begin(config.network)
        panel.show()
        try:
            self._worker.start(
                config,
                data_folder=data_folder(),
                compare_with=Path(self._in_use.path) if self._in_use else None,
            )
        except RunError as error:
            self._on_failed(error)
            return
        self.runningChanged.emit(True)
        self.said.emit(self.tr("Training in the background. Go on drawing."))

    def stop(self) -> None:
        """The run finishes with its best weights so far."""
        if self._panel is not None and self.is_running:
            self._panel.show_stopping()
            self._worker.stop()

    def show_panel(self, shown: bool) -> None:
        self._ensure_panel().setVisible(shown)

    def confirm_end(self) -> bool:
        """Asks whether a run may be ended because the window closes."""
        if not self.is_running:
            return True
        answer = QMessageBox.question(
            self._window,
            self.tr("Training is under way"),
            self.tr(
                "Close all the same? The run ends; its best weights so far stay in the runs' folder, "
                "and the network in use stays as it is."
            ),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
            QMessageBox.StandardButton.No,
        )
        return answer == QMessageBox.StandardButton.Yes

    def close(self) -> None:
        self._worker.close()
        self._lifted.forget()

    def _ensure_panel(self) -> TrainingPanel:
        if self._panel is None:
            # 300 ms of pyqtgraph, for those who train only.
            from handwrite_app.training.panel import TrainingPanel

            self._panel = TrainingPanel(self._theme)
            self._panel.stopRequested.connect(self.stop)
            self._panel.closeRequested.connect(self._panel.hide)
            self._place_panel(self._panel)
            gc.freeze()  # as after the start: pyqtgraph is as much again
        return self._panel

    def _on_event(self, event: Event) -> None:
        from trainer.base.events import RunFinished

        if self._panel is not None:
            self._panel.show_event(event)
        if isinstance(event, RunFinished):
            self.said.emit(self.tr("Training is over: compare the networks."))
            self.finished.emit(event)
            self._lifted.then(lambda: self._compare(event))

    def _on_failed(self, error: HandwriteError) -> None:
        if self._panel is not None:
            self._panel.fail()
        self.said.emit(self.tr("Training failed; the network in use stays."))
        title, text = self.tr("Training failed"), sentence(error)
        self._lifted.then(lambda: warn(self._window, title, text, name="trainingFailed"))

    def _on_ended(self) -> None:
        self.runningChanged.emit(False)

    def _compare(self, result: RunFinished) -> None:
        """Opens the comparison, in which the new network is kept or not."""
        from handwrite_app.training.comparison_dialog import ComparisonDialog

        name = self._config.network if self._config else self.tr("network")
        dialog = ComparisonDialog(
            result,
            name=self.tr("my {network}").format(network=name),
            old_name=self._in_use.name if self._in_use else "",
            parent=self._window,
        )
        dialog.kept.connect(lambda chosen: self._keep(result, chosen))
        dialog.rejected.connect(
            lambda: self.said.emit(
                self.tr("The old network stays; the new one is in the runs' folder.")
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _keep(self, result: RunFinished, name: str) -> None:
        from trainer.models.weights import keep_weights

        try:
            path = keep_weights(Path(result.weights), name)
        except (HandwriteError, OSError) as error:
            QMessageBox.warning(
                self._window,
                self.tr("The network was not kept"),
                f"{error}\n\n" + self.tr("It is still in {folder}.").format(folder=result.run),
            )
            return
        self.networkKept.emit(path)
