"""The drawings that are watched, up to eight, kept from one session to the next."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from handwrite_app.watching.pin_file import pins_file, read_pins, write_pins
from handwrite_app.watching.record import MOST_PINS, Pin
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError

_log = logging.getLogger(__name__)


class Pins(QObject):
    """Reads and writes the file of pins. Of two windows, the one that changed its pins last has them kept.

    Signals:
        changed(): others are pinned. failed(HandwriteError): the file could not be read, or not written.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._path = pins_file()
        self._pins: tuple[Pin, ...] = ()
        self._stored: tuple[Pin, ...] = ()
        self._is_loaded = False
        self._disk = LookupWorker(self)

    @property
    def all(self) -> tuple[Pin, ...]:
        """From the oldest to the newest."""
        return self._pins

    def load(self) -> None:
        """Brings back the last session's, the first time. A few kilobytes: read at once."""
        if self._is_loaded:
            return
        self._is_loaded = True
        try:
            self._pins = self._stored = read_pins(self._path)
        except HandwriteError as error:
            self.failed.emit(error)
        self.changed.emit()

    def add(self, picture: bytes, label: str) -> None:
        """Pins 784 bytes; the oldest pin makes room where there are too many. label: what it shows; "" where
        that is not known."""
        if any(pin.picture == picture for pin in self._pins):
            return
        kept = self._pins[1:] if len(self._pins) == MOST_PINS else self._pins
        free = set(range(MOST_PINS)) - {pin.number for pin in kept}
        self._set((*kept, Pin(picture=picture, label=label, number=min(free))))

    def remove(self, place: int) -> None:
        if place < len(self._pins):
            self._set((*self._pins[:place], *self._pins[place + 1 :]))

    def close(self) -> None:
        """Writes what was not written yet."""
        self._disk.close()
        if self._pins != self._stored:
            try:
                write_pins(self._path, self._pins)
            except HandwriteError as error:
                _log.warning("%s", error)

    def _set(self, pins: tuple[Pin, ...]) -> None:
        self._pins = pins
        self._disk.ask(lambda: self._write(pins), self._on_written, self.failed.emit)
        self.changed.emit()

    def _on_written(self, pins: tuple[Pin, ...]) -> None:
        self._stored = pins

    # --- in the thread -------------------------------------------------------------------------------

    def _write(self, pins: tuple[Pin, ...]) -> tuple[Pin, ...]:
        write_pins(self._path, pins)
        return pins
