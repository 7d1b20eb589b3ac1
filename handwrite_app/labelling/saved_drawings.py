"""Which drawings are stored under which label, the changes still on their way, and their undo history.

Knows no Qt and no disk: the controller asks it what to do, has that done in the drawings' thread
(handwrite_app.labelling.store_jobs) and reports the outcome here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from handwrite_app.reading.answers import Answer
from trainer.picture.strokes import Drawing

#: Drawings remembered, the newest first: one that the paper's undo brings back is relabelled, not stored
#: twice.
REMEMBERED = 200


@dataclass(eq=False, slots=True)
class SavedDrawing:
    """A drawing that is in the store, or on its way there.

    number: its id in the store; written by the drawings' thread only. label: its label on the disk; None
    until it is stored, and again once it is deleted. pending: changes on their way to the disk.
    """

    drawing: Drawing
    answer: Answer | None
    device: str
    writer: str
    created: dt.datetime
    number: int | None = None
    label: str | None = None
    pending: int = 0

    @property
    def is_stored(self) -> bool:
        """Whether it is in the store, or on its way there."""
        return self.label is not None or self.pending > 0


@dataclass(eq=False, slots=True)
class LabelChange:
    """One label given to a drawing: a step of the undo history.

    before: the label in the store until then; None where the drawing was not there, and undo deletes it.
    stored: whether it reached the disk. The drawings' thread writes both.
    """

    saved: SavedDrawing
    label: str
    step: int
    before: str | None = None
    stored: bool = False
    undone: bool = False


class SavedDrawings:
    """The labels of the drawings of this session, and of those opened from the store.

    Changes reach the disk in the order in which they were begun. Any number of them can be taken back, the
    newest first, also while they are on their way.
    """

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._by_drawing: dict[Drawing, SavedDrawing] = {}  # the newest last
        self._history: list[LabelChange] = []
        self._steps = 0

    def find(self, drawing: Drawing) -> SavedDrawing | None:
        """The record of exactly this drawing."""
        return self._by_drawing.get(drawing)

    def find_number(self, number: int, created: dt.datetime) -> SavedDrawing | None:
        """The record of the drawing with this id. created: ids are given again where a store is restored."""
        for saved in self._by_drawing.values():
            if saved.number == number and saved.created == created:
                return saved
        return None

    def all(self) -> list[SavedDrawing]:
        return list(self._by_drawing.values())

    def is_stored(self, drawing: Drawing) -> bool:
        """Whether exactly this drawing is in the store, or on its way there."""
        saved = self.find(drawing)
        return saved is not None and saved.is_stored

    def remember(self, saved: SavedDrawing) -> None:
        """Makes it the newest; the oldest beyond the limit is forgotten."""
        self._by_drawing.pop(saved.drawing, None)
        self._by_drawing[saved.drawing] = saved
        for oldest in list(self._by_drawing)[: -self._remembered]:
            del self._by_drawing[oldest]

    # --- labels --------------------------------------------------------------------------------------

    @property
    def newest(self) -> LabelChange | None:
        """The change that `undo` would take back."""
        return self._history[-1] if self._history else None

    def begin(self, saved: SavedDrawing, label: str) -> LabelChange:
        """The change to this label, on its way to the disk from now on."""
        self.remember(saved)
        saved.pending += 1
        self._steps += 1
        change = LabelChange(saved, label, self._steps)
        # Giving a label twice is one step, or undo would seem to do nothing.
        if self.newest is None or (self.newest.saved, self.newest.label) != (saved, label):
            self._history.append(change)
        return change

    def finish(self, change: LabelChange) -> None:
        """The change is on the disk."""
        saved = change.saved
        saved.pending -= 1
        saved.label = change.label
        if not change.undone and change not in self._history and change.before != change.label:
            self._insert(change)  # the same label before it did not reach the disk, or was deleted

    def fail(self, change: LabelChange) -> None:
        """The change did not reach the disk; the drawing is as it was."""
        change.saved.pending -= 1
        if change in self._history:
            self._history.remove(change)
        self._forget_unstored(change.saved)

    # --- taking back ---------------------------------------------------------------------------------

    def undo(self) -> LabelChange | None:
        """The newest change, whose undo is on its way to the disk from now on; None where there is none."""
        if not self._history:
            return None
        change = self._history.pop()
        change.undone = True
        change.saved.pending += 1
        return change

    def finish_undo(self, change: LabelChange, label: str | None) -> None:
        """The change is taken back. label: the drawing's label now; None: it is not in the store any more."""
        change.saved.pending -= 1
        change.saved.label = label
        if label is None:
            self._drop_history(change.saved)
        if (
            change.before is None
        ):  # as if it had never been labelled: by another writer next time, say
            self._forget_unstored(change.saved)

    def fail_undo(self, change: LabelChange) -> None:
        """The change could not be taken back, and can be tried again."""
        change.saved.pending -= 1
        change.undone = False
        self.remember(change.saved)
        self._insert(change)

    # --- other windows -------------------------------------------------------------------------------

    def adopt(self, saved: SavedDrawing, label: str | None) -> None:
        """Takes over a label given elsewhere (None: deleted there). Earlier changes cannot be undone any
        more."""
        saved.label = label
        self._drop_history(saved)

    def adopt_all(self, found: Sequence[tuple[SavedDrawing, str | None]]) -> list[SavedDrawing]:
        """Takes over labels read from the store; those that differ. What is on its way is left out: it will
        change the store once more."""
        changed = [
            saved
            for saved, label in found
            if self.find(saved.drawing) is saved and not saved.pending and label != saved.label
        ]
        labels = dict(found)
        for saved in changed:
            self.adopt(saved, labels[saved])
        return changed

    def _insert(self, change: LabelChange) -> None:
        self._history.append(change)
        self._history.sort(key=lambda one: one.step)

    def _drop_history(self, saved: SavedDrawing) -> None:
        # A label on its way stays: it comes after whatever made the earlier ones void.
        self._history = [c for c in self._history if c.saved is not saved or not c.stored]

    def _forget_unstored(self, saved: SavedDrawing) -> None:
        if not saved.is_stored and self.find(saved.drawing) is saved:
            del self._by_drawing[saved.drawing]
