"""A drawing on its way to the store: what is known of it, and what the drawings' thread does with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trainer.base.errors import InputError
from trainer.picture.strokes import Drawing
from trainer.processes.recognition_messages import Loaded, Reading

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore, Said, WeightsId


class Answer(NamedTuple):
    """What a network said of a drawing."""

    drawing: Drawing
    reading: Reading
    network: Loaded | None


@dataclass(eq=False, slots=True)
class SavedDrawing:
    """A drawing that is in the store, or on its way there.

    number: its id, which the thread fills in. label: under which it is on the disk; None until it is, and
    again where it was deleted elsewhere. before: the label that undo gives back to one that was there
    already; None: undo deletes it. waiting: so many labels are on their way to the disk.
    """

    drawing: Drawing
    answer: Answer | None
    device: str
    writer: str
    created: dt.datetime
    number: int | None = None
    label: str | None = None
    before: str | None = None
    waiting: int = 0
    undone: bool = False

    @property
    def is_stored(self) -> bool:
        """Whether it is in the store, or on its way there."""
        return self.label is not None or self.waiting > 0


class Stored(NamedTuple):
    """writer: whose it is, "" where there is only one. before: its label until then, None where it is new."""

    label: str
    writer: str
    before: str | None


class SavedDrawingJobs:
    """Its methods are jobs for the drawings' thread: nothing else calls them."""

    def __init__(self) -> None:
        self._hashes: dict[tuple[str, int, int], str] = {}

    def put(self, kept: SavedDrawing, label: str, store: DrawingStore) -> Stored:
        """Keeps it as a `label`; one that is there gets that label, and stays whose it is."""
        writers = store.writers()
        if kept.number is not None:
            try:
                entry = store.entry(kept.number)
            except InputError:  # somebody has deleted it meanwhile
                kept.number = None
            else:
                store.relabel([kept.number], label)
                name = entry.writer.name if len(writers) > 1 else ""
                return Stored(label, name, before=entry.label)
        writer = next((one for one in writers if one.name == kept.writer), store.default_writer)
        kept.number = store.add(
            kept.drawing,
            label=label,
            writer=writer.id,
            said=said_by(kept.answer),
            weights=self._weights(kept.answer),
            device=kept.device,
            created=kept.created,
        )
        return Stored(label, writer.name if len(writers) > 1 else "", before=None)

    def put_back(
        self, kept: SavedDrawing, again: SavedDrawing, label: str, store: DrawingStore
    ) -> str | None:
        """Gives `kept` a former label back; its label now, None where somebody has deleted it meanwhile.

        again: what stands for the drawing from now on.
        """
        again.number = kept.number
        if again.number is None:
            return None
        store.relabel([again.number], label)
        try:
            return store.entry(again.number).label
        except InputError:
            return None

    def labels(
        self, several: Sequence[SavedDrawing], store: DrawingStore
    ) -> list[tuple[SavedDrawing, str | None]]:
        """What each of those that have come to the store is kept as there now; None where it was deleted."""
        there = [(kept, kept.number) for kept in several if kept.number is not None]
        labels = store.labels([number for _, number in there])
        return [(kept, labels.get(number)) for kept, number in there]

    def _weights(self, answer: Answer | None) -> WeightsId | None:
        from trainer.drawings import WeightsId

        if answer is None or answer.network is None:
            return None
        path, name = Path(answer.network.path), answer.network.name
        try:
            state = path.stat()
            key = (str(path), state.st_mtime_ns, state.st_size)
            if key not in self._hashes:
                self._hashes[key] = WeightsId.of(path).hash
        except OSError:  # it was removed while it was in use
            return WeightsId(name=name)
        return WeightsId(name=name, hash=self._hashes[key])


def said_by(answer: Answer | None) -> Said | None:
    """None where the network has not read it, or could not."""
    from trainer.drawings import Said

    if answer is None or not answer.reading.probabilities:
        return None
    reading, probabilities = answer.reading, answer.reading.probabilities
    best = max(range(len(probabilities)), key=probabilities.__getitem__)
    return Said(
        label=reading.labels[best], probability=probabilities[best], refused=reading.refused
    )
