"""The table of a model card: figures by hand, of digits and of what is none."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.shipped import Metrics, metrics_of, sheet, table
from trainer.base.labels import NO_LABEL
from trainer.datasets import Split
from trainer.models.recognizer import Answers


def _answers(probabilities: list[list[float]]) -> Answers:
    given = np.array(probabilities, np.float32)
    return Answers(logits=np.log(given) * 2, probabilities=given, is_digit=None)


def _part(targets: list[int], labels: tuple[str, ...]) -> Split:
    pictures = np.zeros((len(targets), 28, 28), np.uint8)
    return Split(pictures=pictures, targets=np.array(targets), labels=labels)


def test_figures_by_hand() -> None:
    found = _answers([[0.9, 0.1], [0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    figures = metrics_of("x", _part([0, 0, 1, 1], ("A", "B")), found)
    assert figures.accuracy == 0.75
    assert figures.worst == ("B", 0.5)
    # 0.1 twice, 0.2, and 0.6 of the one that is wrong.
    assert figures.error == pytest.approx((0.1 + 0.1 + 0.2 + 0.6) / 4, abs=1e-6)
    assert figures.error_before is not None
    assert figures.error_before < figures.error  # these were made surer of what is mostly right


def test_what_is_no_digit_has_no_accuracy() -> None:
    figures = metrics_of("x", _part([0, 0], (NO_LABEL,)), _answers([[0.5, 0.5], [0.9, 0.1]]))
    assert (figures.count, figures.accuracy, figures.worst, figures.error) == (2, None, None, None)
    assert str(figures) == "| x | 2 |  |  |  |  |  |"


def test_the_table_has_a_row_for_each_source() -> None:
    row = Metrics(
        source="x", count=1200, accuracy=0.9, worst=("3", 0.5), answered=0.995, error=0.01
    )
    *_, line = table([row])
    assert line == "| x | 1,200 | 90.00 % | 3: 50.0 % | 99.50 % |  | 1.00 % |"


@pytest.mark.parametrize("count", [0, 1, 11])
def test_a_sheet_has_room_for_all(count: int) -> None:
    image = sheet([(np.full((28, 28), 255, np.uint8), "3 read as 8")] * count)
    rows = max(1, -(-count // 10))
    assert image.height == rows * (84 + 18 + 10) + 10
    # Ink is black on paper.
    assert np.count_nonzero(np.asarray(image) == 0) == count * 84 * 84
