"""Figures against a confusion matrix that was counted by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from trainer import evaluation
from trainer.datasets import Part, load_test
from trainer.errors import DataError
from trainer.evaluation import Evaluation, Tally, answer_items, evaluate_items, evaluate_part
from trainer.recognizer import Recognizer
from trainer.sources import Item

pytestmark = pytest.mark.usefixtures("one_thread")


def _tally(*pairs: tuple[str | None, int | None], labels: str = "abc") -> Evaluation:
    tally = Tally(labels)
    for label, answer in pairs:
        tally.add(label, answer)
    return tally.result()


def test_by_hand() -> None:
    """true a: a a b; true b: b b b c; true c: a."""
    figures = _tally(
        ("a", 0), ("b", 1), ("a", 0), ("b", 1), ("c", 0), ("a", 1), ("b", 1), ("b", 2)
    )  # fmt: skip
    assert figures.labels == ("a", "b", "c")
    assert figures.confusion == ((2, 1, 0), (0, 3, 1), (1, 0, 0))
    assert (figures.count, figures.right) == (8, 5)
    assert figures.accuracy == pytest.approx(5 / 8)
    a, b, c = figures.classes
    assert [row.count for row in (a, b, c)] == [3, 4, 1]
    assert (a.precision, a.recall) == pytest.approx((2 / 3, 2 / 3))
    assert (b.precision, b.recall) == pytest.approx((3 / 4, 3 / 4))
    assert (c.precision, c.recall, c.f1) == (0, 0, 0)
    assert a.f1 == pytest.approx(2 / 3)
    assert figures.precision == pytest.approx((2 / 3 + 3 / 4 + 0) / 3)
    assert figures.recall == pytest.approx((2 / 3 + 3 / 4 + 0) / 3)
    assert figures.f1 == pytest.approx((2 / 3 + 3 / 4 + 0) / 3)


def test_precision_and_recall_are_not_swapped() -> None:
    """true a: a b b b; true b: b. Of 4 read as b one is a b; of one b one is read."""
    a, b = _tally(("a", 0), ("a", 1), ("a", 1), ("a", 1), ("b", 1), labels="ab").classes
    assert (a.precision, a.recall) == (1, 0.25)
    assert (b.precision, b.recall) == (0.25, 1)
    assert a.f1 == pytest.approx(0.4)
    assert b.f1 == pytest.approx(0.4)


def test_a_class_that_did_not_come_is_no_part_of_the_means() -> None:
    figures = _tally(("a", 0), ("b", 1), ("b", 2))
    assert figures.classes[2].count == 0
    assert figures.recall == pytest.approx((1 + 0.5) / 2)
    assert figures.precision == pytest.approx((1 + 1) / 2)


def test_what_got_no_answer_is_wrong_and_what_has_no_label_does_not_count() -> None:
    tally = Tally("ab")
    tally.add("a", 0)
    tally.add("a", None)
    tally.add("b", None, error=True)
    tally.add(None, 1)
    tally.add(None, None, error=True)
    tally.add("?", 0)
    figures = tally.result()
    assert (figures.count, figures.right) == (3, 1)
    assert figures.accuracy == pytest.approx(1 / 3)
    assert (figures.unanswered, figures.errors) == (2, 1)
    assert (figures.unlabelled, figures.unknown) == (2, 1)
    assert figures.confusion == ((1, 0), (0, 0))


def test_when_nothing_was_answered_all_is_wrong() -> None:
    figures = _tally(("a", None), ("b", None), labels="ab")
    assert (figures.accuracy, figures.precision, figures.recall, figures.f1) == (0, 0, 0, 0)
    assert figures.confusion == ((0, 0), (0, 0))


@pytest.mark.parametrize("pairs", [(), ((None, 1),), (("x", 1),)])
def test_without_a_label_there_is_nothing_to_evaluate(
    pairs: tuple[tuple[str | None, int | None], ...],
) -> None:
    with pytest.raises(DataError, match=r"nothing to evaluate.*Labels come from"):
        _tally(*pairs)


def test_figures_are_json() -> None:
    figures = _tally(("a", 0), ("b", None))
    document = json.loads(json.dumps(figures.to_json()))
    assert document["accuracy"] == 0.5
    assert document["confusion"] == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert document["classes"][0] == {
        "label": "a", "count": 1, "precision": 1.0, "recall": 1.0, "f1": 1.0,
    }  # fmt: skip


def test_a_part_of_a_data_set(lenet_file: Path, bars: Path) -> None:
    recognizer = Recognizer(lenet_file, device="cpu")
    whole = load_test("mnist", bars)
    part = whole[:2345]
    figures = evaluate_part(recognizer, part)
    answers = recognizer.probabilities(part.pictures).argmax(1)
    assert figures.count == 2345
    assert figures.right == int((answers == part.targets).sum())
    wanted = np.zeros((10, 10), int)
    np.add.at(wanted, (part.targets, answers), 1)
    assert np.array_equal(figures.confusion, wanted)


def test_labels_that_the_network_does_not_have_are_told(lenet_file: Path) -> None:
    recognizer = Recognizer(lenet_file, device="cpu")
    part = Part(
        pictures=np.zeros((3, 28, 28), np.uint8),
        targets=np.array([0, 1, 2]),
        labels=("A", "B", "3"),
    )
    figures = evaluate_part(recognizer, part)
    assert (figures.count, figures.unknown) == (1, 2)


def _items(kinds: str) -> Iterator[Item]:
    for i, kind in enumerate(kinds):
        picture = np.full((28, 28), i % 256, np.uint8) if kind == "p" else None
        yield Item("file", i, picture, "0", "unreadable" if kind == "e" else None)


@pytest.mark.parametrize("kinds", ["", "p", "e", "-", "ppp", "p-e", "e-ppppep--pp", "---", "p" * 7])
def test_answers_come_in_order_whatever_lies_between(
    lenet_file: Path, monkeypatch: pytest.MonkeyPatch, kinds: str
) -> None:
    monkeypatch.setattr(evaluation, "_BATCH", 3)
    recognizer = Recognizer(lenet_file, device="cpu")
    answered = list(answer_items(recognizer, _items(kinds)))
    assert [item.index for item, _ in answered] == list(range(len(kinds)))
    for (item, answer), kind in zip(answered, kinds, strict=True):
        assert (answer is not None) == (kind == "p")
        if answer is not None:
            assert item.picture is not None
            alone = recognizer.probabilities(item.picture[None])[0]
            assert np.allclose(answer.probabilities, alone, atol=1e-5)
            assert (answer.guess, answer.is_digit) == (int(alone.argmax()), None)


def test_items_are_counted(lenet_file: Path) -> None:
    recognizer = Recognizer(lenet_file, device="cpu")
    figures = evaluate_items(recognizer, _items("ppe-p"))
    assert (figures.count, figures.unanswered, figures.errors) == (5, 2, 1)
    assert sum(map(sum, figures.confusion)) == 3
