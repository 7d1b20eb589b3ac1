"""The memory of strokes: what resembles a kept drawing is read as it is labelled, and nothing else changes."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from tests.drawings import DIGITS
from trainer.base.labels import NO_LABEL
from trainer.drawings import open_store
from trainer.explanation.kept import kept_in_store
from trainer.handwriting.hands import hand_in_store
from trainer.personalize.drawing_selection import selection_of_entries
from trainer.personalize.memory import reading as memory_reading
from trainer.personalize.memory import stroke_memory
from trainer.personalize.memory.reading import MemoryReading, StoreMemory, read_with_memory
from trainer.personalize.memory.store import MOST_OF_A_LABEL, memory_of
from trainer.personalize.memory.stroke_memory import OWN_LABEL_DRAWINGS, Combined, StrokeMemory
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, InkImage, Stroke

LABELS = tuple("0123456789")


def drawn(label: str, seed: int = 0) -> Drawing:
    """A digit as one person writes it from time to time."""
    random = np.random.default_rng([seed, *label.encode()])
    turn = random.normal(0, 0.04)
    across = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    across = across * random.normal(1, 0.04, (1, 2))
    return Drawing(tuple(Stroke.make(np.array(s) @ across + 3 * seed) for s in DIGITS[label]))


HEART = [(50, 30), (40, 10), (20, 10), (10, 30), (50, 90), (90, 30), (80, 10), (60, 10), (50, 30)]


def heart(seed: int) -> Drawing:
    random = np.random.default_rng(seed)
    return Drawing((Stroke.make(np.array(HEART) * random.normal(1, 0.05, (1, 2))),))


def combined(
    memory: StrokeMemory,
    drawing: Drawing,
    *,
    answer: str,
    sure: float = 0.9,
    is_digit: float | None = 0.9,
) -> Combined:
    """What comes of a network that says `answer`."""
    picture = picture_from_drawing(drawing)
    assert picture is not None
    shares = np.full(10, (1 - sure) / 9)
    shares[int(answer)] = sure
    return memory.combine(drawing, picture, labels=LABELS, probabilities=shares, is_digit=is_digit)


def best(found: Combined) -> str:
    return found.labels[int(found.probabilities.argmax())]


def test_a_drawing_like_a_kept_one_is_read_as_that() -> None:
    memory = StrokeMemory()
    memory.put(7, "9", drawn("9"))
    found = combined(memory, drawn("9", 1), answer="4")
    assert best(found) == "9"
    assert found.match is not None
    assert (found.match.label, found.match.drawing) == ("9", 7)
    assert 0 < found.match.distance < 0.2
    assert found.probabilities.sum() == pytest.approx(1)


def test_a_network_that_is_wholly_sure_can_be_corrected() -> None:
    memory = StrokeMemory()
    memory.put(1, "9", drawn("9"))
    assert best(combined(memory, drawn("9"), answer="4", sure=1.0, is_digit=1.0)) == "9"


def test_once_it_is_removed_the_network_decides_again() -> None:
    memory = StrokeMemory()
    memory.put(7, "9", drawn("9"))
    memory.remove(7)
    found = combined(memory, drawn("9", 1), answer="4")
    assert best(found) == "4"
    assert found.match is None
    assert found.probabilities[4] == pytest.approx(0.9)


def test_an_empty_memory_changes_nothing() -> None:
    for is_digit in (0.3, None):
        found = combined(StrokeMemory(), drawn("3"), answer="3", is_digit=is_digit)
        assert found.probabilities[3] == pytest.approx(0.9)
        assert found.is_known == (None if is_digit is None else pytest.approx(is_digit))


@pytest.mark.parametrize("label", ["0", "1", "3", "7"])
def test_another_digit_is_left_to_the_network(label: str) -> None:
    memory = StrokeMemory()
    memory.put(1, "5", drawn("5"))
    found = combined(memory, drawn(label), answer=label, sure=0.7)
    assert best(found) == label
    assert found.match is None


def test_what_resembles_a_kept_drawing_is_answered() -> None:
    memory = StrokeMemory()
    memory.put(1, "2", drawn("2"))
    found = combined(memory, drawn("2", 1), answer="2", is_digit=0.05)
    assert found.is_known is not None
    assert found.is_known > 0.9


def test_what_resembles_no_digit_of_ones_own_is_refused() -> None:
    memory = StrokeMemory()
    memory.put(1, NO_LABEL, heart(0))
    found = combined(memory, heart(1), answer="0", is_digit=0.8)
    assert found.is_known is not None
    assert found.is_known < 0.1
    assert found.labels == LABELS


def test_a_sign_of_ones_own_is_a_label_from_three_drawings_on() -> None:
    memory = StrokeMemory()
    for number in range(OWN_LABEL_DRAWINGS):
        assert memory.own_labels(LABELS) == ()
        memory.put(number, "heart", heart(number))
    assert memory.own_labels(LABELS) == ("heart",)
    for is_digit in (0.02, None):
        found = combined(memory, heart(9), answer="0", sure=0.5, is_digit=is_digit)
        assert found.labels == (*LABELS, "heart")
        assert best(found) == "heart"
        assert found.is_known is not None
        assert found.is_known > 0.5
    for label in DIGITS:
        assert best(combined(memory, drawn(label), answer=label)) == label


def test_contradicting_drawings_are_named_and_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = StrokeMemory()
    memory.put(1, "4", drawn("9"))
    memory.put(2, "9", drawn("9"))
    memory.put(3, "0", drawn("0"))
    assert memory.contradictions() == [(1, 2)]
    found = combined(memory, drawn("9", 1), answer="7")
    assert best(found) == "7"
    monkeypatch.setattr(stroke_memory, "_BLOCK", 1)  # so many are compared with all at a time
    memory.put(4, "5", drawn("9"))  # against those that were compared before
    assert memory.contradictions() == [(1, 2), (1, 4), (2, 4)]
    memory.put(2, "9", drawn("9"))
    memory.put(4, "5", drawn("9"))
    assert memory.contradictions() == [(1, 2), (1, 4), (2, 4)]
    memory.remove(4)
    memory.remove(1)
    assert memory.contradictions() == []
    assert best(combined(memory, drawn("9", 1), answer="7")) == "9"


def test_relabelling_is_putting_again() -> None:
    memory = StrokeMemory()
    memory.put(1, "4", drawn("9"))
    memory.put(1, "9", drawn("9"))
    assert len(memory) == 1
    assert best(combined(memory, drawn("9", 1), answer="7")) == "9"


def test_dots_are_not_kept() -> None:
    memory = StrokeMemory()
    for number in range(10_000):
        memory.put(number, "1", Drawing((Stroke.make([(number, 5)]),)))
    assert len(memory) == 0
    assert best(combined(memory, drawn("7"), answer="7")) == "7"


def _image(drawing: Drawing) -> Drawing:
    """The same as an opened image."""
    picture = picture_from_drawing(drawing)
    assert picture is not None
    return Drawing((), InkImage(ink=picture, left=0, top=0, width=28, height=28))


def test_images_are_compared_by_their_pixels() -> None:
    memory = StrokeMemory()
    kept = _image(drawn("9"))
    memory.put(1, "9", kept, picture_from_drawing(kept))
    memory.put(2, "7", _image(drawn("7")))  # without its input there is nothing to compare
    assert len(memory) == 1
    found = combined(memory, _image(drawn("9", 1)), answer="4")
    assert best(found) == "9"
    assert best(combined(memory, _image(drawn("0")), answer="4")) == "4"


# --- with a threshold: what decided


def _read(memory: StrokeMemory, drawing: Drawing, answer: str, is_digit: float) -> MemoryReading:
    picture = picture_from_drawing(drawing)
    assert picture is not None
    shares = np.full(10, 0.01)
    shares[int(answer)] = 0.91
    return read_with_memory(
        memory,
        drawing,
        picture,
        labels=LABELS,
        probabilities=shares,
        is_digit=is_digit,
        threshold=0.5,
    )


def test_a_drawing_is_named_only_where_it_decided() -> None:
    memory = memory_of([(drawn("9"), "9")])
    agreed = _read(memory, drawn("9", 1), "9", 0.9)
    assert (agreed.label, agreed.refused, agreed.match) == ("9", False, None)
    for answer, is_digit in (("4", 0.9), ("9", 0.1)):
        decided = _read(memory, drawn("9", 1), answer, is_digit)
        assert (decided.label, decided.refused) == ("9", False)
        assert decided.match is not None
        assert decided.match.drawing == 1
    refused = _read(memory, heart(0), "0", 0.1)
    assert (refused.refused, refused.match) == (True, None)


def test_the_newest_of_many_are_used() -> None:
    memory = memory_of((drawn("3", seed), "3") for seed in range(MOST_OF_A_LABEL + 5))
    assert memory.ids() == set(range(6, MOST_OF_A_LABEL + 6))


# --- of a store that changes meanwhile


def test_the_store_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "drawings.sqlite"
    of_anna = StoreMemory(path, "Anna")
    assert len(of_anna.memory) == 0  # there is no store yet
    with open_store(path) as store:
        anna, bob = store.add_writer("Anna"), store.add_writer("Bob")
        kept = store.add(drawn("9"), label="9", writer=anna.id)
        store.add(drawn("4"), label="4", writer=bob.id)
        assert of_anna.memory.ids() == {kept}
        store.relabel([kept], "4")
        assert of_anna.memory.label_of(kept) == "4"
        store.delete([kept])
        assert len(of_anna.memory) == 0
        store.restore([kept])
        assert of_anna.memory.ids() == {kept}
        assert len(StoreMemory(path, "Bob").memory) == 1
        assert len(StoreMemory(path, "Carla").memory) == 0
        # What nothing changed is not opened again, once it is older than a file's time can tell.
        monkeypatch.setattr(memory_reading, "_TICK_NS", 0)
        assert of_anna.memory.ids() == {kept}
        with monkeypatch.context() as patch:
            patch.setattr(memory_reading, "open_store", None)
            assert of_anna.memory.ids() == {kept}
    path.unlink()
    assert len(of_anna.memory) == 0


def test_a_damaged_drawing_costs_none_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "drawings.sqlite"
    with open_store(path) as store:
        numbers = [store.add(drawn("9", seed), label="9") for seed in range(3)]
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE contents SET strokes = x'00' WHERE id = ?", (numbers[1],))
    sound = {numbers[0], numbers[2]}
    assert StoreMemory(path, "").memory.ids() == sound
    kept = kept_in_store(path, "")
    assert kept.memory.ids() == kept.drawings(numbers).keys() == sound
    assert len(hand_in_store(path, "", "9")["9"]) == 2
    with open_store(path) as store:
        selected = selection_of_entries(store, list(store.entries()), LABELS)
    assert {one.id for one in selected.drawings} == sound
    with open_store(path) as store:
        for count in range(24):
            store.add(
                Drawing((), InkImage(np.full((9, 9), 100 + count, np.uint8), 0, 0, 9, 9)), label="9"
            )
    assert len(hand_in_store(path, "", "9")["9"]) == 2  # opened pictures do not count


def test_a_store_that_cannot_be_read_is_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "drawings.sqlite"
    path.write_bytes(b"no database" * 100)
    now = 0.0
    memory = StoreMemory(path, "", clock=lambda: now)
    assert len(memory.memory) == 0
    path.unlink()
    with open_store(path) as store:
        store.add(drawn("9"), label="9", writer=store.default_writer.id)
    assert len(memory.memory) == 0  # it is not tried at every reading
    now = 60.0
    assert len(memory.memory) == 1
