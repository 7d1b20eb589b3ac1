"""The curves of the run in the panel as a picture or as numbers, in a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from handwrite_app.training.plots.page import Plots
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.dialogs.save_dialog import Kind, ask_where
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.settings import Settings
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError, InputError, RunError


class CurveFiles(QObject):
    """Asks where, and writes.

    Signals:
        said(text): one sentence for the status line.
    """

    said = Signal(str)

    def __init__(self, window: QWidget, worker: LookupWorker, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._worker, self._settings = window, worker, settings

    def save(self, kind: str, plots: Plots, run: Path | None) -> None:
        """kind: "png", or "csv" from the folder of the run."""
        start = (
            Path(self._settings.text("save_folder")) / f"{run.name if run else 'training'}.{kind}"
        )
        if kind == "png":
            shown = plots.image().toImage()
            path = ask_where(
                self._window,
                self.tr("Save the curves"),
                start,
                [Kind(self.tr("PNG picture"), ".png")],
            )
            if path is not None:
                self._do(path, partial(_write_image, shown, path))
            return
        kinds = [Kind(self.tr("Table of values"), ".csv")]
        path = ask_where(self._window, self.tr("Save the curves"), start, kinds)
        if path is not None:
            self._do(path, partial(_write_csv, run, path))

    def _do(self, path: Path, write: Callable[[], object]) -> None:
        self._settings.set_text("save_folder", str(path.parent))
        self._worker.ask(
            write,
            lambda _: self.said.emit(self.tr("Saved {name}.").format(name=path.name)),
            self._on_failed,
        )

    def _on_failed(self, error: HandwriteError) -> None:
        warn(self._window, self.tr("The curves were not saved"), sentence(error), name="notSaved")


def _write_image(image: QImage, path: Path) -> None:
    from trainer.base.files import atomic_write

    with atomic_write(path) as temporary:
        if not image.save(str(temporary), b"PNG"):
            raise RunError("app.no-image", "{path} could not be written", path=path)


def _write_csv(run: Path | None, path: Path) -> None:
    from trainer.runs.curves import write_curves

    if run is None:
        raise InputError("runs.no-run-yet", "there is no run yet whose curves could be saved")
    write_curves(run, path)
