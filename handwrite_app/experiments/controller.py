"""The command "Experiments": the window for it, the presets that it opens, and the results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.settings import Settings
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError
from trainer.base.paths import data_folder, runs_folder
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from handwrite_app.experiments.experiments_window import ExperimentsWindow
    from handwrite_app.experiments.results import Result
    from handwrite_app.training.session import TrainingSession
    from trainer.runs.experiments import Variant


class Experiments(QObject):
    """Owns the window with the experiments.

    Signals:
        said(text): one sentence for the status line. refreshed(): the window shows the newest results.
    """

    said = Signal(str)
    refreshed = Signal()

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        training: TrainingSession,
        settings: Settings,
        *,
        open_report: Callable[[Path], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._training = training
        self._settings = settings
        self._open_report = open_report
        self._open: ExperimentsWindow | None = None
        self._results: tuple[Result, ...] = ()
        self._is_offline = False
        self._lookup = LookupWorker(self)
        actions.connect(Experiments=self.open)
        training.runningChanged.connect(self._refresh)

    @property
    def window(self) -> ExperimentsWindow | None:
        """While it is open."""
        return self._open

    def open(self) -> None:
        if self._open is None:
            from handwrite_app.experiments.experiments_window import ExperimentsWindow
            from handwrite_app.ui.window_placement import put_beside

            self._open = shown = ExperimentsWindow(self._window)
            shown.started.connect(self._on_started)
            shown.reportRequested.connect(lambda result: self._open_report(result.folder))
            shown.exportRequested.connect(self._on_export)
            shown.finished.connect(self._on_finished)
            shown.set_results(self._results)
            put_beside(shown, self._window)
        self._open.show()
        self._refresh()

    # --- as a feature of the window ------------------------------------------------------------------

    def set_active_model(self, loaded: Loaded) -> None:
        """Experiments do not depend on the network in use."""

    def retranslate(self) -> None:
        """The window hears of another language by itself."""

    def close(self) -> None:
        self._lookup.close()
        if self._open is not None:
            self._open.hide()
            self._on_finished()

    # --- what happens --------------------------------------------------------------------------------

    def _refresh(self) -> None:
        if self._open is not None:
            self._lookup.ask(_look, self._on_looked)

    def _on_looked(self, found: tuple[list[Result], bool]) -> None:
        results, self._is_offline = found
        self._results = tuple(results)
        if self._open is not None:
            self._open.set_offline(self._is_offline)
            self._open.set_results(self._results)
            self.refreshed.emit()

    def _on_started(self, variant: Variant) -> None:
        from trainer.runs.config import TrainConfig
        from trainer.runs.experiments import offline

        config = TrainConfig(**variant.settings)
        if self._is_offline:
            import dataclasses

            config = dataclasses.replace(config, dataset=offline(config.dataset))
        self._training.ask(config)

    def _on_export(self) -> None:
        from handwrite_app.experiments.results import as_csv
        from handwrite_app.ui.dialogs.save_dialog import Kind, ask_where
        from trainer.base.files import atomic_write

        if self._open is None:
            return
        target = ask_where(
            self._open,
            self.tr("Export the results"),
            Path(self._settings.text("save_folder")) / self.tr("experiments.csv"),
            (Kind(self.tr("CSV table"), ".csv"),),
        )
        if target is None:
            return
        try:
            with atomic_write(target) as temporary:
                temporary.write_text(as_csv(self._results), encoding="utf-8", newline="")
        except HandwriteError as error:
            warn(self._open, self.tr("The results were not exported"), sentence(error))
            return
        self.said.emit(self.tr("Saved {name}").format(name=target.name))

    def _on_finished(self) -> None:
        shown, self._open = self._open, None
        if shown is not None:
            shown.deleteLater()


def _look() -> tuple[list[Result], bool]:
    """The results, and whether MNIST is missing. On the disk, in a thread."""
    from handwrite_app.experiments.results import find_results
    from trainer.datasets.published import missing_files

    return find_results(runs_folder()), bool(missing_files("mnist", data_folder()))
