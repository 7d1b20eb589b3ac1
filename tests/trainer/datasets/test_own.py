"""Data of one's own: strokes, folders and arrays; who is in which part; what is wrong with a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.drawings import DIGITS, painted
from tests.trainer.strokes_files import lines, write
from trainer.base.errors import ConfigError, DataError
from trainer.base.events import Note
from trainer.base.labels import CHARACTER_SHAPED, DIGIT_SHAPED, NO_LABEL
from trainer.base.paths import cache_folder
from trainer.datasets import Split, fetch, load_test, load_training, load_whole, own
from trainer.picture.images.image_file import open_image
from trainer.picture.preprocess import picture_from_drawing, picture_from_image
from trainer.picture.strokes import Drawing, InkImage, drawing_from_json

WRITERS = tuple(f"writer {i}" for i in range(30))


def _parts(spec: str, **rest: Any) -> tuple[Split, Split, Split]:
    """Training, validation, test."""
    data = load_training(spec, Path("none"), **{"validation": 30, **rest})
    return data.training, data.validation, load_test(spec, Path("none"))


def _pictures(part: Split) -> set[bytes]:
    return {picture.tobytes() for picture in part.pictures}


def _as_set(part: Split) -> set[tuple[bytes, str]]:
    return {
        (picture.tobytes(), part.labels[target])
        for picture, target in zip(part.pictures, part.targets, strict=True)
    }


def _png(path: Path, digit: str, **how: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    painted(DIGITS[digit], **how).save(path)
    return path


# --- strokes


@pytest.mark.parametrize("name", ["mine.jsonl", "mine.jsonl.gz"])
def test_strokes_become_the_pictures_that_drawings_become(tmp_path: Path, name: str) -> None:
    some = lines(60, writers=WRITERS)
    path = write(tmp_path / name, some)
    training, validation, test = _parts(f"strokes:{path}", validation=10)
    expected = {
        (picture.tobytes(), line["label"])
        for line in some
        if (picture := picture_from_drawing(drawing_from_json(line)[0])) is not None
    }
    assert _as_set(training) | _as_set(validation) | _as_set(test) == expected
    assert training.labels == tuple("0123456789")
    assert training.pictures.dtype == np.uint8
    assert training.targets.dtype == np.int64
    assert training.notes == ()


def test_no_writer_is_in_two_parts(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", lines(300, writers=WRITERS))
    parts = _parts(f"strokes:{path}", validation=60)
    assert sum(len(part) for part in parts) == 300
    hands = []
    for part in parts:
        assert part.writers is not None
        assert part.writers.dtype == np.int64
        hands.append(set(part.writers.tolist()))
        assert len(part) == 10 * len(hands[-1])  # every writer wrote ten
    assert sum(map(len, hands)) == len(set().union(*hands)) == 30
    assert all(hands)


def test_few_writers_are_divided_by_drawings(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", lines(200, writers=("a", "b", None)))
    parts = _parts(f"strokes:{path}")
    for part in parts:
        assert part.writers is not None
        assert len(set(part.writers.tolist())) == 3
        assert -1 in part.writers
    training, validation, test = map(_pictures, parts)
    assert training.isdisjoint(validation)
    assert test.isdisjoint(training | validation)
    assert 5 <= len(test) <= 40
    assert 15 <= len(validation) <= 50


@pytest.mark.parametrize("writers", [WRITERS, (None,)], ids=["writers", "nobody"])
def test_a_drawing_keeps_its_part_when_lines_are_added_or_moved(
    tmp_path: Path, writers: tuple[str | None, ...]
) -> None:
    some = lines(300, writers=writers)
    path = write(tmp_path / "x.jsonl", some)
    before = [_as_set(part) for part in _parts(f"strokes:{path}", validation=30)]
    write(path, some[::-1])
    assert [_as_set(part) for part in _parts(f"strokes:{path}", validation=30)] == before
    write(path, [*lines(100, writers=writers, seed=1), *some])
    after = [_as_set(part) for part in _parts(f"strokes:{path}", validation=40)]
    assert before[2] <= after[2]  # the test part
    for old, new in zip(before, after, strict=True):
        assert old <= new


def test_the_same_drawing_twice_is_not_in_two_parts(tmp_path: Path) -> None:
    some = lines(100)
    path = write(tmp_path / "x.jsonl", [*some, *some])
    training, validation, test = map(_pictures, _parts(f"strokes:{path}"))
    assert training.isdisjoint(validation)
    assert test.isdisjoint(training | validation)


def test_of_little_never_more_than_a_fifth_is_kept_apart(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", lines(400))
    data = load_training(f"strokes:{path}", Path("none"), validation=5000)
    assert 40 <= len(data.validation) <= 110
    assert len(data.training) > 200


def test_a_limit_is_a_choice_by_the_seed(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", sorted(lines(300), key=lambda line: line["label"]))
    spec = f"strokes:{path}"
    whole, validation, _ = _parts(spec)
    some, same_validation, _ = _parts(spec, limit=100)
    again, _, _ = _parts(spec, limit=100)
    other, _, _ = _parts(spec, limit=100, seed=1)
    assert len(some) == len(other) == 100
    assert _pictures(some) < _pictures(whole)
    assert _pictures(some) == _pictures(again) != _pictures(other)
    assert np.array_equal(validation.pictures, same_validation.pictures)
    assert len(set(some.targets.tolist())) == 10
    assert len(_parts(spec, limit=1000)[0]) == len(whole)


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    some: list[Any] = list(lines(50))
    some[3:3] = ["{not json", '{"label": "3"}', '{"label": "3", "strokes": [[["x", 1]]]}', ""]
    some.append({"strokes": DIGITS["3"]})
    some.append({"label": "", "strokes": DIGITS["3"]})
    some.append({"label": "3", "strokes": [[[5, 5]]]})
    path = write(tmp_path / "x.jsonl", some)
    notes = _parts(f"strokes:{path}", validation=10)[0].notes
    assert list(map(str, notes)) == [
        "x.jsonl: 3 of 56 drawings left out (could not be read: line 4: the line is not valid JSON)",
        "x.jsonl: 2 of 56 drawings left out (without a label)",
        "x.jsonl: 1 of 56 drawings left out (nothing drawn)",
    ]


@pytest.mark.parametrize("label", ["  ", "\t", "\n", "\x00", "a\nb", "\u3000"])
def test_a_label_that_no_network_can_have_is_told_before_training(
    tmp_path: Path, label: str
) -> None:
    """Else the weights of a whole training could not be read again."""
    some: list[Any] = [*lines(50), {"label": label, "strokes": DIGITS["3"]}]
    part = _parts(f"strokes:{write(tmp_path / 'x.jsonl', some)}", validation=10)[0]
    assert part.labels == tuple("0123456789")
    (note,) = part.notes
    assert "1 of 51 drawings left out (could not be read: line 51: the label " in str(note)


def test_more_labels_than_a_network_can_have_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.datasets.load.MOST_LABELS", 9)
    path = write(tmp_path / "x.jsonl", lines(50))
    with pytest.raises(ConfigError, match=r"has 10 labels, more than the 9"):
        load_training(f"strokes:{path}", tmp_path, validation=100)


def test_labels_are_any_texts(tmp_path: Path) -> None:
    names = ["é", "10", "9", "a", "B", "+", "alpha"]
    some = [{**line, "label": names[i % 7]} for i, line in enumerate(lines(140))]
    some[2]["label"] = 9  # as a number
    training = _parts(f"strokes:{write(tmp_path / 'x.jsonl', some)}", validation=10)[0]
    assert training.labels == ("9", "10", "+", "B", "a", "alpha", "é")


def test_only_digits_or_only_letters_may_count(tmp_path: Path) -> None:
    names = ["7", "a", "A", "b", "+", "é", "3"]
    some = [{**line, "label": names[i % 7]} for i, line in enumerate(lines(280))]
    path = write(tmp_path / "x.jsonl", some)
    digits = _parts(f"strokes-digits:{path}", validation=10)
    assert [part.labels for part in digits] == [("3", "7")] * 3
    assert sum(map(len, digits)) == 80
    letters = _parts(f"strokes-letters:{path}", validation=10)
    assert letters[0].labels == ("A", "B")
    assert sum(map(len, letters)) == 120
    # A drawing is in the same part, whatever else is looked at.
    assert _as_set(digits[2]) <= _as_set(_parts(f"strokes:{path}", validation=10)[2])
    none = write(tmp_path / "none.jsonl", [{**line, "label": "+"} for line in lines(20)])
    with pytest.raises(DataError, match=r"has no digits: its labels are \+"):
        load_training(f"strokes-digits:{none}", Path("none"), validation=100)


def test_characters_keep_their_case_and_symbols_are_negatives(tmp_path: Path) -> None:
    names = ["7", "a", "A", "%", "é", "3", *sorted(CHARACTER_SHAPED)]
    some = [{**line, "label": names[i % len(names)]} for i, line in enumerate(lines(600))]
    path = write(tmp_path / "x.jsonl", some)
    characters = _parts(f"strokes-characters:{path}", validation=10)
    assert characters[0].labels == ("3", "7", "A", "a")
    symbols = load_whole(f"strokes-symbols:{path}", Path("none"))
    assert symbols.labels == (NO_LABEL,)
    assert len(symbols) == sum(line["label"] in ("%", "é") for line in some)


def test_what_neither_is_nor_looks_like_a_digit_may_count(tmp_path: Path) -> None:
    names = ["7", "3", "a", "+", "é", "10", *sorted(DIGIT_SHAPED)]
    some = [{**line, "label": names[i % len(names)]} for i, line in enumerate(lines(600))]
    path = write(tmp_path / "x.jsonl", some)
    digits, others = f"strokes-digits:{path}", f"strokes-others:{path}"
    assert load_test(others, Path("none")).labels == (NO_LABEL,)
    wanted = {
        picture.tobytes()
        for line in some
        if line["label"] in ("a", "+", "é", "10")
        and (picture := picture_from_drawing(drawing_from_json(line)[0])) is not None
    }
    parts = _parts(f"{digits}+{others}", validation=60)
    assert [part.labels for part in parts] == [("3", "7", NO_LABEL)] * 3
    told = [name for part in parts for name in _as_set(part)]
    assert {picture for picture, label in told if label == NO_LABEL} == wanted
    assert {label for _, label in told} == {"3", "7", NO_LABEL}
    # A drawing is in the same part, whatever else is looked at.
    alone = [load_test(spec, Path("none")) for spec in (digits, others)]
    assert _as_set(parts[2]) == _as_set(alone[0]) | _as_set(alone[1])
    for label in ("3", "o"):
        none = write(tmp_path / "none.jsonl", [{**line, "label": label} for line in lines(20)])
        with pytest.raises(DataError, match=f"has no others: its labels are {label}"):
            load_test(f"strokes-others:{none}", Path("none"))


def test_images_without_a_digit(tmp_path: Path) -> None:
    arrays = _arrays(200)
    arrays["labels"] = np.array(["3", "plus", "z", "slash", "8"] * 40)
    np.savez(tmp_path / "x.npz", **arrays)
    path = tmp_path / "x.npz"
    parts = _parts(f"npz-digits:{path}+npz-others:{path}")
    assert [part.labels for part in parts] == [("3", "8", NO_LABEL)] * 3
    counts = np.bincount(np.concatenate([part.targets for part in parts]))
    assert counts.tolist() == [40, 40, 40]


# --- what is wrong


@pytest.mark.parametrize("load", [load_test, lambda *a: load_training(*a, validation=100)])
@pytest.mark.parametrize(
    ("spec", "make", "told"),
    [
        ("strokes:{}", None, "does not exist"),
        ("folder:{}", None, "does not exist"),
        ("npz:{}", None, "does not exist"),
        ("strokes:{}", lambda p: p.mkdir(), "is a folder, strokes:FILE wants a file: try folder:"),
        ("folder:{}", lambda p: p.write_text("x"), "is no folder"),
        ("folder:{}", lambda p: p.mkdir(), "images lie in folders named after their labels"),
        ("folder:{}", lambda p: _png(p / "a.png", "3"), "1 of 1 drawings left out (without a label)"),
        ("folder:{}", lambda p: write(p / "3" / "a.png", ["x"]), "left out (could not be read"),
        ("strokes:{}", lambda p: p.write_text(""), 'a line is {"label": "3", "strokes"'),
        ("strokes:{}", lambda p: write(p, [{"strokes": DIGITS["1"]}] * 3), "3 of 3 drawings left out (without a label)"),
        ("strokes:{}.gz", lambda p: p.with_name("x.gz").write_bytes(b"x"), "cannot be read to its end"),
        ("npz:{}", lambda p: p.write_bytes(b"x"), "is no .npz file"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_says_what_to_do(
    tmp_path: Path,
    spec: str,
    make: Callable[[Path], object] | None,
    told: str,
    load: Callable[[str, Path], object],
) -> None:
    path = tmp_path / "x"
    if make:
        make(path)
    spec = spec.format(path)
    for attempt in (lambda: load(spec, tmp_path), lambda: list(fetch(spec, tmp_path))[:0] or load(spec, tmp_path)):  # fmt: skip
        with pytest.raises(DataError) as caught:
            attempt()
        assert told in str(caught.value)
        assert str(tmp_path) in str(caught.value)


def test_a_file_that_was_cut_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl.gz", lines(50))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match="damaged or was cut"):
        load_training(f"strokes:{path}", tmp_path, validation=100)


def test_one_label_is_nothing_to_learn(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", [{**line, "label": "5"} for line in lines(50)])
    with pytest.raises(ConfigError, match=r"one label only, '5'.*At least two"):
        load_training(f"strokes:{path}", tmp_path, validation=100)
    assert len(load_test(f"strokes:{path}", tmp_path)) > 0


def test_many_copies_of_a_few_drawings_are_told_as_such(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", lines(2) * 150)
    with pytest.raises(DataError, match="pictures are alike"):
        load_training(f"strokes:{path}", tmp_path, validation=100)


@pytest.mark.parametrize("count", [1, 2])
def test_a_drawing_or_two_are_not_enough(tmp_path: Path, count: int) -> None:
    path = write(tmp_path / "x.jsonl", lines(count))
    with pytest.raises((DataError, ConfigError)):
        load_training(f"strokes:{path}", tmp_path, validation=100)


# --- the kept pictures


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files whose pictures were made."""
    names: list[str] = []
    original = own._strokes

    def noted(path: Path) -> Any:
        names.append(path.name)
        return original(path)

    monkeypatch.setitem(own._READERS, "strokes", noted)
    return names


def test_pictures_are_made_once(tmp_path: Path, made: list[str]) -> None:
    path = write(tmp_path / "x.jsonl", lines(60, writers=WRITERS))
    first = _parts(f"strokes:{path}", validation=10)
    assert list(fetch(f"strokes:{path}", tmp_path)) == []
    second = _parts(f"strokes-digits:{path}", validation=10)
    assert made == ["x.jsonl"]
    assert len(list((cache_folder() / "pictures").iterdir())) == 1
    for old, new in zip(first, second, strict=True):
        assert np.array_equal(old.pictures, new.pictures)
        assert np.array_equal(old.targets, new.targets)


def test_a_file_that_changed_is_read_again(tmp_path: Path, made: list[str]) -> None:
    path = write(tmp_path / "x.jsonl", lines(60))
    list(fetch(f"strokes:{path}", tmp_path))
    write(path, lines(90))
    assert sum(map(len, _parts(f"strokes:{path}", validation=10))) == 90
    assert made == ["x.jsonl"] * 2
    assert len(list((cache_folder() / "pictures").iterdir())) == 1  # in place of the old ones


@pytest.mark.parametrize("damage", [b"", b"x" * 100, None], ids=["empty", "foreign", "cut"])
def test_damaged_pictures_are_made_again(
    tmp_path: Path, made: list[str], damage: bytes | None
) -> None:
    path = write(tmp_path / "x.jsonl", lines(60))
    list(fetch(f"strokes:{path}", tmp_path))
    (file,) = (cache_folder() / "pictures").iterdir()
    file.write_bytes(file.read_bytes()[:3000] if damage is None else damage)
    assert sum(map(len, _parts(f"strokes:{path}", validation=10))) == 60
    assert made == ["x.jsonl"] * 2


def test_another_recipe_makes_them_again(
    tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "x.jsonl", lines(20))
    list(fetch(f"strokes:{path}", tmp_path))
    monkeypatch.setattr("trainer.datasets.pictures.PREPROCESSING", "another")
    list(fetch(f"strokes:{path}", tmp_path))
    assert made == ["x.jsonl"] * 2


def test_a_cache_that_cannot_be_written_is_no_hindrance(tmp_path: Path, made: list[str]) -> None:
    cache_folder().mkdir(parents=True)
    (cache_folder() / "pictures").write_text("a file")
    path = write(tmp_path / "x.jsonl", lines(60))
    (note,) = fetch(f"strokes:{path}", tmp_path)
    assert isinstance(note, Note)
    assert "made again next time" in note.text
    assert sum(map(len, _parts(f"strokes:{path}", validation=10))) == 60


def test_long_work_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.datasets.pictures._TOLD_AFTER", 0.0)
    monkeypatch.setattr("trainer.datasets.pictures._TOLD_EVERY", 0.0)
    path = write(tmp_path / "x.jsonl", lines(20))
    events = list(fetch(f"strokes:{path}", tmp_path))
    assert len(events) == 20
    assert isinstance(events[9], Note)
    assert events[9].text == "x.jsonl: preparing pictures (first time only): 10 so far"


# --- folders and arrays


def test_a_folder_of_images(tmp_path: Path) -> None:
    for digit in "137":
        for width in range(10, 30, 4):
            _png(tmp_path / "set" / digit / f"{width}.png", digit, width=width)
    write(tmp_path / "set" / "3" / "broken.png", ["no picture"])
    write(tmp_path / "set" / "3" / "notes.txt", ["no picture either"])
    parts = _parts(f"folder:{tmp_path / 'set'}", validation=5)
    assert parts[0].labels == ("1", "3", "7")
    assert parts[0].writers is None
    assert sum(map(len, parts)) == 15
    expected = set()
    for path in (tmp_path / "set").rglob("[0-9]*.png"):
        picture = picture_from_image(open_image(path))
        assert picture is not None
        expected.add((picture.tobytes(), path.parent.name))
    assert set().union(*map(_as_set, parts)) == expected
    (note,) = parts[0].notes
    assert str(note).startswith(
        "set: 1 of 16 drawings left out (could not be read: broken.png is not a"
    )
    # A new name is no other drawing.
    (tmp_path / "set" / "3" / "10.png").rename(tmp_path / "set" / "3" / "other.png")
    again = _parts(f"folder:{tmp_path / 'set'}", validation=5)
    assert [_as_set(part) for part in again] == [_as_set(part) for part in parts]


def _arrays(count: int) -> dict[str, Any]:
    ink = [255 - np.asarray(painted(DIGITS[str(i % 10)], size=40, width=3 + i % 3, at=(0, i % 7)))
           for i in range(count)]  # fmt: skip
    return {"pictures": np.stack(ink).astype(np.uint8), "labels": np.arange(count) % 10}


def test_an_npz_file(tmp_path: Path) -> None:
    arrays = _arrays(200)
    np.savez(tmp_path / "x.npz", **arrays)
    parts = _parts(f"npz:{tmp_path / 'x.npz'}")
    assert sum(map(len, parts)) == 200
    assert parts[0].writers is None
    image = InkImage(arrays["pictures"][3], 0.0, 0.0, 40.0, 40.0)
    picture = picture_from_drawing(Drawing(image=image))
    assert picture is not None
    assert (picture.tobytes(), "3") in set().union(*map(_as_set, parts))


def test_an_npz_file_may_tell_the_writers(tmp_path: Path) -> None:
    arrays = _arrays(200)
    renamed = {"images_ink255": arrays["pictures"], "labels": arrays["labels"].astype(str)}
    np.savez_compressed(tmp_path / "x.npz", writers=np.arange(200) // 10, **renamed)
    parts = _parts(f"npz:{tmp_path / 'x.npz'}")
    hands = [set(part.writers.tolist()) for part in parts if part.writers is not None]
    assert len(hands) == 3
    assert sum(map(len, hands)) == len(set().union(*hands)) == 20


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"pictures": None}, "has labels; wanted are pictures and labels"),
        ({"labels": None}, "has pictures; wanted are pictures and labels"),
        (
            {"pictures": np.zeros((20, 28, 28))},
            "pictures are float64 (20, 28, 28); wanted are uint8",
        ),
        ({"pictures": np.zeros((20, 784), np.uint8)}, "wanted are uint8 (N, rows, columns)"),
        ({"labels": np.zeros(19, int)}, "for each of the 20 pictures"),
        ({"labels": np.full(20, 0.5)}, "labels are float64"),
        ({"labels": np.array([None] * 20)}, "without objects in it"),
        ({"pictures": np.full((20, 28, 28), 255, np.uint8)}, "store 255 - pictures"),
    ],
)
def test_arrays_that_are_not_what_is_wanted(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    arrays = {k: v for k, v in {**_arrays(20), **change}.items() if v is not None}
    np.savez(tmp_path / "x.npz", allow_pickle=True, **arrays)
    with pytest.raises(DataError) as caught:
        load_training(f"npz:{tmp_path / 'x.npz'}", tmp_path, validation=100)
    assert told in str(caught.value)


def test_a_single_array_is_no_npz(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros(3))
    with pytest.raises(DataError, match=r"no .npz file but a single array"):
        load_training(f"npz:{tmp_path / 'x.npy'}", tmp_path, validation=100)
