"""Decodes pictures and drawings in a thread; the newest request wins."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.files.opened import Opened
from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.reading.reading_panel import PATIENCE_MS
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError

_Found = Opened | Exception | None


class DrawingOpener(QObject):
    """One draws on meanwhile. What was decoded is handed over when the pen is lifted.

    A request that is superseded is not begun, or its result is dropped.

    Signals:
        slow(name): the newest request takes longer than a moment.
        opened(Opened, name): it can be put on the paper. failed(HandwriteError, name): it cannot.
        absent(name): there was nothing to open.
        ended(): there is no request under way any more.
    """

    slow = Signal(str)
    opened = Signal(object, str)
    failed = Signal(object, str)
    absent = Signal(str)
    ended = Signal()

    def __init__(self, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = LookupWorker(self)
        self._lifted = PenUpQueue(canvas, self)
        self._is_prepared = False
        self._newest = 0
        self._name = ""
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(lambda: self.slow.emit(self._name))

    @property
    def is_busy(self) -> bool:
        return bool(self._name)

    def open(self, decode: Callable[[], Opened | None], name: str) -> None:
        """decode: called in the thread; it raises HandwriteError where it fails, and returns None where there
        is nothing. name: the file's, or what is opened in words."""
        self._newest += 1
        number = self._newest
        self._name = name
        self._patience.start()

        def look() -> _Found:
            if number != self._newest:
                return None
            try:
                return decode()
            except (
                Exception
            ) as error:  # raised again in the window's thread, if it was not foreseen
                return error

        self._worker.ask(
            look, lambda found: self._lifted.then(lambda: self._end(number, name, found))
        )

    def prepare(self) -> None:
        """A file is about to be opened: imports what decodes pictures, in the thread. The first picture of a
        session would else stop the ink for a moment, as loading libraries holds the interpreter."""
        if not self._is_prepared:
            self._is_prepared = True
            self._worker.ask(_import_decoders, lambda _: None)

    def cancel(self) -> None:
        """Nothing that was requested until now is opened."""
        self._newest += 1
        self._stop()

    def close(self) -> None:
        """No signal comes after. A file that is being decoded is waited for."""
        self._patience.stop()
        self._lifted.forget()
        self._worker.close()

    def _end(self, number: int, name: str, found: _Found) -> None:
        if number != self._newest:
            return
        self._stop()
        if isinstance(found, HandwriteError):
            self.failed.emit(found, name)
        elif isinstance(found, Exception):
            raise found
        elif found is None:
            self.absent.emit(name)
        else:
            self.opened.emit(found, name)

    def _stop(self) -> None:
        self._patience.stop()
        if self._name:
            self._name = ""
            self.ended.emit()


def _import_decoders() -> None:
    for name in (
        "PIL.Image",
        "scipy.ndimage",
        "trainer.picture.images.image_file",
        "trainer.picture.images.ink",
    ):
        import_module(name)
    from PIL import Image

    Image.preinit()  # the common formats
