"""How well a network reads labelled pictures: accuracy, precision, recall, F1, confusion matrix."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from trainer.datasets import Part
from trainer.errors import DataError
from trainer.recognizer import Recognizer
from trainer.sources import Item

_BATCH = 1000
_Row = TypeVar("_Row")


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


class Readings:
    """What was answered to every labelled picture: what a report is made of, over the bare figures.

    A kilobyte a picture. Only pictures that count are kept: with a label that the network knows.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self._places = {label: i for i, label in enumerate(labels)}
        self._logits: list[torch.Tensor] = []
        self._targets: list[int] = []
        self._pictures: list[NDArray[np.uint8]] = []
        self.places: list[int] = []
        self.sources: list[str] = []

    def add(
        self,
        label: str | None,
        logits: torch.Tensor,
        picture: NDArray[np.uint8],
        *,
        place: int,
        source: str = "",
    ) -> None:
        """logits: float32 (classes,). picture: uint8 (28, 28), at `place` of the file or the part."""
        if label in self._places:
            self._logits.append(logits)
            self._targets.append(self._places[label])
            self._pictures.append(picture)
            self.places.append(place)
            self.sources.append(source)

    def __len__(self) -> int:
        return len(self._targets)

    @property
    def logits(self) -> torch.Tensor:
        """float32 (N, classes)."""
        return torch.stack(self._logits) if self._logits else torch.zeros(0, len(self._places))

    @property
    def targets(self) -> torch.Tensor:
        """int64 (N,): places among the network's labels."""
        return torch.tensor(self._targets)

    @property
    def pictures(self) -> NDArray[np.uint8]:
        """uint8 (N, 28, 28)."""
        return np.array(self._pictures, np.uint8).reshape(-1, 28, 28)


def evaluate_part(
    recognizer: Recognizer, part: Part, *, readings: Readings | None = None
) -> Evaluation:
    """The figures on a data set's part; what was answered to each picture goes into `readings`."""
    tally = Tally(recognizer.labels)
    for start in range(0, len(part), _BATCH):
        batch = part[start : start + _BATCH]
        logits = recognizer.logits(batch.pictures)
        answers = logits.argmax(1).tolist()
        for i, (target, answer) in enumerate(zip(batch.targets, answers, strict=True)):
            label = part.labels[target]
            tally.add(label, answer)
            if readings is not None:
                readings.add(label, logits[i], batch.pictures[i], place=start + i)
    return tally.result()


def evaluate_items(
    recognizer: Recognizer, items: Iterable[Item], *, readings: Readings | None = None
) -> Evaluation:
    """The figures on drawings or images with labels; what was answered goes into `readings`."""
    tally = Tally(recognizer.labels)
    for item, logits in _read_items(items, recognizer.logits):
        answer = None if logits is None else int(logits.argmax())
        tally.add(item.label, answer, error=item.error is not None)
        if readings is not None and logits is not None and item.picture is not None:
            readings.add(item.label, logits, item.picture, place=item.index, source=item.source)
    return tally.result()


def answer_items(
    recognizer: Recognizer, items: Iterable[Item]
) -> Iterable[tuple[Item, NDArray[np.float32] | None]]:
    """Every item in order with its probabilities (classes,), read by batches.

    None where nothing is drawn or the item could not be read.
    """
    return _read_items(items, recognizer.probabilities)


def _read_items(
    items: Iterable[Item], read: Callable[[list[NDArray[np.uint8]]], Iterable[_Row]]
) -> Iterator[tuple[Item, _Row | None]]:
    """Every item with its row of what `read` gives for many pictures at once."""
    items = iter(items)
    while batch := list(itertools.islice(items, _BATCH)):
        pictures = [item.picture for item in batch if item.picture is not None]
        rows = iter(read(pictures)) if pictures else iter(())
        for item in batch:
            yield item, None if item.picture is None else next(rows)
