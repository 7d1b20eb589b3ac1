"""What is looked up in the store of drawings for a personalization, in the store's thread."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from trainer.base.errors import InputError

if TYPE_CHECKING:
    from trainer.base.temp_folders import Scratch
    from trainer.drawings import DrawingStore
    from trainer.picture.strokes import Drawing

#: A network, whose drawings, and which of them with what labels.
LearnedDrawings = tuple[Path, str, frozenset[tuple[int, str]]]


class PendingJob:
    """A personalization that waits for the folder of its network, and may be unwanted when that is there."""

    def __init__(self) -> None:
        self.folder: Scratch | None = None
        self.labels: frozenset[tuple[int, str]] = frozenset()
        self._dropped = threading.Event()

    def make_folder(self, writer: str, store: DrawingStore) -> Path:
        """The store's file. writer: whose drawings are to be learned from.

        In the thread: it may have to wait for another process, and removes what a killed one left.
        """
        from trainer.base.temp_folders import Scratch

        if not self._dropped.is_set():
            self.folder = Scratch()
            if self._dropped.is_set():  # meanwhile
                self.folder.close()
        self.labels = _labels(writer, store)
        return store.path

    def drop(self) -> None:
        self._dropped.set()
        if self.folder is not None:
            self.folder.close()


def drawings_of(ids: Sequence[int], store: DrawingStore) -> dict[int, Drawing]:
    """Those that are still there, without damaged ones."""
    from trainer.personalize.memory.store import sound_drawing

    found = {}
    for number in ids:
        with suppress(InputError):  # deleted meanwhile
            drawing = sound_drawing(store, number)
            if drawing is not None:
                found[number] = drawing
    return found


def _labels(writer: str, store: DrawingStore) -> frozenset[tuple[int, str]]:
    """(id, label) of every drawing of a writer, "" for the store's first."""
    from trainer.drawings import Filter

    try:
        found = store.writer(writer) if writer else store.default_writer
    except InputError:
        return frozenset()
    ids = store.ids(Filter(writer=found.id))
    chunks = (ids[i : i + 500] for i in range(0, len(ids), 500))
    return frozenset(pair for chunk in chunks for pair in store.labels(chunk).items())
