"""How well a network reads labelled pictures: accuracy, precision, recall, F1, confusion matrix."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from trainer.base.errors import DataError
from trainer.base.labels import DIGIT_SHAPED
from trainer.datasets import Split
from trainer.models.recognizer import Answers, Recognizer
from trainer.picture.input_files import Item

_BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class ClassMetrics:
    label: str
    count: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """accuracy counts every labelled drawing; one that got no answer is wrong.

    A drawing that the network refuses counts by its nearest guess; `refused` says how many there are.
    precision, recall and f1 are macro averages, the plain means over `classes`, and like the confusion
    matrix look at answered drawings. confusion[i][j]: how many of true label i were read as j.
    unlabelled: drawings without a label; unknown: with one that the network does not have; neither counts.
    unknown_refused: how many of the unknown the network refuses, None where it answers everything;
    look_alikes: how many of them are written as some digit is (trainer.base.labels), and look_alikes_refused.
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
    classes: tuple[ClassMetrics, ...]
    confusion: tuple[tuple[int, ...], ...]
    refused: int | None = None
    unknown_refused: int | None = None
    look_alikes: int = 0
    look_alikes_refused: int = 0

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
        self._refuses = False
        self._refused = self._unknown_refused = self._alike = self._alike_refused = 0

    def add(
        self,
        label: str | None,
        answer: int | None,
        *,
        error: bool = False,
        refused: bool | None = None,
    ) -> None:
        """One drawing: its true label, and the place of the network's answer (None: no answer), or of its
        guess where it refused one. refused: None where the network cannot."""
        self._refuses |= refused is not None
        refused = bool(refused) or answer is None
        if label is None:
            self._unlabelled += 1
            return
        if label not in self._places:
            self._unknown += 1
            self._unknown_refused += refused
            if label in DIGIT_SHAPED:
                self._alike += 1
                self._alike_refused += refused
            return
        self._refused += refused
        if answer is None:
            self._unanswered += 1
            self._errors += error
        else:
            self._answers.append(answer)
            self._targets.append(self._places[label])

    def result(self) -> Evaluation:
        """Raises DataError where nothing had a label that the network knows, and it refuses nothing."""
        count = len(self._targets) + self._unanswered
        if not count and not (self._refuses and self._unknown):
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
            accuracy=right / count if count else 0.0,
            precision=macro[0],
            recall=macro[1],
            f1=macro[2],
            labels=self._labels,
            classes=tuple(
                ClassMetrics(
                    label=label,
                    count=sum(confusion[i]),
                    precision=per_class[0][i],
                    recall=per_class[1][i],
                    f1=per_class[2][i],
                )
                for i, label in enumerate(self._labels)
            ),
            confusion=tuple(tuple(row) for row in confusion),
            refused=self._refused if self._refuses else None,
            unknown_refused=self._unknown_refused if self._refuses else None,
            look_alikes=self._alike,
            look_alikes_refused=self._alike_refused if self._refuses else 0,
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


def evaluate_split(
    recognizer: Recognizer, part: Split, *, readings: Readings | None = None
) -> Evaluation:
    """The figures on a data set's part; what was answered to each picture goes into `readings`."""
    tally = Tally(recognizer.labels)
    for start in range(0, len(part), _BATCH):
        batch = part[start : start + _BATCH]
        found = recognizer.answers(batch.pictures)
        for i, target in enumerate(batch.targets):
            label = part.labels[target]
            tally.add(label, int(found.logits[i].argmax()), refused=_refused(recognizer, found, i))
            if readings is not None:
                logits = torch.from_numpy(found.logits[i])
                readings.add(label, logits, batch.pictures[i], place=start + i)
    return tally.result()


def evaluate_items(
    recognizer: Recognizer, items: Iterable[Item], *, readings: Readings | None = None
) -> Evaluation:
    """The figures on drawings or images with labels; what was answered goes into `readings`."""
    tally = Tally(recognizer.labels)
    for item, answer in answer_items(recognizer, items):
        tally.add(
            item.label,
            None if answer is None else answer.guess,
            error=item.error is not None,
            refused=None if answer is None else answer.refused,
        )
        if readings is not None and answer is not None and item.picture is not None:
            logits = torch.from_numpy(answer.logits)
            readings.add(item.label, logits, item.picture, place=item.index, source=item.source)
    return tally.result()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What a network says to one picture. logits, probabilities: float32 (labels,).

    guess: place of the most probable label. is_digit: how probable it is that the picture shows one of them;
    None where the network cannot tell, and so is refused: whether that is too little for an answer.
    """

    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    guess: int
    is_digit: float | None
    refused: bool | None


def answer_items(
    recognizer: Recognizer, items: Iterable[Item]
) -> Iterator[tuple[Item, Answer | None]]:
    """Every item in order with its answer, read by batches.

    None where nothing is drawn or the item could not be read.
    """
    items = iter(items)
    while batch := list(itertools.islice(items, _BATCH)):
        pictures = [item.picture for item in batch if item.picture is not None]
        found = recognizer.answers(pictures) if pictures else None
        place = 0
        for item in batch:
            if item.picture is None or found is None:
                yield item, None
                continue
            yield (
                item,
                Answer(
                    logits=found.logits[place],
                    probabilities=found.probabilities[place],
                    guess=int(found.logits[place].argmax()),
                    is_digit=None if found.is_digit is None else float(found.is_digit[place]),
                    refused=_refused(recognizer, found, place),
                ),
            )
            place += 1


def _refused(recognizer: Recognizer, found: Answers, place: int) -> bool | None:
    return None if found.is_digit is None else bool(found.is_digit[place] < recognizer.threshold)
