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
from trainer.personalize.rehearsal import SYNTHETIC

#: The fraction of reference images that may be lost at most (one may always be), and of negatives.
TOLERANCE, NEGATIVES_TOLERANCE = 0.001, 0.03

#: With as many drawings read correctly, the loss on them must fall below this fraction of the parent's.
LOSS_FRACTION = 0.9


def evaluate(
    data: WriterData,
    held_out: Tensor,
    candidate: nn.Module,
    *,
    temperature: float,
    threshold: float | None,
    left_out: dict[str, int],
) -> PersonalizationFinished:
    """The metrics and the verdict; weights is yet to be filled in.

    held_out: (count, outputs), logits of every drawing by a network that was trained without it.
    candidate: the last layers that were trained on all. temperature, threshold: the new network's.
    """
    finetuner, targets = data.finetuner, data.targets
    rehearsal = finetuner.rehearsal
    parent = data.originals.parent
    old = finetuner.correct(parent, targets)
    new = finetuner.correct(held_out, targets, threshold)

    def writer_metrics(outputs: Tensor, correct: Tensor, degree: float) -> WriterMetrics:
        loss = float(finetuner.losses(outputs, targets, degree).mean())
        return WriterMetrics(count=data.count, correct=int(correct.sum()), loss=loss)

    def retention(images: CachedFeatures) -> RetentionMetrics:
        after = finetuner.correct(finetuner.outputs(candidate, images), images.targets, threshold)
        before = finetuner.correct(images.parent, images.targets)
        return RetentionMetrics(count=len(images), before=int(before.sum()), after=int(after.sum()))

    said_before = finetuner.answers(parent)
    said_after = finetuner.answers(finetuner.outputs(candidate, data.originals), threshold)

    def reread(which: Tensor) -> tuple[Reread, ...]:
        return tuple(
            Reread(
                drawing=data.ids[i],
                label=finetuner.card.outputs[int(targets[i])],
                before=said_before[i],
                after=said_after[i],
            )
            for i in which.nonzero()[:, 0].tolist()
        )

    before = writer_metrics(parent, old, finetuner.card.temperature)
    after = writer_metrics(held_out, new, temperature)
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
        synthetic=rehearsal.source == SYNTHETIC,
        fixed=reread(new & ~old),
        broken=reread(old & ~new),
        left_out=left_out,
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
                "It would read other writers' digits worse: {after:.2%} instead of {before:.2%}.",
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
