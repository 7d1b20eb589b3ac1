"""A lesson: a writer's drawings out of the store, a network taught them, and what is read otherwise then.

No torch before there is something to learn from: a refusal does not wait for its import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trainer.base.errors import WeightsError
from trainer.drawings import DrawingStore, Filter, Writer, open_store
from trainer.models.weights import name_for_writer, read_card
from trainer.personalize.drawing_selection import DrawingSelection, Usable, selection_of_entries
from trainer.personalize.events import (
    FEWEST,
    Hand,
    PersonalizationEvent,
    PersonalizationFinished,
    PersonalizationProgress,
    PersonalizationRefused,
    PersonalizationStarted,
    PersonalizationStopped,
    Reread,
    RetentionMetrics,
)

if TYPE_CHECKING:
    from trainer.personalize.personalize import FineTuneResult, WriterMetrics


@dataclass(frozen=True, kw_only=True)
class PersonalizationJob:
    """network: the one in use; what is taught is a copy of the network that it descends from, see
    trainer.models.lineage.base_of. drawings: the store's file. writer: whose drawings; "" or a name that is
    gone: the store's first. target: where the new network is written.
    """

    network: Path
    drawings: Path
    writer: str
    target: Path
    data_folder: Path

    def to_json(self) -> dict[str, str]:
        return {name: str(value) for name, value in vars(self).items()}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> PersonalizationJob:
        return cls(
            network=Path(fields["network"]),
            drawings=Path(fields["drawings"]),
            writer=fields["writer"],
            target=Path(fields["target"]),
            data_folder=Path(fields["data_folder"]),
        )


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """ids: of the store, of all the writer's drawings; the material's places are places there."""

    writer: Writer
    ids: tuple[int, ...]
    material: DrawingSelection

    def id(self, one: Usable) -> int:
        return self.ids[one.place]


def give(
    job: PersonalizationJob, *, should_stop: Callable[[], bool]
) -> Iterator[PersonalizationEvent]:
    """Teaches a network what is in the store, which is only read. The last event is LessonFinished,
    LessonRefused or LessonStopped. Raises as trainer.personalize.personalize.personalize and
    trainer.drawings.open_store do."""
    from trainer.models.lineage import base_of

    parent = base_of(job.network)
    with open_store(job.drawings, read_only=True) as store:
        wanted = _wanted(store, job.writer, read_card(parent).outputs)
    refusal = _refusal(wanted)
    if refusal is not None:
        yield refusal
        return
    material = wanted.material
    yield PersonalizationStarted(
        parent=str(parent), drawings=len(material.found), left_out=material.left_out
    )
    from trainer.personalize.personalize import FineTuneResult, personalize

    taught: FineTuneResult | None = None
    for event in personalize(
        parent,
        material,
        job.target,
        data_folder=job.data_folder,
        title=name_for_writer(parent.stem, wanted.writer.name),
        writer=wanted.writer.name,
        should_stop=should_stop,
    ):
        if isinstance(event, FineTuneResult):
            taught = event
        else:
            yield PersonalizationProgress(share=event.share)
    yield PersonalizationStopped() if taught is None else _finished(parent, taught, wanted)


def _wanted(store: DrawingStore, writer: str, outputs: Sequence[str]) -> _Wanted:
    whose = next((one for one in store.writers() if one.name == writer), store.default_writer)
    entries = list(store.entries(Filter(writer=whose.id)))
    return _Wanted(
        writer=whose,
        ids=tuple(entry.id for entry in entries),
        material=selection_of_entries(store, entries, outputs),
    )


def _refusal(wanted: _Wanted) -> PersonalizationRefused | None:
    """Why there is no lesson to be had from it, if so."""
    material = wanted.material
    if material.fault is None:
        return None
    clash = material.clash or ()
    return PersonalizationRefused(
        why=material.fault,
        count=len(material.found),
        wanted=FEWEST,
        labels=tuple(sorted(one.label for one in clash)) or material.labels,
        drawings=tuple(wanted.id(one) for one in clash),
        left_out=material.left_out,
    )


def _finished(parent: Path, taught: FineTuneResult, wanted: _Wanted) -> PersonalizationFinished:
    found, new = wanted.material.found, Path(taught.weights)
    by_place = {one.place: one for one in found}
    changed = [by_place[place] for place in (*taught.fixed, *taught.broken)]
    try:
        before, after = (_said(network, changed) for network in (parent, new))
    except WeightsError:  # the parent is gone since: what was learned is not lost with it
        by_place, before, after = {}, {}, {}

    def reread(places: Sequence[int]) -> tuple[Reread, ...]:
        return tuple(
            Reread(
                drawing=wanted.id(one),
                label=one.label,
                before=before[one.place],
                after=after[one.place],
            )
            for one in (by_place[place] for place in places if place in by_place)
        )

    return PersonalizationFinished(
        weights=taught.weights,
        parent=str(parent),
        kept=taught.kept,
        verdict=taught.verdict,
        before=_hand(taught.before),
        after=_hand(taught.after),
        others=RetentionMetrics(
            before=taught.reference_before,
            after=taught.reference_after,
            count=taught.reference_count,
            drawn=taught.reference_source != "MNIST",
        ),
        fixed=reread(taught.fixed),
        broken=reread(taught.broken),
        left_out=wanted.material.left_out,
    )


def _hand(figures: WriterMetrics) -> Hand:
    return Hand(count=figures.count, right=figures.right, loss=figures.loss)


def _said(network: Path, found: Sequence[Usable]) -> dict[int, str | None]:
    """Place → what a network says of the drawing; None where it refuses."""
    if not found:
        return {}
    from trainer.models.recognizer import Recognizer

    recognizer = Recognizer(network, device="cpu")
    answers = recognizer.answers([one.picture for one in found])
    best = answers.probabilities.argmax(1)
    sure = np.ones(len(found)) if answers.is_digit is None else answers.is_digit
    return {
        one.place: recognizer.labels[place] if digit >= recognizer.threshold else None
        for one, place, digit in zip(found, best, sure, strict=True)
    }
