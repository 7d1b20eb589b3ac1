"""Keeps a stroke memory in step with the store of drawings, and reads one from a file of strokes."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from trainer.base.errors import RunError
from trainer.drawings import DrawingStore
from trainer.drawings.entries import Writer
from trainer.personalize.memory.stroke_memory import StrokeMemory
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing

_log = logging.getLogger(__name__)
_damaged: set[tuple[str, int]] = set()  # drawings that the log names already

#: Drawings of a label that are used at most: the newest, so that the time for a reading does not grow with
#: the number kept, and a handwriting that changes is followed.
MOST_OF_A_LABEL = 64

#: Labels that are used at most, those drawn last.
MOST_LABELS = 100


@dataclass(kw_only=True, eq=False)
class WriterMemory:
    """The memory of one writer of a store, brought up to date by ``refresh``. writer: "" for the first."""

    writer: str
    memory: StrokeMemory = field(default_factory=StrokeMemory)

    def refresh(self, store: DrawingStore) -> bool:
        """Takes up what has changed in the store since the last time; whether anything had.

        Only drawings that are new are unpacked; one that is damaged is left out. A writer who is not there
        any more has none. Raises RunError where the store cannot be read.
        """
        chosen = _chosen(store, self.writer)
        memory, changed = self.memory, False
        for number in memory.ids() - chosen.keys():
            memory.remove(number)
            changed = True
        for number, label in chosen.items():
            if memory.label_of(number) == label:
                continue
            drawing = sound_drawing(store, number)
            if drawing is not None:
                _put(memory, number, label, drawing)
                changed = True
        return changed


def memory_of(
    drawings: Iterable[tuple[Drawing, str]], ids: Sequence[int] | None = None
) -> StrokeMemory:
    """A memory of drawings with labels; of more than MOST_OF_A_LABEL of one label the last ones. ids: of the
    drawings; None: 1, 2, 3, …"""
    labelled = list(drawings)
    numbers = range(1, len(labelled) + 1) if ids is None else ids
    numbered = [
        (number, drawing, label) for number, (drawing, label) in zip(numbers, labelled, strict=True)
    ]
    kept = _newest([(number, label) for number, _, label in reversed(numbered)])
    memory = StrokeMemory()
    for number, drawing, label in numbered:
        if number in kept:
            _put(memory, number, label, drawing)
    return memory


def _put(memory: StrokeMemory, number: int, label: str, drawing: Drawing) -> None:
    picture = picture_from_drawing(drawing) if drawing.image is not None else None
    memory.put(number, label, drawing, picture)


def sound_drawing(store: DrawingStore, number: int) -> Drawing | None:
    """None where its bytes are damaged, which the log says once.

    Raises InputError where there is no such drawing, RunError where the store cannot be read.
    """
    try:
        return store.drawing(number)
    except RunError as error:
        if error.code != "drawings.unreadable":
            raise
        if (str(store.path), number) not in _damaged:
            _damaged.add((str(store.path), number))
            _log.warning("%s", error)
        return None


def writer_called(store: DrawingStore, name: str) -> Writer | None:
    """name: "" for the store's first. None where it has no such writer."""
    if not name:
        return store.default_writer
    return next((one for one in store.writers() if one.name == name), None)


def _chosen(store: DrawingStore, writer: str) -> dict[int, str]:
    whose = writer_called(store, writer)
    if whose is None:
        return {}
    return store.newest(whose.id, of_a_label=MOST_OF_A_LABEL, labels=MOST_LABELS)


def _newest(entries: Sequence[tuple[int, str]]) -> dict[int, str]:
    """Those that are used of (id, label), the newest first."""
    counts: dict[str, int] = {}
    chosen: dict[int, str] = {}
    for number, label in entries:
        if label not in counts and len(counts) >= MOST_LABELS:
            continue
        counts[label] = counts.get(label, 0) + 1
        if counts[label] <= MOST_OF_A_LABEL:
            chosen[number] = label
    return chosen
