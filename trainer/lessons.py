"""A lesson: a writer's drawings out of the store, a network taught them, and what is read otherwise then.

No torch before there is something to learn from: a refusal does not wait for its import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trainer.drawings import DrawingStore, Filter, Writer, open_store
from trainer.lesson_events import (
    FEWEST,
    Hand,
    LessonEvent,
    LessonFinished,
    LessonProgress,
    LessonRefused,
    LessonStarted,
    LessonStopped,
    Others,
    Reread,
)
from trainer.picture import picture_from_drawing
from trainer.strokes import Drawing
from trainer.weights import read_card

if TYPE_CHECKING:
    from trainer.teaching import HandFigures, Taught


@dataclass(frozen=True, kw_only=True)
class LessonJob:
    """network: the one in use; what is taught is a copy of the network that it descends from, see
    trainer.lineage.base_of. drawings: the store's file. writer: whose drawings; "" or a name that is gone:
    the store's first. target: where the new network is written.
    """

    network: Path
    drawings: Path
    writer: str
    target: Path
    data_folder: Path

    def to_json(self) -> dict[str, str]:
        return {name: str(value) for name, value in vars(self).items()}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> LessonJob:
        return cls(
            network=Path(fields["network"]),
            drawings=Path(fields["drawings"]),
            writer=fields["writer"],
            target=Path(fields["target"]),
            data_folder=Path(fields["data_folder"]),
        )


class _Drawn(NamedTuple):
    """A drawing of the store. id: there; picture: uint8 (28, 28), what a network sees of it."""

    id: int
    drawing: Drawing
    label: str
    picture: NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class _Material:
    """What there is to learn from. left_out: see LessonStarted."""

    writer: Writer
    drawn: Sequence[_Drawn]
    left_out: dict[str, int]


def give(job: LessonJob, *, should_stop: Callable[[], bool]) -> Iterator[LessonEvent]:
    """Teaches a network what is in the store, which is only read. The last event is LessonFinished,
    LessonRefused or LessonStopped. Raises as trainer.teaching.teach and trainer.drawings.open_store do."""
    from trainer.lineage import base_of

    parent = base_of(job.network)
    with open_store(job.drawings, read_only=True) as store:
        material = _material(store, job.writer, read_card(parent).outputs)
    refusal = _refusal(material)
    if refusal is not None:
        yield refusal
        return
    yield LessonStarted(
        parent=str(parent), drawings=len(material.drawn), left_out=material.left_out
    )
    from trainer.teaching import Taught, teach

    taught: Taught | None = None
    for event in teach(
        parent,
        [(one.drawing, one.label) for one in material.drawn],
        job.target,
        data_folder=job.data_folder,
        title=f"{parent.stem} {material.writer.name}",
        writer=material.writer.name,
        should_stop=should_stop,
    ):
        if isinstance(event, Taught):
            taught = event
        else:
            yield LessonProgress(share=event.share)
    yield LessonStopped() if taught is None else _finished(parent, taught, material)


def _material(store: DrawingStore, writer: str, outputs: Sequence[str]) -> _Material:
    """Drawings whose labels are among the outputs and of which a network sees something."""
    whose = next((one for one in store.writers() if one.name == writer), store.default_writer)
    drawn: list[_Drawn] = []
    left_out: dict[str, int] = {}
    for entry in store.entries(Filter(writer=whose.id)):
        if entry.label not in outputs:
            left_out[entry.label] = left_out.get(entry.label, 0) + 1
            continue
        drawing = store.drawing(entry.id)
        picture = picture_from_drawing(drawing)
        if picture is not None:
            drawn.append(_Drawn(entry.id, drawing, entry.label, picture))
    return _Material(writer=whose, drawn=drawn, left_out=left_out)


def _refusal(material: _Material) -> LessonRefused | None:
    """Why there is no lesson to be had from it, if so."""
    drawn = material.drawn
    labels = tuple(sorted({one.label for one in drawn}))

    def refused(**what: Any) -> LessonRefused:
        given = {"labels": labels, "drawings": (), **what}
        return LessonRefused(count=len(drawn), wanted=FEWEST, left_out=material.left_out, **given)

    if len(drawn) < FEWEST:
        return refused(why="few")
    first: dict[bytes, _Drawn] = {}
    for one in drawn:
        # What a network learns from: neither the pen's pressure nor its pace.
        strokes = b";".join(stroke.points.tobytes() for stroke in one.drawing.strokes)
        other = first.setdefault(strokes + one.picture.tobytes(), one)
        if other.label != one.label:
            return refused(
                why="contradiction",
                labels=tuple(sorted((one.label, other.label))),
                drawings=(one.id, other.id),
            )
    return refused(why="one label") if len(labels) == 1 else None


def _finished(parent: Path, taught: Taught, material: _Material) -> LessonFinished:
    drawn, new = material.drawn, Path(taught.weights)
    changed = [drawn[place] for place in (*taught.fixed, *taught.broken)]
    before, after = (_said(network, changed) for network in (parent, new))

    def reread(places: Sequence[int]) -> tuple[Reread, ...]:
        found = (drawn[place] for place in places)
        return tuple(
            Reread(drawing=one.id, label=one.label, before=before[one.id], after=after[one.id])
            for one in found
        )

    return LessonFinished(
        weights=taught.weights,
        parent=str(parent),
        kept=taught.kept,
        verdict=taught.verdict,
        before=_hand(taught.before),
        after=_hand(taught.after),
        others=Others(
            before=taught.reference_before,
            after=taught.reference_after,
            count=taught.reference_count,
            drawn=taught.reference_source != "MNIST",
        ),
        fixed=reread(taught.fixed),
        broken=reread(taught.broken),
        left_out=material.left_out,
    )


def _hand(figures: HandFigures) -> Hand:
    return Hand(count=figures.count, right=figures.right, loss=figures.loss)


def _said(network: Path, drawn: Sequence[_Drawn]) -> dict[int, str | None]:
    """Id → what a network says of the drawing; None where it refuses."""
    if not drawn:
        return {}
    from trainer.recognizer import Recognizer

    recognizer = Recognizer(network, device="cpu")
    answers = recognizer.answers([one.picture for one in drawn])
    best = answers.probabilities.argmax(1)
    sure = np.ones(len(drawn)) if answers.is_digit is None else answers.is_digit
    return {
        one.id: recognizer.labels[place] if digit >= recognizer.threshold else None
        for one, place, digit in zip(drawn, best, sure, strict=True)
    }
