"""benchmarks.personal: rows of the memory of strokes."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import personal_memory
from benchmarks.personal_memory import Read, Row, as_they_come, misread, strangers, table
from tests.trainer.personalize.memory.test_memory import drawn
from trainer.personalize.memory.store import memory_of
from trainer.picture.preprocess import picture_from_drawing

LABELS = tuple("0123456789")


def _read(label: str, seed: int, says: str) -> Read:
    drawing = drawn(label, seed)
    picture = picture_from_drawing(drawing)
    assert picture is not None
    shares = np.full(10, 0.01, np.float32)
    shares[int(says)] = 0.91
    return Read(drawing, label, picture, shares, 0.9)


#: Nines that the network takes for fours, and sevens that it reads.
FOUND = [_read("9", seed, "4") for seed in range(4)] + [_read("7", seed, "7") for seed in range(4)]


def test_a_memory_reads_what_it_has_seen_the_like_of() -> None:
    assert misread(LABELS, FOUND, None) == 4
    assert misread(LABELS, FOUND, memory_of([(drawn("9", 9), "9")])) == 0


def test_as_they_come_only_the_first_is_misread() -> None:
    assert as_they_come(LABELS, FOUND, everything=True) == 1
    assert as_they_come(LABELS, FOUND, everything=False) == 1


def test_strangers_are_others_and_the_same_every_time() -> None:
    hands = {name: [(drawn("3", i), name) for i in range(40)] for name in "abcdefgh"}
    found = strangers("a", hands)
    assert len(found) == personal_memory.STRANGERS * personal_memory.OF_EACH
    assert "a" not in {name for _, name in found}
    assert [name for _, name in found] == [name for _, name in strangers("a", hands)]


def test_rows_are_means_over_writers() -> None:
    row = Row.of([(100, 4, 1), (50, 1, 2), (0, 0, 0)])
    assert (row.writers, row.errors_before, row.errors_after, row.worse) == (2, 5, 3, 1)
    assert row.before == pytest.approx(0.03)
    assert row.after == pytest.approx(0.025)
    assert "| 3 of each | 2 | 3.00% | 2.50% | -40% | 5 → 3 | 1 |" in table({"3 of each": row})
    with pytest.raises(ValueError, match="nothing"):
        Row.of([])


def test_a_reading_with_many_kept_is_timed() -> None:
    samples = [(drawn(str(i % 10), i), str(i % 10)) for i in range(20)]
    assert 0 < personal_memory.reading_seconds(samples, 50, repeats=3) < 10
