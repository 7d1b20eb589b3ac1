"""How well a network reads labelled pictures: accuracy, precision, recall, F1, confusion matrix."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from trainer.datasets import Part
from trainer.errors import DataError
from trainer.recognizer import Recognizer
from trainer.sources import Item

_BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class ClassFigures:
    label: str
    count: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """accuracy counts every labelled drawing; one that got no answer is wrong.

    precision, recall and f1 are macro averages, the plain means over `classes`, and like the confusion
    matrix look at answered drawings. confusion[i][j]: how many of true label i were read as j.
    unlabelled: drawings without a label; unknown: with one that the network does not have; neither counts.
    """

    count: int
    right: int
    unanswered: int
    errors: int
    unlabelled: int
    unknown: int
    accuracy: float
    precision: float
    recall: float
    f1: float
    labels: tuple[str, ...]
    classes: tuple[ClassFigures, ...]
    confusion: tuple[tuple[int, ...], ...]

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


class Tally:
    """Counts answers one batch at a time, so that a set of any size is evaluated in little memory."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = tuple(labels)
        self._places = {label: i for i, label in enumerate(labels)}
        self._answers: list[int] = []
        self._targets: list[int] = []
        self._unanswered = self._errors = self._unlabelled = self._unknown = 0

    def add(self, label: str | None, answer: int | None, *, error: bool = False) -> None:
        """One drawing: its true label, and the place of the network's answer (None: no answer)."""
        if label is None:
            self._unlabelled += 1
        elif label not in self._places:
            self._unknown += 1
        elif answer is None:
            self._unanswered += 1
            self._errors += error
        else:
            self._answers.append(answer)
            self._targets.append(self._places[label])

    def result(self) -> Evaluation:
        """Raises DataError where nothing had a label that the network knows."""
        count = len(self._targets) + self._unanswered
        if not count:
            raise DataError(
                "no drawing has a label that the network knows: there is nothing to evaluate. Labels come "
                'from "label" in a strokes file, or from the names of the folders that hold the images.'
            )
        return self._figures(count)

    def _figures(self, count: int) -> Evaluation:
        # torchmetrics takes a second to import: only where something is evaluated.
        from torchmetrics.functional.classification import (
            multiclass_confusion_matrix,
            multiclass_f1_score,
            multiclass_precision,
            multiclass_recall,
        )

        answers, targets = torch.tensor(self._answers), torch.tensor(self._targets)
        classes = len(self._labels)
        if len(targets):
            per_class: list[list[float]] = [
                figure(answers, targets, classes, average=None).tolist()
                for figure in (multiclass_precision, multiclass_recall, multiclass_f1_score)
            ]
            confusion = multiclass_confusion_matrix(answers, targets, classes).tolist()
        else:
            per_class = [[0.0] * classes] * 3
            confusion = [[0] * classes] * classes
        right = int((answers == targets).sum())
        # A class of which no drawing came says nothing about the network: it is left out of the means.
        seen = [i for i in range(classes) if sum(confusion[i])] or list(range(classes))
        macro = [sum(values[i] for i in seen) / len(seen) for values in per_class]
        return Evaluation(
            count=count,
            right=right,
            unanswered=self._unanswered,
            errors=self._errors,
            unlabelled=self._unlabelled,
            unknown=self._unknown,
            accuracy=right / count,
            precision=macro[0],
            recall=macro[1],
            f1=macro[2],
            labels=self._labels,
            classes=tuple(
                ClassFigures(
                    label=label,
                    count=sum(confusion[i]),
                    precision=per_class[0][i],
                    recall=per_class[1][i],
                    f1=per_class[2][i],
                )
                for i, label in enumerate(self._labels)
            ),
            confusion=tuple(tuple(row) for row in confusion),
        )


def evaluate_part(recognizer: Recognizer, part: Part) -> Evaluation:
    """The figures on a data set's part."""
    tally = Tally(recognizer.labels)
    for start in range(0, len(part), _BATCH):
        batch = part[start : start + _BATCH]
        answers = recognizer.logits(batch.pictures).argmax(1).tolist()
        for target, answer in zip(batch.targets, answers, strict=True):
            tally.add(part.labels[target], answer)
    return tally.result()


def evaluate_items(recognizer: Recognizer, items: Iterable[Item]) -> Evaluation:
    """The figures on drawings or images with labels."""
    tally = Tally(recognizer.labels)
    for item, probabilities in answer_items(recognizer, items):
        answer = None if probabilities is None else int(probabilities.argmax())
        tally.add(item.label, answer, error=item.error is not None)
    return tally.result()


def answer_items(
    recognizer: Recognizer, items: Iterable[Item]
) -> Iterable[tuple[Item, NDArray[np.float32] | None]]:
    """Every item in order with its probabilities (classes,), read by batches.

    None where nothing is drawn or the item could not be read.
    """
    waiting: list[Item] = []
    for item in items:
        waiting.append(item)
        if len(waiting) == _BATCH:
            yield from _answer(recognizer, waiting)
            waiting = []
    yield from _answer(recognizer, waiting)


def _answer(
    recognizer: Recognizer, items: list[Item]
) -> Iterable[tuple[Item, NDArray[np.float32] | None]]:
    pictures = [item.picture for item in items if item.picture is not None]
    rows = iter(recognizer.probabilities(pictures)) if pictures else iter(())
    for item in items:
        yield item, None if item.picture is None else next(rows)
