"""What a lesson tells while a network is taught a hand: frozen dataclasses of plain numbers and texts.

Between processes they travel as one JSON object a line. No torch here: the window imports this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trainer.base.codec import Codec
from trainer.base.events import RunFailed

#: Fewer drawings cannot show whether they help.
FEWEST = 3

#: What the gate says (trainer.personalize.personalize): of those in KEPT the new network may be used.
Verdict = Literal["better", "surer", "worse", "no better", "forgets", "answers more"]
KEPT: frozenset[Verdict] = frozenset({"better", "surer"})

#: Why there is nothing to learn from, see LessonRefused.
Why = Literal["few", "one label", "contradiction"]


@dataclass(frozen=True, kw_only=True)
class PersonalizationStarted:
    """parent: path of the network that a copy of is taught. drawings: how many it learns from. left_out:
    label → how many drawings of labels that it has no output for."""

    parent: str
    drawings: int
    left_out: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class PersonalizationProgress:
    """share: 0…1."""

    share: float


@dataclass(frozen=True, kw_only=True)
class Hand:
    """How the person's drawings are read: how many there are, how many rightly, the mean cross-entropy."""

    count: int
    right: int
    loss: float


@dataclass(frozen=True, kw_only=True)
class RetentionMetrics:
    """How other people's pictures are read: the share that is right before and after, and how many there
    are. drawn: whether the program drew them, as there is no MNIST at hand."""

    before: float
    after: float
    count: int
    drawn: bool


@dataclass(frozen=True, kw_only=True)
class Reread:
    """A drawing that is read otherwise than before.

    drawing: its id in the store. before: what the parent says, after: what the new network says; None for
    neither of its labels. Whether it was fixed is judged by a network that had not seen the drawing: one
    that is broken may be read rightly by the network that has learned it.
    """

    drawing: int
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class PersonalizationFinished:
    """The end of a lesson. weights: a file with the new network, kept or not.

    before, after: the person's drawings, each read by a network that has not seen it. kept: whether the new
    network passes the gate; verdict: what it says. fixed, broken: the drawings that only the new network
    reads rightly, and only the old.
    """

    weights: str
    parent: str
    kept: bool
    verdict: Verdict
    before: Hand
    after: Hand
    others: RetentionMetrics
    fixed: tuple[Reread, ...]
    broken: tuple[Reread, ...]
    left_out: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class PersonalizationRefused:
    """There is nothing to learn from, and no lesson was given.

    why: "few" drawings, count instead of wanted; all of them of "one label"; or a "contradiction": the same
    drawing has several labels. labels and drawings: those that it is about, the latter as ids in the store.
    """

    why: Why
    count: int
    wanted: int
    labels: tuple[str, ...]
    drawings: tuple[int, ...]
    left_out: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class PersonalizationStopped:
    """Somebody stopped it: nothing was written."""


PersonalizationEvent = (
    PersonalizationStarted
    | PersonalizationProgress
    | PersonalizationFinished
    | PersonalizationRefused
    | PersonalizationStopped
    | RunFailed
)

_CODEC: Codec[PersonalizationEvent] = Codec(
    PersonalizationEvent, tag="event", what="an event of a personalization"
)


def personalization_to_json(event: PersonalizationEvent) -> str:
    """One line of JSON: the event's kind under "event", and its fields."""
    return _CODEC.encode(event)


def personalization_from_json(line: str | bytes) -> PersonalizationEvent:
    """The event of such a line. Raises RunError where it is none."""
    return _CODEC.decode(line)
