"""Events of a personalization: frozen dataclasses of plain numbers and texts.

Between processes they travel as one JSON object a line. No torch here: the window imports this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trainer.base.codec import Codec
from trainer.base.events import RunFailed

#: Fewer drawings cannot be split into those that train and those that validate.
FEWEST = 3

#: The gate's verdict (trainer.personalize.gate). With one of PASSED the new network may be used.
Verdict = Literal["better", "surer", "worse", "no better", "forgets", "answers more"]
PASSED: frozenset[Verdict] = frozenset({"better", "surer"})

#: Why there is nothing to learn from, see PersonalizationRefused.
Why = Literal["few", "one label", "contradiction"]


@dataclass(frozen=True, kw_only=True)
class PersonalizationStarted:
    """parent: path of the network that is copied and fine-tuned. drawings: how many it learns from. left_out:
    label → number of drawings whose label the network has no output for."""

    parent: str
    drawings: int
    left_out: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class PersonalizationProgress:
    """fraction: 0…1 of the work."""

    fraction: float


@dataclass(frozen=True, kw_only=True)
class WriterMetrics:
    """Metrics on the writer's drawings: how many, how many read correctly, and the mean cross-entropy.

    A drawing labelled as not a digit is read correctly where the network rejects it.
    """

    count: int
    correct: int
    loss: float


@dataclass(frozen=True, kw_only=True)
class RetentionMetrics:
    """Of count reference images by other writers: how many the parent and the new network read correctly."""

    count: int
    before: int
    after: int

    @property
    def lost(self) -> int:
        return self.before - self.after

    @property
    def accuracy_before(self) -> float:
        """0…1."""
        return self.before / self.count

    @property
    def accuracy_after(self) -> float:
        """0…1."""
        return self.after / self.count


@dataclass(frozen=True, kw_only=True)
class Reread:
    """A drawing whose reading became right or wrong.

    drawing: its id. before, after: the parent's and the new network's answer; None where it rejects the
    drawing. Whether it counts as fixed or broken is decided by a network that was trained without it: the
    new network, which was trained with it, may read a broken one correctly.
    """

    drawing: int
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class PersonalizationFinished:
    """The end with a result. weights: file of the new network, whatever the verdict.

    before, after: on the writer's drawings, each read by a network that was trained without it. reference:
    on other writers' digits; negatives: on drawings that are not digits, None for a network that rejects
    nothing. synthetic: whether the reference digits are synthetic, as MNIST is not at hand. fixed, broken:
    the drawings that only the new network reads correctly, and only the parent. with_memory: both networks
    read the writer's drawings with the memory of the others beside them.
    """

    weights: str
    parent: str
    verdict: Verdict
    before: WriterMetrics
    after: WriterMetrics
    reference: RetentionMetrics
    negatives: RetentionMetrics | None
    synthetic: bool
    fixed: tuple[Reread, ...]
    broken: tuple[Reread, ...]
    left_out: dict[str, int]
    with_memory: bool = False

    @property
    def passed(self) -> bool:
        """Whether the new network passes the gate."""
        return self.verdict in PASSED


@dataclass(frozen=True, kw_only=True)
class PersonalizationRefused:
    """There is nothing to learn from; nothing was trained.

    why: "few" drawings, count instead of wanted; all of them of "one label"; or a "contradiction": the same
    drawing has several labels. labels and drawings: those concerned, the latter as ids in the store.
    """

    why: Why
    count: int
    wanted: int
    labels: tuple[str, ...]
    drawings: tuple[int, ...]
    left_out: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class PersonalizationStopped:
    """It was stopped; nothing was written."""


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
