"""A network's answers to labelled drawings, counted: what `evaluate` and a report are made of."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from trainer.base.errors import DataError
from trainer.base.labels import DIGIT_SHAPED
from trainer.datasets import Split
from trainer.evaluation.metrics import (
    Evaluation,
    calibration_error,
    class_metrics,
    confusion_matrix,
    cross_entropy,
    log_probabilities,
    macro_mean,
    reliability,
)
from trainer.models.label_modes import in_mode, labels_in_mode, restrict
from trainer.models.recognizer import Answers, Recognizer
from trainer.picture.input_files import Item

_BATCH = 1000
_TINY = 1e-12


class Tally:
    """Counts answers one at a time; of each it keeps the logits, not the image.

    temperature: of the network's probabilities, for loss and calibration error.
    """

    def __init__(self, labels: Sequence[str], *, temperature: float = 1.0) -> None:
        self._labels = tuple(labels)
        self._positions = {label: i for i, label in enumerate(labels)}
        self._temperature = temperature
        self._answers: list[int] = []
        self._targets: list[int] = []
        self._logits: list[NDArray[np.float32]] = []
        self._unanswered = np.zeros(len(labels), np.int64)  # by class
        self._errors = self._unlabelled = self._unknown = 0
        self._refuses = False
        self._refused = self._unknown_refused = self._alike = self._alike_refused = 0

    def add(
        self,
        label: str | None,
        answer: int | None,
        *,
        logits: NDArray[np.float32] | None = None,
        error: bool = False,
        refused: bool | None = None,
    ) -> None:
        """Counts one drawing: its true label, and the position of the network's answer among the labels
        (None: no answer), or of its guess where it refused one.

        logits: float32 (classes,); without those of every answer there is no loss. error: the drawing could
        not be read. refused: None for a network that cannot refuse.
        """
        self._refuses |= refused is not None
        if label is None:
            self._unlabelled += 1
        elif label not in self._positions:
            unknown_refused = bool(refused) or answer is None
            self._unknown += 1
            self._unknown_refused += unknown_refused
            if label in DIGIT_SHAPED:
                self._alike += 1
                self._alike_refused += unknown_refused
        elif answer is None:
            self._unanswered[self._positions[label]] += 1
            self._errors += error
        else:
            self._refused += bool(refused)
            self._answers.append(answer)
            self._targets.append(self._positions[label])
            if logits is not None:
                self._logits.append(logits)

    def result(self) -> Evaluation:
        """Raises DataError where no drawing had a label that the network knows, unless it can refuse and
        there were drawings of other labels."""
        count = len(self._targets) + int(self._unanswered.sum())
        if not count and not (self._refuses and self._unknown):
            raise DataError(
                "evaluation.no-labels",
                "no drawing has a label that the network knows: there is nothing to evaluate. Labels come "
                'from "label" in a strokes file, or from the names of the folders that hold the images.',
            )
        targets, answers = np.array(self._targets, np.int64), np.array(self._answers, np.int64)
        confusion = confusion_matrix(targets, answers, len(self._labels))
        classes = class_metrics(confusion, self._unanswered, self._labels)
        right = int(np.trace(confusion))
        loss, error = self._loss_and_calibration_error(targets, answers)
        return Evaluation(
            count=count,
            right=right,
            unanswered=int(self._unanswered.sum()),
            errors=self._errors,
            unlabelled=self._unlabelled,
            unknown=self._unknown,
            accuracy=right / count if count else None,
            precision=macro_mean([row.precision for row in classes]),
            recall=macro_mean([row.recall for row in classes]),
            f1=macro_mean([row.f1 for row in classes]),
            labels=self._labels,
            classes=classes,
            confusion=tuple(map(tuple, confusion.tolist())),
            loss=loss,
            calibration_error=error,
            refused=self._refused if self._refuses else None,
            unknown_refused=self._unknown_refused if self._refuses else None,
            look_alikes=self._alike,
            look_alikes_refused=self._alike_refused if self._refuses else 0,
        )

    def _loss_and_calibration_error(
        self, targets: NDArray[np.int64], answers: NDArray[np.int64]
    ) -> tuple[float | None, float | None]:
        if not self._logits or len(self._logits) != len(targets):
            return None, None
        logs = log_probabilities(np.stack(self._logits), self._temperature)
        confidences = np.exp(logs[np.arange(len(answers)), answers])
        error = calibration_error(reliability(confidences, answers == targets))
        return float(cross_entropy(logs, targets).mean()), error


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A row of the table of predictions.

    source, index: the file, and the drawing's line or place in it. label: the true one, None where none is
    named. state: "answered", "refused", "empty" (nothing is drawn) or "unreadable". guess: the most probable
    label, and its probability; the answer where there is one. label_probability: the true label's. counts:
    whether the network has the label, so that the drawing counts in the metrics.
    """

    source: str
    index: int
    label: str | None
    state: str
    guess: str | None = None
    probability: float | None = None
    label_probability: float | None = None
    counts: bool = False


class Predictions:
    """What a network made of every drawing, for a table of predictions.

    For a report, also logits and image of those answered whose label it knows. temperature: of the network's
    probabilities. A kilobyte per drawing.
    """

    def __init__(self, labels: Sequence[str], *, temperature: float = 1.0) -> None:
        self.labels = tuple(labels)
        self._temperature = temperature
        self._positions = {label: i for i, label in enumerate(labels)}
        self._logits: list[NDArray[np.float32]] = []
        self._targets: list[int] = []
        self._pictures: list[NDArray[np.uint8]] = []
        self.places: list[int] = []
        self.sources: list[str] = []
        self.predictions: list[Prediction] = []

    def add(
        self,
        label: str | None,
        logits: NDArray[np.float32],
        picture: NDArray[np.uint8],
        *,
        place: int,
        source: str = "",
        refused: bool | None = None,
    ) -> None:
        """logits: float32 (classes,). picture: uint8 (28, 28), at index `place` of the file or the split."""
        target = None if label is None else self._positions.get(label)
        probabilities = np.exp(log_probabilities(logits[None], self._temperature)[0])
        guess = int(logits.argmax())
        self.predictions.append(
            Prediction(
                source=source,
                index=place,
                label=label,
                state="refused" if refused else "answered",
                guess=self.labels[guess],
                probability=float(probabilities[guess]),
                label_probability=None if target is None else float(probabilities[target]),
                counts=target is not None,
            )
        )
        if target is not None:
            self._logits.append(logits)
            self._targets.append(target)
            self._pictures.append(picture)
            self.places.append(place)
            self.sources.append(source)

    def add_unanswered(self, item: Item) -> None:
        """A drawing in which nothing is drawn, or which could not be read."""
        self.predictions.append(
            Prediction(
                source=item.source,
                index=item.index,
                label=item.label,
                state="empty" if item.error is None else "unreadable",
                counts=item.label in self._positions,
            )
        )

    def __len__(self) -> int:
        return len(self._targets)

    @property
    def logits(self) -> torch.Tensor:
        """float32 (N, classes)."""
        return torch.from_numpy(
            np.array(self._logits, np.float32).reshape(-1, len(self._positions))
        )

    @property
    def targets(self) -> torch.Tensor:
        """int64 (N,): positions among the network's labels."""
        return torch.tensor(self._targets, dtype=torch.int64)

    @property
    def pictures(self) -> NDArray[np.uint8]:
        """uint8 (N, 28, 28)."""
        return np.array(self._pictures, np.uint8).reshape(-1, 28, 28)


def evaluate_split(
    recognizer: Recognizer, split: Split, *, readings: Predictions | None = None, mode: str = ""
) -> Evaluation:
    """Metrics on a split of a data set; logits and images also go into `readings`. mode: of
    trainer.models.label_modes, "" for all labels."""
    labels = labels_in_mode(recognizer.labels, mode)
    tally = Tally(labels, temperature=recognizer.card.temperature)
    names = [label_in_mode(label, mode) for label in split.labels]
    for start in range(0, len(split), _BATCH):
        batch = split[start : start + _BATCH]
        found = _answers(recognizer, batch.pictures, mode)
        for i, target in enumerate(batch.targets):
            label, logits = names[target], found.logits[i]
            refused = _refused(recognizer, found, i)
            tally.add(label, int(logits.argmax()), logits=logits, refused=refused)
            if readings is not None:
                readings.add(label, logits, batch.pictures[i], place=start + i, refused=refused)
    return tally.result()


def evaluate_items(
    recognizer: Recognizer,
    items: Iterable[Item],
    *,
    readings: Predictions | None = None,
    mode: str = "",
) -> Evaluation:
    """Metrics on labelled drawings or images; logits and images also go into `readings`."""
    answered = answer_items(recognizer, items, mode)
    temperature = recognizer.card.temperature
    labels = labels_in_mode(recognizer.labels, mode)
    return evaluate_answers(labels, answered, temperature, readings=readings, mode=mode)


def evaluate_answers(
    labels: Sequence[str],
    answered: Iterable[tuple[Item, ImageAnswer | None]],
    temperature: float,
    *,
    readings: Predictions | None = None,
    mode: str = "",
) -> Evaluation:
    """As evaluate_items, of answers whose positions are those of `labels`."""
    tally = Tally(labels, temperature=temperature)
    for item, answer in answered:
        label = None if item.label is None else label_in_mode(item.label, mode)
        tally.add(
            label,
            None if answer is None else answer.guess,
            logits=None if answer is None else answer.logits,
            error=item.error is not None,
            refused=None if answer is None else answer.refused,
        )
        if readings is None:
            continue
        if answer is None or item.picture is None:
            readings.add_unanswered(item)
        else:
            readings.add(
                label,
                answer.logits,
                item.picture,
                place=item.index,
                source=item.source,
                refused=answer.refused,
            )
    return tally.result()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImageAnswer:
    """A network's answer to one image. logits, probabilities: float32 (labels,).

    guess: position of the most probable label. is_digit: the probability, 0…1, that the image shows one of
    the labels; refused: whether it is below the network's threshold. Both None for a network that cannot
    refuse.
    """

    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    guess: int
    is_digit: float | None
    refused: bool | None


def label_in_mode(label: str, mode: str) -> str:
    """What a drawing's label is called in the mode: "A" for "a" among letters. One without a place there
    keeps its name, and is unknown to the mode's answers."""
    return in_mode(label, mode) or label


def logits_for(probabilities: NDArray[np.floating], temperature: float) -> NDArray[np.float32]:
    """Logits from which the temperature makes these probabilities."""
    logits = np.log(np.maximum(probabilities, _TINY)) * temperature
    return np.asarray(logits, np.float32)


def answer_items(
    recognizer: Recognizer, items: Iterable[Item], mode: str = ""
) -> Iterator[tuple[Item, ImageAnswer | None]]:
    """Every item in order with its answer, read in batches.

    None where nothing is drawn or the item could not be read. mode: of trainer.models.label_modes;
    positions in an answer are those of the labels in the mode.
    """
    items = iter(items)
    while batch := list(itertools.islice(items, _BATCH)):
        pictures = [item.picture for item in batch if item.picture is not None]
        found = _answers(recognizer, pictures, mode) if pictures else None
        row = 0
        for item in batch:
            if item.picture is None or found is None:
                yield item, None
                continue
            yield (
                item,
                ImageAnswer(
                    logits=found.logits[row],
                    probabilities=found.probabilities[row],
                    guess=int(found.logits[row].argmax()),
                    is_digit=None if found.is_digit is None else float(found.is_digit[row]),
                    refused=_refused(recognizer, found, row),
                ),
            )
            row += 1


def _answers(
    recognizer: Recognizer, pictures: NDArray[np.uint8] | Sequence[NDArray[np.uint8]], mode: str
) -> Answers:
    found = recognizer.answers(pictures)
    if not mode:
        return found
    within = restrict(mode, recognizer.labels, found.probabilities, found.is_digit)
    return Answers(
        logits=logits_for(within.probabilities, recognizer.card.temperature),
        probabilities=within.probabilities.astype(np.float32),
        is_digit=None if within.is_known is None else within.is_known.astype(np.float32),
    )


def _refused(recognizer: Recognizer, found: Answers, row: int) -> bool | None:
    return None if found.is_digit is None else bool(found.is_digit[row] < recognizer.threshold)
