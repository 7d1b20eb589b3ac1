"""Single answers stored beside a report: read again, counted by cells, refused where they are damaged."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from trainer.base.errors import RunError
from trainer.evaluation.answers_file import StoredAnswers, read_answers, write_answers


def _made() -> StoredAnswers:
    logits = np.array([[3, 0], [0, 1], [0, 4], [2, 0], [1, 0]], np.float32)
    return StoredAnswers(
        labels=("a", "b"),
        pictures=np.arange(5 * 784, dtype=np.int64).astype(np.uint8).reshape(5, 28, 28),
        targets=np.array([0, 0, 0, 1, -1], np.int64),
        logits=logits,
        temperature=2.0,
        is_digit=np.array([0.9, 0.8, 0.7, 0.6, 0.1], np.float32),
        threshold=0.5,
        before=-logits,
        before_temperature=1.5,
    )


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = _made()
    write_answers(tmp_path / "answers.npz", made)
    found = read_answers(tmp_path / "answers.npz")
    for field in dataclasses.fields(StoredAnswers):
        assert np.array_equal(getattr(found, field.name), getattr(made, field.name)), field.name


def test_a_cell_holds_its_pictures_the_surest_first() -> None:
    made = _made()
    assert made.cell(0, 1).tolist() == [2, 1]
    assert made.cell(1, 0).tolist() == [3]
    assert made.cell(1, 1).tolist() == []  # the unlabelled one is in no cell
    assert made.labelled.tolist() == [True] * 4 + [False]


def test_probabilities_are_at_the_temperature() -> None:
    assert _made().probabilities[0, 0] == pytest.approx(1 / (1 + np.exp(-1.5)))


def test_none_and_a_damaged_one_are_said(tmp_path: Path) -> None:
    path = tmp_path / "answers.npz"
    with pytest.raises(RunError, match="holds no single answers"):
        read_answers(path)
    write_answers(path, _made())
    whole = path.read_bytes()
    for damaged in (b"", b"nothing", whole[: len(whole) // 2], b"PK\x03\x04" + whole[40:]):
        path.write_bytes(damaged)
        with pytest.raises(RunError, match="damaged"):
            read_answers(path)


def test_arrays_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.npz"
    for wrong in (
        {"pictures": np.zeros((4, 28, 28), np.uint8)},
        {"targets": np.array([0, 0, 0, 1, 7], np.int64)},
        {"logits": np.full((5, 2), np.nan, np.float32)},
    ):
        write_answers(path, dataclasses.replace(_made(), **wrong))  # type: ignore[arg-type]
        with pytest.raises(RunError, match="damaged"):
            read_answers(path)
