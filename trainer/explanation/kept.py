"""A writer's kept drawings as they are explained and written with: memory, labels and the drawings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trainer.drawings import open_store
from trainer.personalize.memory.store import WriterMemory, memory_of, sound_drawing
from trainer.personalize.memory.stroke_memory import StrokeMemory
from trainer.picture.strokes import Drawing


@dataclass(frozen=True, kw_only=True, eq=False)
class Kept:
    """memory: what is remembered when reading. drawings: of these ids, those that are there still."""

    memory: StrokeMemory = field(default_factory=StrokeMemory)
    drawings: Callable[[Sequence[int]], Mapping[int, Drawing]] = lambda _: {}

    def labels(self) -> dict[str, list[int]]:
        """Ids by label, the newest last."""
        found: dict[str, list[int]] = {}
        for number in sorted(self.memory.ids()):
            label = self.memory.label_of(number)
            if label is not None:
                found.setdefault(label, []).append(number)
        return found


def kept_in_store(path: Path, writer: str) -> Kept:
    """Of a store of drawings. writer: "" for its first. Where there is no store or no such writer, nothing
    is kept. Raises RunError where it cannot be read."""
    if not path.exists():
        return Kept()
    of_writer = WriterMemory(writer=writer)
    with open_store(path, read_only=True) as store:
        of_writer.refresh(store)

    def drawings(numbers: Sequence[int]) -> Mapping[int, Drawing]:
        with open_store(path, read_only=True) as store:
            there = store.labels(list(numbers))
            return {
                number: drawing
                for number in numbers
                if number in there and (drawing := sound_drawing(store, number)) is not None
            }

    return Kept(memory=of_writer.memory, drawings=drawings)


def kept_of(drawings: Iterable[tuple[Drawing, str]], ids: Sequence[int] | None = None) -> Kept:
    """Of drawings with their labels. ids: of the drawings; None: 1, 2, 3, …"""
    labelled = list(drawings)
    numbers = range(1, len(labelled) + 1) if ids is None else ids
    by_id = {number: drawing for number, (drawing, _) in zip(numbers, labelled, strict=True)}

    def found(numbers: Sequence[int]) -> Mapping[int, Drawing]:
        return {number: by_id[number] for number in numbers}

    return Kept(memory=memory_of(labelled, ids), drawings=found)
