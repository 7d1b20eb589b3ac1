"""Learning one person's hand from a few drawings, without forgetting everyone else's.

Few drawings are made many by drawing them anew (trainer.datasets.hands). The first layers stay as they are,
so what they make of every picture is computed once. The last layers learn from the person's drawings and, in
every step, from twice as many others: MNIST where it is at hand, else digits that the program draws itself.
On those the network is held to what its parent says (distillation; Hinton, Vinyals, Dean 2015), which is
what keeps it from forgetting (Li, Hoiem 2016). Batch normalisation's statistics stay the parent's: a handful
of drawings by one person would spoil them.

Whether it helped is found by cross-validation: every drawing is read by a network that was taught without
it.
"""

from __future__ import annotations

import copy
import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from trainer.base.errors import InputError
from trainer.models.calibration import fit_temperature
from trainer.models.rejection import split
from trainer.models.weights import save_weights
from trainer.models.weights_card import TEMPERATURES
from trainer.personalize.drawing_selection import DrawingSelection
from trainer.personalize.events import KEPT, Verdict
from trainer.personalize.finetuner import FineTuneConfig, FineTuner, WriterData
from trainer.personalize.rehearsal import CachedFeatures

__all__ = [
    "TOLERANCE",
    "FineTuneConfig",
    "FineTuneEvent",
    "FineTuneProgress",
    "FineTuneResult",
    "FineTuner",
    "WriterMetrics",
    "personalize",
    "personalize_with",
]

#: The share of reference pictures that may be lost at most (one may always be), and of what is no digit.
TOLERANCE, NONE_TOLERANCE = 0.001, 0.03


#: How far to go from the parent to what was learned: the first with which the gate is passed (Wortsman et
#: al., "Robust fine-tuning of zero-shot models", CVPR 2022).
SHARES = (1.0, 0.6, 0.3)

_MEETING = 0.6  # of a lesson's time, where others' pictures are not kept from before

_BETTER = (
    0.9  # of the loss on held-out drawings: where the errors are as many, it must fall below this
)


@dataclass(frozen=True, kw_only=True)
class WriterMetrics:
    """How a person's drawings are read: how many, how many rightly, and the mean cross-entropy.

    One that is no digit by the person's word is read rightly where it gets no answer.
    """

    count: int
    right: int
    loss: float


@dataclass(frozen=True, kw_only=True)
class Retained:
    """Of so many pictures those that the old network reads rightly, and the new one."""

    count: int
    before: int
    after: int

    @property
    def lost(self) -> int:
        return self.before - self.after


@dataclass(frozen=True, kw_only=True)
class FineTuneProgress:
    """0…1."""

    share: float


@dataclass(frozen=True, kw_only=True)
class FineTuneResult:
    """The end of teaching. weights: a file with the new network, kept or not.

    before, after: the person's drawings, each read by a network that has not seen it. reference_before and
    reference_after: the share of others' `reference_count` pictures that is read rightly; reference_source:
    "MNIST", or "drawn by the program". To be read rightly is to be answered so. kept: whether it passes the
    gate; verdict, and reason in a sentence: why or why not. fixed, broken: places of the drawings that only
    the new network reads rightly, and only the old.
    """

    weights: str
    kept: bool
    verdict: Verdict
    reason: str
    before: WriterMetrics
    after: WriterMetrics
    reference_before: float
    reference_after: float
    reference_count: int
    reference_source: str
    fixed: tuple[int, ...]
    broken: tuple[int, ...]


FineTuneEvent = FineTuneProgress | FineTuneResult


def personalize(
    parent: Path,
    material: DrawingSelection,
    target: Path,
    *,
    data_folder: Path,
    config: FineTuneConfig | None = None,
    title: str = "",
    writer: str = "",
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[FineTuneEvent]:
    """Teaches a copy of the network in `parent` a person's drawings, and writes it to `target`.

    material: looked over (Material.check). title and writer go into the card. The last event is Taught,
    unless `should_stop` turned true: then nothing is written. Raises InputError where nothing would show
    what the network learns or forgets; WeightsError where the parent cannot be used; RunError where the
    file cannot be written.
    """
    yield FineTuneProgress(share=0)
    teacher = FineTuner(parent, config or FineTuneConfig())
    if writer and teacher.card.writer == writer:
        raise InputError(
            f"{parent.stem} has learned {writer}'s drawings already, so they cannot show whether it learns "
            "them better: teach the network that it was made from, or another one"
        )
    done = 0.0
    for share in teacher.meet(data_folder):
        if should_stop():
            return
        done = _MEETING * share
        yield FineTuneProgress(share=done)
    for event in personalize_with(
        teacher, material, target, title=title, writer=writer, should_stop=should_stop
    ):
        if isinstance(event, FineTuneProgress):
            yield FineTuneProgress(share=done + (1 - done) * event.share)
        else:
            yield event


def personalize_with(
    teacher: FineTuner,
    material: DrawingSelection,
    target: Path,
    *,
    title: str = "",
    writer: str = "",
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[FineTuneEvent]:
    """`teach`, by a teacher who has met others (Teacher.meet): for one hand after the other."""
    lesson = WriterData(teacher, material)
    if should_stop():
        return
    rounds = lesson.folds + 1
    pupils: list[nn.Module] = []
    for number in range(rounds):
        pupil = copy.deepcopy(teacher.tail)
        # The last is shown everything.
        for step in lesson.learn(pupil, lesson.fold != number):
            yield FineTuneProgress(share=(number + (step + 1) / teacher.config.steps) / rounds)
            if should_stop():
                return
        pupils.append(pupil)
    found = [_tried(lesson, pupils, SHARES[0])]
    for share in SHARES[1:]:
        if found[-1].taught.kept:
            break
        found.append(_tried(lesson, pupils, share))
    if should_stop():
        return
    # Where none passes, the whole way is what is told of.
    trial = found[-1] if found[-1].taught.kept else found[0]
    taught = trial.taught
    card = teacher.card
    new_card = replace(
        card,
        title=title or card.title,
        data=f"{card.data}; then {lesson.count:,} drawings by {writer or 'one writer'}",
        parent=teacher.parent.stem,
        parent_hash=teacher.parent_hash,
        writer=writer,
        temperature=trial.temperature,
        threshold=trial.threshold,
        created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        metrics={
            "hand_count": taught.before.count,
            "hand_right_before": taught.before.right / taught.before.count,
            "hand_right": taught.after.right / taught.after.count,
            "reference_before": taught.reference_before,
            "reference": taught.reference_after,
        },
    )
    save_weights(target, teacher.whole(trial.pupil), new_card)
    yield replace(taught, weights=str(target))


class _Trial(NamedTuple):
    pupil: nn.Module
    temperature: float
    threshold: float | None
    taught: FineTuneResult


def _tried(lesson: WriterData, pupils: Sequence[nn.Module], share: float) -> _Trial:
    """What comes of going this share of the way from the parent to each of the pupils, the last of which has
    seen everything, and the others all but their fold."""
    teacher = lesson.teacher
    *held, pupil = (_between(teacher.tail, pupil, share) for pupil in pupils)
    held_out = torch.empty_like(lesson.plain.parent)
    for number, one in enumerate(held):
        places = (lesson.fold == number).nonzero()[:, 0]
        held_out[places] = teacher.outputs(one, lesson.plain[places])
    temperature = _temperature(lesson, held_out, pupil)
    threshold = _threshold(lesson, pupil)
    taught = _judged(lesson, held_out, pupil, temperature, threshold)
    return _Trial(pupil, temperature, threshold, taught)


def _between(parent: nn.Module, pupil: nn.Module, share: float) -> nn.Module:
    """Weights on the line between the two: less of what was learned, and less of what was forgotten."""
    if share == 1:
        return pupil
    mixed = copy.deepcopy(pupil)
    with torch.no_grad():
        for old, new in zip(parent.parameters(), mixed.parameters(), strict=True):
            new.lerp_(old, 1 - share)
    return mixed


def _temperature(lesson: WriterData, held_out: Tensor, pupil: nn.Module) -> float:
    """The new network's: the parent's, changed as much as sharper outputs ask for.

    The parent's was fitted on more than is at hand here; what the two would get on the same pictures says by
    how much it changes.
    """
    teacher = lesson.teacher
    reference = teacher.others.reference

    def labels_of(mine: Tensor, theirs: Tensor) -> Tensor:
        return split(torch.cat([mine[known], theirs]), len(teacher.card.labels))[0]

    known = lesson.targets < len(teacher.card.labels)
    targets = torch.cat([lesson.targets[known], reference.targets])
    old = labels_of(lesson.plain.parent, reference.parent)
    new = labels_of(held_out, teacher.outputs(pupil, reference))
    # The hand as much as everyone else together: it is what will be read.
    mine = int(known.sum())
    shares = torch.full((len(targets),), 1 / len(reference))
    shares[:mine] = 1 / max(1, mine)
    fitted = [fit_temperature(labels, targets, shares) for labels in (old, new)]
    low, high = TEMPERATURES
    if min(fitted) < 1.01 * low or max(fitted) > 0.99 * high:
        # All is read rightly: the surer the better, without end. Then it is to be as sure as it was.
        fitted = [float((x.amax(1) - x.mean(1)).median()) for x in (old, new)]
    return min(high, max(low, teacher.card.temperature * fitted[1] / max(fitted[0], 1e-6)))


def _threshold(lesson: WriterData, pupil: nn.Module) -> float | None:
    """The new network's, at which it answers as many of others' digits as its parent does at its own."""
    teacher = lesson.teacher
    reference, count = teacher.others.reference, len(teacher.card.labels)
    old = split(reference.parent, count)[1]
    new = split(teacher.outputs(pupil, reference), count)[1]
    if old is None or new is None or teacher.card.threshold is None:
        return None
    refused = int((old < teacher.card.threshold).sum())
    said: list[float] = new.double().sort().values.clamp(0, 1).tolist()
    # The parent's, where it does: between two pictures' shares there may be much room.
    lowest = math.nextafter(said[refused - 1], 1) if refused else 0.0
    highest = said[refused] if refused < len(said) else 1.0
    return min(max(teacher.card.threshold, lowest), highest)


def _judged(
    lesson: WriterData,
    held_out: Tensor,
    pupil: nn.Module,
    temperature: float,
    threshold: float | None,
) -> FineTuneResult:
    """The gate. held_out: outputs for every drawing, by a network that was taught without it. temperature,
    threshold: of the new network."""
    teacher, targets = lesson.teacher, lesson.targets
    old, new = lesson.plain.parent, held_out
    old_right, new_right = teacher.right(old, targets), teacher.right(new, targets, threshold)

    def hand(outputs: Tensor, right: Tensor, degree: float) -> WriterMetrics:
        loss = float(teacher.losses(outputs, targets, degree).mean())
        return WriterMetrics(count=lesson.count, right=int(right.sum()), loss=loss)

    def figures(part: CachedFeatures) -> Retained:
        after = teacher.right(teacher.outputs(pupil, part), part.targets, threshold)
        before = teacher.right(part.parent, part.targets)
        return Retained(count=len(part), before=int(before.sum()), after=int(after.sum()))

    others = teacher.others
    digits = figures(others.reference)
    none = figures(others.negatives) if others.negatives is not None else None
    before = hand(old, old_right, teacher.card.temperature)
    after = hand(new, new_right, temperature)
    verdict = verdict_of(before, after, digits, none)

    def places(which: Tensor) -> tuple[int, ...]:
        return tuple(lesson.places[i] for i in which.nonzero()[:, 0].tolist())

    return FineTuneResult(
        weights="",
        kept=verdict in KEPT,
        verdict=verdict,
        reason=_reason(verdict, before, after, digits, none),
        before=before,
        after=after,
        reference_before=digits.before / digits.count,
        reference_after=digits.after / digits.count,
        reference_count=digits.count,
        reference_source=others.source,
        fixed=places(new_right & ~old_right),
        broken=places(old_right & ~new_right),
    )


def verdict_of(
    before: WriterMetrics, after: WriterMetrics, digits: Retained, none: Retained | None
) -> Verdict:
    """What comes of the figures: of the hand, of others' digits, and of what is to be refused."""
    if digits.lost > max(1, round(TOLERANCE * digits.count)):
        return "forgets"
    if none is not None and none.lost > NONE_TOLERANCE * none.count:
        return "answers more"
    if after.right != before.right:
        return "better" if after.right > before.right else "worse"
    return "surer" if after.loss < _BETTER * before.loss else "no better"


def _reason(
    verdict: Verdict,
    before: WriterMetrics,
    after: WriterMetrics,
    digits: Retained,
    none: Retained | None,
) -> str:
    """In a sentence."""
    match verdict:
        case "forgets":
            old, new = digits.before / digits.count, digits.after / digits.count
            return f"It would read others' digits worse: {new:.2%} instead of {old:.2%}."
        case "answers more":
            assert none is not None
            return (
                f"It would refuse less of what is no digit: {none.after} of {none.count} drawings "
                f"instead of {none.before}."
            )
        case "better":
            return (
                f"Of {after.count} drawings it reads {after.right} rightly without having seen them, "
                f"instead of {before.right}."
            )
        case "worse":
            return (
                f"It reads this hand worse: {after.right} of {after.count} drawings instead of "
                f"{before.right}."
            )
        case "surer":
            return (
                f"It reads {after.right} of {after.count} drawings rightly as before, and is surer of "
                "them."
            )
        case "no better":
            return (
                f"It reads this hand no better: {after.right} of {after.count} drawings rightly, as "
                "before."
            )
