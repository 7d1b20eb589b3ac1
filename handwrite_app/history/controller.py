"""The history of runs in the main window: its command, its window, and what it asks of training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from handwrite_app.training.session import TrainingSession
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError
from trainer.base.paths import runs_folder

if TYPE_CHECKING:
    from handwrite_app.history.runs_window import RunsWindow
    from trainer.processes.recognition_messages import Loaded
    from trainer.runs.config import TrainConfig


class History(QObject):
    """Opens the window of runs when it is first wanted."""

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        theme: Theme,
        training: TrainingSession,
        *,
        open_report: Callable[[Path], object],
    ) -> None:
        """open_report: shows the report of the run in a folder."""
        super().__init__(window)
        self._window, self._theme, self._training = window, theme, training
        self._runs: RunsWindow | None = None
        self.open_report = open_report
        self._worker = LookupWorker(self)
        actions.connect(Runs=self.open)
        training.runningChanged.connect(lambda _: self._refresh())

    @property
    def runs(self) -> RunsWindow | None:
        """Once it was opened."""
        return self._runs

    def open(self) -> None:
        if self._runs is None:
            from handwrite_app.history.runs_window import RunsWindow

            self._runs = RunsWindow(self._theme, self._worker, runs_folder())
            self._runs.resumeRequested.connect(self._training.resume)
            self._runs.againRequested.connect(self._on_again)
            self._runs.reportRequested.connect(lambda folder: self.open_report(folder))
        self._runs.open()

    def set_active_model(self, loaded: Loaded) -> None:
        """Runs do not depend on the network in use."""

    def retranslate(self) -> None:
        if self._runs is not None:
            self._runs.retranslate()

    def close(self) -> None:
        """What was deleted can no longer be brought back."""
        self._worker.close()
        if self._runs is not None:
            self._runs.close()
            self._runs.deletion.empty()
            self._runs.deleteLater()
            self._runs = None

    def _refresh(self) -> None:
        if self._runs is not None and self._runs.isVisible():
            self._runs.refresh()

    def _on_again(self, folder: Path) -> None:
        from trainer.runs.records import read_run, run_config

        def look() -> TrainConfig:
            return run_config(read_run(folder))

        self._worker.ask(look, self._training.ask, self._on_failed)

    def _on_failed(self, error: HandwriteError) -> None:
        warn(self._runs or self._window, self.tr("That did not work"), sentence(error))
