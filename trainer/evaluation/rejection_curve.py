"""What rejecting the least sure answers gains and costs, from stored answers. Numpy alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trainer.evaluation.answers_file import StoredAnswers

_POINTS = 200

Curve = list[tuple[float, float]]


def scores(answers: StoredAnswers) -> NDArray[np.float64]:
    """float64 (N,): how sure the network is that a picture can be answered. Its own estimate where it has
    one, else the probability of its answer."""
    if answers.is_digit is not None:
        return answers.is_digit.astype(np.float64)
    best: NDArray[np.float64] = answers.probabilities.max(1)
    return best


def accuracy_by_rejection(answers: StoredAnswers) -> Curve:
    """(fraction of labelled pictures rejected, accuracy on the rest), the least sure ones rejected first."""
    known = answers.labelled
    right = (answers.answers == answers.targets)[known]
    order = np.argsort(-scores(answers)[known], kind="stable")
    if not len(order):
        return []
    means = right[order].cumsum() / np.arange(1, len(order) + 1)
    rejected = 1 - np.arange(1, len(order) + 1) / len(order)
    return _thinned(rejected[::-1], means[::-1])


def classified_by_false_positives(answers: StoredAnswers) -> Curve:
    """(false positive rate, correct classification rate) over all thresholds: the fraction of pictures of
    none of the labels that are answered, and of labelled ones that are answered correctly (Dhamija, Günther,
    Boult 2018). Empty where there are no pictures of the one or the other kind."""
    known = answers.labelled
    if not known.any() or known.all():
        return []
    found = scores(answers)
    right = np.sort(found[known & (answers.answers == answers.targets)])
    others = np.sort(found[~known])
    thresholds = np.unique(found)[::-1]
    positive = 1 - np.searchsorted(others, thresholds, "left") / len(others)
    correct = (len(right) - np.searchsorted(right, thresholds, "left")) / int(known.sum())
    return [(0.0, 0.0), *_thinned(positive, correct)]


def rate_at(curve: Curve, false_positives: float) -> float | None:
    """The largest correct classification rate with at most so many false positives."""
    found = [rate for positive, rate in curve if positive <= false_positives]
    return max(found) if found else None


def _thinned(x: NDArray[np.float64], y: NDArray[np.float64]) -> Curve:
    """At most _POINTS of the points, the first and the last among them."""
    places = np.unique(np.linspace(0, len(x) - 1, _POINTS).round().astype(np.int64))
    return list(zip(x[places].tolist(), y[places].tolist(), strict=True))
