"""The gate: whether a fine-tuned network may replace its parent.

It is compared with the parent on the writer's drawings, each read by a network that was trained without it,
and on reference images of other writers, and drawings that are not digits, which none was trained on.
"""

from __future__ import annotations

from torch import Tensor, nn

from trainer.base.messages import Message
from trainer.personalize.cached_features import CachedFeatures
from trainer.personalize.events import (
    PersonalizationFinished,
    Reread,
    RetentionMetrics,
    Verdict,
    WriterMetrics,
)
from trainer.personalize.finetuner import WriterData
from trainer.personalize.rehearsal import CHARACTERS_SOURCE, SYNTHETIC
from trainer.personalize.writer_readings import MemoryReader, WriterReader, WriterReadings

#: The fraction of reference images that may be lost at most (one may always be), and of negatives.
TOLERANCE, NEGATIVES_TOLERANCE = 0.001, 0.03

#: With as many drawings read correctly, the loss on them must fall below this fraction of the parent's.
LOSS_FRACTION = 0.9


def evaluate(
    data: WriterData,
    read: WriterReader,
    held_out: Tensor,
    candidate: nn.Module,
    *,
    temperature: float,
    threshold: float | None,
    left_out: dict[str, int],
) -> PersonalizationFinished:
    """The metrics and the verdict; weights is yet to be filled in.

    read: how the writer's drawings are read. held_out: (count, outputs), logits of every drawing by a
    network that was trained without it. candidate: the last layers that were trained on all. temperature,
    threshold: the new network's.
    """
    finetuner, targets = data.finetuner, data.targets
    rehearsal = finetuner.rehearsal
    parent = data.originals.parent
    old = read(parent, temperature=finetuner.card.temperature, threshold=finetuner.card.threshold)
    new = read(held_out, temperature=temperature, threshold=threshold)

    def writer_metrics(readings: WriterReadings) -> WriterMetrics:
        correct = int(readings.correct.sum())
        return WriterMetrics(count=data.count, correct=correct, loss=readings.loss)

    def retention(images: CachedFeatures) -> RetentionMetrics:
        after = finetuner.correct(finetuner.outputs(candidate, images), images.targets, threshold)
        before = finetuner.correct(images.parent, images.targets)
        return RetentionMetrics(count=len(images), before=int(before.sum()), after=int(after.sum()))

    said_after = read(
        finetuner.outputs(candidate, data.originals), temperature=temperature, threshold=threshold
    ).answers

    def reread(which: Tensor) -> tuple[Reread, ...]:
        return tuple(
            Reread(
                drawing=data.ids[i],
                label=finetuner.card.outputs[int(targets[i])],
                before=old.answers[i],
                after=said_after[i],
            )
            for i in which.nonzero()[:, 0].tolist()
        )

    before, after = writer_metrics(old), writer_metrics(new)
    reference = retention(rehearsal.reference)
    negatives = None if rehearsal.negatives is None else retention(rehearsal.negatives)
    return PersonalizationFinished(
        weights="",
        parent=str(finetuner.parent),
        verdict=verdict_of(before, after, reference, negatives),
        before=before,
        after=after,
        reference=reference,
        negatives=negatives,
        synthetic=rehearsal.source in (SYNTHETIC, CHARACTERS_SOURCE),
        fixed=reread(new.correct & ~old.correct),
        broken=reread(old.correct & ~new.correct),
        left_out=left_out,
        with_memory=isinstance(read, MemoryReader),
    )


def verdict_of(
    before: WriterMetrics,
    after: WriterMetrics,
    reference: RetentionMetrics,
    negatives: RetentionMetrics | None,
) -> Verdict:
    """Forgetting first, then the number of drawings read correctly, then the loss."""
    if reference.lost > max(1, round(TOLERANCE * reference.count)):
        return "forgets"
    if negatives is not None and negatives.lost > NEGATIVES_TOLERANCE * negatives.count:
        return "answers more"
    if after.correct != before.correct:
        return "better" if after.correct > before.correct else "worse"
    return "surer" if after.loss < LOSS_FRACTION * before.loss else "no better"


def reason(finished: PersonalizationFinished) -> Message:
    """The verdict as a sentence with its numbers."""
    before, after = finished.before, finished.after
    counts = {"count": after.count, "before": before.correct, "after": after.correct}
    match finished.verdict:
        case "forgets":
            return Message.of(
                "personalize.forgets",
                "It would read other writers' drawings worse: {after:.2%} instead of {before:.2%}.",
                before=finished.reference.accuracy_before,
                after=finished.reference.accuracy_after,
            )
        case "answers more":
            assert finished.negatives is not None
            return Message.of(
                "personalize.answers-more",
                "It would reject fewer of the drawings that are not digits: {after} of {count} instead of "
                "{before}.",
                count=finished.negatives.count,
                before=finished.negatives.before,
                after=finished.negatives.after,
            )
        case "better":
            return Message.of(
                "personalize.better",
                "Of {count} drawings that were held out in turn it reads {after} correctly instead of "
                "{before}.",
                **counts,
            )
        case "worse":
            return Message.of(
                "personalize.worse",
                "It reads this writer worse: {after} of {count} drawings instead of {before}.",
                **counts,
            )
        case "surer":
            return Message.of(
                "personalize.surer",
                "It reads {after} of {count} drawings correctly, as before, with more certainty.",
                **counts,
            )
        case "no better":
            return Message.of(
                "personalize.no-better",
                "It reads this writer no better: {after} of {count} drawings correctly, as before.",
                **counts,
            )
