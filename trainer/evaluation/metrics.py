"""Classification metrics with numpy, in float64: confusion, precision, recall, F1, calibration error."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 15  # of the calibration error, as in Guo et al. 2017


@dataclass(frozen=True, kw_only=True)
class ClassMetrics:
    """Metrics of one class, each 0…1; None where no drawing of the class came."""

    label: str
    count: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, kw_only=True)
class ReliabilityBin:
    """Images whose answer had a probability from `low` to `high`.

    probability: its mean; accuracy: the fraction of correct answers; both 0 in an empty bin.
    """

    low: float
    high: float
    count: int
    probability: float
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Metrics of a network on labelled drawings. A metric is None where there was nothing to compute it from.

    Every labelled drawing counts in accuracy, recall and F1; one without an answer is wrong. A drawing that
    the network refuses counts by its nearest guess; `refused` says how many those are, None for a network
    that cannot refuse. precision, recall and f1 are macro averages: the plain means over the `classes` of
    which drawings came. confusion[i][j]: how many drawings of true label i were read as j.
    loss: mean cross-entropy; calibration_error: expected, 0…1, over BINS; both of drawings with an answer, at
    the network's temperature.
    unanswered: labelled drawings without an answer, `errors` of them because they could not be read.
    unlabelled: drawings without a label; unknown: those with a label that the network does not have. Neither
    counts. unknown_refused: how many of the unknown the network refuses, None for one that cannot;
    look_alikes: how many of them are written like a digit (trainer.base.labels), and look_alikes_refused.
    """

    count: int
    right: int
    unanswered: int
    errors: int
    unlabelled: int
    unknown: int
    accuracy: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    labels: tuple[str, ...]
    classes: tuple[ClassMetrics, ...]
    confusion: tuple[tuple[int, ...], ...]
    loss: float | None = None
    calibration_error: float | None = None
    refused: int | None = None
    unknown_refused: int | None = None
    look_alikes: int = 0
    look_alikes_refused: int = 0

    @property
    def answered(self) -> int:
        """Labelled drawings that got an answer and were not refused."""
        return self.count - self.unanswered - (self.refused or 0)

    @property
    def not_digits(self) -> int:
        """Drawings of unknown labels that are not written like a digit: those a network should refuse."""
        return self.unknown - self.look_alikes

    @property
    def not_digits_refused(self) -> float | None:
        """The fraction of them that was refused; None where there are none, or the network cannot refuse."""
        if self.unknown_refused is None or not self.not_digits:
            return None
        return (self.unknown_refused - self.look_alikes_refused) / self.not_digits

    def to_json(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "answered": self.answered}


def confusion_matrix(
    targets: NDArray[np.int64], answers: NDArray[np.int64], classes: int
) -> NDArray[np.int64]:
    """int64 (classes, classes): row i, column j counts images of class i that were read as j."""
    cells = np.bincount(targets * classes + answers, minlength=classes * classes)
    return cells.reshape(classes, classes)


def class_metrics(
    confusion: NDArray[np.int64], unanswered: NDArray[np.int64], labels: Sequence[str]
) -> tuple[ClassMetrics, ...]:
    """Metrics of each class. unanswered: int64 (classes,), drawings of each that got no answer."""
    correct = np.diag(confusion)
    counts = confusion.sum(1) + unanswered
    read = confusion.sum(0)  # how many were read as this class
    precision = correct / np.maximum(read, 1)
    recall = correct / np.maximum(counts, 1)
    f1 = 2 * correct / np.maximum(counts + read, 1)
    return tuple(
        ClassMetrics(
            label=label,
            count=int(counts[i]),
            precision=float(precision[i]) if counts[i] else None,
            recall=float(recall[i]) if counts[i] else None,
            f1=float(f1[i]) if counts[i] else None,
        )
        for i, label in enumerate(labels)
    )


def macro_mean(values: Sequence[float | None]) -> float | None:
    """The mean of the classes that have a value; None where none has."""
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def log_probabilities(logits: NDArray[Any], temperature: float) -> NDArray[np.float64]:
    """float64 (N, classes) of logits (N, classes)."""
    scaled = logits.astype(np.float64) / temperature
    scaled -= scaled.max(1, keepdims=True)
    scaled -= np.log(np.exp(scaled).sum(1, keepdims=True))
    return scaled


def cross_entropy(
    log_probabilities: NDArray[np.float64], targets: NDArray[np.int64]
) -> NDArray[np.float64]:
    """float64 (N,): −log of the target's probability."""
    picked: NDArray[np.float64] = -log_probabilities[np.arange(len(targets)), targets]
    return picked


def reliability(
    confidences: NDArray[np.float64], correct: NDArray[np.bool_]
) -> tuple[ReliabilityBin, ...]:
    """BINS equal bins. confidences: float64 (N,), the probability of each answer; correct: bool (N,)."""
    places = np.minimum((confidences * BINS).astype(np.int64), BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    divisor = np.maximum(counts, 1)
    confidence = np.bincount(places, confidences, minlength=BINS) / divisor
    accuracy = np.bincount(places, correct.astype(np.float64), minlength=BINS) / divisor
    return tuple(
        ReliabilityBin(
            low=i / BINS,
            high=(i + 1) / BINS,
            count=int(counts[i]),
            probability=float(confidence[i]),
            accuracy=float(accuracy[i]),
        )
        for i in range(BINS)
    )


def calibration_error(bins: Sequence[ReliabilityBin]) -> float | None:
    """Expected calibration error, 0…1: the mean gap between confidence and accuracy, weighted by images
    (Naeini, Cooper, Hauskrecht 2015). None where there are no images."""
    count = sum(row.count for row in bins)
    if not count:
        return None
    return sum(row.count * abs(row.accuracy - row.probability) for row in bins) / count


def error_of_answers(
    probabilities: NDArray[np.floating[Any]], targets: NDArray[np.int64]
) -> float | None:
    """The calibration error of float (N, labels) probabilities whose most probable label is the answer."""
    confidences = probabilities.max(axis=1).astype(np.float64)
    return calibration_error(reliability(confidences, probabilities.argmax(axis=1) == targets))
