"""What rejecting gains and costs, on answers that can be counted by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from trainer.evaluation.answers_file import StoredAnswers
from trainer.evaluation.rejection_curve import (
    accuracy_by_rejection,
    classified_by_false_positives,
    rate_at,
)


@pytest.fixture
def answers() -> StoredAnswers:
    """Four labelled pictures, the last of them wrong, and two of something else."""
    return StoredAnswers(
        labels=("a", "b"),
        pictures=np.zeros((6, 28, 28), np.uint8),
        targets=np.array([0, 0, 1, 1, -1, -1], np.int64),
        logits=np.array([[4, 0], [3, 0], [0, 2], [1, 0], [5, 0], [1, 0]], np.float32),
        is_digit=np.array([0.9, 0.8, 0.7, 0.3, 0.6, 0.1], np.float32),
    )


def test_accuracy_rises_as_the_least_sure_go(answers: StoredAnswers) -> None:
    assert accuracy_by_rejection(answers) == [
        (0.0, 0.75),
        (0.25, 1.0),
        (0.5, 1.0),
        (0.75, 1.0),
    ]


def test_classification_by_false_positives(answers: StoredAnswers) -> None:
    curve = classified_by_false_positives(answers)
    assert curve[0] == (0.0, 0.0)
    assert curve[-1] == (1.0, 0.75)
    assert rate_at(curve, 0.0) == 0.75  # all right ones are surer than both of the others
    assert rate_at([], 0.1) is None


def test_without_a_judgement_the_probability_counts(answers: StoredAnswers) -> None:
    plain = dataclasses.replace(answers, is_digit=None)
    assert rate_at(classified_by_false_positives(plain), 0.0) == 0.0  # the surest shows nothing


def test_without_others_there_is_no_such_curve(answers: StoredAnswers) -> None:
    known = dataclasses.replace(
        answers,
        pictures=answers.pictures[:4],
        targets=answers.targets[:4],
        logits=answers.logits[:4],
        is_digit=None,
    )
    assert classified_by_false_positives(known) == []
