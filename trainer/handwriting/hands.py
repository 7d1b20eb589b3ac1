"""A writer's hand: the kept drawings of each label, from the store or a file."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from trainer.drawings import open_store
from trainer.drawings.entries import Filter
from trainer.personalize.memory.store import sound_drawing, writer_called
from trainer.picture.strokes import Drawing

#: Drawings of a label that are read at most, the newest.
MOST = 24


def hand_in_store(path: Path, writer: str, labels: Iterable[str]) -> dict[str, list[Drawing]]:
    """The newest drawings with these labels of a writer of a store, the newest last, without damaged
    ones and opened pictures. writer: "" for its first. Nothing where there is no store or no such writer.
    Raises RunError where it cannot be read."""
    if not path.exists():
        return {}
    with open_store(path, read_only=True) as store:
        whose = writer_called(store, writer)
        if whose is None:
            return {}
        found = {
            label: list(
                itertools.islice(
                    (
                        drawing
                        for entry in store.entries(Filter(writer=whose.id, label=label))
                        if (drawing := sound_drawing(store, entry.id)) is not None
                        and _is_written(drawing)
                    ),
                    MOST,
                )
            )
            for label in dict.fromkeys(labels)
        }
    return hand_of((drawing, label) for label, of in found.items() for drawing in reversed(of))


def hand_of(drawings: Iterable[tuple[Drawing, str]]) -> dict[str, list[Drawing]]:
    """Of drawings with labels: those made of strokes alone, an opened picture has none of the person's."""
    hand: dict[str, list[Drawing]] = {}
    for drawing, label in drawings:
        if _is_written(drawing):
            hand.setdefault(label, []).append(drawing)
    return hand


def _is_written(drawing: Drawing) -> bool:
    return bool(drawing.strokes) and drawing.image is None
