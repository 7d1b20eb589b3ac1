"""Saves the sheet while one draws, and brings it back at the next start."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError
from trainer.picture.strokes import Drawing

if TYPE_CHECKING:
    from handwrite_app.canvas.files.sheet_file import SheetFile

#: So long after a change the sheet is on its way to the disk, in milliseconds.
DELAY_MS = 700
_EMPTY = Drawing()
_log = logging.getLogger(__name__)


class SheetAutosave(QObject):
    """Writes in a thread of its own, never while the pen is down, and one file at a time.

    Signals:
        opened(): the last sheet was looked for. Comes after `restored`.
        restored(): the last sheet is on the paper, or one step of undo away where one draws already.
        failed(HandwriteError): the sheet cannot be saved; told once.
    """

    opened = Signal()
    restored = Signal()
    failed = Signal(object)

    def __init__(self, canvas: Canvas, wanted: Callable[[], Drawing], parent: QObject) -> None:
        """wanted: the drawing to save; an empty one where nothing would be lost."""
        super().__init__(parent)
        self._canvas = canvas
        self._wanted = wanted
        self._file: SheetFile | None = None
        self._worker = LookupWorker(self)
        self._written = _EMPTY
        self.is_open = False  # whether the last sheet was looked for
        self._has_failed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._save)
        canvas.drawingChanged.connect(self.schedule)
        canvas.strokeFinished.connect(self.schedule)

    def start(self) -> None:
        """Looks for the last sheet. Nothing is saved before."""
        self._worker.ask(self._open, self._on_opened)

    def schedule(self) -> None:
        """The sheet has changed, or its drawing was stored elsewhere."""
        if self.is_open and not self._timer.isActive() and not self._canvas.is_drawing():
            self._timer.start()

    def close(self) -> None:
        """Returns when the sheet is on the disk."""
        self._timer.stop()
        self._worker.close()
        if self.is_open:
            wanted = self._wanted()
            if wanted is not self._written:
                self._write(wanted)
        if self._file is not None:
            self._file.close()

    def _save(self) -> None:
        if self._canvas.is_drawing():
            return  # the end of the stroke schedules it
        if not self._worker.is_idle:
            self._timer.start()
            return
        wanted = self._wanted()
        if wanted is self._written or (wanted.is_empty and self._written.is_empty):
            return
        self._written = wanted
        self._worker.ask(lambda: self._write(wanted), self._on_written)

    def _open(self) -> Drawing | None:
        """In the thread."""
        from handwrite_app.canvas.files.sheet_file import SheetFile  # not before the first paint

        self._file = SheetFile()
        return self._file.open()

    def _write(self, drawing: Drawing) -> HandwriteError | None:
        assert self._file is not None
        try:
            self._file.write(drawing)
        except HandwriteError as error:
            _log.warning("the sheet cannot be saved: %s", error)
            return error
        return None

    def _on_opened(self, drawing: Drawing | None) -> None:
        self.is_open = True
        if drawing is not None and not drawing.is_empty:
            self._written = drawing
            self._canvas.restore(drawing)
            self.restored.emit()
        self.schedule()
        self.opened.emit()

    def _on_written(self, error: HandwriteError | None) -> None:
        if error is None:
            self._has_failed = False
            return
        self._written = _EMPTY  # the next change tries again
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(error)
