"""Figures against a confusion matrix that was counted by hand."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.drawings import DIGITS
from tests.trainer.strokes_files import REFUSED
from trainer.base.errors import DataError
from trainer.base.messages import Message
from trainer.datasets import Split, load_test
from trainer.evaluation import evaluation
from trainer.evaluation.evaluation import (
    Predictions,
    Tally,
    answer_items,
    evaluate_items,
    evaluate_split,
)
from trainer.evaluation.metrics import Evaluation
from trainer.models.recognizer import Recognizer
from trainer.models.weights import load_weights, save_weights
from trainer.picture.input_files import Item
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke

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


def test_a_class_without_drawings_has_no_metrics_and_is_no_part_of_the_means() -> None:
    figures = _tally(("a", 0), ("b", 1), ("b", 2))
    c = figures.classes[2]
    assert (c.count, c.precision, c.recall, c.f1) == (0, None, None, None)
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
    a, b = figures.classes
    assert (a.count, a.precision, a.recall) == (2, 1, 0.5)
    assert a.f1 == pytest.approx(2 / 3)
    assert (b.count, b.precision, b.recall, b.f1) == (1, 0, 0, 0)
    assert (figures.precision, figures.recall) == (0.5, 0.25)


def test_loss_and_calibration_error() -> None:
    """Of the drawings with an answer, at the network's temperature."""
    tally = Tally("ab", temperature=2.0)
    rows = np.log([[0.8, 0.2], [0.4, 0.6]]).astype(np.float32) * 2
    tally.add("a", 0, logits=rows[0])
    tally.add("a", 1, logits=rows[1])
    tally.add("b", None)
    figures = tally.result()
    assert figures.loss == pytest.approx(-(np.log(0.8) + np.log(0.4)) / 2, abs=1e-6)
    assert figures.calibration_error == pytest.approx((0.2 + 0.6) / 2, abs=1e-6)
    tally.add("b", 0)  # one whose logits are not known
    assert (tally.result().loss, tally.result().calibration_error) == (None, None)


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


def test_what_is_refused_is_counted_by_its_guess() -> None:
    tally = Tally("ab")
    tally.add("a", 0, refused=False)
    tally.add("a", 1, refused=True)
    tally.add("b", 1, refused=True)
    tally.add("b", 0, refused=False)
    tally.add("b", None)  # nothing drawn: there is no answer either
    figures = tally.result()
    assert (figures.count, figures.right, figures.unanswered, figures.refused) == (5, 2, 1, 2)
    assert figures.answered == 2
    assert figures.accuracy == pytest.approx(2 / 5)
    assert figures.confusion == ((1, 1), (1, 1))
    assert (figures.unknown, figures.unknown_refused) == (0, 0)


def test_of_what_has_other_labels_it_is_told_how_much_is_refused() -> None:
    tally = Tally("01")
    tally.add("0", 0, refused=False)
    tally.add("+", 1, refused=True)
    tally.add("none", 1, refused=True)
    tally.add("x", 1, refused=False)
    tally.add("x", None)
    tally.add("l", 1, refused=False)  # these look like digits: no mistake to read them as such
    tally.add("O", 0, refused=True)
    tally.add("slash", 1, refused=False)
    tally.add(None, 1, refused=True)
    figures = tally.result()
    assert (figures.count, figures.right, figures.refused) == (1, 1, 0)
    assert (figures.unknown, figures.unknown_refused) == (7, 4)
    assert (figures.look_alikes, figures.look_alikes_refused) == (3, 1)
    assert figures.unlabelled == 1


def test_who_refuses_nothing_has_no_such_figures() -> None:
    figures = _tally(("a", 0), ("b", None), ("+", 1), ("O", 1))
    assert (figures.refused, figures.unknown_refused) == (None, None)
    assert (figures.unknown, figures.look_alikes, figures.look_alikes_refused) == (2, 1, 0)


def test_other_labels_alone_are_something_for_who_can_refuse() -> None:
    tally = Tally("01")
    tally.add("+", 1, refused=True)
    tally.add("x", 0, refused=False)
    figures = tally.result()
    assert (figures.count, figures.unknown, figures.unknown_refused) == (0, 2, 1)
    assert (figures.accuracy, figures.precision, figures.recall, figures.f1) == (None,) * 4
    assert figures.confusion == ((0, 0), (0, 0))
    assert figures.not_digits_refused == 0.5
    assert json.loads(json.dumps(figures.to_json()))["accuracy"] is None
    unlabelled = Tally("01")
    unlabelled.add(None, 1, refused=True)
    with pytest.raises(DataError, match="nothing to evaluate"):
        unlabelled.result()


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
    figures = evaluate_split(recognizer, part)
    answers = recognizer.probabilities(part.pictures).argmax(1)
    assert figures.count == 2345
    assert figures.right == int((answers == part.targets).sum())
    wanted = np.zeros((10, 10), int)
    np.add.at(wanted, (part.targets, answers), 1)
    assert np.array_equal(figures.confusion, wanted)


def test_labels_that_the_network_does_not_have_are_told(lenet_file: Path) -> None:
    recognizer = Recognizer(lenet_file, device="cpu")
    part = Split(
        pictures=np.zeros((3, 28, 28), np.uint8),
        targets=np.array([0, 1, 2]),
        labels=("A", "B", "3"),
    )
    figures = evaluate_split(recognizer, part)
    assert (figures.count, figures.unknown) == (1, 2)


def _digit(label: str) -> Drawing:
    return Drawing(tuple(Stroke.make(stroke) for stroke in DIGITS[label]))


def _items(kinds: str) -> Iterator[Item]:
    for i, kind in enumerate(kinds):
        picture = np.full((28, 28), i % 256, np.uint8) if kind == "p" else None
        yield Item("file", i, picture, "0", Message.verbatim("unreadable") if kind == "e" else None)


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


def test_a_part_with_what_is_to_be_refused(refusing_file: Path) -> None:
    recognizer = Recognizer(refusing_file, device="cpu")
    drawings = [*(_digit(label) for label in DIGITS), *REFUSED]
    pictures = np.stack([p for p in map(picture_from_drawing, drawings) if p is not None])
    targets = np.array([*range(10), *[10, 11] * (len(REFUSED) // 2)])
    part = Split(pictures=pictures, targets=targets, labels=(*DIGITS, "O", "none"))
    readings = Predictions(recognizer.labels)
    figures = evaluate_split(recognizer, part, readings=readings)
    assert (figures.count, figures.right, figures.refused) == (10, 10, 0)
    assert figures.unknown == figures.unknown_refused == len(REFUSED)
    assert figures.look_alikes == figures.look_alikes_refused == len(REFUSED) // 2
    assert len(readings) == 10
    assert readings.logits.shape == (10, 10)
    items = [
        Item("file", i, picture, part.labels[target], None)
        for i, (picture, target) in enumerate(zip(pictures, targets, strict=True))
    ]
    assert evaluate_items(recognizer, items) == figures


def test_an_answer_says_what_is_refused_and_the_nearest_guess(refusing_file: Path) -> None:
    recognizer = Recognizer(refusing_file, device="cpu")
    pictures = [picture_from_drawing(drawing) for drawing in (_digit("3"), REFUSED[0])]
    items = [Item("file", i, picture, None, None) for i, picture in enumerate(pictures)]
    (_, three), (_, other) = answer_items(recognizer, items)
    assert three is not None
    assert other is not None
    assert (three.guess, three.refused) == (3, False)
    assert other.refused is True
    assert three.is_digit is not None
    assert other.is_digit is not None
    assert 0 <= other.is_digit < recognizer.threshold == 0.5 < three.is_digit <= 1
    for answer in (three, other):
        assert answer.logits.shape == answer.probabilities.shape == (10,)
        assert answer.guess == int(answer.probabilities.argmax())


def test_at_the_threshold_itself_there_is_an_answer(refusing_file: Path, tmp_path: Path) -> None:
    network, card = load_weights(refusing_file)
    picture = picture_from_drawing(REFUSED[3])
    assert picture is not None
    found = Recognizer(refusing_file, device="cpu").answers([picture]).is_digit
    assert found is not None
    for threshold, refused in ((float(found[0]), False), (float(found[0]) + 1e-4, True)):
        path = tmp_path / "x.safetensors"
        save_weights(path, network, dataclasses.replace(card, threshold=threshold))
        items = [Item("file", 0, picture, None, None)]
        ((_, answer),) = answer_items(Recognizer(path, device="cpu"), items)
        assert answer is not None
        assert answer.refused is refused


def test_items_are_counted(lenet_file: Path) -> None:
    recognizer = Recognizer(lenet_file, device="cpu")
    figures = evaluate_items(recognizer, _items("ppe-p"))
    assert (figures.count, figures.unanswered, figures.errors) == (5, 2, 1)
    assert sum(map(sum, figures.confusion)) == 3
