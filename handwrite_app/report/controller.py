"""The command "Report": opens the report of the last run, or of any other, and does what its buttons say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.widgets.toast import Toast
from handwrite_app.workers.job import ExportWorker
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError
from trainer.base.paths import runs_folder
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from handwrite_app.report.report_window import ReportWindow
    from handwrite_app.training.deletion import Deletion
    from handwrite_app.training.session import TrainingSession
    from trainer.base.events import RunFinished
    from trainer.evaluation.answers_file import StoredAnswers
    from trainer.processes.export_process import Exported

_TOAST = 460  # width in device-independent pixels


class Reports(QObject):
    """Owns the report window, of one run at a time.

    Signals:
        networkKept(Path): use this network from now on. said(text): one sentence for the status line.
    """

    networkKept = Signal(object)
    said = Signal(str)

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        training: TrainingSession,
        theme: Theme,
        *,
        before_discarding: Callable[[Path], object],
    ) -> None:
        """before_discarding: called with a run's folder before it is deleted."""
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._before_discarding = before_discarding
        self._last: Path | None = None
        self._folder: Path | None = None
        self._report: ReportWindow | None = None
        self._deletion: Deletion | None = None
        self._lookup = LookupWorker(self)
        self._export = ExportWorker(self)
        self._export.eventHappened.connect(self._on_exported)
        self._export.failed.connect(self._on_export_failed)
        actions.connect(Report=self.open_last)
        training.finished.connect(self._on_finished)
        training.panelMade.connect(
            lambda panel: panel.result.reportRequested.connect(self.open_last)
        )

    @property
    def window(self) -> ReportWindow | None:
        """While it is open."""
        return self._report

    def open_last(self) -> None:
        """The report of the last run: of this window's, else of all."""
        if self._last is not None and self._last.is_dir():
            self.open(self._last)
        else:
            self._lookup.ask(_newest_with_report, self._on_newest, self._on_unreadable)

    def open(self, folder: Path) -> None:
        """The report of the run in this folder."""
        self._lookup.ask(
            lambda: _read_answers(folder),
            lambda answers: self._show(folder, answers),
            self._on_unreadable,
        )

    # --- as a feature of the window ------------------------------------------------------------------

    def set_active_model(self, loaded: Loaded) -> None:
        """A report is on a run, whatever network is in use."""

    def retranslate(self) -> None:
        """The window hears of another language by itself."""

    def close(self) -> None:
        self._lookup.close()
        self._export.close()
        if self._report is not None:
            self._report.hide()
            self._on_closed()
        if self._deletion is not None:
            self._deletion.empty()

    # --- what happens --------------------------------------------------------------------------------

    def _on_finished(self, result: RunFinished) -> None:
        self._last = Path(result.run)

    def _on_newest(self, folder: Path | None) -> None:
        if folder is None:
            self.said.emit(self.tr("There is no run with a report yet. Train a network first."))
        else:
            self.open(folder)

    def _on_unreadable(self, error: HandwriteError) -> None:
        warn(self._window, self.tr("There is no report to show"), sentence(error), name="noReport")

    def _show(self, folder: Path, answers: StoredAnswers) -> None:
        from handwrite_app.report.report_window import ReportWindow
        from handwrite_app.ui.window_placement import put_beside

        if self._report is not None:
            self._report.close()
        self._folder = folder
        self._report = report = ReportWindow(folder.name, answers, self._theme, self._window)
        report.useRequested.connect(self._on_use)
        report.discardRequested.connect(self._on_discard)
        report.exportRequested.connect(self._on_export)
        report.pageRequested.connect(self._on_page)
        report.finished.connect(self._on_closed)
        put_beside(report, self._window)
        report.show()

    def _on_closed(self) -> None:
        report, self._report = self._report, None
        if report is not None:
            report.deleteLater()

    def _on_use(self) -> None:
        folder = self._folder
        assert folder is not None
        self._lookup.ask(lambda: _keep_weights(folder), self._on_kept, self._on_not_kept)

    def _on_kept(self, path: Path) -> None:
        self._say(lambda: self.tr("{name} is in use.").format(name=path.stem))
        self.networkKept.emit(path)

    def _on_not_kept(self, error: HandwriteError) -> None:
        title = self.tr("The network was not kept")
        warn(self._window, title, sentence(error), name="notKept")

    def _on_discard(self) -> None:
        folder = self._folder
        assert folder is not None
        self._before_discarding(folder)
        if self._deletion is None:
            from handwrite_app.training.deletion import Deletion

            toast = Toast(self._window, width=_TOAST, home=self._window)
            self._deletion = Deletion(self._window, self._lookup, runs_folder(), toast)
            self._deletion.changed.connect(self._on_deletion)
        self._deletion.delete([folder])

    def _on_deletion(self) -> None:
        """There is nothing to report on any more, unless the run could not be deleted."""
        if self._report is not None and self._folder is not None and not self._folder.is_dir():
            self._report.close()

    def _on_export(self) -> None:
        from handwrite_app.ui.dialogs.save_dialog import Kind, ask_where

        folder, report = self._folder, self._report
        if folder is None or report is None or self._export.is_running:
            return
        target = ask_where(
            report,
            self.tr("Export the network"),
            Path(f"{folder.name}.onnx"),
            (Kind(self.tr("ONNX network"), ".onnx"),),
        )
        if target is None:
            return
        from trainer.runs.names import BEST

        try:
            self._export.start(folder / BEST, target)
        except HandwriteError as error:
            self._on_export_failed(error)
            return
        if self._report is not None:  # it may have been closed meanwhile
            self._report.set_exporting(True)
        self._say(lambda: self.tr("Exporting, and checking the file…"))

    def _on_exported(self, event: Exported) -> None:
        self._end_export()
        self._say(
            lambda: self.tr(
                "{name} is written; it answers {count} drawings as this program does."
            ).format(name=event.path.name, count=event.compared)
        )

    def _on_export_failed(self, error: HandwriteError) -> None:
        self._end_export()
        self._say(lambda: sentence(error))

    def _end_export(self) -> None:
        if self._report is not None:
            self._report.set_exporting(False)

    def _on_page(self) -> None:
        assert self._folder is not None
        page = self._folder / "report.html"
        if not page.is_file() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(page))):
            self._say(lambda: self.tr("The page could not be opened: {path}").format(path=page))

    def _say(self, say: Callable[[], str]) -> None:
        if self._report is not None:
            self._report.say(say)
        else:
            self.said.emit(say())


# --- in the thread -----------------------------------------------------------------------------------


def _read_answers(folder: Path) -> StoredAnswers:
    from trainer.evaluation.answers_file import read_answers
    from trainer.runs.names import ANSWERS

    answers = read_answers(folder / ANSWERS)
    # What the window would have to wait for.
    _ = answers.answers, answers.probabilities
    return answers


def _keep_weights(folder: Path) -> Path:
    from trainer.models.weights import keep_weights
    from trainer.runs.names import BEST

    return keep_weights(folder / BEST, folder.name)


def _newest_with_report() -> Path | None:
    from trainer.runs.names import ANSWERS
    from trainer.runs.records import list_runs

    runs = [run.folder for run in list_runs(runs_folder())]
    return next((folder for folder in reversed(runs) if (folder / ANSWERS).is_file()), None)
