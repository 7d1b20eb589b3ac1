"""The drawings that a personalization learns from, and why a writer's drawings cannot be learned from.

No torch here: a refusal does not wait for its import.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from trainer.base.errors import InputError
from trainer.personalize.events import FEWEST, Why
from trainer.personalize.memory.store import sound_drawing
from trainer.picture.preprocess import Picture, picture_from_drawing
from trainer.picture.strokes import Drawing

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore, Entry

_MOST = 1000  # drawings: more take longer and hardly help


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SelectedDrawing:
    """id: in the store, or the line in a file. picture: uint8 (28, 28), the network's input. content: the
    strokes and image as bytes, without pressure, width and pace."""

    id: int
    drawing: Drawing
    label: str
    picture: Picture
    content: bytes


@dataclass(frozen=True, kw_only=True, eq=False)
class DrawingSelection:
    """left_out: label → number of drawings whose label the network has no output for. clash: two drawings
    with the same content and different labels."""

    drawings: tuple[SelectedDrawing, ...]
    left_out: dict[str, int]
    clash: tuple[SelectedDrawing, SelectedDrawing] | None

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(sorted({one.label for one in self.drawings}))

    @property
    def fault(self) -> Why | None:
        """Why it cannot be learned from; None where it can."""
        if self.clash is not None:
            return "contradiction"
        if len(self.drawings) < FEWEST:
            return "few"
        return "one label" if len(self.labels) == 1 else None

    def check(self) -> None:
        """Raises InputError where it has a fault."""
        count = len(self.drawings)
        match self.fault:
            case "contradiction":
                assert self.clash is not None
                one, other = self.clash
                raise InputError(
                    "personalize.contradiction",
                    "the same drawing is labelled '{one}' and '{other}': correct one of them",
                    one=one.label,
                    other=other.label,
                )
            case "few" if count == 1:
                raise InputError(
                    "personalize.one-drawing",
                    "1 drawing to learn from: at least {fewest} are needed, as some are held out to "
                    "measure whether the others help",
                    fewest=FEWEST,
                )
            case "few":
                raise InputError(
                    "personalize.few-drawings",
                    "{count} drawings to learn from: at least {fewest} are needed, as some are held out to "
                    "measure whether the others help",
                    count=count,
                    fewest=FEWEST,
                )
            case "one label":
                raise InputError(
                    "personalize.one-label",
                    "all {count:,} drawings are labelled '{label}': a network that is trained on one label "
                    "learns to answer it always. Draw others, too.",
                    count=count,
                    label=self.labels[0],
                )


def selection_of(
    drawings: Sequence[tuple[Drawing, str]], outputs: Sequence[str], ids: Sequence[int] = ()
) -> DrawingSelection:
    """From labelled drawings for a network with these outputs. ids: of the drawings, 0, 1, … by default."""
    ids = ids or range(len(drawings))
    by_id = {number: drawing for number, (drawing, _) in zip(ids, drawings, strict=True)}
    labelled = [(number, label) for number, (_, label) in zip(ids, drawings, strict=True)]
    return selection_by_id(labelled, by_id.__getitem__, outputs)


def selection_by_id(
    labelled: Sequence[tuple[int, str]],
    drawing: Callable[[int], Drawing | None],
    outputs: Sequence[str],
) -> DrawingSelection:
    """From (id, label) of drawings. drawing: loads one by its id; None where it is gone.

    Empty drawings are passed over, and repeated ones: a copy in another fold would leak into validation. Of
    more than 1,000 drawings a random sample is taken.
    """
    known = [(number, label) for number, label in labelled if label in outputs]
    left_out = dict(Counter(label for _, label in labelled if label not in outputs))
    if len(known) > _MOST:
        chosen = np.random.default_rng(0).permutation(len(known))[:_MOST]
        known = [known[i] for i in sorted(chosen.tolist())]
    found: dict[bytes, SelectedDrawing] = {}
    clash: tuple[SelectedDrawing, SelectedDrawing] | None = None
    for number, label in known:
        one = _selected(number, drawing(number), label)
        if one is None:
            continue
        other = found.setdefault(one.content, one)
        if other.label != one.label and clash is None:
            clash = other, one
    return DrawingSelection(drawings=tuple(found.values()), left_out=left_out, clash=clash)


def selection_of_entries(
    store: DrawingStore, entries: Sequence[Entry], outputs: Sequence[str]
) -> DrawingSelection:
    """From drawings of the store, see selection_by_id."""

    def drawing(number: int) -> Drawing | None:
        with suppress(InputError):  # deleted meanwhile
            return sound_drawing(store, number)
        return None

    return selection_by_id([(entry.id, entry.label) for entry in entries], drawing, outputs)


def _selected(number: int, drawing: Drawing | None, label: str) -> SelectedDrawing | None:
    picture = None if drawing is None else picture_from_drawing(drawing)
    if drawing is None or picture is None:
        return None
    return SelectedDrawing(
        id=number, drawing=drawing, label=label, picture=picture, content=_content(drawing)
    )


def _content(drawing: Drawing) -> bytes:
    # The counts, too: other strokes may have the same points.
    counts = ",".join(str(len(stroke.points)) for stroke in drawing.strokes)
    parts = [counts.encode(), *(stroke.points.tobytes() for stroke in drawing.strokes)]
    if (image := drawing.image) is not None:
        place = (image.ink.shape, image.left, image.top, image.width, image.height)
        parts += [repr(place).encode(), image.ink.tobytes()]
    return b";".join(parts)
