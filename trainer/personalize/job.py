"""A personalization as a job: one writer's drawings in the store, and the network to fine-tune.

No torch before there is something to learn from: a refusal does not wait for its import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.drawings import DrawingStore, Filter, Writer, open_store
from trainer.models.weights import name_for_writer, network_name, read_card
from trainer.personalize.drawing_selection import DrawingSelection, selection_of_entries
from trainer.personalize.events import (
    FEWEST,
    PersonalizationEvent,
    PersonalizationRefused,
    PersonalizationStarted,
)


@dataclass(frozen=True, kw_only=True)
class PersonalizationJob:
    """network: the active one; fine-tuning starts from trainer.models.lineage.base_of it. drawings: the
    store's file. writer: a name; "" or an unknown name: the store's default writer. target: file of the new
    network. with_memory: the writer's drawings are remembered, so the gate compares both networks with the
    memory.
    """

    network: Path
    drawings: Path
    writer: str
    target: Path
    data_folder: Path
    with_memory: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            name: str(value) if isinstance(value, Path) else value
            for name, value in vars(self).items()
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> PersonalizationJob:
        return cls(
            network=Path(fields["network"]),
            drawings=Path(fields["drawings"]),
            writer=fields["writer"],
            target=Path(fields["target"]),
            data_folder=Path(fields["data_folder"]),
            with_memory=bool(fields["with_memory"]),
        )


def run_job(
    job: PersonalizationJob, *, should_stop: Callable[[], bool]
) -> Iterator[PersonalizationEvent]:
    """Fine-tunes to a writer in the store, which is opened read-only.

    The last event is PersonalizationFinished, PersonalizationRefused or PersonalizationStopped. Raises as
    trainer.personalize.personalize.personalize and trainer.drawings.open_store do.
    """
    from trainer.models.lineage import base_of

    parent = base_of(job.network)
    with open_store(job.drawings, read_only=True) as store:
        writer, selection = _selected(store, job.writer, read_card(parent).outputs)
    if (refused := _refusal(selection)) is not None:
        yield refused
        return
    yield PersonalizationStarted(
        parent=str(parent), drawings=len(selection.drawings), left_out=selection.left_out
    )
    from trainer.personalize.personalize import personalize

    yield from personalize(
        parent,
        selection,
        job.target,
        data_folder=job.data_folder,
        title=name_for_writer(network_name(parent), writer.name),
        writer=writer.name,
        with_memory=job.with_memory,
        should_stop=should_stop,
    )


def _selected(
    store: DrawingStore, name: str, outputs: Sequence[str]
) -> tuple[Writer, DrawingSelection]:
    writer = next((one for one in store.writers() if one.name == name), store.default_writer)
    entries = list(store.entries(Filter(writer=writer.id)))
    return writer, selection_of_entries(store, entries, outputs)


def _refusal(selection: DrawingSelection) -> PersonalizationRefused | None:
    """None where the selection can be learned from."""
    if selection.fault is None:
        return None
    clash = selection.clash or ()
    return PersonalizationRefused(
        why=selection.fault,
        count=len(selection.drawings),
        wanted=FEWEST,
        labels=tuple(sorted(one.label for one in clash)) or selection.labels,
        drawings=tuple(one.id for one in clash),
        left_out=selection.left_out,
    )
