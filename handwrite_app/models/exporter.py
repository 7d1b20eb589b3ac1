"""Writes a network to a file elsewhere: as ONNX in a process of its own, or as a weights file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from handwrite_app.ui.error_text import sentence
from handwrite_app.workers.job import ExportWorker
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError

if TYPE_CHECKING:
    from trainer.processes.export_process import Exported

ONNX, WEIGHTS = ".onnx", ".safetensors"


class Exporter(QObject):
    """One export at a time; it goes on when the dialog that asked for it is closed.

    Signals:
        said(text): it begins, has ended, or failed.
    """

    said = Signal(str)

    def __init__(self, lookup: LookupWorker, parent: QObject) -> None:
        """lookup: copies in its thread."""
        super().__init__(parent)
        self._lookup = lookup
        self._worker = ExportWorker(self)
        self._worker.eventHappened.connect(self._on_exported)
        self._worker.failed.connect(self._on_failed)

    @property
    def is_running(self) -> bool:
        return self._worker.is_running

    def start(self, weights: Path, target: Path) -> None:
        """The ending of `target` says what it becomes."""
        if target.suffix.lower() != ONNX:
            from trainer.models.stored import copy_network  # not before the first paint

            self._lookup.ask(
                lambda: copy_network(weights, target),
                lambda _: self.said.emit(self.tr("{name} is written.").format(name=target.name)),
                self._on_failed,
            )
            return
        try:
            self._worker.start(weights, target)
        except HandwriteError as error:
            self._on_failed(error)
            return
        self.said.emit(self.tr("Exporting, and checking the file…"))

    def close(self) -> None:
        """For good; an export that goes on is ended, and nothing is written."""
        self._worker.close()

    def _on_exported(self, event: Exported) -> None:
        self.said.emit(
            self.tr("{name} is written; it answers {count} drawings as this program does.").format(
                name=event.path.name, count=event.compared
            )
        )

    def _on_failed(self, error: HandwriteError) -> None:
        self.said.emit(sentence(error))
