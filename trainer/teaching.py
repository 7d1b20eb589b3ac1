"""Learning one person's hand from a few drawings, without forgetting everyone else's.

Few drawings are made many by drawing them anew (trainer.datasets.hands). The first layers stay as they are,
so what they make of every picture is computed once. The last layers learn from the person's drawings and, in
every step, from as many others: MNIST where it is at hand, else digits that the program draws itself. On
those the network is held to what its parent says (distillation; Hinton, Vinyals, Dean 2015), which is what
keeps it from forgetting (Li, Hoiem 2016). Batch normalisation's statistics stay the parent's: a handful of
drawings by one person would spoil them.

Whether it helped is found by cross-validation: every drawing is read by a network that was taught without
it.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.drawings.entries import WeightsId
from trainer.strokes import Drawing
from trainer.teacher import FEWEST, Lesson, TeachConfig, Teacher
from trainer.weights import save_weights

__all__ = [
    "FEWEST",
    "TOLERANCE",
    "HandFigures",
    "Taught",
    "TeachConfig",
    "TeachEvent",
    "TeachProgress",
    "Teacher",
    "teach",
    "teach_with",
]

#: The share of reference pictures that may be lost at most.
TOLERANCE = 0.001

_BETTER = (
    0.9  # of the loss on held-out drawings: where the errors are as many, it must fall below this
)


@dataclass(frozen=True, kw_only=True)
class HandFigures:
    """How a person's drawings are read: how many, how many rightly, and the mean cross-entropy.

    One that is no digit by the person's word is read rightly where it gets no answer.
    """

    count: int
    right: int
    loss: float


@dataclass(frozen=True, kw_only=True)
class TeachProgress:
    """0…1."""

    share: float


@dataclass(frozen=True, kw_only=True)
class Taught:
    """The end of teaching. weights: a file with the new network, kept or not.

    before, after: the person's drawings, each read by a network that has not seen it. reference_before and
    reference_after: the share of others' `reference_count` pictures that is read rightly. kept: whether it
    passes the gate; reason: in a sentence, why or why not. fixed, broken: places of the drawings that only
    the new network reads rightly, and only the old.
    """

    weights: str
    kept: bool
    reason: str
    before: HandFigures
    after: HandFigures
    reference_before: float
    reference_after: float
    reference_count: int
    fixed: tuple[int, ...]
    broken: tuple[int, ...]


TeachEvent = TeachProgress | Taught


def teach(
    parent: Path,
    drawings: Sequence[tuple[Drawing, str]],
    target: Path,
    *,
    data_folder: Path,
    config: TeachConfig | None = None,
    title: str = "",
    writer: str = "",
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[TeachEvent]:
    """Teaches a copy of the network in `parent` these drawings with their labels, and writes it to `target`.

    title and writer go into its card. The last event is Taught, unless `should_stop` turned true: then
    nothing is written. Raises InputError for drawings that cannot be learned from, saying why; WeightsError
    where the parent cannot be used; RunError where the file cannot be written.
    """
    teacher = Teacher(parent, data_folder=data_folder, config=config or TeachConfig())
    yield from teach_with(
        teacher, drawings, target, title=title, writer=writer, should_stop=should_stop
    )


def teach_with(
    teacher: Teacher,
    drawings: Sequence[tuple[Drawing, str]],
    target: Path,
    *,
    title: str = "",
    writer: str = "",
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[TeachEvent]:
    """`teach`, by a teacher that is there: for one hand after the other."""
    lesson = Lesson(teacher, drawings)
    rounds = lesson.folds + 1
    held_out = torch.empty_like(lesson.plain.parent)
    for number in range(rounds):
        last = number == lesson.folds
        shown = torch.ones(lesson.count, dtype=torch.bool)
        if not last:
            shown = lesson.fold != number
        pupil = copy.deepcopy(teacher.tail)
        for step in lesson.learn(pupil, shown):
            yield TeachProgress(share=(number + (step + 1) / teacher.config.steps) / rounds)
            if should_stop():
                return
        if not last:
            places = (~shown).nonzero()[:, 0]
            held_out[places] = teacher.outputs(pupil, lesson.plain[places])
    taught = _judged(lesson, held_out, pupil)
    card = teacher.card
    new_card = replace(
        card,
        title=title or card.title,
        data=f"{card.data}; then {lesson.count:,} drawings by {writer or 'one writer'}",
        parent=teacher.parent.stem,
        parent_hash=WeightsId.of(teacher.parent).hash,
        writer=writer,
        created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        metrics={
            **card.metrics,
            "hand_count": taught.before.count,
            "hand_right_before": taught.before.right / taught.before.count,
            "hand_right": taught.after.right / taught.after.count,
            "reference_before": taught.reference_before,
            "reference": taught.reference_after,
        },
    )
    save_weights(target, teacher.whole(pupil), new_card)
    yield replace(taught, weights=str(target))


def _judged(lesson: Lesson, held_out: Tensor, pupil: nn.Module) -> Taught:
    """The gate. held_out: outputs for every drawing, by a network that was taught without it."""
    teacher, targets = lesson.teacher, lesson.targets
    old_outputs = lesson.plain.parent
    old_right, new_right = (teacher.right(x, targets) for x in (old_outputs, held_out))
    before, after = (
        HandFigures(
            count=lesson.count,
            right=int(right.sum()),
            loss=float(F.cross_entropy(outputs, targets)),
        )
        for right, outputs in ((old_right, old_outputs), (new_right, held_out))
    )
    reference = teacher.reference
    shares = [
        float(teacher.right(outputs, reference.targets).float().mean())
        for outputs in (reference.parent, teacher.outputs(pupil, reference))
    ]
    kept, reason = _gate(before, after, *shares)
    return Taught(
        weights="",
        kept=kept,
        reason=reason,
        before=before,
        after=after,
        reference_before=shares[0],
        reference_after=shares[1],
        reference_count=len(reference),
        fixed=tuple((new_right & ~old_right).nonzero()[:, 0].tolist()),
        broken=tuple((old_right & ~new_right).nonzero()[:, 0].tolist()),
    )


def _gate(
    before: HandFigures, after: HandFigures, reference_before: float, reference_after: float
) -> tuple[bool, str]:
    """Whether the new network is kept, and why or why not."""
    lost = reference_before - reference_after
    if lost > TOLERANCE:
        return False, (
            f"It would read others' digits worse: {reference_after:.2%} instead of {reference_before:.2%}."
        )
    if after.right > before.right:
        return True, (
            f"Of {after.count} drawings it reads {after.right} rightly without having seen them, instead "
            f"of {before.right}."
        )
    if after.right < before.right:
        return False, (
            f"It reads this hand worse: {after.right} of {after.count} drawings instead of {before.right}."
        )
    if after.loss < _BETTER * before.loss:
        return True, (
            f"It reads {after.right} of {after.count} drawings rightly as before, and is surer of them."
        )
    return False, (
        f"It reads this hand no better: {after.right} of {after.count} drawings rightly, as before."
    )
