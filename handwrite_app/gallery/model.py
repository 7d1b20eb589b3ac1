"""The drawings in sight: read from the store and painted on demand, and cached."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QImage

from handwrite_app.canvas.ink.thumbnails import thumbnail
from handwrite_app.gallery.store_access import Asked
from trainer.base.errors import HandwriteError, InputError, PictureError, RunError

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore, Entry

#: Cells fetched with one job: a drawing that is saved meanwhile waits some milliseconds for it.
BATCH = 24
#: What the pictures that are not in sight may take.
CACHE_BYTES = 32 * 2**20


class Cell(NamedTuple):
    """entry: None where the drawing is gone. image: None where it cannot be shown."""

    entry: Entry | None
    image: QImage | None


class _Look(NamedTuple):
    side: int
    ink: str


class Cells(QObject):
    """Fetches what is wanted, batch by batch, in the order in which it is wanted, and remembers some of it.

    Only what is wanted when a batch begins is fetched: what has scrolled away by then never is.

    Signals:
        arrived(): there is something to paint. failed(HandwriteError): nothing is fetched until `retry`.
    """

    arrived = Signal()
    failed = Signal(object)

    def __init__(self, store: Asked, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._look = _Look(1, "#000000")
        self._known: dict[int, Cell] = {}  # what was wanted last comes last
        self._stale: set[int] = set()
        self._wanted: Sequence[int] = ()
        self._busy = False
        self._broken = False

    def get(self, number: int) -> Cell | None:
        """None: not known yet."""
        return self._known.get(number)

    @property
    def count(self) -> int:
        """How many are remembered."""
        return len(self._known)

    @property
    def is_complete(self) -> bool:
        """Whether all that is wanted is there, as the store has it."""
        return not self._busy and all(self._is_fresh(number) for number in self._wanted)

    def set_look(self, side: int, ink: QColor) -> None:
        """Pixels a side, and the colour of ink. Another look repaints everything."""
        look = _Look(side, ink.name())
        if look != self._look:
            self._look = look
            self._known.clear()
            self._stale.clear()

    def is_look(self, side: int) -> bool:
        """Whether the pictures have so many pixels a side."""
        return self._look.side == side

    def expire(self) -> None:
        """What is known may have changed; the pictures have not: a drawing never does."""
        self._stale = set(self._known)
        self._fetch()

    def want(self, numbers: Sequence[int]) -> None:
        """These are in sight, or nearly; in this order. The next call replaces them."""
        self._wanted = numbers
        for number in numbers:
            if (cell := self._known.pop(number, None)) is not None:
                self._known[number] = cell
        self._fetch()

    def retry(self) -> None:
        """After a failure."""
        self._broken = False
        self._fetch()

    def _is_fresh(self, number: int) -> bool:
        return number in self._known and number not in self._stale

    def _fetch(self) -> None:
        if self._busy or self._broken:
            return
        missing = [number for number in self._wanted if not self._is_fresh(number)][:BATCH]
        if not missing:
            return
        self._busy = True
        self._stale.difference_update(missing)  # what changes from here on makes them stale again
        images = {number: cell.image for number in missing if (cell := self._known.get(number))}
        self._store.ask(
            partial(_fetched, missing, images, self._look),
            partial(self._on_fetched, self._look),
            self._on_failed,
        )

    def _on_fetched(self, look: _Look, cells: dict[int, Cell]) -> None:
        self._busy = False
        if look == self._look:
            self._known.update(cells)
            room = max(CACHE_BYTES // (4 * look.side**2), 2 * len(self._wanted))
            for oldest in list(self._known)[: max(0, len(self._known) - room)]:
                del self._known[oldest]
                self._stale.discard(oldest)
            self.arrived.emit()
        self._fetch()

    def _on_failed(self, error: HandwriteError) -> None:
        self._busy = False
        self._broken = True
        self._stale = set(self._known)
        self.failed.emit(error)


def _fetched(
    numbers: Sequence[int], images: dict[int, QImage | None], look: _Look, store: DrawingStore
) -> dict[int, Cell]:
    """In the thread. images: those that are painted already."""
    return {number: _cell(store, number, images.get(number), look) for number in numbers}


def _cell(store: DrawingStore, number: int, image: QImage | None, look: _Look) -> Cell:
    try:
        entry = store.entry(number)
        if image is None:
            image = thumbnail(store.drawing(number), look.side, QColor(look.ink))
    except InputError:  # it was deleted meanwhile
        return Cell(None, None)
    except RunError as error:
        if not isinstance(error.__cause__, PictureError):
            raise  # the store itself, and not this drawing's bytes
        return Cell(entry, None)
    return Cell(entry, image)
