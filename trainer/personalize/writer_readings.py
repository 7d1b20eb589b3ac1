"""How a writer's drawings are read in cross-validation: by the network alone, or with the writer's memory.

With the memory a drawing is read as the window reads it, by the drawings of the other folds alone: its own
must not remember it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from trainer.models.rejection import split
from trainer.personalize.drawing_selection import SelectedDrawing
from trainer.personalize.finetuner import WriterData
from trainer.personalize.memory.reading import read_with_memory
from trainer.personalize.memory.store import memory_of

_LEAST = 1e-6  # probability: as that of the network alone, whose loss is bounded, too


@dataclass(frozen=True, kw_only=True, eq=False)
class WriterReadings:
    """correct: bool (count,), answered with the true label, or has none of the labels and is rejected. loss:
    mean negative log-likelihood of the truth. answers: labels; None where a drawing is rejected."""

    correct: Tensor
    loss: float
    answers: Sequence[str | None]


class WriterReader(Protocol):
    """How the writer's drawings are read from a network's logits."""

    def __call__(
        self, outputs: Tensor, *, temperature: float, threshold: float | None
    ) -> WriterReadings:
        """outputs: float32 (count, outputs), of every drawing. threshold: None: the parent's."""
        ...


class NetworkOnlyReader:
    """By the network alone."""

    def __init__(self, data: WriterData) -> None:
        self._data = data

    def __call__(
        self, outputs: Tensor, *, temperature: float, threshold: float | None
    ) -> WriterReadings:
        finetuner, targets = self._data.finetuner, self._data.targets
        return WriterReadings(
            correct=finetuner.correct(outputs, targets, threshold),
            loss=float(finetuner.losses(outputs, targets, temperature).mean()),
            answers=finetuner.answers(outputs, threshold),
        )


class MemoryReader:
    """By the network and the memory of the drawings of all other folds."""

    def __init__(self, data: WriterData, drawings: Sequence[SelectedDrawing]) -> None:
        """drawings: those of data, in the same order."""
        self._data, self._drawings = data, drawings
        folds: list[int] = data.fold.tolist()
        self._folds = folds
        outputs = data.finetuner.card.outputs
        #: A letter's case is the one that the network is trained on.
        self._labels = [outputs[target] for target in data.targets.tolist()]
        self._memories = [
            memory_of(
                (one.drawing, label)
                for one, label, of in zip(drawings, self._labels, folds, strict=True)
                if of != fold
            )
            for fold in range(data.folds)
        ]

    def __call__(
        self, outputs: Tensor, *, temperature: float, threshold: float | None
    ) -> WriterReadings:
        finetuner = self._data.finetuner
        labels = finetuner.card.labels
        logits, is_label = split(outputs, len(labels))
        probabilities = (logits / temperature).softmax(1).double().numpy()
        known = [None] * len(outputs) if is_label is None else is_label.tolist()
        threshold = finetuner.card.threshold if threshold is None else threshold
        correct: list[bool] = []
        losses: list[float] = []
        answers: list[str | None] = []
        for place, (one, label) in enumerate(zip(self._drawings, self._labels, strict=True)):
            found = read_with_memory(
                self._memories[self._folds[place]],
                one.drawing,
                one.picture,
                labels=labels,
                probabilities=probabilities[place],
                is_digit=known[place],
                threshold=threshold or 0.0,
            )
            answer = None if found.refused else found.label
            if label in labels:
                cases = [case for case in {label, label.swapcase()} if case in labels]
                truth = sum(float(found.probabilities[labels.index(case)]) for case in cases)
                truth *= 1.0 if found.is_known is None else found.is_known
                correct.append(answer is not None and answer.casefold() == label.casefold())
            else:
                truth = 1.0 if found.is_known is None else 1 - found.is_known
                correct.append(found.refused)
            losses.append(-math.log(max(truth, _LEAST)))
            answers.append(answer)
        return WriterReadings(
            correct=torch.tensor(correct), loss=math.fsum(losses) / len(losses), answers=answers
        )
