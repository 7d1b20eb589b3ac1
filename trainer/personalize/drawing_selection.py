"""What a lesson can be made of: which of a person's drawings can be learned from, and why not.

No torch here: who is refused does not wait for its import.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from trainer.base.errors import InputError
from trainer.personalize.events import FEWEST
from trainer.picture.preprocess import Picture, picture_from_drawing
from trainer.picture.strokes import Drawing

if TYPE_CHECKING:
    from trainer.drawings import DrawingStore, Entry

_MOST = 1000  # drawings of a lesson: more make it longer and hardly better


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Usable:
    """A drawing that can be learned from. place: in what it was chosen from; picture: uint8 (28, 28), what a
    network sees of it; content: what was drawn, without the pen's pressure, width and pace."""

    place: int
    drawing: Drawing
    label: str
    picture: Picture
    content: bytes


@dataclass(frozen=True, kw_only=True, eq=False)
class DrawingSelection:
    """left_out: label → how many drawings of labels that the network has no output for. clash: two drawings
    of the same with two labels."""

    found: tuple[Usable, ...]
    left_out: dict[str, int]
    clash: tuple[Usable, Usable] | None

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(sorted({one.label for one in self.found}))

    @property
    def fault(self) -> Literal["few", "one label", "contradiction"] | None:
        """Why there is nothing to be learned from it, if so."""
        if self.clash is not None:
            return "contradiction"
        if len(self.found) < FEWEST:
            return "few"
        return "one label" if len(self.labels) == 1 else None

    def check(self) -> None:
        """Raises InputError where it has a fault."""
        count = len(self.found)
        match self.fault:
            case "contradiction":
                assert self.clash is not None
                one, other = self.clash
                raise InputError(
                    f"the same drawing is labelled {one.label!r} and {other.label!r}: correct one of them"
                )
            case "few":
                raise InputError(
                    f"{count} drawing{'' if count == 1 else 's'} to learn from: at least {FEWEST} are "
                    "wanted, as some are kept apart to see whether they help"
                )
            case "one label":
                raise InputError(
                    f"all {count:,} drawings are labelled {self.labels[0]!r}: who is shown only one label "
                    "learns to say it always. Draw others, too."
                )


def selection_of(
    drawings: Sequence[tuple[Drawing, str]], outputs: Sequence[str]
) -> DrawingSelection:
    """Of a person's drawings with their labels, for a network with these outputs; see material_by_place."""
    return selection_by_place(
        [label for _, label in drawings], lambda place: drawings[place][0], outputs
    )


def selection_by_place(
    labels: Sequence[str], drawing: Callable[[int], Drawing | None], outputs: Sequence[str]
) -> DrawingSelection:
    """Of drawings with these labels. drawing: gives the one at a place; None for one that is gone.

    What shows nothing is passed over, and a drawing that comes a second time: it would be held out and shown
    at once. Of very many some are taken.
    """
    known = [place for place, label in enumerate(labels) if label in outputs]
    left_out = dict(Counter(label for label in labels if label not in outputs))
    if len(known) > _MOST:
        chosen = np.random.default_rng(0).permutation(len(known))[:_MOST]
        known = [known[i] for i in sorted(chosen.tolist())]
    found: dict[bytes, Usable] = {}
    clash: tuple[Usable, Usable] | None = None
    for place in known:
        one = _usable(place, drawing(place), labels[place])
        if one is None:
            continue
        other = found.setdefault(one.content, one)
        if other.label != one.label and clash is None:
            clash = other, one
    return DrawingSelection(found=tuple(found.values()), left_out=left_out, clash=clash)


def selection_of_entries(
    store: DrawingStore, entries: Sequence[Entry], outputs: Sequence[str]
) -> DrawingSelection:
    """Of drawings of the store, see material_by_place."""

    def drawing(place: int) -> Drawing | None:
        with suppress(InputError):  # deleted meanwhile
            return store.drawing(entries[place].id)
        return None

    return selection_by_place([entry.label for entry in entries], drawing, outputs)


def _usable(place: int, drawing: Drawing | None, label: str) -> Usable | None:
    picture = None if drawing is None else picture_from_drawing(drawing)
    if drawing is None or picture is None:
        return None
    return Usable(
        place=place, drawing=drawing, label=label, picture=picture, content=_content(drawing)
    )


def _content(drawing: Drawing) -> bytes:
    # The counts, too: other strokes may have the same points.
    counts = ",".join(str(len(stroke.points)) for stroke in drawing.strokes)
    parts = [counts.encode(), *(stroke.points.tobytes() for stroke in drawing.strokes)]
    if (image := drawing.image) is not None:
        place = (image.ink.shape, image.left, image.top, image.width, image.height)
        parts += [repr(place).encode(), image.ink.tobytes()]
    return b";".join(parts)
