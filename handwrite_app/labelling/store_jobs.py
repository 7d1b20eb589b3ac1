"""What the drawings' thread does with the drawings that were labelled on the paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from handwrite_app.labelling.saved_drawings import LabelChange, SavedDrawing
from handwrite_app.reading.answers import Answer
from trainer.base.errors import InputError

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore, Said, WeightsId


class StoreJobs:
    """Its methods are jobs for the drawings' thread, and are called there only."""

    def __init__(self) -> None:
        self._hashes: dict[tuple[str, int, int], str] = {}

    def store(self, change: LabelChange, store: DrawingStore) -> str:
        """Stores the drawing under the change's label, or relabels the one that is there, which stays its
        writer's. Returns the writer's name; "" where the store has only one."""
        saved, writers = change.saved, store.writers()
        if saved.number is not None:
            try:
                entry = store.entry(saved.number)
            except InputError:  # deleted elsewhere meanwhile
                saved.number = None
            else:
                store.relabel([saved.number], change.label)
                change.before, change.stored = entry.label, True
                return entry.writer.name if len(writers) > 1 else ""
        writer = next((one for one in writers if one.name == saved.writer), store.default_writer)
        saved.number = store.add(
            saved.drawing,
            label=change.label,
            writer=writer.id,
            said=said_by(saved.answer),
            weights=self._weights(saved.answer),
            device=saved.device,
            created=saved.created,
        )
        change.before, change.stored = None, True
        return writer.name if len(writers) > 1 else ""

    def take_back(self, change: LabelChange, store: DrawingStore) -> str | None:
        """Gives the drawing its label before the change, or deletes it where it had none. Returns its label
        now; None where it is not in the store."""
        saved = change.saved
        if saved.number is None:
            return None
        if change.stored and change.before is None:
            store.delete([saved.number])
            saved.number = None
            return None
        if change.stored and change.before is not None:
            store.relabel([saved.number], change.before)
        try:
            return store.entry(saved.number).label
        except InputError:
            return None

    def labels(
        self, several: Sequence[SavedDrawing], store: DrawingStore
    ) -> list[tuple[SavedDrawing, str | None]]:
        """The label in the store of each that came there; None where it was deleted."""
        there = [(saved, saved.number) for saved in several if saved.number is not None]
        labels = store.labels([number for _, number in there])
        return [(saved, labels.get(number)) for saved, number in there]

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
        except OSError:  # removed while it was the active model
            return WeightsId(name=name)
        return WeightsId(name=name, hash=self._hashes[key])


def said_by(answer: Answer | None) -> Said | None:
    """The answer as the store keeps it; None where the network gave none."""
    from trainer.drawings import Said

    if answer is None or not answer.reading.probabilities:
        return None
    reading, probabilities = answer.reading, answer.reading.probabilities
    best = max(range(len(probabilities)), key=probabilities.__getitem__)
    return Said(
        label=reading.labels[best], probability=probabilities[best], refused=reading.refused
    )
