"""Export of drawings to a file and import into the store, in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QLocale, QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.reading.reading_panel import PATIENCE_MS
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.dialogs.name_filters import name_filters
from handwrite_app.ui.dialogs.save_dialog import Kind, ask_where
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.settings import Settings
from handwrite_app.workers.drawings import DrawingsWorker
from trainer.base.errors import HandwriteError
from trainer.picture.strokes_files import READABLE_SUFFIXES

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore, Imported


T = TypeVar("T")


class _StoppedError(HandwriteError):
    """The person stopped it."""


class GalleryFiles(QObject):
    """One export or import at a time, in a thread and with a connection of its own: a drawing that is kept
    meanwhile does not wait until 100,000 are written.

    Signals:
        said(text): how far it is, or what became of it. busyChanged(bool): it takes long enough to be shown,
        and can be stopped; or it is over. imported(Imported): a file was taken in.
    """

    said = Signal(str)
    busyChanged = Signal(bool)
    imported = Signal(object)
    _counted = Signal(int)

    def __init__(self, window: QWidget, lifted: PenUpQueue, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._lifted = lifted
        self._settings = settings
        self._store: DrawingsWorker | None = None
        self._stop = threading.Event()
        self._running = False
        self._pattern: Callable[[], str] = lambda: ""
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(PATIENCE_MS)
        self._slow.timeout.connect(lambda: self.busyChanged.emit(True))
        self._counted.connect(self._on_counted)

    @property
    def is_running(self) -> bool:
        return self._running

    def ask_export(self, numbers: Sequence[int]) -> None:
        """Asks for a file, and writes the drawings with these ids into it."""
        folder = Path(self._settings.text("save_folder"))
        target = ask_where(
            self._window,
            self.tr("Export drawings"),
            folder / self.tr("drawings.jsonl"),
            (
                Kind(self.tr("Strokes (JSON Lines)"), ".jsonl"),
                Kind(self.tr("Compressed"), ".jsonl.gz"),
            ),
        )
        if target is not None:
            self._settings.set_text("save_folder", str(target.parent))
            self.export_file(target, numbers)

    def ask_import(self) -> None:
        """Asks for a file, and takes in what it holds."""
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Import drawings"),
            self._settings.text("open_folder"),
            name_filters(self.tr("Strokes (JSON Lines)"), READABLE_SUFFIXES),
        )
        if path:
            self._settings.set_text("open_folder", str(Path(path).parent))
            self.import_file(Path(path))

    def export_file(self, path: Path, numbers: Sequence[int]) -> None:
        """Replaces what is there: the person was asked."""

        def export(store: DrawingStore) -> int:
            from trainer.drawings import export_drawings

            return export_drawings(
                store, path, only=numbers, overwrite=True, progress=self._on_progress
            )

        self._begin(
            export,
            partial(self._on_exported, path),
            self.tr("The drawings were not exported"),
            lambda: self.tr("Exporting: {count} drawings so far"),
        )

    def import_file(self, path: Path) -> None:
        """All usable lines of it or, where it is stopped or fails, none."""

        def take_in(store: DrawingStore) -> Imported:
            from trainer.drawings import import_drawings

            return import_drawings(store, path, progress=self._on_progress)

        self._begin(
            take_in,
            self._on_imported,
            self.tr("The drawings were not imported"),
            lambda: self.tr("Importing: {count} lines so far"),
        )

    def stop(self) -> None:
        """Nothing is written then."""
        self._stop.set()

    def close(self) -> None:
        """What was begun is finished before this returns."""
        self._slow.stop()
        if self._store is not None:
            self._store.close()

    def _begin(
        self,
        job: Callable[[DrawingStore], T],
        then: Callable[[T], object],
        title: str,
        pattern: Callable[[], str],
    ) -> None:
        if self._running:
            self.said.emit(self.tr("Wait until the other file is done."))
            return
        if self._store is None:
            self._store = DrawingsWorker(self)
            self._store.noted.connect(lambda text: self._warn(self.tr("Your drawings"), text))
        self._stop.clear()
        self._running = True
        self._pattern = pattern
        self._slow.start()
        self._store.ask(
            job,
            partial(self._on_done, then),
            partial(self._on_failed, title),
        )

    def _on_done(self, then: Callable[[T], object], answer: T) -> None:
        self._end()
        then(answer)

    def _on_failed(self, title: str, error: HandwriteError) -> None:
        self._end()
        self.said.emit(title)
        if not isinstance(error, _StoppedError):
            self._warn(title, sentence(error))

    def _warn(self, title: str, text: str) -> None:
        self._lifted.then(lambda: warn(self._window, title, text))

    def _end(self) -> None:
        self._running = False
        self._slow.stop()
        self.busyChanged.emit(False)

    def _on_exported(self, path: Path, count: int) -> None:
        words = self.tr("Exported {count} drawings to {name}")
        if count == 1:
            words = self.tr("Exported one drawing to {name}")
        self.said.emit(words.format(count=QLocale().toString(count), name=path.name))

    def _on_imported(self, imported: Imported) -> None:
        count = imported.stored + imported.restored
        words = self.tr("Imported {count} drawings")
        if count == 1:
            words = self.tr("Imported one drawing")
        self.said.emit(words.format(count=QLocale().toString(count)))
        self.imported.emit(imported)

    def _on_counted(self, count: int) -> None:
        if self._running and not self._slow.isActive():
            self.said.emit(self._pattern().format(count=QLocale().toString(count)))

    def _on_progress(self, count: int) -> None:
        """In the thread."""
        if self._stop.is_set():
            raise _StoppedError("files.stopped", "stopped")
        self._counted.emit(count)
