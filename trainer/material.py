"""What a lesson can be made of: which of a person's drawings can be learned from, and why not.

No torch here: who is refused does not wait for its import.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from trainer.errors import InputError
from trainer.lesson_events import FEWEST
from trainer.picture import Picture, picture_from_drawing
from trainer.strokes import Drawing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Usable:
    """A drawing that can be learned from. place: in what it was chosen from; picture: uint8 (28, 28), what a
    network sees of it; content: what was drawn, without the pen's pressure and pace."""

    place: int
    drawing: Drawing
    label: str
    picture: Picture
    content: bytes


@dataclass(frozen=True, kw_only=True, eq=False)
class Material:
    """left_out: label → how many drawings of labels that the network has no output for. clash: two drawings
    of the same with two labels."""

    found: tuple[Usable, ...]
    left_out: dict[str, int]
    clash: tuple[Usable, Usable] | None

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(sorted({one.label for one in self.found}))

    def check(self) -> None:
        """Raises InputError where nothing can be learned from it."""
        if self.clash is not None:
            one, other = self.clash
            raise InputError(
                f"the same drawing is labelled {one.label!r} and {other.label!r}: correct one of them"
            )
        if len(self.found) < FEWEST:
            count = len(self.found)
            raise InputError(
                f"{count} drawing{'' if count == 1 else 's'} to learn from: at least {FEWEST} are wanted, as "
                "some are kept apart to see whether they help"
            )

    def check_labels(self) -> None:
        """Raises InputError where all of it has one label."""
        if len(self.labels) == 1:
            raise InputError(
                f"all {len(self.found):,} drawings are labelled {self.labels[0]!r}: who is shown only one "
                "label learns to say it always. Draw others, too."
            )


def material_of(drawings: Iterable[tuple[Drawing, str]], outputs: Sequence[str]) -> Material:
    """Of a person's drawings with their labels, for a network with these outputs.

    What shows nothing is passed over, and a drawing that comes a second time: it would be held out and shown
    at once.
    """
    found: dict[bytes, Usable] = {}
    left_out: dict[str, int] = {}
    clash: tuple[Usable, Usable] | None = None
    for place, (drawing, label) in enumerate(drawings):
        if label not in outputs:
            left_out[label] = left_out.get(label, 0) + 1
            continue
        picture = picture_from_drawing(drawing)
        if picture is None:
            continue
        strokes = b";".join(stroke.points.tobytes() for stroke in drawing.strokes)
        one = Usable(
            place=place,
            drawing=drawing,
            label=label,
            picture=picture,
            content=strokes + picture.tobytes(),
        )
        other = found.setdefault(one.content, one)
        if other.label != label and clash is None:
            clash = other, one
    return Material(found=tuple(found.values()), left_out=left_out, clash=clash)
