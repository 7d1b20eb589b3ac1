"""Fine-tuning a network to one writer from a few drawings, without forgetting all other writers.

Few drawings become many by redrawing them (trainer.datasets.augmentation.redrawing). The first layers are
frozen, so their features are computed once. The last layers are trained on the writer's drawings and, in
every step, on twice as many rehearsal images: MNIST where it is at hand, else synthetic digits. On those the
network is held to its parent's outputs (distillation; Hinton, Vinyals, Dean 2015), which keeps it from
forgetting (Li, Hoiem 2016). The statistics of batch normalisation stay the parent's: a handful of drawings by
one writer would spoil them.

Whether it helped is found by cross-validation: every drawing is read by a network that was trained without
it (trainer.personalize.gate).
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from trainer import __version__
from trainer.base.errors import InputError
from trainer.models.weights import network_name, save_weights
from trainer.models.weights_card import WeightsCard
from trainer.personalize.drawing_selection import DrawingSelection
from trainer.personalize.events import (
    PersonalizationEvent,
    PersonalizationFinished,
    PersonalizationProgress,
    PersonalizationStopped,
)
from trainer.personalize.finetuner import FineTuneConfig, FineTuner, WriterData
from trainer.personalize.gate import evaluate
from trainer.personalize.recalibration import temperature_of, threshold_of
from trainer.personalize.writer_readings import MemoryReader, NetworkOnlyReader, WriterReader

#: How far to go from the parent to the fine-tuned weights: the first that passes the gate (Wortsman et al.,
#: "Robust fine-tuning of zero-shot models", CVPR 2022).
FRACTIONS = (1.0, 0.6, 0.3)

_PREPARATION = 0.6  # of the time, where the rehearsal data is not in the cache


def personalize(
    parent: Path,
    selection: DrawingSelection,
    target: Path,
    *,
    data_folder: Path,
    config: FineTuneConfig | None = None,
    title: str = "",
    writer: str = "",
    with_memory: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[PersonalizationEvent]:
    """Fine-tunes a copy of the network in `parent` to a writer's drawings, and writes it to `target`.

    selection: one without a fault (DrawingSelection.check). title and writer go into the card. with_memory:
    the gate compares both networks as they read beside the memory of these drawings. The last event is
    PersonalizationFinished, or PersonalizationStopped once `should_stop` is true: then nothing is written.
    Raises InputError where nothing can measure what the network learns or forgets; WeightsError where the
    parent cannot be used; RunError where the file cannot be written.
    """
    yield PersonalizationProgress(fraction=0)
    finetuner = FineTuner(parent, config or FineTuneConfig())
    if writer and finetuner.card.writer == writer:
        raise InputError(
            "personalize.learned-already",
            "{network} has learned {writer}'s drawings already, so they cannot show whether it learns "
            "them better: personalize the network that it was made from, or another one",
            network=network_name(parent),
            writer=writer,
        )
    done = 0.0
    for fraction in finetuner.prepare(data_folder):
        if should_stop():
            yield PersonalizationStopped()
            return
        done = _PREPARATION * fraction
        yield PersonalizationProgress(fraction=done)
    for event in personalize_with(
        finetuner,
        selection,
        target,
        title=title,
        writer=writer,
        with_memory=with_memory,
        should_stop=should_stop,
    ):
        if isinstance(event, PersonalizationProgress):
            yield PersonalizationProgress(fraction=done + (1 - done) * event.fraction)
        else:
            yield event


def personalize_with(
    finetuner: FineTuner,
    selection: DrawingSelection,
    target: Path,
    *,
    title: str = "",
    writer: str = "",
    with_memory: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[PersonalizationEvent]:
    """`personalize` with a prepared FineTuner: for one writer after the other."""
    data = WriterData(finetuner, selection)
    trained: list[nn.Module] = []
    for event in _train(data, trained):
        if should_stop():
            break
        yield event
    if should_stop():
        yield PersonalizationStopped()
        return
    read = MemoryReader(data, selection.drawings) if with_memory else NetworkOnlyReader(data)
    candidates = [_candidate(data, read, trained, FRACTIONS[0], selection.left_out)]
    for fraction in FRACTIONS[1:]:
        if candidates[-1].finished.passed:
            break
        candidates.append(_candidate(data, read, trained, fraction, selection.left_out))
    if should_stop():
        yield PersonalizationStopped()
        return
    # Where none passes, the result is the fully fine-tuned one.
    chosen = candidates[-1] if candidates[-1].finished.passed else candidates[0]
    save_weights(
        target,
        finetuner.assembled(chosen.tail),
        _card(finetuner, chosen, title=title, writer=writer),
    )
    yield replace(chosen.finished, weights=str(target))


def _train(data: WriterData, trained: list[nn.Module]) -> Iterator[PersonalizationProgress]:
    """Appends last layers: those trained without each fold, and at the end those trained on all."""
    rounds = data.folds + 1
    for number in range(rounds):
        candidate = copy.deepcopy(data.finetuner.tail)
        for step in data.train(candidate, data.fold != number):
            yield PersonalizationProgress(
                fraction=(number + (step + 1) / data.config.steps) / rounds
            )
        trained.append(candidate)


class _Candidate(NamedTuple):
    tail: nn.Module
    temperature: float
    threshold: float | None
    finished: PersonalizationFinished


def _candidate(
    data: WriterData,
    read: WriterReader,
    trained: Sequence[nn.Module],
    fraction: float,
    left_out: dict[str, int],
) -> _Candidate:
    """Evaluates the weights at this fraction of the way from the parent to the trained ones."""
    finetuner = data.finetuner
    *without_fold, tail = (_interpolated(finetuner.tail, one, fraction) for one in trained)
    held_out = torch.empty_like(data.originals.parent)
    for number, one in enumerate(without_fold):
        places = (data.fold == number).nonzero()[:, 0]
        held_out[places] = finetuner.outputs(one, data.originals[places])
    temperature = temperature_of(data, held_out, tail)
    threshold = threshold_of(data, tail)
    finished = evaluate(
        data, read, held_out, tail, temperature=temperature, threshold=threshold, left_out=left_out
    )
    return _Candidate(tail, temperature, threshold, finished)


def _interpolated(parent: nn.Module, trained: nn.Module, fraction: float) -> nn.Module:
    """Weights on the line between the two: less of what was learned, and less of what was forgotten."""
    if fraction == 1:
        return trained
    mixed = copy.deepcopy(trained)
    with torch.no_grad():
        for old, new in zip(parent.parameters(), mixed.parameters(), strict=True):
            new.lerp_(old, 1 - fraction)
    return mixed


def _card(finetuner: FineTuner, chosen: _Candidate, *, title: str, writer: str) -> WeightsCard:
    finished = chosen.finished
    card = finetuner.card.personalized_to(writer, finished.after.count)
    return replace(
        card,
        title=title or card.title,
        parent=network_name(finetuner.parent),
        parent_hash=finetuner.parent_hash,
        program=f"handwrite {__version__}",
        temperature=chosen.temperature,
        threshold=chosen.threshold,
        created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        metrics={
            "hand_count": finished.before.count,
            "hand_right_before": finished.before.correct / finished.before.count,
            "hand_right": finished.after.correct / finished.after.count,
            "reference_before": finished.reference.accuracy_before,
            "reference": finished.reference.accuracy_after,
        },
    )
