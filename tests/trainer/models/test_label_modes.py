"""Modes as pure functions of a network's probabilities."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from trainer.base.errors import ConfigError
from trainer.base.labels import CHARACTERS, LOOK_ALIKES
from trainer.models.label_modes import MODES, in_mode, labels_in_mode, restrict, same_picture


@pytest.fixture
def mixed_file(lenet_file: Path, tmp_path: Path) -> Path:
    """A network that reads the shapes of 2, 3 and 4 as A, a and b."""
    from trainer.models.weights import load_weights, save_weights

    network, card = load_weights(lenet_file)
    path = tmp_path / "mixed.safetensors"
    save_weights(path, network, replace(card, labels=tuple("01Aab56789")))
    return path


def _probabilities(**given: float) -> NDArray[np.float64]:
    """One row of the 62 probabilities; names of digits begin with an underscore."""
    row = np.zeros((1, len(CHARACTERS)))
    for name, probability in given.items():
        row[0, CHARACTERS.index(name.removeprefix("_"))] = probability
    return row


@pytest.mark.parametrize(
    ("mode", "count"), [("digits", 10), ("letters", 26), ("balanced", 47), ("all", 62)]
)
def test_a_mode_has_the_labels_of_emnist(mode: str, count: int) -> None:
    assert len(MODES[mode]) == count == len(labels_in_mode(CHARACTERS, mode))


def test_letters_add_up_both_cases() -> None:
    found = restrict("letters", CHARACTERS, _probabilities(a=0.3, A=0.2, B=0.3, _4=0.2))
    probabilities = dict(zip(found.labels, found.probabilities[0], strict=True))
    assert probabilities["A"] == pytest.approx((0.3 + 2 * 0.2) / (0.7 + 2 * 0.3))
    assert probabilities["B"] == pytest.approx(2 * 0.3 / (0.7 + 2 * 0.3))
    assert found.probabilities.sum() == pytest.approx(1)


def test_balanced_keeps_the_cases_apart_that_differ() -> None:
    assert in_mode("c", "balanced") == "C"
    assert in_mode("a", "balanced") == "a"


def test_all_changes_nothing() -> None:
    given = _probabilities(a=0.3, _0=0.7)
    found = restrict("all", CHARACTERS, given, np.array([0.8]))
    np.testing.assert_allclose(found.probabilities, given)
    assert found.is_known is not None
    assert found.is_known[0] == pytest.approx(0.8)


def test_what_is_outside_of_the_mode_is_not_known() -> None:
    found = restrict("digits", CHARACTERS, _probabilities(A=0.98, _4=0.02), np.array([0.9]))
    assert found.labels == tuple("0123456789")
    assert found.probabilities[0, 4] == pytest.approx(1)
    assert found.is_known is not None
    assert found.is_known[0] == pytest.approx(0.09)
    unsure = restrict("digits", CHARACTERS, _probabilities(A=0.7, _4=0.3), np.array([0.9]))
    assert unsure.is_known is not None
    assert unsure.is_known[0] == pytest.approx(0.9)


def test_a_letter_that_looks_like_a_digit_is_known_as_it() -> None:
    found = restrict("digits", CHARACTERS, _probabilities(O=0.7, o=0.2, _0=0.1), np.array([0.9]))
    assert found.is_known is not None
    assert found.is_known[0] == pytest.approx(0.9)
    assert found.probabilities[0, 0] == pytest.approx(1)


def test_a_sign_of_the_writers_own_stays_in_every_mode() -> None:
    labels = (*CHARACTERS, "★")
    row = np.concatenate([_probabilities(_4=0.5), [[0.5]]], axis=1)
    for mode in MODES:
        assert labels_in_mode(labels, mode)[-1] == "★"
        assert restrict(mode, labels, row).probabilities[0, -1] >= 0.5


def test_nothing_inside_of_the_mode_gives_even_probabilities() -> None:
    found = restrict("digits", CHARACTERS, _probabilities(A=1.0))
    np.testing.assert_allclose(found.probabilities, 0.1)
    assert found.is_known is None


def test_a_network_of_digits_has_no_letters() -> None:
    with pytest.raises(ConfigError) as caught:
        labels_in_mode(tuple("0123456789"), "letters")
    assert caught.value.code == "modes.no-labels"


def test_an_unknown_mode_lists_the_modes() -> None:
    with pytest.raises(ConfigError, match="digits, letters, balanced, all"):
        restrict("words", CHARACTERS, _probabilities(A=1.0))


def test_pairs_that_no_picture_tells_apart_come_with_both_probabilities() -> None:
    row = _probabilities(_0=0.3, O=0.5, o=0.1, Q=0.1)[0]
    assert same_picture("O", CHARACTERS, row) == (("O", 0.5), ("0", 0.3), ("o", 0.1))
    assert same_picture("A", CHARACTERS, _probabilities(a=1.0)[0]) == (("a", 1.0), ("A", 0.0))


def test_groups_of_look_alikes_share_no_character() -> None:
    together = [label for group in LOOK_ALIKES for label in group]
    assert len(together) == len(set(together))
    assert set(together) <= set(CHARACTERS)


def test_evaluate_counts_both_cases_as_one_letter(mixed_file: Path) -> None:
    from tests.drawings import DIGITS
    from trainer.evaluation.evaluation import evaluate_items
    from trainer.models.recognizer import Recognizer
    from trainer.picture.input_files import Item
    from trainer.picture.preprocess import picture_from_drawing
    from trainer.picture.strokes import Drawing, Stroke

    def item(shape: str, label: str) -> Item:
        drawing = Drawing(tuple(Stroke.make(stroke) for stroke in DIGITS[shape]))
        return Item(
            source="",
            index=0,
            picture=picture_from_drawing(drawing),
            label=label,
            error=None,
        )

    items = [item("2", "a"), item("3", "A"), item("4", "B"), item("7", "7")]
    found = evaluate_items(Recognizer(mixed_file, device="cpu"), items, mode="letters")
    assert found.labels == ("A", "B")
    assert (found.count, found.right, found.unknown) == (3, 3, 1)


def test_a_reading_carries_the_mode_and_both_cases(mixed_file: Path) -> None:
    from tests.drawings import DIGITS
    from trainer.picture.strokes import Drawing, Stroke
    from trainer.processes.recognition_messages import (
        LoadRequest,
        Reading,
        ReadRequest,
        encode_request,
    )
    from trainer.processes.recognition_service import RecognitionService

    service = RecognitionService()
    service.answer(encode_request(LoadRequest(weights=mixed_file, device="cpu")))
    drawing = Drawing(tuple(Stroke.make(stroke) for stroke in DIGITS["3"]))
    reading = service.answer(encode_request(ReadRequest(number=4, drawing=drawing, mode="letters")))
    assert isinstance(reading, Reading)
    assert (reading.mode, reading.labels) == ("letters", ("A", "B"))
    assert reading.probabilities is not None
    assert reading.probabilities[0] > 0.5
    assert [label for label, _ in reading.alike] == ["a", "A"]
    wrong = service.answer(encode_request(ReadRequest(number=5, drawing=drawing, mode="words")))
    assert isinstance(wrong, Reading)
    assert wrong.error is not None
    assert wrong.error.code == "modes.unknown"
